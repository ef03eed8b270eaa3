//! Waits, messages and the answers of other systems (R21, E5).

use docket_engine::{
    case::{IncidentCause, ItemState, Purpose},
    command::{Actor, Command},
    effect::Effect,
    event::Kind,
    id::Id,
    rejection::Rejection,
};
use serde_json::{Map, Value as Json, json};

use crate::{small::with, town::*};

/// A workflow of its own, started on a matter.
fn started(nodes: &str, matter: Json) -> Town {
    let mut town = Town::with(with(&workflow(nodes)));
    town.create("small", "matter", fields(matter));
    town
}

/// `main` with these nodes, beginning at `first`.
pub(crate) fn workflow(nodes: &str) -> String {
    format!(
        "workflow: main\ntitle: 主\nstart: first\nnodes:\n{nodes}\
         ---\nworkflow: below\ntitle: 分\nstart: over\nnodes:\n  over: {{end: good}}\n"
    )
}

fn message(town: &mut Town, name: &str, key: Option<&str>, data: Json) -> Result<(), Rejection> {
    let command = Command::Message { name: name.into(), key: key.map(str::to_owned), data: fields(data), from: None };
    town.run(Actor::System, &command)
}

fn state(town: &Town) -> ItemState {
    town.root().state
}

#[test]
fn a_moment_that_has_passed_is_waited_for_no_longer() {
    let nodes = "  first: {wait: {at: item.day}, next: done}\n  done: {end: good, set: {item.state: done}}\n";
    assert_eq!(state(&started(nodes, json!({"title": "甲", "day": "2026-01-05"}))), ItemState::Done);
    let mut town = started(nodes, json!({"title": "甲", "day": "2026-01-07"}));
    town.wait_until(at("2026-01-06T23:59"));
    assert_eq!(state(&town), ItemState::Open);
    town.wait_until(at("2026-01-07T00:00"));
    assert_eq!(state(&town), ItemState::Done);
}

#[test]
fn a_wait_follows_the_date_that_it_reads() {
    let nodes = "  first: {wait: {at: item.day}, next: done}\n  done: {end: good, set: {item.state: done}}\n";
    let mut town = started(nodes, json!({"title": "甲"}));
    assert_eq!(town.timer(Purpose::Wait), None, "there is no date yet");
    let edit = |day: &str| Command::Edit { item: Id::root_item(1), fields: fields(json!({"day": day})) };
    town.run(Actor::System, &edit("2026-02-01")).unwrap();
    assert_eq!(town.timer(Purpose::Wait), Some(at("2026-02-01T00:00")));
    town.run(Actor::System, &edit("2026-01-02")).unwrap();
    assert_eq!(state(&town), ItemState::Done, "moved to a day that has passed");
}

#[test]
fn a_wait_goes_on_when_its_fact_changes_and_not_for_another() {
    let nodes = "  first: {wait: {changed: item.amount}, next: done}\n  done: {end: good, set: {item.state: done}}\n";
    let mut town = started(nodes, json!({"title": "甲", "amount": 1}));
    let edit = |change: Json| Command::Edit { item: Id::root_item(1), fields: fields(change) };
    town.run(Actor::System, &edit(json!({"title": "乙"}))).unwrap();
    assert_eq!(state(&town), ItemState::Open);
    town.run(Actor::System, &edit(json!({"amount": 2}))).unwrap();
    assert_eq!(state(&town), ItemState::Done);
}

/// Waits for a receipt of its own number, at most two days.
const RECEIPT: &str = "  first:\n    wait: {message: receipt, key: item.title}\n    form: matter\n    next: got\n    \
                       on: [{after: P2D, to: late}]\n  \
                       got: {action: {set: {item.amount: forms.first.amount}}, next: done}\n  \
                       late: {end: late}\n  done: {end: good}\n";

#[test]
fn a_message_goes_to_who_waits_for_it_with_its_key_and_brings_data() {
    let mut town = started(RECEIPT, json!({"title": "甲"}));
    assert_eq!(message(&mut town, "receipt", Some("乙"), json!({})), Err(Rejection::NotHeard));
    assert_eq!(message(&mut town, "receipt", None, json!({})), Err(Rejection::NotHeard));
    assert_eq!(message(&mut town, "other", Some("甲"), json!({})), Err(Rejection::NotHeard));
    message(&mut town, "receipt", Some("甲"), json!({"title": "回执", "amount": 7})).unwrap();
    assert_eq!(town.root().fields["amount"], 7);
    assert!(town.case.timers.is_empty());
    assert_eq!(message(&mut town, "receipt", Some("甲"), json!({})), Err(Rejection::NotHeard), "it is heard once");
}

