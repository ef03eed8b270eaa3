//! What becomes of open work in a migration: `docs/reference/migration.md`, sentence by sentence.

use docket_engine::{
    case::{Ended, IncidentCause},
    command::{Actor, Command},
    event::Kind,
    id::{Id, PersonId},
    migrate::{Difference, Foreseen, Mapping, Note, Shown, Unfit, Why, check, foresee, plan},
    rejection::Rejection,
    step::open_offers,
};
use serde_json::{Map, json};

use crate::{
    migration::*,
    operations::{by, task},
    small::with,
    town::*,
};

fn edit(town: &mut Town, change: serde_json::Value) {
    by(town, SUPERVISOR, &Command::Edit { item: Id::root_item(1), fields: fields(change) }).unwrap();
}

/// What the plan says of the instance, and of the two versions.
fn shown(town: &mut Town, nodes: &str, pairs: &[(&str, &str)]) -> (Vec<Note>, Shown) {
    let version = publish(town, &with(&text(nodes)));
    let instance = &town.case.instances[&main_of(town)];
    let (from, to) = (&town.registry.versions[&instance.version], &town.registry.versions[&version]);
    let plan = plan(from, to, &map(pairs)).unwrap();
    let shown = check(&town.case, instance, &plan, (from, to), &town.registry).unwrap();
    (plan.notes, shown)
}

#[test]
fn what_differs_is_listed_and_stops_nothing() {
    let old =
        task("first", "handler", "form: matter\n    on: [{after: P3D, to: over}]", "{submit: both, reject: over}")
            + BOTH
            + &tasks(&[("a", "{approve: together}"), ("b", "{approve: together}")]);
    let new = task(
        "first",
        "handler",
        "on: [{after: P3D, to: over}, {after: P5D, to: over}, {after: P6D, to: over}]",
        "{submit: over, again: {zh: 再办, en: Again, to: both}}",
    ) + &BOTH.replace("[a, b]", "[a, c]")
        + &tasks(&[("a", "{approve: together}"), ("c", "{approve: together}")]);
    let mut town = town(&old);
    let (notes, shown) = shown(&mut town, &new, &[]);
    let note = |node: &str, what| Note { node: node.into(), what };
    let mut expected = vec![
        note("both", Difference::BranchGone("b".into())),
        note("both", Difference::BranchNew("c".into())),
        note("first", Difference::OutcomeElsewhere("submit".into())),
        note("first", Difference::OutcomeGone("reject".into())),
        note("first", Difference::OutcomeNew("again".into())),
        note("first", Difference::Form),
        note("first", Difference::EventsNew(2)),
    ];
    for found in &notes {
        let place = expected.iter().position(|one| one == found);
        expected.remove(place.unwrap_or_else(|| panic!("{found:?}")));
    }
    assert!(expected.is_empty(), "{expected:?}");
    assert_eq!(shown.places.len(), 1);
    migrate(&mut town, &new).unwrap();
}

#[test]
fn actions_and_calls_of_another_sort_are_another_kind() {
    let asks = "  first:\n    action: {http: {service: archive, path: /n, form: matter}}\n    next: second\n";
    let end = tasks(&[("second", "{submit: over}")]);
    let mut town = town(&format!("{asks}{end}"));
    let sets = format!("  first: {{action: {{set: {{item.amount: 1}}}}, next: second}}\n{end}");
    assert_eq!(stranded(migrate(&mut town, &sets)), ("first".into(), Why::OtherKind));
    // Another service, asked next time: the answer that comes is that of the one that was asked.
    migrate(&mut town, &format!("{}{end}", asks.replace("path: /n", "path: /m"))).unwrap();
    let asked = town.case.instances[&main_of(&town)].tokens[0].asked.unwrap();
    let answer = Ok(fields(json!({"title": "甲", "amount": 7})));
    town.run(Actor::System, &Command::Answer { asked, answer }).unwrap();
    assert_eq!(town.node(), "second");
    let mut called = self::town(&calling("{good: over, bad: over}", ""));
    let part =
        calling("{good: over, bad: over}", "").replace("item: same", "item: {new: part, set: {title: item.title}}");
    assert_eq!(stranded(migrate(&mut called, &part)), ("first".into(), Why::OtherKind));
}

