//! Versions and migration: what stands in `docs/reference/migration.md`, one small test per sentence.

use std::sync::Arc;

use docket_engine::{
    case::{Case, Ended, Purpose, TaskState},
    command::Command,
    definition::registry::Registry,
    event::Kind,
    id::Id,
    migrate::{Mapping, Stranded, Unfit, Why},
    rejection::Rejection,
    text::Name,
};
use serde_json::{Map, json};

use crate::{
    operations::{by, task},
    small::with,
    town::*,
};

pub(crate) const END: &str = "  over: {end: good}\n";
const BELOW: &str = "---\nworkflow: below\ntitle: 分\nstart: deal\nnodes:\n";

pub(crate) fn text(nodes: &str) -> String {
    let deal = task("deal", "handler", "", "{approve: {end: good}, reject: {end: bad}}");
    format!("workflow: main\ntitle: 主\nstart: first\nnodes:\n{nodes}{BELOW}{deal}")
}

/// A town in which `main` runs with these nodes, from `first` on.
pub(crate) fn town(nodes: &str) -> Town {
    let mut town = Town::with(with(&text(nodes)));
    let matter = json!({"title": "甲", "unit": "1", "amount": 5, "day": "2026-03-01"});
    town.create("small", "matter", fields(matter));
    town
}

/// Publishes these nodes beside what is there; gives their version.
pub(crate) fn publish(town: &mut Town, registry: &Arc<Registry>) -> Name {
    let mut newer = (**registry).clone();
    newer.versions.extend(town.registry.versions.clone());
    town.registry = Arc::new(newer);
    town.registry.workflows["main"].workflow.version.clone()
}

pub(crate) fn main_of(town: &Town) -> Id {
    town.case.instances.values().find(|instance| instance.workflow == "main").unwrap().id
}

pub(crate) fn map(pairs: &[(&str, &str)]) -> Mapping {
    pairs.iter().map(|(old, new)| (Name::from(*old), Name::from(*new))).collect()
}

pub(crate) fn migrate_by(town: &mut Town, nodes: &str, pairs: &[(&str, &str)]) -> Result<(), Rejection> {
    let version = publish(town, &with(&text(nodes)));
    let instance = main_of(town);
    let before = town.case.clone();
    let done = by(town, SUPERVISOR, &Command::Migrate { instance, version, nodes: map(pairs) });
    assert!(done.is_ok() || town.case == before, "what is refused changes nothing");
    done
}

pub(crate) fn migrate(town: &mut Town, nodes: &str) -> Result<(), Rejection> {
    migrate_by(town, nodes, &[])
}

pub(crate) fn back(town: &mut Town) -> Result<(), Rejection> {
    let instance = main_of(town);
    by(town, SUPERVISOR, &Command::MigrateBack { instance })
}

pub(crate) fn confirm(town: &mut Town) -> Result<(), Rejection> {
    let instance = main_of(town);
    by(town, SUPERVISOR, &Command::MigrateConfirm { instance })
}

/// Why the only stranded token is stranded, and where.
pub(crate) fn stranded(done: Result<(), Rejection>) -> (String, Why) {
    let refused = match done {
        Err(Rejection::Strands { stranded }) => stranded,
        other => {
            assert!(other.is_err(), "it was not stranded");
            Vec::new()
        }
    };
    assert_eq!(refused.len(), 1, "{refused:?}");
    let Stranded { node, why, .. } = &refused[0];
    (node.to_string(), why.clone())
}

pub(crate) fn open(town: &Town) -> Vec<String> {
    let mut open: Vec<String> = town.open().iter().map(|task| task.node.to_string()).collect();
    open.sort();
    open
}

pub(crate) fn take(town: &mut Town, node: &str, outcome: &str) {
    let task = town.open().into_iter().find(|task| task.node == *node).unwrap();
    let (id, person) = (task.id, task.assignee.or(task.candidates.first().copied()).unwrap());
    town.complete_task(id, person, outcome, Map::new(), Some("意见")).unwrap();
}

pub(crate) fn first(outcomes: &str) -> String {
    task("first", "handler", "", outcomes)
}

pub(crate) fn tasks(all: &[(&str, &str)]) -> String {
    all.iter().map(|(name, outcomes)| task(name, "handler", "", outcomes)).collect::<String>() + END
}

pub(crate) fn old() -> String {
    tasks(&[("first", "{submit: review}"), ("review", "{approve: over}")])
}

