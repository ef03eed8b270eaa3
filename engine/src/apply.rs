//! `apply` alone changes a case: total, without a clock, never deciding.

use std::{collections::BTreeMap, fmt};

use serde_json::Value as Json;

use crate::{
    case::{Case, Instance, Item, ItemState, Task, TaskState, Timer, Token},
    event::{Event, Kind},
    id::{Id, PersonId},
    text::Name,
};

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
        Kind::ItemCreated { item } => create_item(case, item),
        Kind::ItemChanged { item, field, after, .. } => change_item(item_of(case, *item)?, field, after),
        Kind::InstanceStarted { .. } | Kind::InstanceEnded { .. } => instance(case, event),
        Kind::NodeEntered { .. } | Kind::NodeLeft { .. } | Kind::ChildBegun { .. } => token(case, &event.kind),
        Kind::TaskOpened { .. }
        | Kind::TaskAssigned { .. }
        | Kind::TaskCandidates { .. }
        | Kind::TaskDue { .. }
        | Kind::TaskCompleted { .. }
        | Kind::TaskCancelled { .. } => task(case, event),
        Kind::OfferTaken { instance, .. } => instance_of(case, *instance).map(|_| ()),
        Kind::TimerArmed { .. }
        | Kind::TimerFired { .. }
        | Kind::TimerCancelled { .. }
        | Kind::TimerPaused { .. }
        | Kind::TimerResumed { .. } => timer(case, &event.kind),
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

fn create_item(case: &mut Case, item: &Item) -> Result<(), Corrupt> {
    if case.items.contains_key(&item.id) {
        return Err(corrupt(format!("item {} is there already", item.id)));
    }
    if item.id != Id::root_item(case.root) {
        take(case, item.id)?;
    }
    case.items.insert(item.id, item.clone());
    Ok(())
}

fn item_of(case: &mut Case, id: Id) -> Result<&mut Item, Corrupt> {
    case.items.get_mut(&id).ok_or_else(|| corrupt(format!("there is no item {id}")))
}

fn change_item(item: &mut Item, field: &Name, after: &Json) -> Result<(), Corrupt> {
    let unfit = || corrupt(format!("item {}: `{field}` cannot be {after}", item.id));
    let date = || match after {
        Json::Null => Ok(None),
        other => other.as_str().and_then(crate::value::parse_date).map(Some).ok_or_else(unfit),
    };
    match field.as_str() {
        "state" => item.state = serde_json::from_value::<ItemState>(after.clone()).map_err(|_| unfit())?,
        "stage" => item.stage = after.as_str().map(Name::from),
        "next_due" => item.next_due = date()?,
        "suspended_on" => item.suspended_on = date()?,
        name => match after {
            Json::Null => drop(item.fields.shift_remove(name)),
            value => drop(item.fields.insert(name.to_owned(), value.clone())),
        },
    }
    Ok(())
}

fn instance_of(case: &mut Case, id: Id) -> Result<&mut Instance, Corrupt> {
    case.instances.get_mut(&id).ok_or_else(|| corrupt(format!("there is no instance {id}")))
}

fn instance(case: &mut Case, event: &Event) -> Result<(), Corrupt> {
    match &event.kind {
        Kind::InstanceStarted { instance, workflow, version, item, caller } => {
            item_of(case, *item)?;
            take(case, *instance)?;
            case.instances.insert(
                *instance,
                Instance {
                    id: *instance,
                    workflow: workflow.clone(),
                    version: version.clone(),
                    item: *item,
                    caller: caller.clone(),
                    tokens: Vec::new(),
                    forms: BTreeMap::new(),
                    doers: BTreeMap::new(),
                    ended: None,
                    started_at: event.at,
                },
            );
        }
        Kind::InstanceEnded { instance, ended } => {
            let found = instance_of(case, *instance)?;
            if found.ended.is_some() || !found.tokens.is_empty() {
                return Err(corrupt(format!("instance {instance} can not end")));
            }
            found.ended = Some(ended.clone());
        }
        _ => {}
    }
    Ok(())
}

