//! Timers that repeat, and ladders: remind, urge, copy to the superior, reassign, end (R15, E5).

use docket_engine::{
    case::Purpose,
    command::{Actor, Command},
    event::{Kind, Passing},
    id::Id,
};
use serde_json::json;

use crate::{small::with, town::*, waits::workflow};

fn started(events: &str, matter: serde_json::Value) -> Town {
    let nodes = format!(
        "  first:\n    stage: 办理\n    offers:\n      \
           suspend: {{who: {{post: supervisor}}, pause: true}}\n      \
           resume: {{who: {{post: supervisor}}, pause: false}}\n      \
           finish: {{who: {{post: supervisor}}, to: work}}\n  \
         work:\n    task: 办理\n    assign: {{post: handler, unit: item.unit}}\n    due: item.day\n    \
         outcomes: {{approve: done}}\n    on:\n{events}  done: {{end: good}}\n"
    );
    let nodes = nodes.replace("start: first", "start: work");
    let mut town = Town::with(with(&workflow(&nodes)));
    town.create("small", "matter", fields(matter));
    offer(&mut town, "finish");
    town
}

fn offer(town: &mut Town, name: &str) {
    let instance = town.case.instances.values().next().unwrap().id;
    let (node, offer) = ("first".into(), name.into());
    let command = Command::TakeOffer { instance, node, offer, form: fields(json!({})), comment: None };
    town.run(Actor::Person(SUPERVISOR), &command).unwrap();
}

fn matter() -> serde_json::Value {
    json!({"title": "甲", "unit": "1"})
}

/// When notices were sent, in Shanghai.
fn fired(town: &Town) -> Vec<String> {
    let local = |at: jiff::Timestamp| zone().to_datetime(at).strftime("%m-%d %H:%M").to_string();
    let fired = town.events.iter().filter(|event| matches!(event.kind, Kind::TimerFired { .. }));
    fired.map(|event| local(event.at)).collect()
}

const DAILY: &str = "      - {after: P3D, every: P1D, times: 3, do: {notify: overdue, to: assignees}}\n";

#[test]
fn a_timer_repeats_on_its_grid_as_often_as_it_says() {
    let mut town = started(DAILY, matter());
    town.wait_until(at("2026-02-01"));
    assert_eq!(fired(&town), ["01-08 09:00", "01-09 09:00", "01-10 09:00"]);
    assert_eq!(town.notices().len(), 3);
    assert!(town.case.timers.is_empty());
}

#[test]
fn without_a_number_it_repeats_until_the_node_is_left() {
    let mut town = started(&DAILY.replace("times: 3, ", ""), matter());
    town.wait_until(at("2026-01-20"));
    assert_eq!(town.notices().len(), 13);
    town.complete(HANDLER, "approve");
    assert!(town.case.timers.is_empty());
}

/// The times that a timer of this kind fired after a standstill until the 11th, and until the 13th.
fn after_a_standstill(missed: &str) -> Vec<String> {
    let mut town = started(&DAILY.replace("times: 3", missed), matter());
    town.sleep_until(at("2026-01-11T12:00"));
    town.wait_until(at("2026-01-13"));
    fired(&town)
}

#[test]
fn what_was_missed_happens_once_or_for_each_time_or_not() {
    assert_eq!(after_a_standstill("missed: once"), ["01-11 12:00", "01-12 09:00", "01-13 09:00"]);
    let each = ["01-11 12:00", "01-11 12:00", "01-11 12:00", "01-11 12:00", "01-12 09:00", "01-13 09:00"];
    assert_eq!(after_a_standstill("missed: all"), each);
    assert_eq!(after_a_standstill("missed: none"), ["01-12 09:00", "01-13 09:00"]);
    assert_eq!(after_a_standstill("times: 2, missed: once"), ["01-11 12:00", "01-12 09:00"]);
    assert_eq!(
        after_a_standstill("times: 2, missed: none"),
        ["01-12 09:00", "01-13 09:00"],
        "only what happened counts"
    );
}

#[test]
fn a_timer_reads_the_date_of_its_task_and_moves_with_it() {
    let events = "      - {at: task.due - duration('P1D'), do: {notify: due-today, to: assignees}}\n";
    let mut town = started(events, json!({"title": "甲", "unit": "1", "day": "2026-01-20"}));
    assert_eq!(town.timer(Purpose::Boundary(0)), Some(at("2026-01-19T00:00")));
    let edit = |day: serde_json::Value| Command::Edit { item: Id::root_item(1), fields: fields(json!({"day": day})) };
    town.run(Actor::System, &edit(json!("2026-01-30"))).unwrap();
    assert_eq!(town.timer(Purpose::Boundary(0)), Some(at("2026-01-29T00:00")));
    town.run(Actor::System, &edit(json!(null))).unwrap();
    assert_eq!(town.timer(Purpose::Boundary(0)), None);
    town.run(Actor::System, &edit(json!("2026-01-10"))).unwrap();
    town.wait_until(at("2026-01-15"));
    assert_eq!(fired(&town), ["01-09 00:00"]);
}