#[test]
fn a_field_that_may_be_read_before_it_is_filled_in_is_listed_and_reads_as_absent() {
    let line = |middle: &str| {
        first("{submit: second}")
            + middle
            + &task("second", "handler", "due: forms.middle.day", "{approve: over}")
            + END
    };
    let old = first("{submit: second}") + &tasks(&[("second", "{approve: over}")]);
    let middle = task("middle", "handler", "form: matter", "{submit: second}").replace("form: matter", "form: dated");
    let form =
        "---\nform: dated\ntitle: 期\nrequired: [day]\nproperties:\n  day: {type: string, title: 日期, format: date}\n";
    let new = line(&middle).replace("{submit: second}", "{submit: middle}").replacen(
        "outcomes: {submit: middle}\n  second",
        "outcomes: {submit: second}\n  second",
        1,
    );
    let mut town = town(&old);
    take(&mut town, "first", "submit");
    let registry = with(&(text(&new) + form));
    let version = publish(&mut town, &registry);
    let instance = main_of(&town);
    let found = &town.case.instances[&instance];
    let (from, to) = (town.registry.versions[&found.version].clone(), town.registry.versions[&version].clone());
    let way = plan(&from, &to, &Mapping::new()).unwrap();
    let shown = check(&town.case, found, &way, (&from, &to), &town.registry).unwrap();
    assert_eq!(shown.unfilled, [("middle".into(), "day".into())], "it is past the node that fills it in");
    by(&mut town, SUPERVISOR, &Command::Migrate { instance, version: version.clone(), nodes: Mapping::new() }).unwrap();
    assert_eq!(town.task().due, None, "it reads as absent");
    // Who stands before it will fill it in.
    let mut before = self::town(&old);
    publish(&mut before, &registry);
    let found = &before.case.instances[&instance];
    let shown = check(&before.case, found, &way, (&from, &to), &before.registry).unwrap();
    assert!(shown.unfilled.is_empty(), "{:?}", shown.unfilled);
}

#[test]
fn forms_keep_their_data_under_the_mapped_node() {
    let nodes = |name: &str| {
        task(name, "handler", "form: matter", "{submit: second}")
            + &task("second", "handler", &format!("due: forms.{name}.day"), "{approve: over}")
            + END
    };
    let mut town = town(&nodes("first"));
    let id = town.task().id;
    town.complete_task(id, HANDLER, "submit", fields(json!({"title": "甲", "day": "2026-02-03"})), None).unwrap();
    let new = text(&nodes("draft")).replace("start: first", "start: draft");
    let version = publish(&mut town, &with(&new));
    let instance = main_of(&town);
    let before = without_numbers(&town);
    by(&mut town, SUPERVISOR, &Command::Migrate { instance, version, nodes: map(&[("first", "draft")]) }).unwrap();
    assert_eq!(town.task().due, Some(date("2026-02-03")));
    assert!(town.case.instances[&instance].forms.contains_key("draft"));
    back(&mut town).unwrap();
    assert_eq!(without_numbers(&town), before);
}

#[test]
fn a_due_date_in_days_stays_and_comes_where_there_was_none() {
    let due = |due: &str| task("first", "handler", due, "{submit: over}") + END;
    let mut town = town(&due("due: {after: 3, unit: day}"));
    town.wait_until(at("2026-01-07"));
    migrate(&mut town, &due("due: {after: 9, unit: day}")).unwrap();
    assert_eq!(town.task().due, Some(date("2026-01-08")), "it stays");
    let mut none = self::town(&due(""));
    none.wait_until(at("2026-01-07"));
    migrate(&mut none, &due("due: {after: 9, unit: day}")).unwrap();
    assert_eq!(none.task().due, Some(date("2026-01-14")), "from its opening");
    migrate(&mut none, &due("due: {after: 2, unit: working-day}")).unwrap();
    assert_eq!(none.task().due, Some(date("2026-01-14")));
}

