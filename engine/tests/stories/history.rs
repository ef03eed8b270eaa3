//! The history: replayed it gives the case, and its serialised form never changes.

use std::fs;

use docket_engine::{
    apply::apply,
    case::Case,
    command::Actor,
    event::{Event, Kind},
    id::Id,
};
use serde_json::json;

use crate::{support, town::*};

/// A life with every kind of event.
fn a_life() -> Town {
    let mut town = Town::weekly(Some("2026-12-31"));
    town.wait_until(at("2026-01-09"));
    let task = town.task().id;
    town.run(Actor::Person(LIAISON), &docket_engine::command::Command::Claim { task }).unwrap();
    town.run(Actor::Person(LIAISON), &docket_engine::command::Command::Release { task }).unwrap();
    town.submit(HANDLER, "完成 60%");
    let edit =
        json!({"title": "建设一所小学", "lead_unit": "2", "category": ["一极"], "cycle": "week", "due": "2026-01-11"});
    town.offer("edit", edit);
    town.offer("suspend", json!({"suspension_reason": "等待选址"}));
    town.wait_until(at("2026-01-11"));
    town.offer("resume", json!({}));
    town.complete(HEALTH_CHIEF, "approve");
    town.wait_until(at("2026-01-14"));
    town.complete(HEALTH_HEAD, "approve");
    let edit = json!({"title": "建设一所小学", "lead_unit": "1", "category": ["一极"], "cycle": "week"});
    town.offer("edit", edit);
    town.wait_until(at("2026-02-20"));
    town.offer("finish", json!({"conclusion": "办结"}));
    town
}

#[test]
fn all_events_replay_to_the_case() {
    let town = a_life();
    let mut case = Case::new(1);
    for event in &town.events {
        apply(&mut case, event).unwrap();
    }
    assert_eq!(case, town.case);
    assert_eq!(serde_json::from_str::<Case>(&serde_json::to_string(&case).unwrap()).unwrap(), case);
}

#[test]
fn two_runs_are_alike() {
    let (one, two) = (a_life(), a_life());
    assert_eq!(one.events, two.events);
    assert_eq!(one.effects, two.effects);
}

#[test]
fn events_that_do_not_fit_are_told() {
    let town = a_life();
    let mut case = Case::new(1);
    assert!(apply(&mut case, town.events.last().unwrap()).is_err());
    let mut twice = town.case.clone();
    assert!(apply(&mut twice, &town.events[0]).is_err());
}

/// The first event of each kind, as it is stored. A change here changes what is written in every history: a released form
/// stays, a new meaning is a new kind.
#[test]
fn the_form_of_every_event_is_fixed() {
    let town = a_life();
    let mut first: Vec<(String, Event)> = Vec::new();
    let moved = crate::migration::a_migration();
    for event in town.events.iter().chain(&moved.events) {
        let name = serde_json::to_value(&event.kind).unwrap()["event"].as_str().unwrap().to_owned();
        let mut event = event.clone();
        // Hashes of definitions change with them.
        match &mut event.kind {
            Kind::InstanceStarted { version, .. } => *version = "0".into(),
            Kind::Migrated { from, to, .. } => (*from, *to) = ("0".into(), "1".into()),
            _ => {}
        }
        if !first.iter().any(|(there, _)| *there == name) {
            first.push((name, event));
        }
    }
    first.sort_by(|a, b| a.0.cmp(&b.0));
    let names: Vec<&str> = first.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "child_begun",
            "instance_ended",
            "instance_started",
            "item_changed",
            "item_created",
            "migrated",
            "migrated_back",
            "migration_confirmed",
            "migration_open",
            "node_entered",
            "node_left",
            "offer_taken",
            "split",
            "task_assigned",
            "task_cancelled",
            "task_candidates",
            "task_completed",
            "task_due",
            "task_opened",
            "timer_armed",
            "timer_cancelled",
            "timer_fired",
            "timer_paused",
            "timer_resumed",
            "withdrawable",
        ]
    );
    let events: Vec<&Event> = first.iter().map(|(_, event)| event).collect();
    let shown = serde_json::to_string_pretty(&events).unwrap() + "\n";
    let path = support::repository().join("engine/tests/golden/events.json");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &shown).unwrap();
    }
    assert_eq!(shown, fs::read_to_string(&path).unwrap(), "UPDATE_GOLDEN=1 writes the file anew");
    let read: Vec<Event> = serde_json::from_str(&shown).unwrap();
    assert_eq!(read.iter().collect::<Vec<_>>(), events);
    assert_eq!(Id::root_item(1).to_string(), "1");
}
