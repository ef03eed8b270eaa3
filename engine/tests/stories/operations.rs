//! Passing a task on: what stands in `docs/reference/engine.md`, one small test per sentence.

use std::sync::Arc;

use docket_engine::{
    case::{IncidentCause, TaskState},
    command::{Actor, Command},
    definition::workflow::Operation,
    id::{Id, PersonId},
    org::{Org, StandIn},
    rejection::Rejection,
    step::{may_do, operations},
};
use serde_json::{Map, json};

use crate::{small::with, town::*};

const ALL: &str = "allow: [transfer, delegate, return, copy]";

/// A town with `main`, whose nodes are written as YAML.
pub(crate) fn start(start: &str, nodes: &str) -> Town {
    let text = format!(
        "workflow: main\ntitle: 主\nstart: {start}\nnodes:\n{nodes}\
         ---\nworkflow: below\ntitle: 分\nstart: over\nnodes:\n  over: {{end: good}}\n"
    );
    let mut town = Town::with(with(&text));
    town.create("small", "matter", fields(json!({"title": "甲", "unit": "1", "amount": 5})));
    town
}

/// A task of a post with further keys, and its outcomes.
pub(crate) fn task(name: &str, post: &str, more: &str, outcomes: &str) -> String {
    let more = if more.is_empty() { String::new() } else { format!("    {more}\n") };
    format!(
        "  {name}:\n    task: {name}\n    assign: {{post: {post}, unit: item.unit}}\n{more}    outcomes: {outcomes}\n"
    )
}

fn one(more: &str) -> Town {
    start("work", &task("work", "handler", more, "{submit: {end: good}}"))
}

pub(crate) fn by(town: &mut Town, person: PersonId, command: &Command) -> Result<(), Rejection> {
    town.run(Actor::Person(person), command)
}

fn transfer(town: &mut Town, from: PersonId, to: PersonId) -> Result<(), Rejection> {
    let task = town.task().id;
    by(town, from, &Command::Transfer { task, to, comment: None })
}

fn delegate(town: &mut Town, from: PersonId, to: PersonId) -> Result<(), Rejection> {
    let task = town.task().id;
    by(town, from, &Command::Delegate { task, to, comment: Some("请先看".into()) })
}

fn hand_back(town: &mut Town, from: PersonId) -> Result<(), Rejection> {
    let task = town.task().id;
    by(town, from, &Command::HandBack { task, comment: Some("可以".into()) })
}

#[test]
fn a_transferred_task_is_somebody_elses_for_good() {
    let mut town = one(ALL);
    transfer(&mut town, HANDLER, LIAISON).unwrap();
    assert_eq!(town.task().assignee, Some(LIAISON));
    assert_eq!(town.try_complete(HANDLER, "submit", Map::new(), None), Err(Rejection::NotYours));
    let edit = Command::Edit { item: town.root().id, fields: fields(json!({"unit": "2"})) };
    by(&mut town, SUPERVISOR, &edit).unwrap();
    assert_eq!(town.task().assignee, Some(LIAISON), "who does it no longer follows the definition");
    assert!(town.root().participants.contains(&LIAISON));
    town.complete(LIAISON, "submit");
}

#[test]
fn what_the_task_does_not_allow_is_refused() {
    let mut town = one("allow: [copy]");
    assert_eq!(transfer(&mut town, HANDLER, LIAISON), Err(Rejection::NotAllowed));
    assert_eq!(delegate(&mut town, HANDLER, LIAISON), Err(Rejection::NotAllowed));
    assert_eq!(hand_back(&mut town, HANDLER), Err(Rejection::NotAllowed));
    let task = town.task().id;
    let back = Command::Return { task, to: "work".into(), straight: false, comment: Some("理由".into()) };
    assert_eq!(by(&mut town, HANDLER, &back), Err(Rejection::NotAllowed));
}