#[test]
fn whoever_a_task_was_passed_to_keeps_it() {
    let text = |post: &str| task("first", post, "allow: [transfer, delegate]", "{submit: over}") + END;
    let mut town = town(&text("handler"));
    let id = town.task().id;
    by(&mut town, HANDLER, &Command::Transfer { task: id, to: CHIEF, comment: None }).unwrap();
    migrate(&mut town, &text("liaison")).unwrap();
    assert_eq!(town.task().assignee, Some(CHIEF));
    let mut other = self::town(&text("handler"));
    let id = other.task().id;
    by(&mut other, HANDLER, &Command::Delegate { task: id, to: CHIEF, comment: None }).unwrap();
    migrate(&mut other, &text("liaison")).unwrap();
    assert_eq!((other.task().assignee, other.task().owner), (Some(CHIEF), Some(HANDLER)));
    back(&mut other).unwrap();
    assert_eq!((other.task().assignee, other.task().owner), (Some(CHIEF), Some(HANDLER)));
    by(&mut other, CHIEF, &Command::HandBack { task: id, comment: None }).unwrap();
    other.complete(HANDLER, "submit");
}

#[test]
fn whoever_has_taken_a_task_has_it_still() {
    let text = |post: &str| task("first", post, "", "{submit: over}") + END;
    let mut town = town(&text("[handler, liaison]"));
    let id = town.task().id;
    by(&mut town, LIAISON, &Command::Claim { task: id }).unwrap();
    migrate(&mut town, &text("[section_chief, liaison]")).unwrap();
    assert_eq!((town.task().assignee, town.task().candidates.clone()), (Some(LIAISON), vec![LIAISON, CHIEF]));
}

#[test]
fn branches_that_their_join_has_not_waited_for_stay_where_they_are() {
    let nodes = |fork: &str, names: [&str; 2]| {
        format!("  first: {{fork: {fork}}}\n  together: {{join: first, count: 1, rest: stay, next: last}}\n")
            + &tasks(&[
                (names[0], "{approve: together}"),
                (names[1], "{approve: b2}"),
                ("b2", "{approve: together}"),
                ("last", "{approve: over}"),
            ])
    };
    let mut town = town(&nodes("[a, b]", ["a", "b"]));
    take(&mut town, "a", "approve");
    assert_eq!(open(&town), ["b", "last"]);
    let before = without_numbers(&town);
    let loose = |town: &Town| {
        let tokens = &town.case.instances[&main_of(town)].tokens;
        tokens.iter().flat_map(|token| token.loose.clone()).collect::<Vec<_>>()
    };
    assert_eq!(loose(&town), [("first".into(), 1)]);
    migrate(&mut town, &nodes("[b, a]", ["a", "b"])).unwrap();
    assert_eq!(loose(&town), [("first".into(), 0)], "the branch has another place now");
    back(&mut town).unwrap();
    assert_eq!(without_numbers(&town), before);
    migrate(&mut town, &nodes("[b, a]", ["a", "b"])).unwrap();
    for node in ["b", "b2", "last"] {
        take(&mut town, node, "approve");
    }
    assert_eq!(town.case.instances[&main_of(&town)].ended, Some(Ended::With("good".into())));
    let mut gone = self::town(&nodes("[a, b]", ["a", "b"]));
    take(&mut gone, "a", "approve");
    let line = tasks(&[
        ("first", "{submit: b}"),
        ("b", "{approve: b2}"),
        ("b2", "{approve: last}"),
        ("last", "{approve: over}"),
    ]);
    assert_eq!(stranded(migrate(&mut gone, &line)), ("b".into(), Why::Elsewhere));
}

#[test]
fn a_join_that_needs_no_more_branches_goes_on() {
    let nodes = |join: &str| {
        format!("  first: {{fork: [a, b, c]}}\n  together: {{join: first, {join}next: last}}\n")
            + &tasks(&[
                ("a", "{approve: together}"),
                ("b", "{approve: together}"),
                ("c", "{approve: together}"),
                ("last", "{approve: over}"),
            ])
    };
    let mut town = town(&nodes(""));
    take(&mut town, "a", "approve");
    migrate(&mut town, &nodes("count: 2, ")).unwrap();
    assert_eq!(open(&town), ["b", "c"]);
    take(&mut town, "b", "approve");
    assert_eq!(open(&town), ["last"]);
    let mut two = self::town(&nodes(""));
    take(&mut two, "a", "approve");
    take(&mut two, "b", "approve");
    migrate(&mut two, &nodes("count: 2, ")).unwrap();
    assert_eq!(open(&two), ["last"]);
    assert_eq!(back(&mut two), Err(Rejection::NoWayBack));
    let mut stay = self::town(&nodes(""));
    take(&mut stay, "a", "approve");
    migrate(&mut stay, &nodes("count: 1, rest: stay, ")).unwrap();
    assert_eq!(open(&stay), ["b", "c", "last"]);
}

