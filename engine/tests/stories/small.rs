//! Small workflows of their own, for what the shipped ones do not do: calls, interrupting events, conditions, circles.

use std::sync::Arc;

use docket_engine::{
    case::{Ended, ItemState},
    command::{Actor, Command},
    definition::registry::Registry,
    diagnostic::render,
    load::load,
    rejection::Rejection,
    source::File,
    step::open_outcomes,
    text::Language,
};
use serde_json::{Map, json};

use crate::{support, town::*};

/// The shipped configuration with one more module, whose kind `matter` runs the workflow `main`.
pub(crate) fn with(workflows: &str) -> Arc<Registry> {
    let text = format!(
        "form: matter\ntitle: 事\nrequired: [title]\nproperties:\n  \
           title: {{type: string, title: 名称, x-field: title}}\n  \
           unit: {{type: string, title: 单位, format: unit, x-field: lead_unit}}\n  \
           amount: {{type: number, title: 数额}}\n  \
           day: {{type: string, title: 日期, format: date}}\n\
         ---\n\
         module: small\ntitle: 小\nkinds:\n  \
           matter: {{title: 事, form: matter, workflow: main}}\n  \
           part: {{title: 分项, form: matter, parent: matter, workflow: below}}\n---\n{workflows}"
    );
    let mut files = support::shipped();
    files.push(Arc::new(File { path: "small.yaml".into(), text }));
    let loaded = load(&files);
    let errors: Vec<_> = loaded
        .diagnostics
        .into_iter()
        .filter(|found| found.severity == docket_engine::diagnostic::Severity::Error)
        .collect();
    assert_eq!(render(&errors, Language::En), "");
    Arc::new(loaded.registry.unwrap())
}

/// A workflow that calls `below` on a new item, with an event that interrupts the call.
pub(crate) const CALLING: &str = "\
workflow: main
title: 主
start: call
nodes:
  call:
    call: below
    item: {new: part, set: {title: item.title, unit: item.unit}}
    then: {good: closed, bad: check}
    on:
      - {at: item.day, to: check}
  check:
    task: 复核
    assign: {post: department_head, unit: item.unit}
    outcomes:
      again: {zh: 重来, en: Again, to: call}
      close: {to: closed, if: item.amount > 10}
  closed: {end: done, set: {item.state: done}}
---
workflow: below
title: 分
start: work
nodes:
  work:
    task: 办理
    assign: {post: handler, unit: item.unit}
    outcomes:
      approve: {end: good}
      reject: {end: bad}
";

fn calling(matter: serde_json::Value) -> Town {
    let mut town = Town::with(with(CALLING));
    town.create("small", "matter", fields(matter));
    town
}

#[test]
fn a_call_goes_on_by_the_result_of_its_child() {
    let mut town = calling(json!({"title": "甲", "unit": "1"}));
    assert_eq!((town.node().as_str(), town.case.items.len()), ("work", 2));
    let part = town.task().item;
    assert_eq!(town.case.items[&part].created_by, Some(SUPERVISOR));
    assert_eq!(town.case.items[&part].fields["title"], "甲");
    town.complete(HANDLER, "approve");
    assert_eq!(town.root().state, ItemState::Done);
    let ended: Vec<_> = town.case.instances.values().map(|instance| instance.ended.clone().unwrap()).collect();
    assert_eq!(ended, [Ended::With("done".into()), Ended::With("good".into())]);
}

#[test]
fn an_outcome_is_open_where_its_condition_holds() {
    let mut town = calling(json!({"title": "甲", "unit": "1", "amount": 5}));
    town.complete(HANDLER, "reject");
    let open = |town: &Town| open_outcomes(&town.case, town.task().id, &town.context(Actor::System));
    assert_eq!(open(&town), ["again"]);
    let refused = town.try_complete(HEAD, "close", Map::new(), None);
    assert_eq!(refused, Err(Rejection::NoSuchOutcome { expected: vec!["again".into()] }));
    let more = Command::Edit { item: town.root().id, fields: fields(json!({"amount": 10.5})) };
    town.run(Actor::Person(SUPERVISOR), &more).unwrap();
    assert_eq!(open(&town), ["again", "close"]);
    town.complete(HEAD, "again");
    assert_eq!((town.node().as_str(), town.case.items.len()), ("work", 3), "a new child each time");
}