#[test]
fn a_wait_can_be_given_up() {
    let mut town = started(RECEIPT, json!({"title": "甲"}));
    town.wait_until(at("2026-01-07"));
    assert_eq!(
        town.case.instances.values().next().unwrap().ended,
        Some(docket_engine::case::Ended::With("late".into()))
    );
}

#[test]
fn data_of_a_wrong_shape_reads_as_absent() {
    let mut town = started(RECEIPT, json!({"title": "甲", "amount": 3}));
    message(&mut town, "receipt", Some("甲"), json!({"amount": "seven", "unknown": [1]})).unwrap();
    assert!(!town.root().fields.contains_key("amount"));
}

#[test]
fn a_kept_message_is_heard_by_the_next_wait_and_by_one_only() {
    let nodes = "  first: {task: 办理, assign: {post: supervisor}, outcomes: {approve: one}}\n  \
                 one: {wait: {message: paid, keep: true}, next: two}\n  \
                 two: {wait: {message: paid, keep: true}, next: done}\n  done: {end: good, set: {item.state: done}}\n";
    let mut town = started(nodes, json!({"title": "甲"}));
    message(&mut town, "paid", None, json!({})).unwrap();
    town.complete(SUPERVISOR, "approve");
    assert_eq!(state(&town), ItemState::Open, "the second waits for another one");
    message(&mut town, "paid", None, json!({})).unwrap();
    assert_eq!(state(&town), ItemState::Done);
    assert_eq!(message(&mut town, "paid", None, json!({})), Err(Rejection::NotHeard), "nothing runs any more");
}

#[test]
fn what_is_kept_has_an_end() {
    let nodes = "  first: {task: 办理, assign: {post: supervisor}, outcomes: {approve: one}}\n  \
                 one: {wait: {message: paid, keep: true}, next: done}\n  done: {end: good}\n";
    let mut town = started(nodes, json!({"title": "甲"}));
    for _ in 0..100 {
        message(&mut town, "paid", None, json!({})).unwrap();
    }
    assert_eq!(message(&mut town, "paid", None, json!({})), Err(Rejection::Full));
}

#[test]
fn an_event_hears_a_kept_message_when_its_node_is_entered() {
    let nodes = "  first: {task: 填报, assign: {post: supervisor}, outcomes: {approve: second}}\n  \
                 second:\n    task: 审核\n    assign: {post: supervisor}\n    outcomes: {approve: done}\n    \
                 on:\n      - {message: paid, keep: true, do: {set: {item.amount: 1}}}\n      \
                 - {message: stopped, keep: true, to: stopped}\n  \
                 done: {end: good}\n  stopped: {end: stopped, set: {item.state: cancelled}}\n";
    let mut town = started(nodes, json!({"title": "甲"}));
    message(&mut town, "paid", None, json!({})).unwrap();
    town.complete(SUPERVISOR, "approve");
    assert_eq!((town.node().as_str(), town.root().fields["amount"].clone()), ("second", json!(1)));
    message(&mut town, "stopped", None, json!({})).unwrap();
    assert_eq!(state(&town), ItemState::Cancelled);
    let mut town = started(nodes, json!({"title": "甲"}));
    message(&mut town, "stopped", None, json!({})).unwrap();
    town.complete(SUPERVISOR, "approve");
    assert_eq!(state(&town), ItemState::Cancelled);
    assert!(town.open().is_empty());
}

#[test]
fn everything_that_waits_for_a_message_hears_it() {
    let nodes = "  first: {fork: [left, right]}\n  \
                 left: {wait: {message: paid}, next: together}\n  \
                 right: {wait: {message: paid}, next: together}\n  \
                 together: {join: first, next: done}\n  done: {end: good, set: {item.state: done}}\n";
    let mut town = started(nodes, json!({"title": "甲"}));
    message(&mut town, "paid", None, json!({})).unwrap();
    assert_eq!(state(&town), ItemState::Done);
}

