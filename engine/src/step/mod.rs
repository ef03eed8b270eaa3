//! `step` decides: from a case, a command and a context to events and effects. [`crate::apply`] alone changes a case.

use crate::{case::Case, command::Command, context::Context, effect::Effect, event::Event, rejection::Rejection};

/// What a command leads to.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What happened, in order.
    pub events: Vec<Event>,
    /// What is to leave the process, in order.
    pub effects: Vec<Effect>,
    /// The case with the events applied.
    pub case: Case,
}

/// Decides what `command` leads to.
///
/// # Errors
/// A [`Rejection`]; nothing has changed then.
pub fn step(case: &Case, command: &Command, context: &Context) -> Result<Step, Rejection> {
    let _ = (case, command, context);
    Err(Rejection::NotFound)
}

/// What a person may do in a case at this moment, for buttons.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenOffer {
    /// The instance.
    pub instance: crate::id::Id,
    /// The item that the instance runs on.
    pub item: crate::id::Id,
    /// The stage node.
    pub node: crate::text::Name,
    /// The offer.
    pub offer: crate::text::Name,
}

/// The offers that are open to the actor of `context`.
#[must_use]
pub fn open_offers(case: &Case, context: &Context) -> Vec<OpenOffer> {
    let _ = (case, context);
    Vec::new()
}

/// The outcomes of a task that are open now, by name, in the written order.
#[must_use]
pub fn open_outcomes(case: &Case, task: crate::id::Id, context: &Context) -> Vec<crate::text::Name> {
    let _ = (case, task, context);
    Vec::new()
}

/// The light of an item by its kind's rules; none where the kind has no light that is true.
#[must_use]
pub fn light(case: &Case, item: crate::id::Id, context: &Context) -> Option<crate::definition::module::Colour> {
    let _ = (case, item, context);
    None
}