#[test]
fn an_incident_stays_or_is_over_where_the_new_version_knows_somebody() {
    let text = |name: &str, post: &str| {
        task("first", "handler", "", &format!("{{submit: {name}}}")) + &task(name, post, "", "{approve: over}") + END
    };
    let mut town = town(&text("second", "deputy_head"));
    edit(&mut town, json!({"unit": "2"}));
    take(&mut town, "first", "submit");
    assert_eq!(town.case.incidents.len(), 1, "health has no deputy head");
    migrate_by(&mut town, &text("check", "deputy_head"), &[("second", "check")]).unwrap();
    let incident = town.case.incidents.values().next().unwrap();
    assert_eq!((incident.node.as_str(), &incident.cause), ("check", &IncidentCause::Nobody));
    migrate(&mut town, &text("check", "department_head")).unwrap();
    assert!(town.case.incidents.is_empty());
    assert_eq!(town.task().assignee, Some(HEALTH_HEAD));
    back(&mut town).unwrap();
    assert_eq!((town.case.incidents.len(), town.task().assignee), (1, None));
    // And the other way round: nobody of the new version can do it.
    let mut other = self::town(&text("second", "department_head"));
    edit(&mut other, json!({"unit": "2"}));
    take(&mut other, "first", "submit");
    migrate(&mut other, &text("second", "deputy_head")).unwrap();
    assert_eq!((other.case.incidents.len(), other.task().assignee), (1, None));
    back(&mut other).unwrap();
    assert_eq!((other.case.incidents.len(), other.task().assignee), (0, Some(HEALTH_HEAD)));
}

#[test]
fn the_incident_of_another_system_can_be_resolved_in_the_new_version() {
    let nodes = |name: &str| {
        format!("  {name}:\n    action: {{http: {{service: archive, path: /n, form: matter}}}}\n    next: second\n")
            + &tasks(&[("second", "{submit: over}")])
    };
    let mut town = town(&nodes("first"));
    let asked = town.case.instances[&main_of(&town)].tokens[0].asked.unwrap();
    town.run(Actor::System, &Command::Answer { asked, answer: Err("503".into()) }).unwrap();
    let instance = main_of(&town);
    let version = publish(&mut town, &with(&text(&nodes("ask")).replace("start: first", "start: ask")));
    by(&mut town, SUPERVISOR, &Command::Migrate { instance, version, nodes: map(&[("first", "ask")]) }).unwrap();
    let incident = town.case.incidents.values().next().unwrap();
    assert_eq!(incident.node, "ask");
    let how = docket_engine::command::Resolution::Skip { outcome: None };
    let resolve = Command::Resolve { incident: incident.id, how, comment: Some("跳过".into()) };
    by(&mut town, SUPERVISOR, &resolve).unwrap();
    assert_eq!(town.node(), "second");
}

fn stage(offers: &str) -> String {
    format!(
        "  first:\n    stage: 办理\n    offers:\n{offers}      close: {{who: {{post: supervisor}}, to: over}}\n{END}"
    )
}

fn ask(name: &str) -> String {
    format!(
        "      {name}: {{zh: 请办, en: Ask, who: {{post: supervisor}}, call: below, item: same, then: {{good: over}}}}\n"
    )
}

fn offers(town: &Town, person: PersonId) -> Vec<String> {
    let all = open_offers(&town.case, &town.context(Actor::Person(person)));
    all.into_iter().map(|open| open.offer.to_string()).collect()
}

