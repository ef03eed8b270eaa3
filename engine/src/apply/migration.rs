//! Instances move to another version of their workflow, and back.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

use super::{Corrupt, corrupt, instance_of};
use crate::{
    case::{Case, Item, TaskState, WayBack},
    event::Kind,
    id::Id,
    text::Name,
};

pub(super) fn apply(case: &mut Case, kind: &Kind) -> Result<(), Corrupt> {
    match kind {
        Kind::Migrated { .. } => migrate(case, kind),
        Kind::MigrationOpen { instance } => {
            let mark = mark(case, *instance)?;
            match &mut instance_of(case, *instance)?.migrated {
                Some(back) => back.mark = mark,
                None => return Err(corrupt(format!("instance {instance} was not migrated"))),
            }
            Ok(())
        }
        Kind::MigratedBack { instance } => back(case, *instance),
        Kind::MigrationConfirmed { instance } => {
            let taken = instance_of(case, *instance)?.migrated.take();
            taken.map(|_| ()).ok_or_else(|| corrupt(format!("instance {instance} was not migrated")))
        }
        _ => Ok(()),
    }
}

fn migrate(case: &mut Case, kind: &Kind) -> Result<(), Corrupt> {
    let Kind::Migrated { instance: id, from, to, nodes, pinned, tokens } = kind else { return Ok(()) };
    let id = *id;
    let open = |task: &&crate::case::Task| task.instance == id && task.state == TaskState::Open;
    let tasks = case.tasks.values().filter(open).cloned().collect();
    let timers = case.timers.values().filter(|timer| timer.instance == id).cloned().collect();
    let incidents = case.incidents.values().filter(|incident| incident.instance == id).cloned().collect();
    let mut callers = Vec::new();
    for child in case.instances.values_mut().filter(|child| child.ended.is_none()) {
        let Some(caller) = child.caller.as_mut().filter(|caller| caller.instance == id) else { continue };
        if let Some(stage) = caller.stage.as_ref().and_then(|stage| nodes.get(stage)) {
            callers.push((child.id, caller.clone()));
            caller.stage = Some(stage.clone());
        }
    }
    let renamed = |node: &Name| nodes.get(node).cloned();
    for task in case.tasks.values_mut().filter(|task| task.instance == id && task.state == TaskState::Open) {
        task.node = renamed(&task.node).unwrap_or_else(|| task.node.clone());
    }
    for incident in case.incidents.values_mut().filter(|incident| incident.instance == id) {
        incident.node = renamed(&incident.node).unwrap_or_else(|| incident.node.clone());
    }
    let found = instance_of(case, id)?;
    if found.ended.is_some() || found.version != *from {
        return Err(corrupt(format!("instance {id} can not leave version {from}")));
    }
    let forms = self::renamed(&found.forms, nodes);
    let doers = self::renamed(&found.doers, nodes);
    let hands = self::renamed(&found.hands, nodes);
    let before = WayBack {
        version: from.clone(),
        tokens: std::mem::replace(&mut found.tokens, tokens.clone()),
        forms: (forms != found.forms).then(|| std::mem::replace(&mut found.forms, forms)),
        doers: std::mem::replace(&mut found.doers, doers),
        hands: std::mem::replace(&mut found.hands, hands),
        undo: std::mem::take(&mut found.undo),
        pinned: std::mem::replace(&mut found.pinned, pinned.clone()),
        tasks,
        timers,
        incidents,
        callers,
        mark: String::new(),
    };
    found.version.clone_from(to);
    found.migrated = Some(Box::new(before));
    Ok(())
}