#[test]
fn another_date_begins_a_series_anew() {
    let events = "      - {at: task.due, every: P1D, times: 2, do: {notify: overdue, to: assignees}}\n";
    let mut town = started(events, json!({"title": "甲", "unit": "1", "day": "2026-01-10"}));
    town.wait_until(at("2026-01-10T12:00"));
    let edit = |change: serde_json::Value| Command::Edit { item: Id::root_item(1), fields: fields(change) };
    town.run(Actor::System, &edit(json!({"title": "乙"}))).unwrap();
    town.wait_until(at("2026-01-13"));
    assert_eq!(fired(&town), ["01-10 00:00", "01-11 00:00"], "what it does not read changes nothing");
    town.run(Actor::System, &edit(json!({"day": "2026-01-20"}))).unwrap();
    town.wait_until(at("2026-01-25"));
    assert_eq!(fired(&town)[2..], ["01-20 00:00", "01-21 00:00"]);
}

#[test]
fn an_edit_that_leaves_the_moment_as_it_is_leaves_the_series() {
    let events =
        "      - {at: \"item.amount > 0 ? task.due : item.day\", every: P1D, do: {notify: overdue, to: assignees}}\n";
    let mut town = started(events, json!({"title": "甲", "unit": "1", "day": "2026-01-10"}));
    town.wait_until(at("2026-01-11T12:00"));
    let moved = town.timer(Purpose::Boundary(0));
    assert_eq!(moved, Some(at("2026-01-12T00:00")));
    let edit = Command::Edit { item: Id::root_item(1), fields: fields(json!({"amount": -1})) };
    town.run(Actor::System, &edit).unwrap();
    assert_eq!(town.timer(Purpose::Boundary(0)), moved);
}

/// As [`started`], with the events at the stage, which can be paused.
fn paused(events: &str, matter: serde_json::Value) -> Town {
    let nodes = format!(
        "  first:\n    stage: 办理\n    offers:\n      \
           suspend: {{who: {{post: supervisor}}, pause: true}}\n      \
           resume: {{who: {{post: supervisor}}, pause: false}}\n      \
           finish: {{who: {{post: supervisor}}, to: done}}\n    on:\n{events}  done: {{end: good}}\n"
    );
    let mut town = Town::with(with(&workflow(&nodes)));
    town.create("small", "matter", fields(matter));
    town
}

#[test]
fn a_series_stands_still_with_its_item_and_goes_on_later() {
    let events = "      - {after: P3D, every: P2D, do: {notify: overdue, to: {post: supervisor}}}\n";
    let mut town = paused(events, matter());
    town.wait_until(at("2026-01-09"));
    offer(&mut town, "suspend");
    town.wait_until(at("2026-01-19"));
    assert_eq!(fired(&town), ["01-08 09:00"]);
    offer(&mut town, "resume");
    town.wait_until(at("2026-01-23"));
    assert_eq!(fired(&town), ["01-08 09:00", "01-20 09:00", "01-22 09:00"], "ten days later than they would have been");
}

#[test]
fn a_series_of_dates_goes_on_with_its_grid() {
    let events = "      - {at: item.day, every: P2D, do: {notify: overdue, to: {post: supervisor}}}\n";
    let mut town = paused(events, json!({"title": "甲", "unit": "1", "day": "2026-01-08"}));
    town.wait_until(at("2026-01-09"));
    offer(&mut town, "suspend");
    town.wait_until(at("2026-01-19"));
    offer(&mut town, "resume");
    town.wait_until(at("2026-01-23"));
    assert_eq!(fired(&town), ["01-08 00:00", "01-20 00:00", "01-22 00:00"], "what passed meanwhile does not happen");
}

#[test]
fn a_ladder_reminds_copies_reassigns_and_ends() {
    let events = "      - {after: P1D, do: {notify: due-today, to: assignees}}\n      \
                  - {after: P2D, every: P1D, times: 2, do: {notify: overdue, to: assignees}}\n      \
                  - {after: P4D, do: {copy: {post: department_head, unit: item.unit}}}\n      \
                  - {after: P5D, do: [{reassign: [{post: deputy_head, unit: item.unit}]}, {notify: overdue, to: assignees}]}\n      \
                  - {after: P9D, to: done}\n";
    let mut town = started(events, json!({"title": "甲", "unit": "2"}));
    town.wait_until(at("2026-01-10"));
    // Health has no deputy head: nobody to give it to leaves it where it is.
    assert_eq!(town.task().candidates, [HEALTH_HANDLER]);
    let mut town = started(events, matter());
    town.wait_until(at("2026-01-10"));
    assert_eq!(town.task().candidates, [DEPUTY, OTHER_DEPUTY]);
    let sent: Vec<_> = town.notices().into_iter().map(|(template, to)| (template, to.len())).collect();
    let wanted = [("due-today", 1), ("overdue", 1), ("overdue", 1), ("copied", 1), ("overdue", 2)];
    assert_eq!(sent, wanted.map(|(name, to)| (name.to_owned(), to)));
    assert!(town.events.iter().any(|event| matches!(&event.kind, Kind::Copied { people, .. } if people == &[HEAD])));
    let passed =
        |event: &docket_engine::event::Event| matches!(event.kind, Kind::TaskPassed { how: Passing::Reassign, .. });
    assert_eq!(town.events.iter().filter(|event| passed(event)).count(), 1);
    town.wait_until(at("2026-01-14"));
    assert!(town.open().is_empty() && town.case.timers.is_empty());
}
