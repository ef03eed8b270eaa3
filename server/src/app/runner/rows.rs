//! Between the engine's values and the rows that hold them. Both directions stand here, so that they stay each other's inverse.

use std::collections::BTreeSet;

use docket_engine::{
    case::{Ended, Incident, Instance, Item, ItemState, State, Task, TaskState, Timer},
    definition::{form::WellKnown, registry::Registry},
    id::{Id, PersonId, UnitId},
    text::Name,
    value::Value,
};
use jiff::{Timestamp, civil::Date};
use serde_json::{Map, Value as Json};

use super::{RunError, chain::canonical};
use crate::{
    clock::from_ms,
    db::{
        days,
        entity::{incident, instance, item, item_category, item_person, item_source, item_unit, task, timer},
    },
    identity::normalise,
};

/// The rows by which an item is found, beside its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Joins {
    pub(super) units: BTreeSet<(i64, &'static str)>,
    pub(super) people: BTreeSet<(i64, &'static str)>,
    pub(super) categories: BTreeSet<String>,
    pub(super) sources: Vec<String>,
}

fn corrupt(what: &str, id: i64, error: impl std::fmt::Display) -> RunError {
    RunError::Corrupt(format!("{what} {}: {error}", Id::from_raw(id)))
}

/// The word that is stored for a state of an item.
#[must_use]
pub const fn item_state(state: ItemState) -> &'static str {
    match state {
        ItemState::Open => "open",
        ItemState::Suspended => "suspended",
        ItemState::Done => "done",
        ItemState::Cancelled => "cancelled",
    }
}

fn read_item_state(word: &str) -> Option<ItemState> {
    [ItemState::Open, ItemState::Suspended, ItemState::Done, ItemState::Cancelled]
        .into_iter()
        .find(|state| item_state(*state) == word)
}

/// PostgreSQL's texts can not hold U+0000; no name or sentence needs it.
fn storable(text: &str) -> String {
    text.replace('\0', "")
}

/// The value of the field that plays `role` in the item's form.
fn well_known(item: &Item, registry: &Registry, role: WellKnown) -> Value {
    let field = registry.form_of(&item.module, &item.kind).and_then(|form| form.playing(role));
    field.map_or(Value::Null, |field| {
        item.fields.get(field.name.as_str()).map_or(Value::Null, |json| Value::from_json(json, &field.kind))
    })
}

fn text_of(value: Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(storable(&text)),
        _ => None,
    }
}

fn unit_of(value: &Value) -> Option<UnitId> {
    match value {
        Value::Unit(unit) => Some(*unit),
        _ => None,
    }
}

fn date_of(value: &Value) -> Option<Date> {
    match value {
        Value::Date(date) => Some(*date),
        _ => None,
    }
}

/// One value, or several.
fn each(value: Value) -> Vec<Value> {
    match value {
        Value::List(all) => all,
        Value::Null => Vec::new(),
        one => vec![one],
    }
}

/// The row of an item.
pub(super) fn item_row(item: &Item, registry: &Registry, updated_at: Timestamp) -> Result<item::Model, RunError> {
    let data = serde_json::to_string(&item.fields).map_err(|error| corrupt("item", item.id.raw(), error))?;
    let title = text_of(well_known(item, registry, WellKnown::Title));
    Ok(item::Model {
        id: item.id.raw(),
        root_id: item.id.root(),
        parent_id: item.parent.map(Id::raw),
        module: item.module.to_string(),
        kind: item.kind.to_string(),
        state: item_state(item.state).to_owned(),
        stage: item.stage.as_ref().map(ToString::to_string),
        title_key: title.as_deref().map(normalise).filter(|key| !key.is_empty()),
        title,
        lead_unit_id: unit_of(&well_known(item, registry, WellKnown::LeadUnit)).map(|unit| unit.0),
        due: date_of(&well_known(item, registry, WellKnown::Due)).map(days::from_date),
        next_due: item.next_due.map(days::from_date),
        cycle: text_of(well_known(item, registry, WellKnown::Cycle)),
        suspended_on: item.suspended_on.map(days::from_date),
        year: item.year.into(),
        created_at: item.created_at.as_millisecond(),
        created_by: item.created_by.map(|person| person.0),
        updated_at: updated_at.as_millisecond(),
        data,
    })
}

