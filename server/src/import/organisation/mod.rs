//! An organisation workbook: units, people with posts, groups of units, as the organisation form says how to read them.
//!
//! Invariants: pure; references are resolved after all sheets are read; while a row is refused, nothing goes in.

mod attributes;
mod build;
mod changed;
mod sheets;

use std::collections::BTreeMap;

use docket_engine::{
    definition::organisation::Organisation,
    id::{PersonId, UnitId},
    org::{Holding, Org, Person, Unit, UnitGroup},
    text::{Language, Name},
    value::Value,
};
use serde_json::{Value as Json, json};

use super::{
    note::{Note, Refusal},
    workbook,
};

/// What a workbook would make of the organisation.
///
/// Units and people that the organisation has keep their ids; new ones have negative ones, which the store replaces.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// The units of the workbook.
    pub units: Vec<Unit>,
    /// The people of the workbook.
    pub people: Vec<Planned>,
    /// The groups of the workbook.
    pub groups: Vec<UnitGroup>,
}

/// A person of the workbook.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// The person.
    pub person: Person,
    /// The telephone number.
    pub phone: Option<String>,
    /// The posts that the person holds; they replace those held before.
    pub holdings: Vec<Holding>,
}

/// The report on an organisation workbook.
#[derive(Debug, Clone)]
pub struct Report {
    /// The rows, sheet by sheet.
    pub rows: Vec<Row>,
    /// What would change.
    pub plan: Plan,
}

/// A row of the workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its sheet.
    pub sheet: String,
    /// Its number, from 1.
    pub row: u32,
    /// The name of the unit, person or group.
    pub name: String,
    /// What becomes of it.
    pub verdict: Verdict,
    /// The person whom it is about, in a row that is not refused.
    pub person: Option<PersonId>,
    /// Notes about its cells.
    pub cells: Vec<Note>,
}

/// What becomes of a row of an organisation workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The unit, person or group is added.
    New,
    /// It exists and is brought up to date.
    Changed,
    /// The workbook says what is there already.
    Unchanged,
    /// A cell is wrong. Nothing of the workbook goes in.
    Refused,
}

/// Reads the workbook called `name` against the organisation as it is.
///
/// # Errors
/// Where the file as a whole is refused.
pub fn read(name: &str, bytes: &[u8], form: &Organisation, org: &Org) -> Result<Report, Refusal> {
    let book = workbook::read(name, bytes)?;
    let sheets = sheets::find(&book, form)?;
    Ok(build::build(&sheets, form, org))
}

impl Plan {
    /// The organisation of this workbook alone, as read against an empty one: numbered from 1.
    #[must_use]
    pub fn to_org(&self, form: &Organisation) -> Org {
        let units: BTreeMap<UnitId, UnitId> = self.units.iter().map(|unit| unit.id).zip((1..).map(UnitId)).collect();
        let ids = self.people.iter().map(|planned| planned.person.id);
        let people: BTreeMap<PersonId, PersonId> = ids.zip((1..).map(PersonId)).collect();
        let unit_id = |unit: UnitId| units.get(&unit).copied().unwrap_or(unit);
        let person_id = |person: PersonId| people.get(&person).copied().unwrap_or(person);
        let attributes = |all: &BTreeMap<Name, Value>| {
            all.iter().map(|(name, value)| (name.clone(), with_ids(value, &units, &people))).collect()
        };
        let settled = |unit: &Unit| Unit {
            id: unit_id(unit.id),
            parent: unit.parent.map(unit_id),
            successor: unit.successor.map(unit_id),
            attributes: attributes(&unit.attributes),
            ..unit.clone()
        };
        let named = |planned: &Planned| Person {
            id: person_id(planned.person.id),
            attributes: attributes(&planned.person.attributes),
            ..planned.person.clone()
        };
        let held = |holding: &Holding| Holding {
            person: person_id(holding.person),
            post: holding.post.clone(),
            unit: holding.unit.map(unit_id),
        };
        let grouped = |group: &UnitGroup| UnitGroup {
            members: group.members.iter().copied().map(unit_id).collect(),
            ..group.clone()
        };
        Org::new(
            self.units.iter().map(settled).collect(),
            self.people.iter().map(named).collect(),
            self.people.iter().flat_map(|planned| &planned.holdings).map(held).collect(),
            self.groups.iter().map(grouped).collect(),
            form.posts.iter().map(|post| (post.name.clone(), post.roles.clone())).collect(),
        )
    }
}

/// The value with the ids that it refers to replaced as `units` and `people` say: new units and people have got real ones.
#[must_use]
pub fn with_ids(value: &Value, units: &BTreeMap<UnitId, UnitId>, people: &BTreeMap<PersonId, PersonId>) -> Value {
    match value {
        Value::Unit(unit) => Value::Unit(units.get(unit).copied().unwrap_or(*unit)),
        Value::Person(person) => Value::Person(people.get(person).copied().unwrap_or(*person)),
        Value::List(all) => Value::List(all.iter().map(|one| with_ids(one, units, people)).collect()),
        other => other.clone(),
    }
}

impl Verdict {
    /// The name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Refused => "refused",
        }
    }
}

impl Report {
    /// Whether every row may go in.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.rows.iter().all(|row| row.verdict != Verdict::Refused)
    }

    /// The report for scripts, with messages in `language`.
    #[must_use]
    pub fn to_json(&self, language: Language) -> Json {
        let rows: Vec<Json> = self.rows.iter().map(|row| row_json(row, language)).collect();
        json!({
            "units": self.plan.units.len(),
            "people": self.plan.people.len(),
            "groups": self.plan.groups.len(),
            "rows": rows,
        })
    }
}

fn row_json(row: &Row, language: Language) -> Json {
    let cells: Vec<Json> = row
        .cells
        .iter()
        .map(|note| {
            json!({
                "column": note.column,
                "severity": note.severity,
                "code": note.code,
                "message": note.message.get(language),
            })
        })
        .collect();
    json!({
        "sheet": row.sheet,
        "row": row.row,
        "name": row.name,
        "verdict": row.verdict.name(),
        "cells": cells,
    })
}