#[test]
fn only_people_who_can_do_it_get_it_and_only_its_doer_gives_it() {
    let mut town = one(ALL);
    for nobody in [HANDLER, PersonId(999)] {
        assert_eq!(transfer(&mut town, HANDLER, nobody), Err(Rejection::NotPossible { people: vec![nobody] }));
        assert_eq!(delegate(&mut town, HANDLER, nobody), Err(Rejection::NotPossible { people: vec![nobody] }));
    }
    assert_eq!(transfer(&mut town, CHIEF, LIAISON), Err(Rejection::NotYours));
    town.complete(HANDLER, "submit");
    let task = *town.case.tasks.keys().next().unwrap();
    let late = by(&mut town, HANDLER, &Command::Transfer { task, to: LIAISON, comment: None });
    assert!(matches!(late, Err(Rejection::TaskClosed { .. })));
}

#[test]
fn a_delegated_task_comes_back_before_it_is_completed() {
    let mut town = one(ALL);
    delegate(&mut town, HANDLER, CHIEF).unwrap();
    let refused = Err(Rejection::Delegated { person: CHIEF });
    let task = town.task().id;
    for person in [HANDLER, CHIEF] {
        assert_eq!(town.try_complete(person, "submit", Map::new(), None), refused);
        assert_eq!(transfer(&mut town, person, LIAISON), refused);
        assert_eq!(delegate(&mut town, person, LIAISON), refused);
        assert_eq!(by(&mut town, person, &Command::Claim { task }), refused);
    }
    assert_eq!(by(&mut town, CHIEF, &Command::Release { task }), refused);
    assert_eq!(hand_back(&mut town, LIAISON), Err(Rejection::NotYours));
    hand_back(&mut town, CHIEF).unwrap();
    assert_eq!((town.task().assignee, town.task().owner), (Some(HANDLER), None));
    delegate(&mut town, HANDLER, CHIEF).unwrap();
    hand_back(&mut town, HANDLER).unwrap();
    town.complete(HANDLER, "submit");
}

#[test]
fn a_copy_lets_people_read_and_tells_them() {
    let mut town = one(ALL);
    let task = town.task().id;
    let copy = |people: Vec<PersonId>| Command::Copy { task, people, comment: Some("供参考".into()) };
    by(&mut town, HANDLER, &copy(vec![HEAD, CHIEF, HEAD])).unwrap();
    assert!(town.root().participants.contains(&HEAD) && town.root().participants.contains(&CHIEF));
    assert_eq!(town.notices(), [("copied".to_owned(), vec![CHIEF, HEAD])]);
    assert_eq!(by(&mut town, HANDLER, &copy(vec![])), Err(Rejection::NotPossible { people: vec![] }));
    let unknown = Rejection::NotPossible { people: vec![PersonId(999)] };
    assert_eq!(by(&mut town, HANDLER, &copy(vec![HEAD, PersonId(999)])), Err(unknown));
    delegate(&mut town, HANDLER, CHIEF).unwrap();
    by(&mut town, CHIEF, &copy(vec![HEAD])).unwrap();
    assert_eq!(by(&mut town, LIAISON, &copy(vec![HEAD])), Err(Rejection::NotYours));
}

#[test]
fn whoever_is_to_do_a_task_is_urged() {
    let mut town = one(ALL);
    delegate(&mut town, HANDLER, CHIEF).unwrap();
    let task = town.task().id;
    by(&mut town, SUPERVISOR, &Command::Urge { task, comment: None }).unwrap();
    assert_eq!(town.notices(), [("urged".to_owned(), vec![CHIEF])]);
    let gone = Command::Urge { task: Id::below(1, 999), comment: None };
    assert_eq!(by(&mut town, SUPERVISOR, &gone), Err(Rejection::NotFound));
}

/// one → two → three, the last of which may return.
fn three() -> Town {
    let nodes = [
        task("one", "handler", "", "{submit: two}"),
        task("two", "section_chief", "", "{approve: three}"),
        task("three", "department_head", ALL, "{approve: {end: good}}"),
    ];
    let mut town = start("one", &nodes.concat());
    town.complete(HANDLER, "submit");
    town.complete(CHIEF, "approve");
    town
}

fn go_back(town: &mut Town, person: PersonId, to: &str, straight: bool) -> Result<(), Rejection> {
    let task = town.task().id;
    by(town, person, &Command::Return { task, to: to.into(), straight, comment: Some("请改".into()) })
}

