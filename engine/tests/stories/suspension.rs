//! Suspension (R11): the clock stands still, and goes on where it stopped.

use docket_engine::{
    case::{ItemState, Purpose},
    definition::module::Colour::{Green, Grey, Red, Yellow},
    rejection::Rejection,
};
use serde_json::{Map, json};

use crate::town::*;

fn suspend(town: &mut Town) {
    town.offer("suspend", json!({"suspension_reason": "等待选址"}));
}

#[test]
fn a_suspended_item_is_grey_and_its_timers_stand_still() {
    let mut town = Town::weekly(None);
    suspend(&mut town);
    assert_eq!((town.root().state, town.root().suspended_on), (ItemState::Suspended, Some(date("2026-01-05"))));
    assert_eq!(town.root().fields["suspension_reason"], "等待选址");
    assert!(town.case.timers.values().all(|timer| timer.paused));
    assert_eq!(town.light_at("2026-03-01"), Grey);
    assert!(town.open().is_empty());
}

#[test]
fn the_next_date_moves_by_the_days_of_the_suspension() {
    let mut town = Town::weekly(None);
    suspend(&mut town);
    town.wait_until(at("2026-01-25"));
    town.offer("resume", json!({}));
    assert_eq!((town.root().state, town.root().suspended_on), (ItemState::Open, None));
    assert_eq!(town.root().next_due, Some(date("2026-02-01")));
    assert!(!town.root().fields.contains_key("suspension_reason"));
    assert_eq!(town.timer(Purpose::Every), Some(at("2026-01-29T00:00")));
    assert!(town.case.timers.values().all(|timer| !timer.paused));
    assert_eq!(town.light(), Green);
    assert_eq!(town.light_at("2026-01-29T00:00"), Yellow);
}

#[test]
fn the_final_date_stays() {
    let mut town = Town::weekly(Some("2026-01-20"));
    suspend(&mut town);
    town.wait_until(at("2026-01-25"));
    town.offer("resume", json!({}));
    assert_eq!(town.root().next_due, Some(date("2026-01-20")));
    assert_eq!(town.light(), Red);
    assert_eq!(town.node(), "draft", "a date that has passed asks for its report at once");
}

#[test]
fn what_was_overdue_stays_overdue() {
    let mut town = Town::weekly(None);
    town.wait_until(at("2026-01-14"));
    suspend(&mut town);
    town.wait_until(at("2026-01-24"));
    town.offer("resume", json!({}));
    assert_eq!(town.root().next_due, Some(date("2026-01-12")));
    assert_eq!(town.light(), Red);
}

#[test]
fn nothing_below_can_be_done_meanwhile() {
    let mut town = Town::weekly(None);
    town.wait_until(at("2026-01-09"));
    town.submit(HANDLER, "完成");
    town.complete(CHIEF, "approve");
    town.complete(DEPUTY, "approve");
    town.complete(OTHER_DEPUTY, "approve");
    town.wait_until(at("2026-01-10"));
    suspend(&mut town);
    let item = town.root().id;
    assert_eq!(town.try_complete(HEAD, "approve", Map::new(), None), Err(Rejection::Suspended { item }));
    town.wait_until(at("2026-01-20"));
    assert!(town.notices().is_empty(), "nobody is reminded of it");
    town.offer("resume", json!({}));
    assert_eq!(town.task().due, Some(date("2026-01-22")));
    town.wait_until(at("2026-01-21T08:59"));
    assert!(town.notices().is_empty());
    town.wait_until(at("2026-01-21T09:00"));
    assert_eq!(town.notices(), [("waiting".to_owned(), vec![HEAD])], "one day before, one day after");
    town.complete(HEAD, "approve");
    assert_eq!(town.light(), Green);
}