/// Everything but the numbers that were used up.
pub(crate) fn without_numbers(town: &Town) -> Case {
    let mut case = Case { next: 0, ..town.case.clone() };
    // Whoever had a task takes part, even if that was taken back.
    case.items.values_mut().for_each(|item| item.participants.clear());
    case
}

#[test]
fn an_open_task_stays_open_and_goes_on_by_the_new_version() {
    let mut town = town(&old());
    let before = town.task().clone();
    let new = tasks(&[("first", "{submit: middle}"), ("middle", "{submit: review}"), ("review", "{approve: over}")]);
    migrate(&mut town, &new).unwrap();
    assert_eq!(*town.task(), before);
    town.complete(HANDLER, "submit");
    assert_eq!(town.node(), "middle");
}

#[test]
fn a_mapped_node_takes_the_place_of_one_that_is_gone() {
    let mut town = town(&old());
    take(&mut town, "first", "submit");
    let new = tasks(&[("first", "{submit: check}"), ("check", "{approve: over, return: first}")]);
    assert_eq!(stranded(migrate(&mut town, &new)), ("review".into(), Why::Gone));
    migrate_by(&mut town, &new, &[("review", "check")]).unwrap();
    assert_eq!(town.node(), "check");
    town.complete(HANDLER, "return");
    assert_eq!(town.node(), "first");
}

#[test]
fn a_mapping_names_nodes_that_are_there_and_each_once() {
    let mut town = town(&old());
    let new = old().replace("review", "check");
    let faults = |done| match done {
        Err(Rejection::NoPlan { faults }) => faults,
        other => panic!("{other:?}"),
    };
    let found = faults(migrate_by(&mut town, &new, &[("revew", "check"), ("review", "chek")]));
    assert_eq!(found, [Unfit::UnknownOld { node: "revew".into() }, Unfit::UnknownNew { node: "chek".into() }]);
    let found = faults(migrate_by(&mut town, &new, &[("review", "first")]));
    assert_eq!(found, [Unfit::Twice { node: "first".into() }]);
    let version = town.registry.workflows["below"].workflow.version.clone();
    let instance = main_of(&town);
    let other = Command::Migrate { instance, version, nodes: Mapping::new() };
    assert_eq!(faults(by(&mut town, SUPERVISOR, &other)), [Unfit::OtherWorkflow]);
    let unknown = Command::Migrate { instance, version: "none".into(), nodes: Mapping::new() };
    assert_eq!(by(&mut town, SUPERVISOR, &unknown), Err(Rejection::NotFound));
}

#[test]
fn another_kind_of_node_strands() {
    let others = [
        format!("  first: {{wait: {{at: item.day}}, next: over}}\n{END}"),
        format!("  first: {{call: below, item: same, then: {{good: over, bad: over}}}}\n{END}"),
        format!("  first: {{action: {{set: {{item.amount: '1'}}}}, next: over}}\n{END}").replace("'1'", "1"),
    ];
    for new in others {
        let mut town = town(&old());
        assert_eq!(stranded(migrate(&mut town, &new)), ("first".into(), Why::OtherKind), "{new}");
    }
}

pub(crate) const BOTH: &str = "  both: {fork: [a, b]}\n  together: {join: both, next: over}\n";

pub(crate) fn forked(outcomes: &str) -> String {
    first(outcomes) + BOTH + &tasks(&[("a", "{approve: together}"), ("b", "{approve: together}")])
}

#[test]
fn branches_stay_the_branches_that_they_are_wherever_they_are_written() {
    let mut town = town(&forked("{submit: both}"));
    take(&mut town, "first", "submit");
    take(&mut town, "b", "approve");
    let new = forked("{submit: both}").replace("[a, b]", "[c, b, a]");
    let new = new + &task("c", "handler", "", "{approve: together}");
    migrate(&mut town, &new).unwrap();
    assert_eq!(open(&town), ["a"], "a fork opens no branch that is new to it");
    take(&mut town, "a", "approve");
    assert_eq!(town.case.instances[&main_of(&town)].ended, Some(Ended::With("good".into())));
}

#[test]
fn a_branch_that_is_gone_strands_even_when_it_is_over() {
    let mut town = town(&forked("{submit: both}"));
    take(&mut town, "first", "submit");
    take(&mut town, "b", "approve");
    let new = first("{submit: both}")
        + &BOTH.replace("[a, b]", "[a, c]")
        + &tasks(&[("a", "{approve: together}"), ("c", "{approve: together}")]);
    assert_eq!(stranded(migrate(&mut town, &new)), ("both".into(), Why::BranchGone { first: "b".into() }));
    migrate_by(&mut town, &new, &[("b", "c")]).unwrap();
    take(&mut town, "a", "approve");
    assert!(town.open().is_empty());
}