#[test]
fn an_event_of_a_fork_closes_all_its_branches() {
    let nodes = "  first:\n    fork: [left, right]\n    on: [{message: stop, to: stopped}, {after: P3D, to: stopped}]\n  \
                 left: {task: 甲办, assign: {post: supervisor}, outcomes: {approve: together}}\n  \
                 right: {task: 乙办, assign: {post: supervisor}, outcomes: {approve: together}}\n  \
                 together: {join: first, next: done}\n  done: {end: good}\n  \
                 stopped: {end: stopped, set: {item.state: cancelled}}\n";
    let mut town = started(nodes, json!({"title": "甲"}));
    let first = town.open()[0].id;
    town.complete_task(first, SUPERVISOR, "approve", Map::new(), None).unwrap();
    message(&mut town, "stop", None, json!({})).unwrap();
    assert_eq!(state(&town), ItemState::Cancelled);
    assert!(town.open().is_empty() && town.case.timers.is_empty());
    let mut town = started(nodes, json!({"title": "甲"}));
    town.wait_until(at("2026-01-08"));
    assert_eq!(state(&town), ItemState::Cancelled);
}

/// Asks another system for a number.
const ASKING: &str = "  first:\n    action: {http: {service: archive, path: /numbers, body: {title: item.title, on: today}, form: matter}}\n    \
                      next: got\n    on: [{after: P9D, to: late}]\n  \
                      got: {action: {set: {item.amount: forms.first.amount}}, next: done}\n  \
                      late: {end: late}\n  done: {end: good, set: {item.state: done}}\n";

fn asked(town: &Town) -> Id {
    let question = town.effects.iter().find_map(|effect| match effect {
        Effect::Ask { asked, service, path, body, tries, back_off, form, .. } => {
            Some((asked, service, path, body, tries, back_off, form))
        }
        _ => None,
    });
    let (asked, service, path, body, tries, back_off, form) = question.unwrap();
    assert_eq!((service.as_str(), path.as_str(), *tries, *back_off), ("archive", "/numbers", 5, 60));
    assert_eq!(Json::Object(body.clone()), json!({"title": "甲", "on": "2026-01-05"}));
    assert_eq!(form.as_deref(), Some("matter"));
    *asked
}

fn answer(asked: Id, answer: Result<Json, &str>) -> Command {
    Command::Answer { asked, answer: answer.map(fields).map_err(str::to_owned) }
}

#[test]
fn an_answer_lets_the_action_go_on_once() {
    let mut town = started(ASKING, json!({"title": "甲"}));
    let asked = asked(&town);
    town.run(Actor::System, &answer(asked, Ok(json!({"title": "甲", "amount": 12})))).unwrap();
    assert_eq!((state(&town), &town.root().fields["amount"]), (ItemState::Done, &json!(12)));
    assert_eq!(town.run(Actor::System, &answer(asked, Ok(json!({})))), Err(Rejection::Gone));
}

#[test]
fn a_failure_of_another_system_is_an_incident() {
    let mut town = started(ASKING, json!({"title": "甲"}));
    let asked = asked(&town);
    town.run(Actor::System, &answer(asked, Err("503"))).unwrap();
    let incident = town.case.incidents.values().next().unwrap();
    assert_eq!(incident.node, "first");
    assert_eq!(incident.cause, IncidentCause::Service { service: "archive".into(), message: "503".into() });
    assert_eq!(town.run(Actor::System, &answer(asked, Ok(json!({})))), Err(Rejection::Gone), "too late");
    town.wait_until(at("2026-01-14"));
    assert!(town.case.instances.values().all(|instance| instance.ended.is_some()), "the event still happens");
}

#[test]
fn an_answer_that_nobody_waits_for_any_more_changes_nothing() {
    let mut town = started(ASKING, json!({"title": "甲"}));
    let asked = asked(&town);
    town.wait_until(at("2026-01-14"));
    let before = town.events.len();
    assert_eq!(town.run(Actor::System, &answer(asked, Ok(json!({})))), Err(Rejection::Gone));
    assert_eq!(town.events.len(), before);
}

#[test]
fn the_history_says_what_was_heard() {
    let mut town = started(RECEIPT, json!({"title": "甲"}));
    message(&mut town, "receipt", Some("甲"), json!({"amount": 7})).unwrap();
    let heard = town.events.iter().find_map(|event| match &event.kind {
        Kind::MessageHeard { message, form, .. } => Some((message.name.to_string(), message.data.clone(), *form)),
        _ => None,
    });
    assert_eq!(heard, Some(("receipt".to_owned(), fields(json!({"amount": 7})), true)));
}
