//! The cycle of reports and the lights (R9, R10).

use docket_engine::{
    case::{Ended, ItemState, Purpose, TaskState},
    command::{Actor, Command},
    definition::module::Colour::{Blue, Green, Red, Yellow},
    rejection::Rejection,
};
use serde_json::json;

use crate::town::*;

#[test]
fn a_week_is_seven_days_from_handing_out() {
    let town = Town::weekly(None);
    assert_eq!(town.root().next_due, Some(date("2026-01-12")));
    assert_eq!(town.root().fields["handed_out_on"], "2026-01-05");
    assert_eq!(town.root().stage.as_ref().unwrap(), "underway");
    assert_eq!(town.timer(Purpose::Every), Some(at("2026-01-09T00:00")));
}

#[test]
fn a_month_is_thirty_days() {
    let mut town = Town::new();
    let task = json!({"title": "甲", "lead_unit": "1", "category": ["一极"], "cycle": "month"});
    town.create("yiji-liangda-sanqu", "task", fields(task));
    assert_eq!(town.root().next_due, Some(date("2026-02-04")));
}

#[test]
fn yellow_from_the_third_day_before_and_red_from_the_day_after() {
    let mut town = Town::weekly(None);
    assert_eq!(town.light_at("2026-01-08T23:59"), Green);
    assert_eq!(town.light_at("2026-01-09T00:00"), Yellow);
    assert_eq!(town.light_at("2026-01-12T23:59"), Yellow);
    assert_eq!(town.light_at("2026-01-13T00:00"), Red);
}

#[test]
fn a_report_opens_when_its_time_comes_and_once() {
    let mut town = Town::weekly(None);
    assert!(town.open().is_empty());
    town.wait_until(at("2026-01-08T23:59"));
    assert!(town.open().is_empty());
    town.wait_until(at("2026-01-30"));
    assert_eq!(town.node(), "draft");
    assert_eq!(town.case.items.len(), 2);
    let report = &town.case.items[&town.task().item];
    assert_eq!(report.fields["period_due"], "2026-01-12");
    assert_eq!(report.created_by, None);
}

#[test]
fn an_early_report_keeps_the_grid() {
    let mut town = Town::weekly(None);
    town.wait_until(at("2026-01-09"));
    town.submit(HANDLER, "完成 60%");
    assert_eq!(town.root().stage.as_ref().unwrap(), "review");
    town.approve_all();
    assert_eq!(town.root().next_due, Some(date("2026-01-19")));
    assert_eq!(town.root().fields["progress"], "完成 60%");
    assert_eq!(town.root().stage.as_ref().unwrap(), "underway");
    assert_eq!(town.light(), Green);
    town.wait_until(at("2026-01-16"));
    assert_eq!(town.node(), "draft");
}

#[test]
fn an_overdue_report_accepted_late_turns_the_light_green() {
    let mut town = Town::weekly(None);
    assert_eq!(town.light_at("2026-01-21"), Red);
    town.submit(HANDLER, "迟到的进展");
    town.approve_all();
    assert_eq!(town.root().next_due, Some(date("2026-01-26")), "the next date of the grid, not one of those missed");
    assert_eq!(town.light(), Green);
    assert!(town.open().is_empty());
}

#[test]
fn the_final_date_comes_first() {
    let mut town = Town::weekly(Some("2026-01-10"));
    assert_eq!(town.root().next_due, Some(date("2026-01-10")));
    town.wait_until(at("2026-01-10"));
    town.submit(HANDLER, "完成");
    town.approve_all();
    assert_eq!(town.root().next_due, Some(date("2026-01-10")), "nothing is due after the final date");
    assert!(town.open().is_empty(), "and no report is asked for twice");
    assert_eq!(town.light_at("2026-01-11"), Red, "until it is closed");
}

#[test]
fn a_final_date_that_is_past_is_red_at_once_and_asks_for_a_report() {
    let town = Town::weekly(Some("2025-12-31"));
    assert_eq!(town.light(), Red);
    assert_eq!(town.node(), "draft", "in the command that handed it out");
}

