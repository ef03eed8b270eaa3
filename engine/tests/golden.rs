//! Every kind of event is frozen. `golden/events.json` holds the first of each kind of a life that the stories play (rewritten by
//! `UPDATE_GOLDEN=1`), `golden/kinds.json` one of each other kind, written by hand.
//!
//! Who adds a kind of event: give it a number below, so that this compiles again, and one line in `golden/kinds.json`. Who adds
//! a field: `#[serde(default, skip_serializing_if = …)]`, and a new line; the old one stays as it is and must still be read.
#![expect(clippy::unwrap_used, reason = "what fails here is a failure of the test")]

use std::{collections::BTreeSet, fs, path::Path};

use docket_engine::event::{Event, Kind};
use serde_json::Value;

/// How many kinds there are.
const KINDS: usize = 48;

/// The kinds, counted: a new one does not compile until it stands here.
const fn number(kind: &Kind) -> usize {
    match kind {
        Kind::ItemCreated { .. } => 0,
        Kind::Reopened { .. } => 1,
        Kind::ItemChanged { .. } => 2,
        Kind::InstanceStarted { .. } => 3,
        Kind::NodeEntered { .. } => 4,
        Kind::Split { .. } => 5,
        Kind::BranchArrived { .. } => 6,
        Kind::BranchesLoosed { .. } => 7,
        Kind::TokenEnded { .. } => 8,
        Kind::Returned { .. } => 9,
        Kind::SignersAdded { .. } => 10,
        Kind::SignerRemoved { .. } => 11,
        Kind::Members { .. } => 12,
        Kind::NodeLeft { .. } => 13,
        Kind::StageKept { .. } => 14,
        Kind::ChildBegun { .. } => 15,
        Kind::TaskOpened { .. } => 16,
        Kind::TaskPassed { .. } => 17,
        Kind::TaskSkipped { .. } => 18,
        Kind::TaskLate { .. } => 19,
        Kind::TaskUrged { .. } => 20,
        Kind::Copied { .. } => 21,
        Kind::TaskAssigned { .. } => 22,
        Kind::TaskCandidates { .. } => 23,
        Kind::TaskDue { .. } => 24,
        Kind::TaskCompleted { .. } => 25,
        Kind::TaskCancelled { .. } => 26,
        Kind::OfferTaken { .. } => 27,
        Kind::Withdrawable { .. } => 28,
        Kind::Withdrawn { .. } => 29,
        Kind::MessageKept { .. } => 30,
        Kind::MessageHeard { .. } => 31,
        Kind::Asked { .. } => 32,
        Kind::Answered { .. } => 33,
        Kind::IncidentOpened { .. } => 34,
        Kind::IncidentClosed { .. } => 35,
        Kind::TimerArmed { .. } => 36,
        Kind::TimerFired { .. } => 37,
        Kind::TimerCancelled { .. } => 38,
        Kind::TimerPaused { .. } => 39,
        Kind::TimerResumed { .. } => 40,
        Kind::InstanceEnded { .. } => 41,
        Kind::WorkBegun { .. } => 42,
        Kind::Migrated { .. } => 43,
        Kind::MigrationOpen { .. } => 44,
        Kind::MigratedBack { .. } => 45,
        Kind::MigrationConfirmed { .. } => 46,
        Kind::Held { .. } => 47,
    }
}

fn golden(name: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn every_kind_of_event_is_frozen() {
    let mut seen = BTreeSet::new();
    for stored in golden("events.json") {
        let event: Event = serde_json::from_value(stored.clone()).unwrap();
        assert_eq!(serde_json::to_value(&event).unwrap(), stored);
        seen.insert(number(&event.kind));
    }
    for stored in golden("kinds.json") {
        let kind: Kind = serde_json::from_value(stored.clone()).unwrap_or_else(|why| panic!("{stored}: {why}"));
        assert_eq!(serde_json::to_value(&kind).unwrap(), stored);
        seen.insert(number(&kind));
    }
    let missing: Vec<usize> = (0..KINDS).filter(|kind| !seen.contains(kind)).collect();
    assert_eq!(missing, Vec::<usize>::new(), "these kinds have no line in golden/kinds.json");
}