#[test]
fn a_token_stays_in_its_branches() {
    // Into a branch, out of one, and into another one.
    let mut into = town(&tasks(&[("first", "{submit: a}"), ("a", "{approve: b}"), ("b", "{approve: over}")]));
    take(&mut into, "first", "submit");
    assert_eq!(stranded(migrate(&mut into, &forked("{submit: both}"))), ("a".into(), Why::Elsewhere));
    let mut out = town(&forked("{submit: both}"));
    take(&mut out, "first", "submit");
    let line = tasks(&[("first", "{submit: a}"), ("a", "{approve: b}"), ("b", "{approve: over}")]);
    let Err(Rejection::Strands { stranded: all }) = migrate(&mut out, &line) else { panic!() };
    assert_eq!(
        all.iter().map(|one| (one.node.as_str(), &one.why)).collect::<Vec<_>>(),
        [("both", &Why::Gone), ("a", &Why::Elsewhere), ("b", &Why::Elsewhere),]
    );
    let mut other = town(
        &forked("{submit: both}")
            .replace("[a, b]", "[a0, b]")
            .replace(END, &(task("a0", "handler", "", "{approve: a}") + END)),
    );
    take(&mut other, "first", "submit");
    take(&mut other, "a0", "approve");
    let moved = first("{submit: both}")
        + &BOTH.replace("[a, b]", "[a0, b]")
        + &tasks(&[("a0", "{approve: together}"), ("b", "{approve: a}"), ("a", "{approve: together}")]);
    assert_eq!(stranded(migrate(&mut other, &moved)), ("a".into(), Why::Elsewhere));
}

#[test]
fn who_may_do_it_and_when_it_is_due_follow_the_new_version() {
    let mut town = town(&old());
    assert_eq!(town.task().assignee, Some(HANDLER));
    let new = task("first", "liaison", "due: item.day", "{submit: review}") + &tasks(&[("review", "{approve: over}")]);
    migrate(&mut town, &new).unwrap();
    assert_eq!((town.task().assignee, town.task().due), (Some(LIAISON), Some(date("2026-03-01"))));
    migrate(&mut town, &old()).unwrap();
    assert_eq!((town.task().assignee, town.task().due), (Some(HANDLER), None));
}

pub(crate) fn timed(events: &str) -> String {
    let more = format!("on:\n{events}");
    task("first", "handler", &more, "{submit: over}") + &task("late", "handler", "", "{submit: over}") + END
}

#[test]
fn the_same_event_keeps_its_timer_a_new_one_begins_now() {
    let two = "      - {after: P3D, to: late}\n      - {at: item.day, do: {notify: overdue, to: assignees}}";
    let mut town = town(&timed(two));
    town.wait_until(at("2026-01-07"));
    let other = "      - {at: item.day, do: {notify: waiting, to: assignees}}\n      - {after: P2D, to: late}\n      \
                       - {after: P3D, do: {notify: overdue, to: assignees}}";
    migrate(&mut town, &timed(other)).unwrap();
    assert_eq!(town.timer(Purpose::Boundary(0)), Some(at("2026-03-01T00:00")), "the same moment");
    assert_eq!(town.timer(Purpose::Boundary(1)), Some(at("2026-01-09")), "from the migration on");
    assert_eq!(town.timer(Purpose::Boundary(2)), Some(at("2026-01-08")), "from when the task was opened");
    town.wait_until(at("2026-01-09"));
    assert_eq!(town.node(), "late");
}

#[test]
fn the_timers_of_a_suspended_item_stand_still_in_the_new_version_too() {
    let mut town = town(&timed("      - {after: P3D, to: late}"));
    let state = |to: &str| Command::Edit { item: Id::root_item(1), fields: fields(json!({"state": to})) };
    by(&mut town, SUPERVISOR, &state("suspended")).unwrap();
    migrate(&mut town, &timed("      - {after: P2D, to: late}")).unwrap();
    assert!(town.case.timers.values().all(|timer| timer.paused));
    back(&mut town).unwrap();
    assert!(town.case.timers.values().all(|timer| timer.paused));
}

