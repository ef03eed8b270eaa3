//! Locks: what stands in `docs/reference/engine.md`, one small test per sentence. The plain cases are the patterns 17, 28, 31,
//! 39 and 40 of `tests/patterns/`.

use docket_engine::{
    case::Ended,
    command::{Actor, Command},
    id::Id,
    rejection::Rejection,
};
use jiff::SignedDuration;
use serde_json::{Map, json};

use crate::{small::with, town::*};

/// A town with a running `main` that starts at `start`.
fn town(start: &str, nodes: &str) -> Town {
    let mut town = Town::with(with(&format!("workflow: main\ntitle: 主\nstart: {start}\nnodes:\n{nodes}{BELOW}")));
    town.create("small", "matter", fields(json!({"title": "甲", "unit": "1"})));
    town
}

const BELOW: &str = "\
---
workflow: below
title: 分
start: inner
nodes:
  inner: {fork: [c, d]}
  c: {task: 丙, assign: {post: handler, unit: item.unit}, outcomes: {approve: inside}, lock: x}
  d: {task: 丁, assign: {post: handler, unit: item.unit}, outcomes: {approve: inside}, lock: x}
  inside: {join: inner, next: {end: good}}
";

fn task(name: &str, outcomes: &str) -> String {
    format!("  {name}: {{task: {name}, assign: {{post: handler, unit: item.unit}}, outcomes: {outcomes}, lock: x}}\n")
}

fn at(town: &Town, node: &str) -> Id {
    town.open().into_iter().find(|task| task.node == *node).unwrap().id
}

fn complete(town: &mut Town, node: &str) -> Result<(), Rejection> {
    let task = at(town, node);
    town.complete_task(task, HANDLER, "approve", Map::new(), None)
}

fn claim(town: &mut Town, node: &str) -> Result<(), Rejection> {
    let task = at(town, node);
    town.run(Actor::Person(HANDLER), &Command::Claim { task })
}

/// The node where people work, which made a command wait; empty where none did.
fn locked(done: Result<(), Rejection>) -> String {
    match done {
        Err(Rejection::Locked { node, .. }) => node.to_string(),
        _ => String::new(),
    }
}

#[test]
fn who_alone_would_do_it_begins_when_he_takes_it() {
    let nodes = format!(
        "  both: {{fork: [a, b]}}\n{}{}  together: {{join: both, next: {{end: good}}}}\n",
        task("a", "{approve: together}"),
        task("b", "{approve: together}")
    );
    let mut town = town("both", &nodes);
    assert!(town.open().iter().all(|task| task.assignee == Some(HANDLER)), "both are his, neither is begun");
    claim(&mut town, "b").unwrap();
    assert_eq!(locked(complete(&mut town, "a")), "b");
    let release = Command::Release { task: at(&town, "b") };
    town.run(Actor::Person(HANDLER), &release).unwrap();
    complete(&mut town, "a").unwrap();
    complete(&mut town, "b").unwrap();
    assert_eq!(town.case.instances.values().next().unwrap().ended, Some(Ended::With("good".into())));
}

#[test]
fn a_call_is_worked_at_until_it_ends_and_its_own_locks_are_its_own() {
    let nodes = format!(
        "  both: {{fork: [a, part]}}\n{}  part: {{call: below, then: {{good: together}}, lock: x}}\n  \
         together: {{join: both, next: {{end: good}}}}\n",
        task("a", "{approve: together}")
    );
    let mut town = town("both", &nodes);
    claim(&mut town, "c").unwrap();
    assert_eq!(locked(complete(&mut town, "a")), "part");
    assert_eq!(locked(complete(&mut town, "d")), "c", "inside, the lock of the same name is another");
    complete(&mut town, "c").unwrap();
    assert_eq!(locked(complete(&mut town, "a")), "part", "not over yet");
    complete(&mut town, "d").unwrap();
    complete(&mut town, "a").unwrap();
}

/// Tasks `a`, then `b`, and after a message `part`, all with one lock.
fn meanwhile(part: &str) -> Town {
    let nodes = format!(
        "  both: {{fork: [a, heard, again]}}\n{}  heard: {{wait: {{message: go}}, next: part}}\n  \
         again: {{wait: {{message: again}}, next: more}}\n  {part}\n  \
         more: {{action: {{set: {{item.amount: \"max(item.amount, 0) + 1\"}}}}, lock: x, next: together}}\n  \
         together: {{join: both, next: {{end: good}}}}\n",
        task("a", "{approve: together}")
    );
    let mut town = town("both", &nodes);
    claim(&mut town, "a").unwrap();
    for name in ["go", "again"] {
        let command = Command::Message { name: name.into(), key: None, data: Map::new(), from: None };
        town.run(Actor::System, &command).unwrap();
    }
    town
}