#[test]
fn offers_are_those_of_the_new_version_at_once() {
    let mut town = town(&stage(&ask("ask")));
    assert_eq!(offers(&town, SUPERVISOR), ["ask", "close"]);
    migrate(&mut town, &stage(&ask("demand"))).unwrap();
    assert_eq!(offers(&town, SUPERVISOR), ["demand", "close"]);
    let instance = main_of(&town);
    let offer = |name: &str| Command::TakeOffer {
        instance,
        node: "first".into(),
        offer: name.into(),
        form: Map::new(),
        comment: None,
    };
    assert!(matches!(by(&mut town, SUPERVISOR, &offer("ask")), Err(Rejection::NoSuchOffer { .. })));
    by(&mut town, SUPERVISOR, &offer("demand")).unwrap();
    assert_eq!(back(&mut town), Err(Rejection::NoWayBack), "the old version knows no such child");
}

#[test]
fn a_child_of_a_call_needs_a_way_on_for_its_new_results() {
    let calls = |more: &str| text(&calling(&format!("{{good: over, bad: over{more}}}"), ""));
    let late = |text: String| {
        text.replace("reject: {end: bad}", "reject: {end: bad}, late: {zh: 逾期, en: Late, to: {end: late}}")
    };
    let mut town = town(&calling("{good: over, bad: over}", ""));
    let child = town.task().instance;
    let newer = with(&late(calls(", late: over")));
    publish(&mut town, &newer);
    let version = newer.workflows["below"].workflow.version.clone();
    let migrate_child = Command::Migrate { instance: child, version, nodes: Mapping::new() };
    let caller = main_of(&town);
    let why = Why::NoWayOn { result: "late".into(), caller };
    assert_eq!(stranded(by(&mut town, SUPERVISOR, &migrate_child)), ("deal".into(), why));
    let version = newer.workflows["main"].workflow.version.clone();
    by(&mut town, SUPERVISOR, &Command::Migrate { instance: caller, version, nodes: Mapping::new() }).unwrap();
    by(&mut town, SUPERVISOR, &migrate_child).unwrap();
    town.complete(HANDLER, "late");
    assert!(town.case.instances[&caller].ended.is_some());
}

#[test]
fn pinned_workflows_stay_at_their_version_and_new_ones_are_pinned_as_they_stand() {
    let nodes = |more: &str| {
        task("first", "handler", "", "{submit: part}")
            + &format!(
                "  part: {{call: below, version: pinned, item: same, then: {{good: over, bad: over}}}}\n{more}{END}"
            )
    };
    let mut town = town(&nodes(""));
    let instance = main_of(&town);
    let pinned = town.case.instances[&instance].pinned.clone();
    let newer = text(&nodes("")).replace("start: first", "start: first\nneeds: []").replace(
        "post: handler, unit: item.unit}\n    outcomes: {approve",
        "post: liaison, unit: item.unit}\n    outcomes: {approve",
    );
    let registry = with(&newer);
    assert_ne!(registry.workflows["below"].workflow.version, pinned["below"]);
    let version = publish(&mut town, &registry);
    by(&mut town, SUPERVISOR, &Command::Migrate { instance, version, nodes: Mapping::new() }).unwrap();
    assert_eq!(town.case.instances[&instance].pinned, pinned);
    take(&mut town, "first", "submit");
    assert_eq!(town.task().assignee, Some(HANDLER), "by the version that it was pinned to");
    // One that the old version did not call pinned.
    let mut fresh = self::town(&nodes("").replace(", version: pinned", ""));
    assert!(fresh.case.instances[&instance].pinned.is_empty());
    let version = publish(&mut fresh, &registry);
    by(&mut fresh, SUPERVISOR, &Command::Migrate { instance, version, nodes: Mapping::new() }).unwrap();
    let below = &registry.workflows["below"].workflow.version;
    assert_eq!(fresh.case.instances[&instance].pinned.get("below"), Some(below));
    back(&mut fresh).unwrap();
    assert!(fresh.case.instances[&instance].pinned.is_empty());
}