#[test]
fn a_moment_that_has_passed_leads_on_and_is_confirmed_at_once() {
    let waiting =
        |until: &str| format!("  first: {{wait: {until}, next: second}}\n{}", tasks(&[("second", "{submit: over}")]));
    let mut town = town(&waiting("{after: P9D}"));
    migrate(&mut town, &waiting("{after: P2D}")).unwrap();
    assert_eq!(town.timer(Purpose::Wait), Some(at("2026-01-07")));
    town.wait_until(at("2026-03-02"));
    assert_eq!(town.node(), "second");
    let mut late = self::town(&waiting("{after: P90D}"));
    late.wait_until(at("2026-03-02"));
    migrate(&mut late, &waiting("{at: item.day}")).unwrap();
    assert_eq!(late.node(), "second");
    assert_eq!(back(&mut late), Err(Rejection::NoWayBack));
}

#[test]
fn a_trail_forgets_what_is_gone() {
    let old = tasks(&[
        ("first", "{submit: second}"),
        ("second", "{submit: third}"),
        ("third", "{approve: over, return: {to: previous}}"),
    ]);
    let mut town = town(&old);
    take(&mut town, "first", "submit");
    take(&mut town, "second", "submit");
    migrate(&mut town, &tasks(&[("first", "{submit: third}"), ("third", "{approve: over, return: {to: previous}}")]))
        .unwrap();
    take(&mut town, "third", "return");
    assert_eq!(town.node(), "first");
}

#[test]
fn who_is_to_come_straight_back_needs_where_to() {
    let old =
        tasks(&[("first", "{submit: second}"), ("second", "{approve: over, return: {to: first, straight: true}}")]);
    let mut town = town(&old);
    take(&mut town, "first", "submit");
    take(&mut town, "second", "return");
    let new = tasks(&[("first", "{submit: third}"), ("third", "{approve: over}")]);
    assert_eq!(stranded(migrate(&mut town, &new)), ("first".into(), Why::WayBackGone { node: "second".into() }));
    migrate_by(&mut town, &new, &[("second", "third")]).unwrap();
    take(&mut town, "first", "submit");
    assert_eq!(town.node(), "third");
}

#[test]
fn what_was_completed_before_can_not_be_taken_back() {
    let text = |review: &str| {
        task("first", "handler", "withdraw: {within: P1D}", "{submit: review}") + &tasks(&[("review", review)])
    };
    let mut town = town(&text("{approve: over}"));
    let done = town.task().id;
    take(&mut town, "first", "submit");
    migrate(&mut town, &text("{approve: over, again: {zh: 重来, en: Again, to: first}}")).unwrap();
    let withdraw = Command::Withdraw { task: done, comment: None };
    assert!(by(&mut town, HANDLER, &withdraw).is_err());
    back(&mut town).unwrap();
    by(&mut town, HANDLER, &withdraw).unwrap();
    assert_eq!(town.node(), "first");
}

pub(crate) fn calling(then: &str, more: &str) -> String {
    format!("  first: {{call: below, item: same, then: {then}}}\n{more}{END}")
}

#[test]
fn a_child_stays_on_its_version_and_needs_a_way_on_for_its_results() {
    let mut town = town(&calling("{good: over, bad: over}", ""));
    let child = town.task().instance;
    let version = town.case.instances[&child].version.clone();
    migrate(&mut town, &calling("{good: after, bad: over}", &task("after", "handler", "", "{submit: over}"))).unwrap();
    assert_eq!(town.case.instances[&child].version, version);
    // The new version of what it calls has one result only, but this child can still end with the other.
    let fewer = text(&calling("{good: over}", "")).replace(", reject: {end: bad}", "");
    let version = publish(&mut town, &with(&fewer));
    let instance = main_of(&town);
    let lost = by(&mut town, SUPERVISOR, &Command::Migrate { instance, version, nodes: Mapping::new() });
    assert_eq!(stranded(lost), ("first".into(), Why::ChildLost { child }));
    take(&mut town, "deal", "approve");
    assert_eq!(town.node(), "after");
}

