//! Withdrawal 撤回 (R16): what stands in `docs/reference/engine.md`, one small test per sentence.

use docket_engine::{
    command::{Actor, Command},
    effect::Effect,
    event::Kind,
    id::{Id, PersonId},
    rejection::Rejection,
    step::withdrawable,
};
use serde_json::{Map, json};

use crate::{
    operations::{by, start, task},
    town::*,
};

const HALF_AN_HOUR: &str = "withdraw: {within: PT30M}";

fn withdraw(town: &mut Town, person: PersonId, task: Id) -> Result<(), Rejection> {
    by(town, person, &Command::Withdraw { task, comment: Some("写错了".into()) })
}

fn open(town: &Town) -> Vec<String> {
    let mut open: Vec<String> = town.open().iter().map(|task| task.node.to_string()).collect();
    open.sort();
    open
}

/// Completes the open task at a node by whoever has it, and gives its id.
fn take(town: &mut Town, node: &str, outcome: &str) -> Id {
    let found = town.open().into_iter().find(|task| task.node == *node).unwrap();
    let (task, person) = (found.id, found.assignee.unwrap());
    town.complete_task(task, person, outcome, Map::new(), Some("意见")).unwrap();
    task
}

/// write → check → (amount is set) → sign → last.
fn line() -> Town {
    let nodes = [
        task("write", "handler", HALF_AN_HOUR, "{submit: check}"),
        task("check", "section_chief", HALF_AN_HOUR, "{approve: note}"),
        "  note: {action: {set: {item.amount: 10, item.next_due: today, item.state: suspended}}, next: resume}\n"
            .into(),
        "  resume: {action: {set: {item.state: open}, notify: overdue, to: {post: supervisor}}, next: sign}\n".into(),
        task("sign", "department_head", HALF_AN_HOUR, "{approve: last, return: write}"),
        task("last", "liaison", "", "{approve: {end: good}}"),
    ];
    start("write", &nodes.concat())
}

#[test]
fn a_completion_is_taken_back_within_its_time_even_when_others_have_gone_on() {
    let mut town = line();
    let written = take(&mut town, "write", "submit");
    town.now = at("2026-01-05T09:10");
    take(&mut town, "check", "approve");
    take(&mut town, "sign", "approve");
    assert_eq!(town.root().fields["amount"], 10);
    town.now = at("2026-01-05T09:30");
    let until = |town: &Town, person| withdrawable(&town.case, written, &town.context(Actor::Person(person)));
    assert_eq!((until(&town, HANDLER), until(&town, CHIEF)), (Some(town.now), None));
    assert_eq!(withdraw(&mut town, CHIEF, written), Err(Rejection::NotYours));
    withdraw(&mut town, HANDLER, written).unwrap();
    assert_eq!((town.node().as_str(), town.task().assignee), ("write", Some(HANDLER)));
    assert_eq!(town.root().fields["amount"], 5, "the field has its value of before");
    assert_eq!(town.root().next_due, None);
    assert!(town.effects.contains(&Effect::Recall { task: written }));
    let caused =
        town.effects.iter().any(|effect| matches!(effect, Effect::Notify { causes, .. } if causes.contains(&written)));
    assert!(caused, "the notice says that the completion caused it");
    assert_eq!(until(&town, HANDLER), None);
    assert_eq!(withdraw(&mut town, HANDLER, written), Err(Rejection::TooLate { until: None }), "once only");
    let completed = town.events.iter().filter(|event| matches!(event.kind, Kind::TaskCompleted { .. }));
    assert_eq!(completed.count(), 3, "the history keeps them");
    take(&mut town, "write", "submit");
    assert_eq!(town.node(), "check");
}

#[test]
fn it_is_too_late_afterwards() {
    let mut town = line();
    let written = take(&mut town, "write", "submit");
    let until = at("2026-01-05T09:30");
    town.now = "2026-01-05T01:30:00.001Z".parse().unwrap();
    assert_eq!(withdraw(&mut town, HANDLER, written), Err(Rejection::TooLate { until: Some(until) }));
    let open = town.task().id;
    assert_eq!(withdraw(&mut town, HANDLER, open), Err(Rejection::NotAllowed), "what is open can not be taken back");
}

#[test]
fn later_completions_that_it_led_to_can_not_be_taken_back_any_more_but_earlier_ones_can() {
    let mut town = line();
    let written = take(&mut town, "write", "submit");
    let checked = take(&mut town, "check", "approve");
    let signed = take(&mut town, "sign", "approve");
    withdraw(&mut town, CHIEF, checked).unwrap();
    assert_eq!((town.node().as_str(), town.task().assignee), ("check", Some(CHIEF)));
    assert_eq!(town.root().fields["amount"], 5);
    assert_eq!(withdraw(&mut town, HEAD, signed), Err(Rejection::TooLate { until: None }));
    withdraw(&mut town, HANDLER, written).unwrap();
    assert_eq!(town.node(), "write");
    assert_eq!(town.root().fields["amount"], 5);
}