#[test]
fn the_stage_bar_shows_the_new_stage_when_the_next_node_is_entered() {
    let text = |name: &str| {
        let nodes =
            tasks(&[("first", &format!("{{submit: {name}}}")), (name, "{approve: last}"), ("last", "{approve: over}")]);
        text(&nodes).replacen("start: first", &format!("start: first\nstages: [{name}: 审核, last: 最后]"), 1)
    };
    let mut town = Town::with(with(&text("review")));
    town.create("small", "matter", fields(json!({"title": "甲", "unit": "1"})));
    take(&mut town, "first", "submit");
    assert_eq!(town.root().stage, Some("review".into()));
    let version = publish(&mut town, &with(&text("check")));
    let instance = main_of(&town);
    by(&mut town, SUPERVISOR, &Command::Migrate { instance, version, nodes: map(&[("review", "check")]) }).unwrap();
    assert_eq!(town.root().stage, Some("review".into()), "no node has been entered");
    take(&mut town, "check", "approve");
    assert_eq!(town.root().stage, Some("last".into()));
}

#[test]
fn whoever_had_a_task_in_between_still_takes_part() {
    let mut town = town(&old());
    let new = task("first", "liaison", "", "{submit: review}") + &tasks(&[("review", "{approve: over}")]);
    migrate(&mut town, &new).unwrap();
    back(&mut town).unwrap();
    assert_eq!(town.task().assignee, Some(HANDLER));
    assert!(town.root().participants.contains(&LIAISON));
}

#[test]
fn a_second_migration_confirms_the_first() {
    let mut town = town(&old());
    let versions = [old(), old().replace("task: review", "task: 审核"), old().replace("task: review", "task: 复核")];
    migrate(&mut town, &versions[1]).unwrap();
    let middle = town.case.instances[&main_of(&town)].version.clone();
    migrate(&mut town, &versions[2]).unwrap();
    back(&mut town).unwrap();
    assert_eq!(town.case.instances[&main_of(&town)].version, middle);
    assert_eq!(back(&mut town), Err(Rejection::NoWayBack), "the first can not be taken back any more");
    assert!(town.events.iter().any(|event| matches!(event.kind, Kind::MigratedBack { .. })));
}

#[test]
fn what_follows_is_foreseen_and_nothing_has_changed() {
    let mut town = town(&old());
    take(&mut town, "first", "submit");
    let instance = main_of(&town);
    let foreseen = |town: &mut Town, nodes: &str, pairs: &[(&str, &str)]| -> Result<Foreseen, Rejection> {
        let version = publish(town, &with(&text(nodes)));
        let before = town.case.clone();
        let found = foresee(&town.case, instance, &version, &map(pairs), &town.context(Actor::System));
        assert_eq!(town.case, before);
        found
    };
    let new = tasks(&[("first", "{submit: check}"), ("check", "{approve: over}")]);
    assert!(matches!(foreseen(&mut town, &new, &[]), Err(Rejection::Strands { .. })));
    let found = foreseen(&mut town, &new, &[("review", "check")]).unwrap();
    assert_eq!((found.shown.places[0].to.as_str(), found.reversible, found.ends), ("check", true, false));
    assert!(found.opens.is_empty() && found.closes.is_empty() && found.cancels.is_empty());
    let mut joined = self::town(&format!(
        "  first: {{fork: [a, b]}}\n  together: {{join: first, next: last}}\n{}",
        tasks(&[("a", "{approve: together}"), ("b", "{approve: together}"), ("last", "{approve: over}")])
    ));
    take(&mut joined, "a", "approve");
    let one = format!(
        "  first: {{fork: [a, b]}}\n  together: {{join: first, count: 1, next: last}}\n{}",
        tasks(&[("a", "{approve: together}"), ("b", "{approve: together}"), ("last", "{approve: over}")])
    );
    let found = foreseen(&mut joined, &one, &[]).unwrap();
    assert_eq!(
        (found.opens.as_slice(), found.closes.as_slice()),
        (["last".into()].as_slice(), ["b".into()].as_slice())
    );
    assert!(!found.reversible && !found.ends);
    let ends = one.replace("next: last}", "next: over}").replace("  last:", "  last2:");
    let ends = ends.split("  last2:").next().unwrap().to_owned() + END;
    let found = foreseen(&mut joined, &ends, &[]).unwrap();
    assert!(found.ends && !found.reversible);
}

#[test]
fn to_the_same_version_there_is_no_plan() {
    let mut town = town(&old());
    let same = Rejection::NoPlan { faults: vec![Unfit::SameVersion] };
    assert_eq!(migrate(&mut town, &old()), Err(same));
}