#[test]
fn who_is_late_hears_of_it_once_per_date() {
    let mut town = Town::weekly(None);
    town.wait_until(at("2026-01-12T08:00"));
    assert_eq!(town.notices(), [("due-today".to_owned(), vec![HANDLER, LIAISON])]);
    town.wait_until(at("2026-01-20"));
    assert_eq!(town.notices().len(), 2);
    assert_eq!(town.notices()[1], ("overdue".to_owned(), vec![HANDLER, LIAISON]));
    town.submit(HANDLER, "完成");
    town.approve_all();
    town.wait_until(at("2026-02-20"));
    assert_eq!(town.notices().iter().filter(|(template, _)| template == "overdue").count(), 2, "for the next date too");
}

#[test]
fn whoever_lets_it_wait_is_reminded() {
    let mut town = Town::weekly(None);
    town.wait_until(at("2026-01-09"));
    town.submit(HANDLER, "完成");
    town.complete(CHIEF, "approve");
    town.complete(DEPUTY, "approve");
    town.complete(OTHER_DEPUTY, "approve");
    town.wait_until(at("2026-01-11T08:59"));
    assert!(town.notices().is_empty());
    town.wait_until(at("2026-01-11"));
    assert_eq!(town.notices(), [("waiting".to_owned(), vec![HEAD])]);
    let docket_engine::effect::Effect::Notify { data, task, .. } = &town.effects[0] else { panic!("no notice") };
    assert_eq!(*task, Some(town.task().id));
    assert_eq!((&data["root"]["title"], &data["root"]["lead_unit"]), (&json!("建设一所小学"), &json!("教委")));
}

#[test]
fn after_a_standstill_timers_fire_late_and_once() {
    let mut town = Town::weekly(None);
    town.sleep_until(at("2026-03-01"));
    assert_eq!(town.node(), "draft");
    assert_eq!(town.case.items.len(), 2);
    assert_eq!(town.notices().iter().filter(|(template, _)| template == "overdue").count(), 1);
}

#[test]
fn a_timer_fires_when_it_is_due_and_no_more() {
    let mut town = Town::weekly(None);
    let timer = town.case.timers.values().find(|timer| timer.purpose == Purpose::Every).unwrap().id;
    assert_eq!(town.run(Actor::System, &Command::FireTimer { timer }), Err(Rejection::Gone));
    town.wait_until(at("2026-01-09"));
    assert_eq!(town.run(Actor::System, &Command::FireTimer { timer }), Err(Rejection::Gone));
}

#[test]
fn closing_cancels_what_is_open_below() {
    let mut town = Town::weekly(None);
    town.wait_until(at("2026-01-20"));
    let (task, report) = (town.task().id, town.task().item);
    town.offer("finish", json!({"conclusion": "全部完成"}));
    assert_eq!(town.case.tasks[&task].state, TaskState::Cancelled { at: town.now });
    assert_eq!(town.case.items[&report].state, ItemState::Cancelled);
    assert_eq!((town.root().state, town.light()), (ItemState::Done, Blue));
    assert_eq!(town.root().stage.as_ref().unwrap(), "done");
    assert!(town.case.timers.is_empty());
    let ended: Vec<_> = town.case.instances.values().map(|instance| instance.ended.clone().unwrap()).collect();
    assert_eq!(ended, [Ended::With("closed".into()), Ended::Cancelled]);
    let late = town.complete_task(task, HANDLER, "submit", report_text(), None);
    assert_eq!(late, Err(Rejection::TaskClosed { state: TaskState::Cancelled { at: town.now } }));
    assert_eq!(
        town.try_offer(SUPERVISOR, "suspend", serde_json::Map::new()),
        Err(Rejection::NoSuchOffer { expected: vec![] })
    );
}

fn report_text() -> serde_json::Map<String, serde_json::Value> {
    report("晚了")
}
