//! Incidents, and how an administrator resolves them (`docs/reference/engine.md`).

use docket_engine::{
    case::{Incident, IncidentCause, TaskState},
    command::{Actor, Command, Resolution},
    event::Kind,
    rejection::Rejection,
};
use serde_json::json;

use crate::{
    operations::{by, start, task},
    town::*,
};

/// one → two, which nobody of the education unit can do → three.
fn vacant() -> Town {
    let nodes = [
        task("one", "handler", "", "{submit: two}"),
        task("two", "leader_liaison", "", "{approve: three, return: one}"),
        task("three", "department_head", "", "{approve: {end: good}}"),
    ];
    let mut town = start("one", &nodes.concat());
    town.complete(HANDLER, "submit");
    town
}

fn incidents(town: &Town) -> Vec<&Incident> {
    town.case.incidents.values().collect()
}

fn resolve(town: &mut Town, how: Resolution, comment: Option<&str>) -> Result<(), Rejection> {
    let incident = incidents(town)[0].id;
    by(town, SUPERVISOR, &Command::Resolve { incident, how, comment: comment.map(str::to_owned) })
}

#[test]
fn a_task_that_nobody_can_do_opens_with_an_incident() {
    let town = vacant();
    let found = incidents(&town)[0];
    assert_eq!((found.node.as_str(), &found.cause, found.task), ("two", &IncidentCause::Nobody, Some(town.task().id)));
    assert_eq!(incidents(&town).len(), 1);
}

#[test]
fn it_is_over_when_somebody_holds_the_post() {
    let mut town = vacant();
    let mut holdings = holdings();
    holdings.push(docket_engine::org::Holding {
        person: LIAISON,
        post: "leader_liaison".into(),
        unit: Some(EDUCATION),
    });
    town.org = org(holdings);
    town.run(Actor::System, &Command::Reassign).unwrap();
    assert!(incidents(&town).is_empty());
    assert_eq!(town.task().assignee, Some(LIAISON));
    let closed = town.events.iter().rev().find_map(|event| match &event.kind {
        Kind::IncidentClosed { how, .. } => Some(how.clone()),
        _ => None,
    });
    assert_eq!(closed, Some(None), "by itself");
}

#[test]
fn reassigning_gives_the_task_to_people() {
    let mut town = vacant();
    let none = Resolution::Reassign { people: vec![] };
    assert_eq!(resolve(&mut town, none, None), Err(Rejection::NotPossible { people: vec![] }));
    resolve(&mut town, Resolution::Reassign { people: vec![LIAISON, CHIEF] }, None).unwrap();
    assert!(incidents(&town).is_empty());
    assert_eq!((town.task().candidates.clone(), town.task().assignee), (vec![LIAISON, CHIEF], None));
    town.complete(CHIEF, "approve");
    assert_eq!(town.node(), "three");
}

#[test]
fn retrying_enters_the_node_again() {
    let mut town = vacant();
    let before = town.task().id;
    resolve(&mut town, Resolution::Retry, None).unwrap();
    assert_eq!(town.node(), "two");
    assert_ne!(town.task().id, before);
    assert!(matches!(town.case.tasks[&before].state, TaskState::Cancelled { .. }));
    assert_eq!(incidents(&town).len(), 1, "nobody can do it still");
}

#[test]
fn skipping_takes_an_outcome_that_leads_on() {
    let mut town = vacant();
    let skip = |outcome: Option<&str>| Resolution::Skip { outcome: outcome.map(Into::into) };
    assert_eq!(resolve(&mut town, skip(Some("approve")), None), Err(Rejection::CommentRequired));
    for outcome in [None, Some("return"), Some("aprove")] {
        assert_eq!(resolve(&mut town, skip(outcome), Some("空缺")), Err(Rejection::NotResolved));
    }
    resolve(&mut town, skip(Some("approve")), Some("空缺")).unwrap();
    assert_eq!(town.node(), "three");
    assert!(incidents(&town).is_empty());
    assert_eq!(resolve_gone(&mut town), Err(Rejection::NotFound));
}

fn resolve_gone(town: &mut Town) -> Result<(), Rejection> {
    let incident = docket_engine::id::Id::below(1, 999);
    by(town, SUPERVISOR, &Command::Resolve { incident, how: Resolution::Retry, comment: None })
}

#[test]
fn jumping_goes_to_another_node_as_a_return_does() {
    let mut town = vacant();
    let jump = |node: &str| Resolution::Jump { node: node.into() };
    assert_eq!(resolve(&mut town, jump("nowhere"), Some("空缺")), Err(Rejection::NotResolved));
    resolve(&mut town, jump("one"), Some("空缺")).unwrap();
    assert_eq!((town.node().as_str(), town.task().assignee), ("one", Some(HANDLER)));
    assert!(town.case.instances.values().all(|found| found.tokens.iter().all(|token| token.trail.is_empty())));
}

#[test]
fn an_incident_goes_with_its_node() {
    let nodes = [
        "  both: {fork: [one, two]}\n".to_owned(),
        task("one", "handler", "", "{submit: together}"),
        task("two", "leader_liaison", "", "{approve: together}"),
        "  together: {join: both, count: 1, next: three}\n".to_owned(),
        task("three", "department_head", "", "{approve: {end: good}}"),
    ];
    let mut town = start("both", &nodes.concat());
    assert_eq!(incidents(&town).len(), 1);
    let one = town.open().iter().find(|task| task.node == *"one").unwrap().id;
    town.complete_task(one, HANDLER, "submit", serde_json::Map::new(), None).unwrap();
    assert!(incidents(&town).is_empty());
}

#[test]
fn an_error_that_nobody_catches_is_retried_or_passed_over_by_a_result() {
    let nodes = "  ask: {call: below, then: {good: three}}\n".to_owned()
        + &task("three", "department_head", "", "{approve: {end: good}}");
    let text = format!(
        "workflow: main\ntitle: 主\nstart: ask\nnodes:\n{nodes}---\nworkflow: below\ntitle: 分\nstart: work\nnodes:\n{}  bad: {{end: broken, how: error}}\n",
        task("work", "handler", "", "{approve: {end: good}, reject: bad}")
    );
    let mut town = Town::with(crate::small::with(&text));
    town.create("small", "matter", fields(json!({"title": "甲", "unit": "1"})));
    town.complete(HANDLER, "reject");
    assert_eq!(incidents(&town)[0].cause, IncidentCause::Error { error: "broken".into() });
    let people = vec![LIAISON];
    assert_eq!(resolve(&mut town, Resolution::Reassign { people }, None), Err(Rejection::NotResolved));
    let mut other = town.clone();
    resolve(&mut town, Resolution::Retry, None).unwrap();
    assert_eq!(town.node(), "work");
    resolve(&mut other, Resolution::Skip { outcome: Some("good".into()) }, Some("不再等")).unwrap();
    assert_eq!(other.node(), "three");
}
