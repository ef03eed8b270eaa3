//! Stories: what people do with the shipped configuration and what the engine makes of it, one small test per rule.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what fails here is a failure of the test")]

mod support;
#[path = "stories/town.rs"]
mod town;

#[path = "stories/board.rs"]
mod board;

#[path = "stories/branches.rs"]
mod branches;
#[path = "stories/claims.rs"]
mod claims;
#[path = "stories/cycle.rs"]
mod cycle;
#[path = "stories/elements.rs"]
mod elements;
#[path = "stories/entry.rs"]
mod entry;
#[path = "stories/errors.rs"]
mod errors;
#[path = "stories/facts.rs"]
mod facts;
#[path = "stories/groups.rs"]
mod groups;
#[path = "stories/history.rs"]
mod history;
#[path = "stories/incidents.rs"]
mod incidents;
#[path = "stories/ladders.rs"]
mod ladders;
#[path = "stories/locks.rs"]
mod locks;
#[path = "stories/matrix.rs"]
mod matrix;
#[path = "stories/migration.rs"]
mod migration;
#[path = "stories/migration_events.rs"]
mod migration_events;
#[path = "stories/migration_groups.rs"]
mod migration_groups;
#[path = "stories/migration_random.rs"]
mod migration_random;
#[path = "stories/migration_work.rs"]
mod migration_work;
#[path = "stories/operations.rs"]
mod operations;
#[path = "stories/sending.rs"]
mod sending;
#[path = "stories/separation.rs"]
mod separation;
#[path = "stories/signers.rs"]
mod signers;
#[path = "stories/small.rs"]
mod small;
#[path = "stories/suspension.rs"]
mod suspension;
#[path = "stories/waits.rs"]
mod waits;
#[path = "stories/withdrawal.rs"]
mod withdrawal;
#[path = "stories/working_days.rs"]
mod working_days;
