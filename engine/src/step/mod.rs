//! `step` decides: from a case, a command and a context to events and effects. [`crate::apply`] alone changes a case.
//!
//! It works on a scratch copy: every event is applied at once, so that the next node reads the new facts. One file per kind of
//! node; what nodes lead to waits in a work list, so that nothing recurses, and a bound on the nodes of one command stops a
//! definition that runs in circles. Rules that a person can predict from: `docs/reference/engine.md`.

mod action;
mod acts;
mod ask;
mod assign;
mod back;
mod branches;
mod call;
mod choose;
mod commands;
mod each;
mod end;
mod entry;
mod facts;
mod group;
mod handover;
mod incident;
mod lock;
mod migrate;
mod offers;
mod open_work;
mod operations;
mod pause;
mod repeat;
mod run;
mod send;
mod separation;
mod signers;
mod stage;
mod tally;
mod task;
mod timers;
mod wait;
mod withdraw;

use crate::{
    case::{Case, Kept},
    command::Command,
    context::Context,
    definition::module::{Colour, Entry, Kind},
    effect::Effect,
    event::Event,
    id::Id,
    rejection::Rejection,
    text::Name,
};
use run::Run;

pub use operations::Operations;
pub use wait::Listener;
pub use withdraw::withdrawable;

/// What a command leads to.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What happened, in order.
    pub events: Vec<Event>,
    /// What is to leave the process, in order.
    pub effects: Vec<Effect>,
    /// The case with the events applied.
    pub case: Case,
    /// Which ways through the definitions the command took, in order: what coverage counts.
    pub taken: Vec<Taken>,
}

/// One way through a workflow.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Taken {
    /// The workflow.
    pub workflow: Name,
    /// The node.
    pub node: Name,
    /// Which way out of it or around in it.
    pub way: Way,
}

/// A way out of a node, or something that happens at it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// An outcome of a task.
    Outcome(Name),
    /// An offer of a stage.
    Offer(Name),
    /// The boundary event at this place of the node's list.
    Boundary(usize),
    /// The branch at this place; behind the last one: else.
    Branch(usize),
    /// The end of a child, with its result.
    Result(Name),
    /// The end of the workflow, with its result.
    End(Name),
}

/// Decides what `command` leads to.
///
/// # Errors
/// A [`Rejection`]; nothing has changed then.
pub fn step(case: &Case, command: &Command, context: &Context) -> Result<Step, Rejection> {
    advance(case.clone(), command, context)
}

/// As [`step`], for who owns the case and can do without it where the command is refused: nothing is copied.
///
/// # Errors
/// As [`step`]. The case is gone then.
pub fn advance(case: Case, command: &Command, context: &Context) -> Result<Step, Rejection> {
    let mut run = Run::new(case, context);
    run.command(command)?;
    // What is open follows the definition that it has now.
    let anew = matches!(
        command,
        Command::Reassign | Command::HandOver { .. } | Command::Migrate { .. } | Command::MigrateBack { .. }
    );
    run.settle(anew)?;
    if let Command::Migrate { instance, .. } = command {
        run.end_migration(*instance)?;
    }
    Ok(run.finish())
}

/// What a person may do in a case at this moment, for buttons.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenOffer {
    /// The instance.
    pub instance: Id,
    /// The item that the instance runs on.
    pub item: Id,
    /// The stage node.
    pub node: Name,
    /// The offer.
    pub offer: Name,
}

/// The offers that are open to the actor of `context`.
#[must_use]
pub fn open_offers(case: &Case, context: &Context) -> Vec<OpenOffer> {
    let run = Run::new(case.clone(), context);
    let mut open = Vec::new();
    for instance in case.instances.values().filter(|instance| instance.ended.is_none()) {
        for token in &instance.tokens {
            open.extend(run.open_offers(instance, &token.node).into_iter().map(|offer| OpenOffer {
                instance: instance.id,
                item: instance.item,
                node: token.node.clone(),
                offer,
            }));
        }
    }
    open
}

/// The outcomes of a task that are open now, by name, in the written order; none of a task that is closed or suspended.
#[must_use]
pub fn open_outcomes(case: &Case, task: Id, context: &Context) -> Vec<Name> {
    Run::new(case.clone(), context).open_outcomes(task)
}

/// What the actor of `context` may do with a task beside completing it.
#[must_use]
pub fn operations(case: &Case, task: Id, context: &Context) -> Operations {
    Run::new(case.clone(), context).operations(task)
}

/// The nodes at which the actor of `context` may begin the workflow of a new item of this kind, by the kind's `enter`. Where
/// an entry's people depend on the item, it is among them: [`step`] decides when the item is there.
#[must_use]
pub fn enterable(module: &Name, kind: &Kind, context: &Context) -> Vec<Name> {
    let run = Run::new(Case::new(0), context);
    let may = |entry: &&Entry| run.may_enter((module, kind), entry);
    kind.enter.iter().filter(may).map(|entry| entry.node.clone()).collect()
}

/// The nodes at which the actor of `context` may open a closed item again; none of one that is not closed.
#[must_use]
pub fn reopenable(case: &Case, item: Id, context: &Context) -> Vec<Name> {
    Run::new(case.clone(), context).reopenable(item)
}

/// What hears a message in a case now, or would keep it; nothing where it would be refused as
/// [`Rejection::NotHeard`].
///
/// # Errors
/// As [`step`], where the key of something that waits can not be told.
pub fn listeners(case: &Case, message: &Kept, context: &Context) -> Result<Vec<Listener>, Rejection> {
    Run::new(case.clone(), context).listeners(message)
}

/// Whether the actor of `context` may complete a task now; who may not may still see it.
#[must_use]
pub fn may_do(case: &Case, task: Id, context: &Context) -> bool {
    Run::new(case.clone(), context).task_for_actor(task).is_ok()
}

/// The light of an item by its kind's rules; none where the kind has no light that is true.
#[must_use]
pub fn light(case: &Case, item: Id, context: &Context) -> Option<Colour> {
    let item = case.items.get(&item)?;
    let kind = context.registry.kind(&item.module, &item.kind)?;
    let facts = facts::Facts::of_item(case, item, context);
    // A light that can not be told is not lit; the next one may be.
    let lit = kind.lights.iter().find(|light| light.when.is_true(&facts).unwrap_or(false));
    lit.map(|light| light.colour)
}