#[test]
fn an_event_with_a_target_interrupts() {
    let mut town = calling(json!({"title": "甲", "unit": "1", "day": "2026-01-07"}));
    let (task, part) = (town.task().id, town.task().item);
    town.wait_until(at("2026-01-07T00:00"));
    assert_eq!(town.node(), "check");
    assert_eq!(town.case.items[&part].state, ItemState::Cancelled);
    let late = town.complete_task(task, HANDLER, "approve", Map::new(), None);
    assert!(matches!(late, Err(Rejection::TaskClosed { .. })));
    assert!(town.case.timers.is_empty());
}

#[test]
fn a_timer_moves_with_the_date_that_it_reads_and_goes_with_it() {
    let mut town = calling(json!({"title": "甲", "unit": "1", "day": "2026-01-07"}));
    let edit = |town: &mut Town, day: serde_json::Value| {
        let command = Command::Edit { item: town.root().id, fields: fields(json!({"day": day})) };
        town.run(Actor::Person(SUPERVISOR), &command).unwrap();
    };
    edit(&mut town, json!("2026-01-09"));
    town.wait_until(at("2026-01-08"));
    assert_eq!(town.node(), "work");
    edit(&mut town, json!(null));
    assert!(town.case.timers.is_empty());
    edit(&mut town, json!("2026-01-01"));
    town.wait_until(town.now);
    assert_eq!(town.node(), "check", "a date that has passed fires at once");
}

#[test]
fn a_definition_that_runs_in_circles_is_stopped() {
    // A child that needs nobody, begun for a moment that moves on each time.
    let mut town = Town::with(with(
        "\
workflow: main
title: 主
start: open
nodes:
  open:
    stage: 办理
    every: {at: item.day, call: below, item: {new: part, set: {title: item.title}}}
    on_done: {below: {good: {set: {item.day: item.day + duration('P1D')}}}}
    offers:
      close: {who: {post: supervisor}, to: closed}
  closed: {end: done}
---
workflow: below
title: 分
start: over
nodes:
  over: {end: good}
",
    ));
    let create = |day: &str| Command::Create {
        module: "small".into(),
        kind: "matter".into(),
        fields: fields(json!({"title": "甲", "day": day})),
        enter: None,
    };
    let refused = town.run(Actor::Person(SUPERVISOR), &create("1900-01-01"));
    assert!(matches!(refused, Err(Rejection::RanAway { .. })), "{refused:?}");
    assert!(town.case.items.is_empty());
    town.run(Actor::Person(SUPERVISOR), &create("2026-01-01")).unwrap();
    assert_eq!(town.root().fields["day"], "2026-01-06", "one for each day up to now");
    assert_eq!(town.case.items.len(), 6);
}

#[test]
fn an_expression_that_fails_refuses_the_command() {
    let mut town = calling(json!({"title": "甲", "unit": "1", "day": "9999-12-31"}));
    let before = town.case.clone();
    town.registry = with(&CALLING.replace("at: item.day,", "at: item.day + duration('P9D'),"));
    town.case = docket_engine::case::Case::new(1);
    let command = Command::Create {
        module: "small".into(),
        kind: "matter".into(),
        fields: fields(json!({"title": "甲", "unit": "1", "day": "9999-12-31"})),
        enter: None,
    };
    let refused = town.run(Actor::Person(SUPERVISOR), &command);
    let Err(Rejection::Evaluation { workflow, node, .. }) = refused else { panic!("{refused:?}") };
    assert_eq!((workflow.as_str(), node.as_str()), ("main", "call"));
    assert!(town.case.items.is_empty() && !before.items.is_empty());
}

#[test]
fn an_instance_stays_on_its_version() {
    let mut town = calling(json!({"title": "甲", "unit": "1"}));
    town.complete(HANDLER, "reject");
    let mut newer = (*with(&CALLING.replace("post: handler", "post: liaison"))).clone();
    newer.versions.extend(town.registry.versions.clone());
    town.registry = Arc::new(newer);
    town.complete(HEAD, "again");
    assert_eq!(town.task().candidates, [LIAISON], "a new child takes the latest version");
}
