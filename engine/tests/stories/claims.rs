//! Who may do a task, and what he is told who may not (R24, R25).

use docket_engine::{
    case::TaskState,
    command::{Actor, Command},
    rejection::Rejection,
    step::{open_offers, open_outcomes},
};
use serde_json::Map;

use crate::town::*;

fn drafting() -> Town {
    let mut town = Town::weekly(None);
    town.wait_until(at("2026-01-09"));
    assert_eq!(town.node(), "draft");
    town
}

#[test]
fn whoever_takes_it_first_has_it() {
    let mut town = drafting();
    assert_eq!(town.task().candidates, [HANDLER, LIAISON]);
    assert_eq!(town.task().assignee, None);
    let task = town.task().id;
    town.run(Actor::Person(LIAISON), &Command::Claim { task }).unwrap();
    let refused = town.run(Actor::Person(HANDLER), &Command::Claim { task });
    assert_eq!(refused, Err(Rejection::TakenBy { person: LIAISON }));
    assert_eq!(town.try_complete(HANDLER, "submit", report("完成"), None), Err(Rejection::TakenBy { person: LIAISON }));
    town.run(Actor::Person(LIAISON), &Command::Release { task }).unwrap();
    town.run(Actor::Person(HANDLER), &Command::Claim { task }).unwrap();
    assert_eq!(town.task().assignee, Some(HANDLER));
}

#[test]
fn completing_an_open_task_takes_it() {
    let mut town = drafting();
    let task = town.task().id;
    town.submit(HANDLER, "完成 60%");
    assert_eq!(town.case.tasks[&task].assignee, Some(HANDLER));
    let again = town.complete_task(task, LIAISON, "submit", report("晚了"), None);
    let Err(Rejection::TaskClosed { state: TaskState::Completed { by, at, .. } }) = again else { panic!("{again:?}") };
    assert_eq!((by, at), (HANDLER, town.now));
}

#[test]
fn nobody_else_may() {
    let mut town = drafting();
    let task = town.task().id;
    for person in [SUPERVISOR, CHIEF, HEALTH_HANDLER] {
        assert_eq!(town.run(Actor::Person(person), &Command::Claim { task }), Err(Rejection::NotYours));
        assert_eq!(town.try_complete(person, "submit", report("我来"), None), Err(Rejection::NotYours));
    }
    assert_eq!(town.run(Actor::System, &Command::Claim { task }), Err(Rejection::NotYours));
    assert_eq!(town.run(Actor::Person(LIAISON), &Command::Release { task }), Err(Rejection::NotYours));
}

#[test]
fn one_alone_has_it_at_once() {
    let mut town = drafting();
    town.submit(HANDLER, "完成");
    assert_eq!((town.node().as_str(), town.task().assignee), ("section-review", Some(CHIEF)));
}

#[test]
fn an_outcome_that_is_not_there_is_refused_with_those_that_are() {
    let mut town = drafting();
    town.submit(HANDLER, "完成");
    let expected = vec!["approve".into(), "return".into()];
    assert_eq!(open_outcomes(&town.case, town.task().id, &town.context(Actor::System)), expected);
    assert_eq!(town.try_complete(CHIEF, "submit", Map::new(), None), Err(Rejection::NoSuchOutcome { expected }));
}

#[test]
fn a_return_needs_a_comment_and_goes_to_whoever_wrote_it() {
    let mut town = drafting();
    town.submit(LIAISON, "完成");
    for comment in [None, Some("  ")] {
        assert_eq!(town.try_complete(CHIEF, "return", Map::new(), comment), Err(Rejection::CommentRequired));
    }
    town.complete(CHIEF, "return");
    assert_eq!((town.node().as_str(), town.task().assignee), ("draft", Some(LIAISON)));
    assert_eq!(town.root().stage.as_ref().unwrap(), "underway");
}

#[test]
fn a_report_may_be_returned_twice() {
    let mut town = drafting();
    town.submit(HANDLER, "一");
    town.complete(CHIEF, "return");
    town.submit(HANDLER, "二");
    town.complete(CHIEF, "approve");
    town.complete(OTHER_DEPUTY, "return");
    town.submit(HANDLER, "三");
    town.complete(CHIEF, "approve");
    assert_eq!(town.open().len(), 2, "whoever returned it sees it again, and so do the others who sign");
    town.complete(OTHER_DEPUTY, "approve");
    town.complete(DEPUTY, "approve");
    town.complete(HEAD, "approve");
    assert_eq!(town.root().fields["progress"], "三");
}

#[test]
fn a_vacant_step_is_skipped() {
    let mut town = Town::new();
    let task = serde_json::json!({"title": "建一所医院", "lead_unit": "2", "category": ["一极"], "cycle": "week"});
    town.create("yiji-liangda-sanqu", "task", fields(task));
    town.wait_until(at("2026-01-09"));
    town.submit(HEALTH_HANDLER, "完成");
    town.complete(HEALTH_CHIEF, "approve");
    assert_eq!(town.node(), "head-approval");
}

#[test]
fn offers_are_for_those_to_whom_they_are_made() {
    let mut town = drafting();
    let offered = |town: &Town, person| {
        let open = open_offers(&town.case, &town.context(Actor::Person(person)));
        open.into_iter().map(|open| open.offer.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(offered(&town, SUPERVISOR), ["edit", "suspend", "finish"]);
    assert!(offered(&town, HANDLER).is_empty());
    assert_eq!(town.try_offer(HANDLER, "suspend", Map::new()), Err(Rejection::NotYours));
    let refused = town.try_offer(SUPERVISOR, "resume", Map::new());
    assert_eq!(refused, Err(Rejection::NoSuchOffer { expected: ["edit", "suspend", "finish"].map(Into::into).into() }));
}

#[test]
fn a_child_kind_is_not_created_alone() {
    let mut town = Town::new();
    let command = Command::Create {
        module: "yiji-liangda-sanqu".into(),
        kind: "report".into(),
        fields: report("我先写"),
        enter: None,
    };
    assert_eq!(town.run(Actor::Person(SUPERVISOR), &command), Err(Rejection::NotFound));
}