/// The rows by which an item is found.
pub(super) fn joins(item: &Item, registry: &Registry) -> Joins {
    let mut joins = Joins::default();
    if let Some(unit) = unit_of(&well_known(item, registry, WellKnown::LeadUnit)) {
        joins.units.insert((unit.0, "lead"));
    }
    for value in each(well_known(item, registry, WellKnown::CoUnits)) {
        if let Some(unit) = unit_of(&value) {
            joins.units.insert((unit.0, "co"));
        }
    }
    for value in each(well_known(item, registry, WellKnown::Leader)) {
        if let Value::Person(person) = value {
            joins.people.insert((person.0, "leader"));
        }
    }
    joins.people.extend(item.participants.iter().map(|person| (person.0, "participant")));
    joins.categories.extend(each(well_known(item, registry, WellKnown::Category)).into_iter().filter_map(text_of));
    joins.sources.extend(each(well_known(item, registry, WellKnown::Source)).into_iter().filter_map(text_of));
    joins
}

impl Joins {
    pub(super) fn unit_rows(&self, item_id: i64) -> impl Iterator<Item = item_unit::Model> {
        self.units.iter().map(move |(unit, role)| item_unit::Model {
            item_id,
            unit_id: *unit,
            role: (*role).to_owned(),
        })
    }

    pub(super) fn person_rows(&self, item_id: i64) -> impl Iterator<Item = item_person::Model> {
        self.people.iter().map(move |(person, role)| item_person::Model {
            item_id,
            person_id: *person,
            role: (*role).to_owned(),
        })
    }

    pub(super) fn category_rows(&self, item_id: i64) -> impl Iterator<Item = item_category::Model> {
        self.categories.iter().map(move |category| item_category::Model { item_id, category: category.clone() })
    }

    pub(super) fn source_rows(&self, item_id: i64) -> impl Iterator<Item = item_source::Model> {
        self.sources.iter().zip(0..).map(move |(source, position)| item_source::Model {
            item_id,
            position,
            source: source.clone(),
        })
    }
}

/// The item of a row.
///
/// # Errors
/// [`RunError::Corrupt`] where the row does not hold an item.
pub fn read_item(row: &item::Model, participants: BTreeSet<PersonId>) -> Result<Item, RunError> {
    let fields: Map<String, Json> = serde_json::from_str(&row.data).map_err(|error| corrupt("item", row.id, error))?;
    let date = |days: Option<i32>| days.map(days::to_date);
    Ok(Item {
        id: Id::from_raw(row.id),
        parent: row.parent_id.map(Id::from_raw),
        module: Name::from(row.module.as_str()),
        kind: Name::from(row.kind.as_str()),
        state: read_item_state(&row.state).ok_or_else(|| corrupt("item", row.id, "unknown state"))?,
        stage: row.stage.as_deref().map(Name::from),
        next_due: date(row.next_due),
        year: i16::try_from(row.year).map_err(|error| corrupt("item", row.id, error))?,
        suspended_on: date(row.suspended_on),
        fields,
        participants,
        created_at: from_ms(row.created_at),
        created_by: row.created_by.map(PersonId),
    })
}