#[test]
fn what_the_platform_does_waits_until_nobody_works_at_another_in_the_order_of_coming() {
    let mut town = meanwhile("part: {action: {set: {item.amount: 5}}, lock: x, next: together}");
    assert_eq!(town.root().fields.get("amount"), None, "both actions wait for whoever works at a");
    complete(&mut town, "a").unwrap();
    assert_eq!(town.root().fields.get("amount"), Some(&json!(6)), "first 5, then one more");
    assert!(town.case.instances.values().all(|instance| instance.ended.is_some()));
}

#[test]
fn a_call_waits_with_all_that_it_calls_and_is_begun_when_a_task_is_given_back() {
    let mut town = meanwhile("part: {call: below, then: {good: together}, lock: x}");
    assert_eq!(town.open().len(), 1, "nothing is open in the call");
    let release = Command::Release { task: at(&town, "a") };
    town.run(Actor::Person(HANDLER), &release).unwrap();
    assert_eq!(town.open().len(), 3, "a, c and d");
    assert_eq!(locked(complete(&mut town, "a")), "part");
    assert_eq!(town.root().fields.get("amount"), None, "the action waits for the call");
    complete(&mut town, "c").unwrap();
    complete(&mut town, "d").unwrap();
    assert_eq!(town.root().fields.get("amount"), Some(&json!(1)), "its turn has come");
    complete(&mut town, "a").unwrap();
}

#[test]
fn an_event_leads_out_of_a_call_that_waits() {
    let mut town =
        meanwhile("part: {call: below, then: {good: together}, lock: x, on: [{message: off, to: together}]}");
    let off = Command::Message { name: "off".into(), key: None, data: Map::new(), from: None };
    town.run(Actor::System, &off).unwrap();
    complete(&mut town, "a").unwrap();
    assert!(town.case.instances.values().all(|instance| instance.ended.is_some()), "the call never began");
}

#[test]
fn a_stage_is_worked_at_from_its_first_offer_on() {
    let nodes = format!(
        "  both: {{fork: [a, room]}}\n{}  room:\n    stage: 会商\n    lock: x\n    offers:\n      \
         edit: {{who: {{post: handler, unit: item.unit}}, set: {{item.amount: 1}}}}\n      \
         close: {{who: {{post: handler, unit: item.unit}}, to: together}}\n  \
         together: {{join: both, next: {{end: good}}}}\n",
        task("a", "{approve: together}")
    );
    let mut town = town("both", &nodes);
    let instance = *town.case.instances.keys().next().unwrap();
    let take = |town: &mut Town, offer: &str| {
        let (node, offer) = ("room".into(), offer.into());
        let command = Command::TakeOffer { instance, node, offer, form: Map::new(), comment: None };
        town.run(Actor::Person(HANDLER), &command)
    };
    claim(&mut town, "a").unwrap();
    assert_eq!(locked(take(&mut town, "edit")), "a");
    let release = Command::Release { task: at(&town, "a") };
    town.run(Actor::Person(HANDLER), &release).unwrap();
    take(&mut town, "edit").unwrap();
    assert_eq!(locked(complete(&mut town, "a")), "room");
    take(&mut town, "close").unwrap();
    complete(&mut town, "a").unwrap();
}

#[test]
fn a_group_is_worked_at_until_it_ends_and_times_are_not_held_up() {
    let nodes = format!(
        "  both: {{fork: [a, board]}}\n{}  board:\n    task: 会签\n    lock: x\n    each: {{post: [handler, section_chief], unit: item.unit}}\n    \
         outcomes: {{approve: {{when: all, to: together}}}}\n    on:\n      - {{after: P2D, to: together}}\n  \
         together: {{join: both, next: {{end: good}}}}\n",
        task("a", "{approve: together}")
    );
    let mut town = town("both", &nodes);
    let vote = town.open().into_iter().find(|task| task.node == "board" && task.candidates == [HANDLER]).unwrap().id;
    town.complete_task(vote, HANDLER, "approve", Map::new(), None).unwrap();
    assert_eq!(locked(complete(&mut town, "a")), "board", "one has voted, the group goes on");
    let later = town.now + SignedDuration::from_hours(49);
    town.wait_until(later);
    assert_eq!(town.open().len(), 1, "the group is left by its time");
    complete(&mut town, "a").unwrap();
}