/// Puts the instance back as it was.
fn back(case: &mut Case, id: Id) -> Result<(), Corrupt> {
    let found = instance_of(case, id)?;
    let before = found.migrated.take().ok_or_else(|| corrupt(format!("instance {id} was not migrated")))?;
    let WayBack { version, tokens, forms, doers, hands, undo, pinned, tasks, timers, incidents, callers, .. } = *before;
    found.version = version;
    found.tokens = tokens;
    if let Some(forms) = forms {
        found.forms = forms;
    }
    found.doers = doers;
    found.hands = hands;
    found.undo = undo;
    found.pinned = pinned;
    case.tasks.extend(tasks.into_iter().map(|task| (task.id, task)));
    case.timers.retain(|_, timer| timer.instance != id);
    case.timers.extend(timers.into_iter().map(|timer| (timer.id, timer)));
    case.incidents.retain(|_, incident| incident.instance != id);
    case.incidents.extend(incidents.into_iter().map(|incident| (incident.id, incident)));
    for (child, caller) in callers {
        if let Some(child) = case.instances.get_mut(&child).filter(|child| child.ended.is_none()) {
            child.caller = Some(caller);
        }
    }
    Ok(())
}

/// What is kept by node, under the new names of the nodes; where that name holds something already, it stays as it was.
pub(crate) fn renamed<T: Clone>(all: &BTreeMap<Name, T>, nodes: &BTreeMap<Name, Name>) -> BTreeMap<Name, T> {
    let mut renamed = all.clone();
    let mut moved = Vec::new();
    for (from, to) in nodes {
        if let Some(value) = renamed.remove(from) {
            moved.push((from, to, value));
        }
    }
    for (from, to, value) in moved {
        let name = if renamed.contains_key(to) { from } else { to };
        renamed.insert(name.clone(), value);
    }
    renamed
}

/// A hash over an instance with its open tasks, timers, incidents and running children, and the items that it reads: it can be taken back as long as
/// all of that is the same.
pub(crate) fn mark(case: &Case, id: Id) -> Result<String, Corrupt> {
    let found = case.instances.get(&id).ok_or_else(|| corrupt(format!("there is no instance {id}")))?;
    let tasks: Vec<_> =
        case.tasks.values().filter(|task| task.instance == id && task.state == TaskState::Open).collect();
    let timers: Vec<_> = case.timers.values().filter(|timer| timer.instance == id).collect();
    let incidents: Vec<_> = case.incidents.values().filter(|incident| incident.instance == id).collect();
    let running = case.instances.values().filter(|child| child.ended.is_none());
    let below = running.filter_map(|child| Some((child.id, child.caller.as_ref()?)));
    let children: Vec<_> = below.filter(|(_, caller)| caller.instance == id).collect();
    let mut items = Vec::new();
    let mut at = Some(found.item);
    while let Some(Item { id, parent, state, stage, next_due, suspended_on, fields, .. }) =
        at.and_then(|item| case.items.get(&item))
    {
        items.push(json!([id, state, stage, next_due, suspended_on, fields]));
        at = *parent;
    }
    let state = crate::case::State { migrated: None, ..found.state() };
    let all = serde_json::to_value((
        &found.version,
        &found.ended,
        &state,
        &found.forms,
        &tasks,
        &timers,
        &incidents,
        &children,
    ));
    let all = all.map_err(|error| corrupt(error.to_string()))?;
    let mut text = String::new();
    write(&json!([all, items]), &mut text);
    let digest = Sha256::digest(text.as_bytes());
    let digits = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    Ok(digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect())
}

/// JSON as one text, whatever the order of its keys.
fn write(json: &Json, text: &mut String) {
    match json {
        Json::Object(map) => {
            let sorted: BTreeMap<&String, &Json> = map.iter().collect();
            text.push('{');
            for (key, value) in sorted {
                text.push_str(&Json::from(key.as_str()).to_string());
                text.push(':');
                write(value, text);
                text.push(',');
            }
            text.push('}');
        }
        Json::Array(all) => {
            text.push('[');
            for value in all {
                write(value, text);
                text.push(',');
            }
            text.push(']');
        }
        other => text.push_str(&other.to_string()),
    }
}