pub(super) fn instance_row(instance: &Instance) -> Result<instance::Model, RunError> {
    let unfit = |error: serde_json::Error| corrupt("instance", instance.id.raw(), error);
    let state = serde_json::to_value(instance.state()).map_err(unfit)?;
    Ok(instance::Model {
        id: instance.id.raw(),
        root_id: instance.id.root(),
        item_id: instance.item.raw(),
        workflow: instance.workflow.to_string(),
        version: instance.version.to_string(),
        ended: instance.ended.as_ref().map(|ended| match ended {
            Ended::With(result) => format!("with:{result}"),
            Ended::Error(error) => format!("error:{error}"),
            Ended::Cancelled => "cancelled".to_owned(),
        }),
        state: canonical(&state),
        forms: canonical(&serde_json::to_value(&instance.forms).map_err(unfit)?),
        started_at: instance.started_at.as_millisecond(),
    })
}

/// The instance of a row.
///
/// # Errors
/// [`RunError::Corrupt`] where the row does not fit itself.
pub fn read_instance(row: &instance::Model) -> Result<Instance, RunError> {
    let unfit = |error: serde_json::Error| corrupt("instance", row.id, error);
    let state: State = serde_json::from_str(&row.state).map_err(unfit)?;
    Ok(Instance {
        id: Id::from_raw(row.id),
        workflow: Name::from(row.workflow.as_str()),
        version: Name::from(row.version.as_str()),
        item: Id::from_raw(row.item_id),
        caller: state.caller,
        tokens: state.tokens,
        next_token: state.next_token,
        forms: serde_json::from_str(&row.forms).map_err(unfit)?,
        doers: state.doers,
        hands: state.hands,
        begun_by: state.begun_by,
        result: state.result,
        kept: state.kept,
        undo: state.undo,
        pinned: state.pinned,
        migrated: state.migrated,
        ended: row.ended.as_deref().map(read_ended).transpose().map_err(|error| corrupt("instance", row.id, error))?,
        started_at: from_ms(row.started_at),
    })
}

fn read_ended(text: &str) -> Result<Ended, &'static str> {
    match text.split_once(':') {
        Some(("with", result)) => Ok(Ended::With(Name::from(result))),
        Some(("error", error)) => Ok(Ended::Error(Name::from(error))),
        None if text == "cancelled" => Ok(Ended::Cancelled),
        _ => Err("unknown end"),
    }
}

/// The words that are stored for the state of a task.
pub const OPEN: &str = "open";
/// See [`OPEN`].
pub const COMPLETED: &str = "completed";
/// See [`OPEN`].
pub const CANCELLED: &str = "cancelled";

pub(super) fn task_row(task: &Task, workflow: &Name) -> task::Model {
    let mut row = task::Model {
        id: task.id.raw(),
        root_id: task.id.root(),
        instance_id: task.instance.raw(),
        item_id: task.item.raw(),
        workflow: workflow.to_string(),
        node: task.node.to_string(),
        token: task.token.into(),
        state: OPEN.to_owned(),
        assignee_id: task.assignee.map(|person| person.0),
        due: task.due.map(days::from_date),
        opened_at: task.opened_at.as_millisecond(),
        closed_at: None,
        closed_by: None,
        closed_through: None,
        outcome: None,
        comment: None,
        member: task.member.and_then(|member| i32::try_from(member).ok()),
        owner_id: task.owner.map(|person| person.0),
        passed: task.passed,
        late: task.late,
    };
    match &task.state {
        TaskState::Open => {}
        TaskState::Completed { outcome, by, through, at, comment } => {
            COMPLETED.clone_into(&mut row.state);
            row.closed_at = Some(at.as_millisecond());
            row.closed_by = Some(by.0);
            row.closed_through = through.map(|person| person.0);
            row.outcome = Some(outcome.to_string());
            row.comment = comment.as_deref().map(storable);
        }
        TaskState::Cancelled { at } => {
            CANCELLED.clone_into(&mut row.state);
            row.closed_at = Some(at.as_millisecond());
        }
    }
    row
}