#[test]
fn a_return_goes_to_any_task_of_the_trail() {
    let mut town = three();
    let task = town.task().id;
    let silent = Command::Return { task, to: "one".into(), straight: false, comment: Some("  ".into()) };
    assert_eq!(by(&mut town, HEAD, &silent), Err(Rejection::CommentRequired));
    let refused = go_back(&mut town, HEAD, "three", false);
    assert_eq!(refused, Err(Rejection::NotEarlier { expected: vec!["one".into(), "two".into()] }));
    go_back(&mut town, HEAD, "one", false).unwrap();
    assert_eq!((town.node().as_str(), town.task().assignee), ("one", Some(HANDLER)));
    let TaskState::Completed { outcome, by, .. } = &town.case.tasks[&task].state else { panic!("it is completed") };
    assert_eq!((outcome.as_str(), *by), ("return", HEAD));
    town.complete(HANDLER, "submit");
    assert_eq!(town.node(), "two", "through all steps again");
}

#[test]
fn a_straight_return_comes_straight_back() {
    let mut town = three();
    go_back(&mut town, HEAD, "one", true).unwrap();
    town.complete(HANDLER, "submit");
    assert_eq!(town.node(), "three");
}

#[test]
fn buttons_show_what_is_allowed() {
    let mut town = three();
    let of =
        |town: &Town, person: PersonId| operations(&town.case, town.task().id, &town.context(Actor::Person(person)));
    let found = of(&town, HEAD);
    assert_eq!(found.may, [Operation::Transfer, Operation::Delegate, Operation::Return, Operation::Copy]);
    assert_eq!(found.return_to, ["one", "two"]);
    assert!(!found.hand_back);
    assert!(of(&town, CHIEF).may.is_empty());
    delegate(&mut town, HEAD, CHIEF).unwrap();
    for person in [HEAD, CHIEF] {
        let found = of(&town, person);
        assert_eq!((found.may, found.hand_back, found.return_to), (vec![Operation::Copy], true, Vec::new()));
    }
}

#[test]
fn a_step_is_skipped_for_whoever_did_the_one_before() {
    let nodes = [
        task("one", "handler", "", "{submit: two}"),
        task("two", "[handler, liaison]", "", "{approve: three}"),
        task("three", "handler", "skip: approve", "{approve: four, close: {end: good}}"),
        task("four", "handler", "skip: approve", "{approve: five}"),
        task("five", "department_head", ALL, "{approve: {end: good}}"),
    ];
    let mut town = start("one", &nodes.concat());
    town.complete(HANDLER, "submit");
    let mut other = town.clone();
    town.complete(HANDLER, "approve");
    assert_eq!(town.node(), "five", "one skipped step counts as done by him for the next");
    go_back(&mut town, HEAD, "three", false).unwrap();
    assert_eq!(town.node(), "three", "what is returned to is not skipped");
    other.complete(LIAISON, "approve");
    assert_eq!(other.node(), "three", "somebody else did the step before");
}

#[test]
fn a_fallback_does_it_where_nobody_holds_the_post() {
    let fallback = "fallback: [{post: deputy_head, unit: item.unit}, {post: department_head, unit: item.unit}]";
    let mut town = start("work", &task("work", "leader_liaison", fallback, "{submit: {end: good}}"));
    assert_eq!(town.task().candidates, [DEPUTY, OTHER_DEPUTY]);
    let edit = Command::Edit { item: town.root().id, fields: fields(json!({"unit": "2"})) };
    by(&mut town, SUPERVISOR, &edit).unwrap();
    assert_eq!(town.task().candidates, [HEALTH_HEAD], "and follows facts");
    assert!(town.case.incidents.is_empty());
}

fn away(town: &Town, all: &[(PersonId, PersonId)]) -> Arc<Org> {
    let stand_in = |(person, stand_in): &(PersonId, PersonId)| StandIn {
        person: *person,
        stand_in: *stand_in,
        from: date("2026-01-05"),
        to: date("2026-01-06"),
    };
    Arc::new(Org::clone(&town.org).with_stand_ins(all.iter().map(stand_in).collect()))
}

