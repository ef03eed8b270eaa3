//! What is remembered of a completion that can be taken back (R16).

use serde_json::Value as Json;

use super::{Corrupt, corrupt, instance_of, token_of};
use crate::{
    case::{Case, Change, Instance, TaskState, Undo},
    event::{Cause, Event, Kind},
    id::Id,
    text::Name,
};

pub(super) fn apply(case: &mut Case, event: &Event) -> Result<(), Corrupt> {
    match &event.kind {
        Kind::Withdrawable { task, until } => {
            let found = case.tasks.get(task).ok_or_else(|| corrupt(format!("there is no task {task}")))?;
            let TaskState::Completed { by, .. } = &found.state else {
                return Err(corrupt(format!("task {task} is not completed")));
            };
            let (by, instance, token, node) = (*by, found.instance, found.token, found.node.clone());
            forget_old(case, instance, event.at)?;
            let standing = token_of(case, instance, token)?;
            // Votes of one round do not lead to each other.
            let beside = |cause: &Id| standing.members.iter().any(|member| member.task == Some(*cause));
            let after = standing.causes.iter().filter(|cause| !beside(cause)).copied().collect();
            let (trail, straight, members) =
                (standing.trail.clone(), standing.straight.clone(), standing.members.clone());
            standing.causes.push(*task);
            instance_of(case, instance)?.undo.push(Undo {
                task: *task,
                node,
                token,
                by,
                until: *until,
                changes: Vec::new(),
                outside: false,
                after,
                trail,
                straight,
                members,
                waits: false,
            });
            Ok(())
        }
        Kind::Withdrawn { task, moved, .. } => withdraw(case, *task, *moved),
        _ => Ok(()),
    }
}

/// The completion is forgotten, with those that it led to; the token that goes back has the trail of then.
fn withdraw(case: &mut Case, task: Id, moved: Option<u32>) -> Result<(), Corrupt> {
    let unfit = || corrupt(format!("the completion of {task} can not be taken back"));
    let found = case.instances.values_mut().find(|found| found.undo.iter().any(|undo| undo.task == task));
    let found = found.ok_or_else(unfit)?;
    let taken = found.undo.iter().find(|undo| undo.task == task).cloned().ok_or_else(unfit)?;
    let gone = |undo: &Undo| undo.task == task || undo.after.contains(&task);
    let all: Vec<Id> = found.undo.iter().filter(|undo| gone(undo)).map(|undo| undo.task).collect();
    found.undo.retain(|undo| !all.contains(&undo.task));
    for token in &mut found.tokens {
        let caused = token.causes.contains(&task);
        token.causes.retain(|cause| !all.contains(cause));
        if moved == Some(token.id) {
            token.trail.clone_from(&taken.trail);
            token.straight = taken.straight.clone().filter(|_| token.id == taken.token);
        }
        if caused || moved == Some(token.id) {
            token.trail.retain(|passed| *passed != taken.node);
        }
    }
    // What it sent and nobody has heard is gone with it.
    for found in case.instances.values_mut() {
        found.kept.retain(|message| !message.causes.iter().any(|cause| all.contains(&cause.task)));
    }
    Ok(())
}

/// Notes of completions that led to a token whether the path above their branch waits.
pub(super) fn waits(found: &mut Instance, causes: &[Id], waits: bool) {
    for undo in found.undo.iter_mut().filter(|undo| causes.contains(&undo.task)) {
        undo.waits = waits;
    }
}

/// Forgets what can no longer be taken back.
fn forget_old(case: &mut Case, instance: Id, now: jiff::Timestamp) -> Result<(), Corrupt> {
    let found = instance_of(case, instance)?;
    found.undo.retain(|undo| undo.until >= now);
    for token in &mut found.tokens {
        token.causes.retain(|cause| found.undo.iter().any(|undo| undo.task == *cause));
    }
    Ok(())
}

fn undo_of<'c>(case: &'c mut Case, of: &Cause) -> Option<&'c mut Undo> {
    case.instances.get_mut(&of.instance)?.undo.iter_mut().find(|undo| undo.task == of.task)
}

/// Notes how a field changed because of completions.
pub(super) fn note(case: &mut Case, item: Id, field: &Name, (before, after): (&Json, &Json), causes: &[Cause]) {
    for cause in causes {
        let Some(undo) = undo_of(case, cause) else { continue };
        match undo.changes.iter_mut().find(|change| change.item == item && change.field == *field) {
            Some(change) => {
                // Somebody else changed it in between: his value is the one to go back to.
                if change.after != *before {
                    change.before = before.clone();
                }
                change.after = after.clone();
            }
            None => {
                undo.changes.push(Change { item, field: field.clone(), before: before.clone(), after: after.clone() });
            }
        }
    }
}

/// Notes that another system was asked because of completions.
pub(super) fn outside(case: &mut Case, causes: &[Cause]) {
    for cause in causes {
        if let Some(undo) = undo_of(case, cause) {
            undo.outside = true;
        }
    }
}