/// The task of a row.
///
/// # Errors
/// [`RunError::Corrupt`] where the row does not hold a task.
pub fn read_task(row: &task::Model, candidates: Vec<PersonId>) -> Result<Task, RunError> {
    let closed = || row.closed_at.map(from_ms).ok_or_else(|| corrupt("task", row.id, "closed without a time"));
    let state = match row.state.as_str() {
        OPEN => TaskState::Open,
        COMPLETED => TaskState::Completed {
            outcome: row.outcome.as_deref().map(Name::from).ok_or_else(|| corrupt("task", row.id, "no outcome"))?,
            by: row.closed_by.map(PersonId).ok_or_else(|| corrupt("task", row.id, "closed by nobody"))?,
            through: row.closed_through.map(PersonId),
            at: closed()?,
            comment: row.comment.clone(),
        },
        CANCELLED => TaskState::Cancelled { at: closed()? },
        _ => return Err(corrupt("task", row.id, "unknown state")),
    };
    Ok(Task {
        id: Id::from_raw(row.id),
        instance: Id::from_raw(row.instance_id),
        item: Id::from_raw(row.item_id),
        token: u32::try_from(row.token).map_err(|error| corrupt("task", row.id, error))?,
        node: Name::from(row.node.as_str()),
        candidates,
        assignee: row.assignee_id.map(PersonId),
        due: row.due.map(days::to_date),
        opened_at: from_ms(row.opened_at),
        state,
        member: row.member.and_then(|member| u32::try_from(member).ok()),
        owner: row.owner_id.map(PersonId),
        passed: row.passed,
        late: row.late,
    })
}

pub(super) fn timer_row(timer: &Timer) -> Result<timer::Model, RunError> {
    Ok(timer::Model {
        id: timer.id.raw(),
        root_id: timer.id.root(),
        instance_id: timer.instance.raw(),
        token: timer.token.into(),
        purpose: serde_json::to_string(&timer.purpose).map_err(|error| corrupt("timer", timer.id.raw(), error))?,
        due_at: timer.due.as_millisecond(),
        paused: timer.paused,
        attempts: 0,
        next_attempt_at: None,
        last_error: None,
        count: i32::try_from(timer.count).unwrap_or(i32::MAX),
        first_at: timer.first.map(Timestamp::as_millisecond),
    })
}

pub(super) fn read_timer(row: &timer::Model) -> Result<Timer, RunError> {
    Ok(Timer {
        id: Id::from_raw(row.id),
        instance: Id::from_raw(row.instance_id),
        token: u32::try_from(row.token).map_err(|error| corrupt("timer", row.id, error))?,
        purpose: serde_json::from_str(&row.purpose).map_err(|error| corrupt("timer", row.id, error))?,
        due: from_ms(row.due_at),
        paused: row.paused,
        count: u32::try_from(row.count).map_err(|error| corrupt("timer", row.id, error))?,
        first: row.first_at.map(from_ms),
    })
}

pub(super) fn incident_row(incident: &Incident) -> Result<incident::Model, RunError> {
    Ok(incident::Model {
        id: incident.id.raw(),
        root_id: incident.id.root(),
        instance_id: incident.instance.raw(),
        token: incident.token.into(),
        node: incident.node.to_string(),
        task_id: incident.task.map(Id::raw),
        cause: serde_json::to_string(&incident.cause).map_err(|error| corrupt("incident", incident.id.raw(), error))?,
        opened_at: incident.opened_at.as_millisecond(),
    })
}

pub(super) fn read_incident(row: &incident::Model) -> Result<Incident, RunError> {
    Ok(Incident {
        id: Id::from_raw(row.id),
        instance: Id::from_raw(row.instance_id),
        token: u32::try_from(row.token).map_err(|error| corrupt("incident", row.id, error))?,
        node: Name::from(row.node.as_str()),
        task: row.task_id.map(Id::from_raw),
        cause: serde_json::from_str(&row.cause).map_err(|error| corrupt("incident", row.id, error))?,
        opened_at: from_ms(row.opened_at),
    })
}
