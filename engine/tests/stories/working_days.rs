//! Due dates and timers in working days (E7), by the shipped calendar, around the Spring Festival of 2026: Saturday 14 February is
//! worked, 15 to 23 February are free.

use docket_engine::case::{ItemState, Purpose};
use serde_json::json;

use crate::{small::with, town::*};

/// Work that is due after three working days, inside a stage that can be suspended.
const SIGNING: &str = "\
workflow: main
title: 主
start: underway
nodes:
  underway:
    stage: 办理
    every: {at: today, call: below, item: {new: part, set: {title: item.title, unit: item.unit}}}
    on_done: {below: {good: {}}}
    offers:
      suspend: {who: {post: supervisor}, when: item.state == 'open', pause: true}
      resume: {who: {post: supervisor}, when: item.state == 'suspended', pause: false}
      finish: {who: {post: supervisor}, to: {end: done}}
---
workflow: below
title: 分
start: work
nodes:
  work:
    task: 签收
    assign: {post: handler, unit: item.unit}
    due: {after: 3, unit: working-day}
    on:
      - {after: 3, unit: working-day, do: {notify: overdue, to: assignees}}
      - {after: 2, unit: day, do: {notify: waiting, to: assignees}}
      - {after: 36, unit: hour, do: {notify: waiting, to: assignees}}
    outcomes:
      accept: later
  later:
    wait: {after: 1, unit: working-day}
    next: {end: good}
";

fn signing(now: &str) -> Town {
    let mut town = Town::with(with(SIGNING));
    town.now = at(now);
    town.create("small", "matter", fields(json!({"title": "甲", "unit": "1"})));
    town
}

fn due(town: &Town) -> String {
    town.task().due.unwrap().to_string()
}

#[test]
fn holidays_are_passed_over_and_make_up_days_are_counted() {
    for (now, due_on) in [
        ("2026-02-10", "2026-02-13"),
        ("2026-02-11", "2026-02-14"),
        ("2026-02-12", "2026-02-24"),
        // Begun on a free day: the first working day is the first that counts.
        ("2026-02-18", "2026-02-26"),
        // The last minute of a day is still that day, the next one is not.
        ("2026-02-12T23:59", "2026-02-24"),
        ("2026-02-13T00:00", "2026-02-25"),
        ("2026-12-30", "2027-01-04"),
    ] {
        let town = signing(now);
        assert_eq!(due(&town), due_on, "from {now}");
        let time = now.split_once('T').map_or("09:00", |(_, time)| time);
        assert_eq!(town.timer(Purpose::Boundary(0)), Some(at(&format!("{due_on}T{time}"))), "the time of day stays");
    }
}

#[test]
fn days_and_hours_are_those_of_the_clock() {
    let town = signing("2026-02-13T18:00");
    assert_eq!(town.timer(Purpose::Boundary(1)), Some(at("2026-02-15T18:00")));
    assert_eq!(town.timer(Purpose::Boundary(2)), Some(at("2026-02-15T06:00")));
}

#[test]
fn a_wait_of_working_days_ends_by_itself() {
    let mut town = signing("2026-02-14T10:30");
    town.complete(HANDLER, "accept");
    assert_eq!(town.timer(Purpose::Wait), Some(at("2026-02-24T10:30")));
}

#[test]
fn a_suspension_leaves_the_working_days_that_were_left() {
    let mut town = signing("2026-02-11");
    assert_eq!(due(&town), "2026-02-14");
    town.wait_until(at("2026-02-12T15:00"));
    town.offer("suspend", json!({}));
    // The 13th and the 14th were left. On the 18th, a holiday, the next two are the 24th and the 25th.
    town.wait_until(at("2026-02-18T08:00"));
    town.offer("resume", json!({}));
    assert_eq!(due(&town), "2026-02-25");
    assert_eq!(town.timer(Purpose::Boundary(0)), Some(at("2026-02-25T09:00")));
    // A timer in days moves by the days of the suspension.
    assert_eq!(town.timer(Purpose::Boundary(1)), Some(at("2026-02-19T09:00")));
}

#[test]
fn what_was_overdue_when_it_was_suspended_stays_overdue() {
    let mut town = signing("2026-02-02");
    assert_eq!(due(&town), "2026-02-05");
    town.wait_until(at("2026-02-06"));
    town.offer("suspend", json!({}));
    town.wait_until(at("2026-03-06"));
    town.offer("resume", json!({}));
    assert_eq!(due(&town), "2026-02-05");
}

/// The rhythms that the needs name beside natural days, each in one line of configuration (R9).
#[test]
fn a_date_may_follow_working_days_or_months() {
    for (expression, gives) in [
        ("add_workdays(today, 5)", "2026-02-26"),
        ("add_workdays(end_of_month(today), 0)", "2026-02-28"),
        ("next_by_month(item.day, 1, today, null)", "2026-02-28"),
        ("next_by_month(item.day, 1, today, date('2026-02-20'))", "2026-02-20"),
        ("end_of_quarter(today)", "2026-03-31"),
    ] {
        let workflow = format!(
            "workflow: main\ntitle: 主\nstart: set\nnodes:\n  set:\n    action: {{set: {{item.next_due: \"{expression}\"}}}}\n    \
             next: done\n  done: {{end: done, set: {{item.state: done}}}}\n---\n\
             workflow: below\ntitle: 分\nstart: end\nnodes: {{end: {{end: done}}}}\n"
        );
        let mut town = Town::with(with(&workflow));
        town.now = at("2026-02-12");
        town.create("small", "matter", fields(json!({"title": "甲", "unit": "1", "day": "2026-01-31"})));
        assert_eq!(town.root().state, ItemState::Done);
        assert_eq!(town.root().next_due, Some(date(gives)), "{expression}");
    }
}