fn token(case: &mut Case, kind: &Kind) -> Result<(), Corrupt> {
    match kind {
        Kind::NodeEntered { instance, token, node } => {
            let found = instance_of(case, *instance)?;
            if found.ended.is_some() || found.tokens.iter().any(|there| there.id == *token) {
                return Err(corrupt(format!("token {token} of instance {instance} can not enter `{node}`")));
            }
            found.tokens.push(Token { id: *token, node: node.clone(), begun_for: None });
        }
        Kind::NodeLeft { instance, token, node } => {
            let found = instance_of(case, *instance)?;
            let place = found.tokens.iter().position(|there| there.id == *token && there.node == *node);
            let place = place.ok_or_else(|| corrupt(format!("token {token} of {instance} is not at `{node}`")))?;
            found.tokens.remove(place);
        }
        Kind::ChildBegun { instance, token, at } => {
            let found = instance_of(case, *instance)?.tokens.iter_mut().find(|there| there.id == *token);
            let found = found.ok_or_else(|| corrupt(format!("instance {instance} has no token {token}")))?;
            found.begun_for = Some(*at);
        }
        _ => {}
    }
    Ok(())
}

fn open_task(case: &mut Case, id: Id) -> Result<&mut Task, Corrupt> {
    match case.tasks.get_mut(&id) {
        Some(task) if task.state == TaskState::Open => Ok(task),
        _ => Err(corrupt(format!("there is no open task {id}"))),
    }
}

fn takes_part(case: &mut Case, task: Id, person: Option<PersonId>) -> Result<(), Corrupt> {
    if let (Some(person), Some(task)) = (person, case.tasks.get(&task)) {
        let item = task.item;
        item_of(case, item)?.participants.insert(person);
    }
    Ok(())
}

fn task(case: &mut Case, event: &Event) -> Result<(), Corrupt> {
    match &event.kind {
        Kind::TaskOpened { task, instance, token, node, candidates, assignee, due } => {
            let item = instance_of(case, *instance)?.item;
            take(case, *task)?;
            case.tasks.insert(
                *task,
                Task {
                    id: *task,
                    instance: *instance,
                    item,
                    token: *token,
                    node: node.clone(),
                    candidates: candidates.clone(),
                    assignee: *assignee,
                    due: *due,
                    opened_at: event.at,
                    state: TaskState::Open,
                },
            );
            takes_part(case, *task, *assignee)?;
        }
        Kind::TaskAssigned { task, assignee } => {
            open_task(case, *task)?.assignee = *assignee;
            takes_part(case, *task, *assignee)?;
        }
        Kind::TaskCandidates { task, candidates } => open_task(case, *task)?.candidates.clone_from(candidates),
        Kind::TaskDue { task, due } => open_task(case, *task)?.due = *due,
        Kind::TaskCompleted { task, outcome, by, form, comment } => {
            let found = open_task(case, *task)?;
            found.assignee = Some(*by);
            found.state =
                TaskState::Completed { outcome: outcome.clone(), by: *by, at: event.at, comment: comment.clone() };
            let (instance, node) = (found.instance, found.node.clone());
            let found = instance_of(case, instance)?;
            if let Some(form) = form {
                found.forms.insert(node.clone(), form.clone());
            }
            found.doers.insert(node, *by);
            takes_part(case, *task, Some(*by))?;
        }
        Kind::TaskCancelled { task } => open_task(case, *task)?.state = TaskState::Cancelled { at: event.at },
        _ => {}
    }
    Ok(())
}

fn timer_of(case: &mut Case, id: Id) -> Result<&mut Timer, Corrupt> {
    case.timers.get_mut(&id).ok_or_else(|| corrupt(format!("there is no timer {id}")))
}

fn timer(case: &mut Case, kind: &Kind) -> Result<(), Corrupt> {
    match kind {
        Kind::TimerArmed { timer, instance, token, purpose, due } => {
            instance_of(case, *instance)?;
            if let Some(there) = case.timers.get_mut(timer) {
                there.due = *due;
                return Ok(());
            }
            take(case, *timer)?;
            let (instance, token) = (*instance, *token);
            let armed = Timer { id: *timer, instance, token, purpose: *purpose, due: *due, paused: false };
            case.timers.insert(*timer, armed);
        }
        Kind::TimerFired { timer } | Kind::TimerCancelled { timer } => {
            timer_of(case, *timer)?;
            case.timers.remove(timer);
        }
        Kind::TimerPaused { timer } => timer_of(case, *timer)?.paused = true,
        Kind::TimerResumed { timer, due } => {
            let found = timer_of(case, *timer)?;
            found.paused = false;
            found.due = *due;
        }
        _ => {}
    }
    Ok(())
}