#[test]
fn a_stand_in_may_do_the_tasks_of_whoever_is_away() {
    let mut town = one(ALL);
    town.org = away(&town, &[(HANDLER, CHIEF), (CHIEF, HEAD), (HEAD, HANDLER), (LIAISON, DEPUTY)]);
    assert_eq!((town.task().assignee, town.task().candidates.clone()), (Some(HANDLER), vec![HANDLER]));
    let may = |town: &Town, person| may_do(&town.case, town.task().id, &town.context(Actor::Person(person)));
    assert_eq!([HANDLER, CHIEF, HEAD, DEPUTY].map(|person| may(&town, person)), [true, true, true, false]);
    let mut later = town.clone();
    later.now = at("2026-01-07");
    assert_eq!([HANDLER, CHIEF].map(|person| may(&later, person)), [true, false], "the absence is over");
    town.complete(HEAD, "submit");
    assert_eq!(later.case.tasks.len(), 1);
    assert_eq!(later.try_complete(CHIEF, "submit", Map::new(), None), Err(Rejection::NotYours));
    // Who left can not stand in; a task that was passed on has a stand-in too.
    transfer(&mut later, HANDLER, LIAISON).unwrap();
    later.now = at("2026-01-06");
    later.complete(DEPUTY, "submit");
}

#[test]
fn what_a_stand_in_takes_is_that_of_whoever_is_away() {
    let mut town = start("work", &task("work", "deputy_head", "", "{submit: {end: good}}"));
    town.org = away(&town, &[(DEPUTY, HEAD)]);
    let task = town.task().id;
    by(&mut town, CHIEF, &Command::Claim { task }).unwrap_err();
    by(&mut town, HEAD, &Command::Claim { task }).unwrap();
    assert_eq!(town.task().assignee, Some(DEPUTY));
    by(&mut town, DEPUTY, &Command::Release { task }).unwrap();
    by(&mut town, OTHER_DEPUTY, &Command::Claim { task }).unwrap();
    let taken = by(&mut town, HEAD, &Command::Claim { task });
    assert_eq!(taken, Err(Rejection::TakenBy { person: OTHER_DEPUTY }));
    by(&mut town, OTHER_DEPUTY, &Command::Release { task }).unwrap();
    town.complete(HEAD, "submit");
}

#[test]
fn a_task_whose_doer_has_left_has_nobody_and_a_delegated_one_goes_back() {
    let leave = |town: &mut Town, gone: PersonId| {
        let mut people: Vec<_> = town.org.people().cloned().collect();
        people.iter_mut().filter(|person| person.id == gone).for_each(|person| person.active = false);
        let units = town.org.units().cloned().collect();
        town.org = Arc::new(Org::new(units, people, holdings(), Vec::new(), std::collections::BTreeMap::new()));
        town.run(Actor::System, &Command::Reassign).unwrap();
    };
    let mut town = one(ALL);
    delegate(&mut town, HANDLER, CHIEF).unwrap();
    leave(&mut town, CHIEF);
    assert_eq!((town.task().assignee, town.task().owner), (Some(HANDLER), None));
    transfer(&mut town, HANDLER, LIAISON).unwrap();
    leave(&mut town, LIAISON);
    assert!(town.task().candidates.is_empty());
    assert_eq!(town.case.incidents.values().map(|found| &found.cause).collect::<Vec<_>>(), [&IncidentCause::Nobody]);
}

#[test]
fn nothing_is_passed_on_while_the_item_is_suspended() {
    let nodes = [
        "  both: {fork: [work, hold]}\n".to_owned(),
        task("work", "handler", ALL, "{submit: together}"),
        task("hold", "section_chief", "", "{approve: stop}"),
        "  stop: {action: {set: {item.state: suspended}}, next: wait}\n".to_owned(),
        task("wait", "section_chief", "", "{approve: together}"),
        "  together: {join: both, next: {end: good}}\n".to_owned(),
    ];
    let mut town = start("both", &nodes.concat());
    let open = |town: &Town, node: &str| town.open().iter().find(|task| task.node == *node).unwrap().id;
    let (work, hold) = (open(&town, "work"), open(&town, "hold"));
    town.complete_task(hold, CHIEF, "approve", Map::new(), None).unwrap();
    let item = town.root().id;
    for command in [
        Command::Transfer { task: work, to: LIAISON, comment: None },
        Command::Delegate { task: work, to: LIAISON, comment: None },
        Command::Copy { task: work, people: vec![LIAISON], comment: None },
        Command::Urge { task: work, comment: None },
    ] {
        assert_eq!(by(&mut town, HANDLER, &command), Err(Rejection::Suspended { item }));
    }
}
