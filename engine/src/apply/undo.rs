//! What is remembered of a completion that can be taken back (R16).

use serde_json::Value as Json;

use super::{Corrupt, corrupt, instance_of, token_of};
use crate::{
    case::{Case, Change, TaskState, Undo},
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
            token_of(case, instance, token)?.causes.push(*task);
            let undo = Undo { task: *task, node, token, by, until: *until, changes: Vec::new(), outside: false };
            instance_of(case, instance)?.undo.push(undo);
            Ok(())
        }
        Kind::Withdrawn { task, .. } => {
            let found = case.instances.values_mut().find(|found| found.undo.iter().any(|undo| undo.task == *task));
            let found = found.ok_or_else(|| corrupt(format!("the completion of {task} can not be taken back")))?;
            found.undo.retain(|undo| undo.task != *task);
            for token in &mut found.tokens {
                token.causes.retain(|cause| cause != task);
            }
            Ok(())
        }
        _ => Ok(()),
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
            Some(change) => change.after = after.clone(),
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
