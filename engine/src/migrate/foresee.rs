//! What a migration would do to an instance, tried on a copy: what [`super::check`] tells, and what else follows from it.

use super::{Plan, Shown, check, plan};
use crate::{
    case::{Case, Ended},
    command::Command,
    context::Context,
    event::Kind,
    id::Id,
    migrate::Mapping,
    rejection::Rejection,
    step::step,
    text::Name,
};

/// What a migration would do to an instance.
#[derive(Debug, Clone, PartialEq)]
pub struct Foreseen {
    /// Where its tokens will stand, and what they may lack.
    pub shown: Shown,
    /// The nodes whose tasks open thereby, in order.
    pub opens: Vec<Name>,
    /// The nodes whose tasks close thereby, in order, by their new names.
    pub closes: Vec<Name>,
    /// The running children that are cancelled thereby.
    pub cancels: Vec<Id>,
    /// Whether the instance itself ends thereby.
    pub ends: bool,
    /// Whether it can be taken back; otherwise it is confirmed at once.
    pub reversible: bool,
}

/// What would become of `instance` of `case` by this mapping, at this moment.
///
/// # Errors
/// What [`crate::step::step`] refuses a [`Command::Migrate`] with.
pub fn foresee(
    case: &Case,
    instance: Id,
    version: &Name,
    nodes: &Mapping,
    context: &Context,
) -> Result<Foreseen, Rejection> {
    let command = Command::Migrate { instance, version: version.clone(), nodes: nodes.clone() };
    let done = step(case, &command, context)?;
    let shown = shown(case, instance, version, nodes, context)?;
    let mut foreseen =
        Foreseen { shown, opens: Vec::new(), closes: Vec::new(), cancels: Vec::new(), ends: false, reversible: false };
    for event in &done.events {
        match &event.kind {
            Kind::TaskOpened { node, .. } => foreseen.opens.push(node.clone()),
            Kind::TaskCancelled { task } => {
                foreseen.closes.extend(done.case.tasks.get(task).map(|task| task.node.clone()));
            }
            Kind::InstanceEnded { instance: ended, .. } if *ended == instance => foreseen.ends = true,
            Kind::InstanceEnded { instance, ended: Ended::Cancelled } => foreseen.cancels.push(*instance),
            Kind::MigrationOpen { .. } => foreseen.reversible = true,
            _ => {}
        }
    }
    Ok(foreseen)
}

fn shown(case: &Case, instance: Id, version: &Name, nodes: &Mapping, context: &Context) -> Result<Shown, Rejection> {
    let registry = &context.registry;
    let found = case.instances.get(&instance).ok_or(Rejection::NotFound)?;
    let from = registry.versions.get(&found.version).ok_or(Rejection::NotFound)?;
    let to = registry.versions.get(version).ok_or(Rejection::NotFound)?;
    let plan: Plan = plan(from, to, nodes).map_err(|faults| Rejection::NoPlan { faults })?;
    check(case, found, &plan, (from, to), registry).map_err(|stranded| Rejection::Strands { stranded })
}