#[test]
fn what_somebody_else_has_changed_since_stays_and_is_listed() {
    let mut town = line();
    let written = take(&mut town, "write", "submit");
    take(&mut town, "check", "approve");
    let item = town.root().id;
    by(&mut town, SUPERVISOR, &Command::Edit { item, fields: fields(json!({"amount": 99})) }).unwrap();
    withdraw(&mut town, HANDLER, written).unwrap();
    assert_eq!(town.root().fields["amount"], 99);
    let left = town.events.iter().rev().find_map(|event| match &event.kind {
        Kind::Withdrawn { left, .. } => Some(left.clone()),
        _ => None,
    });
    assert_eq!(left.unwrap().into_iter().map(|left| left.field.to_string()).collect::<Vec<_>>(), ["amount"]);
}

#[test]
fn a_return_is_taken_back_with_the_trail_of_before() {
    let mut town = line();
    take(&mut town, "write", "submit");
    take(&mut town, "check", "approve");
    let signed = take(&mut town, "sign", "return");
    assert_eq!(town.node(), "write");
    withdraw(&mut town, HEAD, signed).unwrap();
    assert_eq!((town.node().as_str(), town.task().assignee), ("sign", Some(HEAD)));
    let instance = town.case.instances.values().next().unwrap();
    assert_eq!(instance.tokens[0].trail, ["write", "check"]);
}

#[test]
fn the_condition_must_hold_and_the_item_must_not_be_suspended() {
    let nodes = [
        task("write", "handler", "withdraw: {within: PT30M, when: item.amount < 9}", "{submit: check}"),
        task("check", "section_chief", "", "{approve: {end: good}}"),
    ];
    let mut town = start("write", &nodes.concat());
    let written = take(&mut town, "write", "submit");
    let item = town.root().id;
    let edit = |amount: i32| Command::Edit { item, fields: fields(json!({"amount": amount})) };
    by(&mut town, SUPERVISOR, &edit(9)).unwrap();
    assert_eq!(withdraw(&mut town, HANDLER, written), Err(Rejection::NotAllowed));
    by(&mut town, SUPERVISOR, &edit(8)).unwrap();
    withdraw(&mut town, HANDLER, written).unwrap();
    assert_eq!(town.node(), "write");
}

/// draft → a and b, c (each withdrawable) → join → last.
fn branches() -> Town {
    let nodes = [
        task("draft", "handler", HALF_AN_HOUR, "{submit: both}"),
        "  both: {fork: [a, b]}\n".to_owned(),
        task("a", "section_chief", HALF_AN_HOUR, "{approve: a2}"),
        task("a2", "section_chief", HALF_AN_HOUR, "{approve: together}"),
        task("b", "department_head", HALF_AN_HOUR, "{approve: together}"),
        "  together: {join: both, next: last}\n".to_owned(),
        task("last", "liaison", HALF_AN_HOUR, "{approve: after}"),
        task("after", "liaison", "", "{approve: {end: good}}"),
    ];
    let mut town = start("draft", &nodes.concat());
    take(&mut town, "draft", "submit");
    town
}

#[test]
fn in_a_branch_that_has_not_arrived_only_its_path_goes_back() {
    let mut town = branches();
    let a = take(&mut town, "a", "approve");
    assert_eq!(open(&town), ["a2", "b"]);
    withdraw(&mut town, CHIEF, a).unwrap();
    assert_eq!(open(&town), ["a", "b"]);
}

#[test]
fn in_a_branch_whose_join_waits_that_branch_alone_opens_again() {
    for node in ["a", "a2"] {
        let mut town = branches();
        let mut done = take(&mut town, "a", "approve");
        let second = take(&mut town, "a2", "approve");
        done = if node == "a" { done } else { second };
        let b = town.open()[0].id;
        assert_eq!(open(&town), ["b"]);
        withdraw(&mut town, CHIEF, done).unwrap();
        assert_eq!(open(&town), [node, "b"]);
        assert!(town.open().iter().any(|task| task.id == b), "the other branch is not touched");
        take(&mut town, "b", "approve");
        assert_eq!(open(&town), [node], "the join waits for it");
        if node == "a" {
            take(&mut town, "a", "approve");
        }
        take(&mut town, "a2", "approve");
        assert_eq!(open(&town), ["last"]);
    }
}

