//! An organisation workbook: units, people with posts, groups of units, as the organisation form says how to read them.
//!
//! Invariants: pure; references are resolved after all sheets are read; while a row is refused, nothing goes in.

mod attributes;
mod build;
mod sheets;

use std::collections::BTreeMap;

use docket_engine::{
    definition::organisation::Organisation,
    id::{PersonId, UnitId},
    org::{Holding, Org, Person, Unit, UnitGroup},
    text::Language,
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
    /// Notes about its cells.
    pub cells: Vec<Note>,
}

/// What becomes of a row of an organisation workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The unit, person or group is added.
    New,
    /// It exists and is brought up to date.
    Known,
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
    /// The organisation of this workbook alone.
    #[must_use]
    pub fn to_org(&self, form: &Organisation) -> Org {
        let people = self.people.iter().map(|one| one.person.clone()).collect();
        let holdings = self.people.iter().flat_map(|one| one.holdings.iter().cloned()).collect();
        let roles = form.posts.iter().map(|post| (post.name.clone(), post.roles.clone())).collect();
        Org::new(self.units.clone(), people, holdings, self.groups.clone(), roles)
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
            Self::Known => "known",
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
