//! `apply` alone changes a case: total, without a clock, never deciding. One file for each part of the state.
//!
//! Invariant: it fails only where an event does not fit the state, which means a damaged history.

mod instance;
mod item;
mod migration;
mod task;
mod timer;
mod token;
mod undo;

use std::fmt;

use crate::{
    case::{Case, Instance, Item, Token},
    event::{Event, Kind},
    id::Id,
};

pub(crate) use migration::{mark, renamed};

/// The stored events do not fit the stored state: the history is damaged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corrupt {
    /// What did not fit, in English.
    pub message: String,
}

impl fmt::Display for Corrupt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Corrupt {}

fn corrupt(message: impl Into<String>) -> Corrupt {
    Corrupt { message: message.into() }
}

/// Applies one event.
///
/// # Errors
/// [`Corrupt`] only on a damaged history; the case is of no use then.
pub fn apply(case: &mut Case, event: &Event) -> Result<(), Corrupt> {
    match &event.kind {
        Kind::ItemCreated { .. } | Kind::Reopened { .. } | Kind::ItemChanged { .. } | Kind::Copied { .. } => {
            item::apply(case, &event.kind)
        }
        Kind::InstanceStarted { .. }
        | Kind::InstanceEnded { .. }
        | Kind::OfferTaken { .. }
        | Kind::MessageKept { .. }
        | Kind::IncidentOpened { .. }
        | Kind::SignerRemoved { .. }
        | Kind::IncidentClosed { .. } => instance::apply(case, event),
        Kind::NodeEntered { .. }
        | Kind::NodeLeft { .. }
        | Kind::ChildBegun { .. }
        | Kind::StageKept { .. }
        | Kind::WorkBegun { .. }
        | Kind::Held { .. }
        | Kind::Split { .. }
        | Kind::BranchArrived { .. }
        | Kind::BranchesLoosed { .. }
        | Kind::TokenEnded { .. }
        | Kind::Returned { .. }
        | Kind::Members { .. }
        | Kind::TaskSkipped { .. }
        | Kind::MessageHeard { .. }
        | Kind::Asked { .. }
        | Kind::Answered { .. } => token::apply(case, &event.kind),
        Kind::TaskOpened { .. }
        | Kind::TaskAssigned { .. }
        | Kind::TaskCandidates { .. }
        | Kind::TaskDue { .. }
        | Kind::TaskPassed { .. }
        | Kind::TaskLate { .. }
        | Kind::TaskUrged { .. }
        | Kind::SignersAdded { .. }
        | Kind::TaskCompleted { .. }
        | Kind::TaskCancelled { .. } => task::apply(case, event),
        Kind::Migrated { .. }
        | Kind::MigrationOpen { .. }
        | Kind::MigratedBack { .. }
        | Kind::MigrationConfirmed { .. } => migration::apply(case, &event.kind),
        Kind::Withdrawable { .. } | Kind::Withdrawn { .. } => undo::apply(case, event),
        Kind::TimerArmed { .. }
        | Kind::TimerFired { .. }
        | Kind::TimerCancelled { .. }
        | Kind::TimerPaused { .. }
        | Kind::TimerResumed { .. } => timer::apply(case, &event.kind),
    }
}

/// Takes the number of something new.
fn take(case: &mut Case, id: Id) -> Result<(), Corrupt> {
    if id.root() != case.root || id.sequence() != case.next {
        return Err(corrupt(format!("{id} is not the next number below {} (that is {})", case.root, case.next)));
    }
    case.next += 1;
    Ok(())
}

fn item_of(case: &mut Case, id: Id) -> Result<&mut Item, Corrupt> {
    case.items.get_mut(&id).ok_or_else(|| corrupt(format!("there is no item {id}")))
}

fn instance_of(case: &mut Case, id: Id) -> Result<&mut Instance, Corrupt> {
    case.instances.get_mut(&id).ok_or_else(|| corrupt(format!("there is no instance {id}")))
}

fn token_of(case: &mut Case, instance: Id, token: u32) -> Result<&mut Token, Corrupt> {
    let found = instance_of(case, instance)?.tokens.iter_mut().find(|there| there.id == token);
    found.ok_or_else(|| corrupt(format!("instance {instance} has no token {token}")))
}