#[test]
fn where_the_join_has_gone_on_the_path_goes_back_into_the_branch() {
    let mut town = branches();
    take(&mut town, "a", "approve");
    let a2 = take(&mut town, "a2", "approve");
    let b = take(&mut town, "b", "approve");
    let last = take(&mut town, "last", "approve");
    assert_eq!(open(&town), ["after"]);
    withdraw(&mut town, CHIEF, a2).unwrap();
    assert_eq!(open(&town), ["a2"]);
    assert_eq!(withdraw(&mut town, LIAISON, last), Err(Rejection::TooLate { until: None }));
    withdraw(&mut town, HEAD, b).unwrap();
    assert_eq!(open(&town), ["a2", "b"], "that of the other branch can be taken back as well");
    take(&mut town, "b", "approve");
    take(&mut town, "a2", "approve");
    assert_eq!(open(&town), ["last"]);
}

#[test]
fn before_the_branches_everything_in_them_closes() {
    let mut town = branches();
    let draft = *town.case.tasks.keys().next().unwrap();
    take(&mut town, "a", "approve");
    withdraw(&mut town, HANDLER, draft).unwrap();
    assert_eq!(open(&town), ["draft"]);
    take(&mut town, "draft", "submit");
    assert_eq!(open(&town), ["a", "b"]);
}

#[test]
fn a_path_that_was_closed_or_has_ended_takes_nothing_back() {
    let nodes = [
        "  both: {fork: [a, b]}\n".to_owned(),
        task("a", "section_chief", HALF_AN_HOUR, "{approve: a2}"),
        task("a2", "section_chief", HALF_AN_HOUR, "{approve: together}"),
        task("b", "department_head", HALF_AN_HOUR, "{approve: together}"),
        "  together: {join: both, count: 1, next: last}\n".to_owned(),
        task("last", "liaison", HALF_AN_HOUR, "{approve: {end: good}}"),
    ];
    let mut town = start("both", &nodes.concat());
    let a = take(&mut town, "a", "approve");
    let b = take(&mut town, "b", "approve");
    assert_eq!(open(&town), ["last"]);
    assert_eq!(withdraw(&mut town, CHIEF, a), Err(Rejection::TooLate { until: Some(at("2026-01-05T09:30")) }));
    let mut ended = town.clone();
    let last = take(&mut ended, "last", "approve");
    assert_eq!(withdraw(&mut ended, LIAISON, last), Err(Rejection::TooLate { until: None }));
    withdraw(&mut town, HEAD, b).unwrap();
    assert_eq!(open(&town), ["b"], "as a return into that branch");
}

#[test]
fn it_opens_again_for_whoever_did_it_even_if_it_was_passed_on_to_him() {
    let nodes = [
        task("write", "handler", "allow: transfer\n    withdraw: {within: PT30M}", "{submit: check}"),
        task("check", "section_chief", "", "{approve: {end: good}}"),
    ];
    let mut town = start("write", &nodes.concat());
    let task = town.task().id;
    by(&mut town, HANDLER, &Command::Transfer { task, to: HEAD, comment: None }).unwrap();
    let written = take(&mut town, "write", "submit");
    withdraw(&mut town, HEAD, written).unwrap();
    assert_eq!((town.node().as_str(), town.task().assignee), ("write", Some(HEAD)));
}

#[test]
fn children_close_and_items_made_for_them_are_cancelled() {
    let text = format!(
        "workflow: main\ntitle: 主\nstart: write\nnodes:\n{}  ask: {{call: below, item: {{new: part, set: {{title: item.title, unit: item.unit}}}}, then: {{good: done}}}}\n  done: {{end: done}}\n\
         ---\nworkflow: below\ntitle: 分\nstart: work\nnodes:\n{}{}",
        task("write", "handler", HALF_AN_HOUR, "{submit: ask}"),
        task("work", "section_chief", HALF_AN_HOUR, "{submit: change}"),
        "  change: {action: {set: {item.parent.amount: 7}}, next: more}\n".to_owned()
            + &task("more", "department_head", "", "{approve: {end: good}}"),
    );
    let mut town = Town::with(crate::small::with(&text));
    town.create("small", "matter", fields(json!({"title": "甲", "unit": "1", "amount": 5})));
    let written = take(&mut town, "write", "submit");
    let worked = take(&mut town, "work", "submit");
    assert_eq!(town.root().fields["amount"], 7);
    let mut inside = town.clone();
    withdraw(&mut inside, CHIEF, worked).unwrap();
    assert_eq!((open(&inside), &inside.root().fields["amount"]), (vec!["work".to_owned()], &json!(5)));
    withdraw(&mut town, HANDLER, written).unwrap();
    assert_eq!(open(&town), ["write"]);
    assert_eq!(town.root().fields["amount"], 5, "what the child changed above it is undone as well");
    let part = town.case.items.values().find(|item| item.parent.is_some()).unwrap();
    assert_eq!(part.state, docket_engine::case::ItemState::Cancelled);
}
