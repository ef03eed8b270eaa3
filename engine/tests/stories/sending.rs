//! Messages that are sent inside a case: what stands in `docs/reference/engine.md`, one small test per sentence.

use docket_engine::{
    command::{Actor, Command},
    event::Kind,
    id::{Id, PersonId},
    rejection::Rejection,
};
use serde_json::{Map, json};

use crate::{
    operations::{by, start, task},
    small::with,
    town::*,
};

const HALF_AN_HOUR: &str = "withdraw: {within: PT30M}";

fn take(town: &mut Town, node: &str, outcome: &str) -> Id {
    let found = town.open().into_iter().find(|task| task.node == *node).unwrap();
    let (task, person) = (found.id, found.assignee.unwrap());
    town.complete_task(task, person, outcome, Map::new(), Some("意见")).unwrap();
    task
}

fn open(town: &Town) -> Vec<String> {
    let mut open: Vec<String> = town.open().iter().map(|task| task.node.to_string()).collect();
    open.sort();
    open
}

fn withdraw(town: &mut Town, person: PersonId, task: Id) -> Result<(), Rejection> {
    by(town, person, &Command::Withdraw { task, comment: None })
}

fn kept(town: &Town) -> usize {
    town.case.instances.values().map(|instance| instance.kept.len()).sum()
}

#[test]
fn it_is_heard_once_every_path_stands_whichever_came_first() {
    for branches in ["[told, heard]", "[heard, told]"] {
        let nodes = format!(
            "  both: {{fork: {branches}}}\n  told: {{action: {{send: go}}, next: together}}\n  \
             heard: {{wait: {{message: go}}, next: together}}\n  together: {{join: both, next: last}}\n{}",
            task("last", "liaison", "", "{approve: {end: good}}")
        );
        let town = start("both", &nodes);
        assert_eq!(town.node(), "last");
    }
}

#[test]
fn where_nothing_waits_it_passes_and_nothing_is_refused() {
    let nodes = [
        task("write", "handler", "", "{submit: told}"),
        "  told: {action: {send: go}, next: last}\n".into(),
        task("last", "liaison", "on: [{message: go, to: {end: bad}}]", "{approve: {end: good}}"),
    ];
    // The task that follows stands by the time that it is heard.
    let mut town = start("write", &nodes.concat());
    take(&mut town, "write", "submit");
    assert!(town.case.instances.values().all(|instance| instance.ended.is_some()), "the event has heard it");
    let nodes = [
        task("write", "handler", "on: [{message: go, to: {end: bad}}]", "{submit: told}"),
        "  told: {action: {send: go}, next: last}\n".into(),
        task("last", "liaison", "", "{approve: {end: good}}"),
    ];
    let mut town = start("write", &nodes.concat());
    take(&mut town, "write", "submit");
    assert_eq!((town.node().as_str(), kept(&town)), ("last", 0));
}

/// `main` calls `below` for each of two texts; each tells the others its own name, and its caller that it is done.
const FAMILY: &str = "\
workflow: main
title: 主
start: both
nodes:
  both: {fork: [parts, first]}
  parts:
    call: below
    each: {text: \"['甲', '乙']\"}
    item: {new: part, set: {title: element}}
    then: {good: {when: all, to: together}}
  first: {wait: {message: done, key: \"'乙'\"}, form: matter, next: note}
  note: {action: {set: {item.amount: forms.first.amount}}, next: together}
  together: {join: both, next: last}
  last: {task: 末, assign: {post: liaison, unit: item.unit}, outcomes: {approve: {end: good}}}
---
workflow: below
title: 分
start: write
nodes:
  write: {task: 写, assign: {post: handler}, outcomes: {submit: told, cancel: {end: good}}, on: [{message: stop, to: {end: good}}]}
  told: {action: [{send: {message: done, key: item.title, data: {title: item.title, amount: 7}}}, {send: stop}], next: {end: good}}
";

#[test]
fn whoever_called_and_those_beside_hear_it_with_its_key_and_data() {
    let mut town = Town::with(with(FAMILY));
    town.create("small", "matter", fields(json!({"title": "甲", "unit": "1"})));
    let second = town.open().into_iter().filter(|task| task.node == "write").max_by_key(|task| task.id).unwrap().id;
    town.complete_task(second, HANDLER, "submit", Map::new(), None).unwrap();
    assert_eq!(town.root().fields["amount"], json!(7), "the caller's wait has its data");
    assert_eq!(open(&town), ["last"], "the one beside has heard `stop`");
    let mut town = Town::with(with(FAMILY));
    town.create("small", "matter", fields(json!({"title": "甲", "unit": "1"})));
    let first = town.open().into_iter().filter(|task| task.node == "write").min_by_key(|task| task.id).unwrap().id;
    town.complete_task(first, HANDLER, "submit", Map::new(), None).unwrap();
    assert_eq!(town.root().fields.get("amount"), None, "another key");
}

/// Two paths: one writes and tells, the other waits for what is told once `ready` is done.
fn telling(keep: bool) -> Town {
    let nodes = [
        "  both: {fork: [write, ready]}\n".to_owned(),
        task("write", "handler", HALF_AN_HOUR, "{submit: told}"),
        "  told: {action: {send: go}, next: sign}\n".into(),
        task("sign", "section_chief", "", "{approve: together}"),
        task("ready", "liaison", "", "{approve: heard}"),
        format!("  heard: {{wait: {{message: go, keep: {keep}}}, next: together}}\n"),
        "  together: {join: both, next: {end: good}}\n".into(),
    ];
    start("both", &nodes.concat())
}

#[test]
fn what_is_kept_of_a_completion_that_is_taken_back_is_gone_with_it() {
    let mut town = telling(true);
    let written = take(&mut town, "write", "submit");
    assert_eq!(kept(&town), 1);
    withdraw(&mut town, HANDLER, written).unwrap();
    assert_eq!((kept(&town), open(&town)), (0, vec!["ready".to_owned(), "write".to_owned()]));
    take(&mut town, "ready", "approve");
    assert_eq!(open(&town), ["write"], "it waits for the message of the second time");
    take(&mut town, "write", "submit");
    assert_eq!(open(&town), ["sign"]);
    take(&mut town, "sign", "approve");
    assert!(town.case.instances.values().all(|instance| instance.ended.is_some()));
}

#[test]
fn once_it_was_heard_the_completion_can_not_be_taken_back() {
    for kept in [false, true] {
        let mut town = telling(kept);
        let written = if kept {
            let written = take(&mut town, "write", "submit");
            take(&mut town, "ready", "approve");
            written
        } else {
            take(&mut town, "ready", "approve");
            take(&mut town, "write", "submit")
        };
        let heard = town.events.iter().filter(|event| matches!(event.kind, Kind::MessageHeard { .. })).count();
        assert_eq!(heard, 1);
        assert_eq!(withdraw(&mut town, HANDLER, written), Err(Rejection::Outside));
    }
}

#[test]
fn messages_that_go_round_in_circles_are_refused() {
    let nodes = [
        task("write", "handler", "on: [{message: go, do: {send: go}}]", "{submit: last}"),
        task("last", "liaison", "", "{approve: {end: good}}"),
    ];
    let mut town = start("write", &nodes.concat());
    let go = Command::Message { name: "go".into(), key: None, data: Map::new(), from: None };
    assert!(matches!(town.run(Actor::System, &go), Err(Rejection::RanAway { .. })));
    assert_eq!(town.node(), "write", "nothing has changed");
}