#[test]
fn a_stage_keeps_its_children_and_strands_those_that_it_no_longer_knows() {
    let stage = |name: &str, offers: &str| {
        format!(
            "  {name}:\n    stage: 办理\n    offers:\n{offers}      close: {{who: {{post: supervisor}}, to: over}}\n{END}"
        )
    };
    let ask = |then: &str| {
        format!("      ask: {{zh: 请办, en: Ask, who: {{post: supervisor}}, call: below, item: same, then: {then}}}\n")
    };
    let mut town = town(&stage("first", &ask("{good: over}")));
    let instance = main_of(&town);
    let offer =
        Command::TakeOffer { instance, node: "first".into(), offer: "ask".into(), form: Map::new(), comment: None };
    by(&mut town, SUPERVISOR, &offer).unwrap();
    let child = town.task().instance;
    assert_eq!(stranded(migrate(&mut town, &stage("first", ""))), ("first".into(), Why::ChildLost { child }));
    let renamed = text(&stage("open", &ask("{good: over}"))).replace("start: first", "start: open");
    let version = publish(&mut town, &with(&renamed));
    let before = without_numbers(&town);
    by(&mut town, SUPERVISOR, &Command::Migrate { instance, version, nodes: map(&[("first", "open")]) }).unwrap();
    let caller = town.case.instances[&child].caller.clone().unwrap();
    assert_eq!(caller.stage, Some("open".into()));
    back(&mut town).unwrap();
    assert_eq!(without_numbers(&town), before);
    take(&mut town, "deal", "approve");
    assert!(town.case.instances[&instance].ended.is_some());
}

#[test]
fn it_goes_back_to_exactly_what_it_was() {
    let mut town = town(&forked("{submit: both}"));
    take(&mut town, "first", "submit");
    take(&mut town, "a", "approve");
    let before = without_numbers(&town);
    let new =
        forked("{submit: both}").replace("[a, b]", "[c, a]").replace("  b:", "  c:").replace("task: b", "task: c");
    let new = new
        .replace("post: handler", "post: liaison")
        .replace("unit: item.unit}\n", "unit: item.unit}\n    due: item.day\n");
    migrate_by(&mut town, &new, &[("b", "c")]).unwrap();
    assert_ne!(without_numbers(&town), before);
    assert_eq!((open(&town), town.task().assignee), (vec!["c".to_owned()], Some(LIAISON)));
    back(&mut town).unwrap();
    assert_eq!(without_numbers(&town), before);
    assert_eq!(back(&mut town), Err(Rejection::NoWayBack), "once");
    take(&mut town, "b", "approve");
    assert!(town.open().is_empty());
}

#[test]
fn nothing_leads_back_once_something_has_happened_or_it_is_confirmed() {
    let new = tasks(&[("first", "{submit: review}"), ("review", "{approve: over, reject: over}")]);
    let fresh = || {
        let mut town = town(&old());
        migrate(&mut town, &new).unwrap();
        town
    };
    let mut done = fresh();
    take(&mut done, "first", "submit");
    assert_eq!(back(&mut done), Err(Rejection::NoWayBack));
    let mut edited = fresh();
    let edit = Command::Edit { item: Id::root_item(1), fields: fields(json!({"amount": 6})) };
    by(&mut edited, SUPERVISOR, &edit).unwrap();
    assert_eq!(back(&mut edited), Err(Rejection::NoWayBack));
    migrate(&mut edited, &old()).unwrap();
    assert_eq!(edited.node(), "first", "a further migration leads back");
    let mut confirmed = fresh();
    confirm(&mut confirmed).unwrap();
    assert_eq!(back(&mut confirmed), Err(Rejection::NoWayBack));
    assert_eq!(confirm(&mut confirmed), Err(Rejection::NoWayBack));
    let mut never = town(&old());
    assert_eq!((back(&mut never), confirm(&mut never)), (Err(Rejection::NoWayBack), Err(Rejection::NoWayBack)));
}

#[test]
fn what_has_ended_is_not_migrated() {
    let mut town = town(&old());
    take(&mut town, "first", "submit");
    take(&mut town, "review", "approve");
    assert_eq!(migrate(&mut town, &old().replace("approve", "accept")), Err(Rejection::NotFound));
    assert!(town.case.tasks.values().all(|task| task.state != TaskState::Open));
    assert!(!town.events.iter().any(|event| matches!(event.kind, Kind::Migrated { .. })));
}

/// With every kind of event that a migration has.
pub(crate) fn a_migration() -> Town {
    let mut town = town(&forked("{submit: both}"));
    take(&mut town, "first", "submit");
    let new =
        forked("{submit: both}").replace("[a, b]", "[c, a]").replace("  b:", "  c:").replace("task: b", "task: c");
    migrate_by(&mut town, &new, &[("b", "c")]).unwrap();
    back(&mut town).unwrap();
    migrate_by(&mut town, &new, &[("b", "c")]).unwrap();
    confirm(&mut town).unwrap();
    town
}
