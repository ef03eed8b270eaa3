//! What an import says: the sheet as it was read, and for each row its verdict, its cells' notes, and the item that it would become.

use docket_engine::text::{Language, Name, Text};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

use super::note::Note;

/// The report on a spreadsheet, and all that its commit needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The sheet that was read.
    pub sheet: String,
    /// The header's rows, from 1.
    pub header_rows: Vec<u32>,
    /// Rows that hold something and are no items: titles, header, sections, footers. From 1.
    pub skipped: Vec<u32>,
    /// The columns with a title, from left to right.
    pub columns: Vec<Column>,
    /// Further sheets with a header of this kind, which were not read.
    pub unread_sheets: Vec<String>,
    /// The version of the form that the fields fit.
    pub form_version: Name,
    /// The categories chosen for the import.
    pub categories: Vec<Name>,
    /// The rows of items.
    pub rows: Vec<Row>,
}

/// A column of the sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// The header under which it is reported.
    pub column: String,
    /// The field that it fills.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<Name>,
    /// The field's title, or the column's own.
    pub title: Text,
}

/// A row as it was read, before anything is known about the ledger.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// Its number, from 1, as the spreadsheet shows it.
    pub row: u32,
    /// Whether the spreadsheet hides it.
    pub hidden: bool,
    /// The fields of the item that it would become, as the form has them.
    pub fields: Map<String, Json>,
    /// The same with names instead of ids, under well-known names.
    pub item: Map<String, Json>,
    /// What an undecided cell could mean, under the names of `item`.
    pub proposed: Map<String, Json>,
    /// The row's cells as they stand in the sheet, by column.
    pub values: Map<String, Json>,
    /// Notes about its cells.
    pub notes: Vec<Note>,
    /// Its title; none where it has none.
    pub title: Option<String>,
    /// Whether none of its categories was chosen.
    pub left_out: bool,
}

/// A row with its verdict.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The row.
    pub draft: Draft,
    /// What becomes of it.
    pub verdict: Verdict,
    /// The earlier row that has the same identity.
    pub of_row: Option<u32>,
    /// The item on the ledger that it is, changes or repeats, as its id's text.
    pub of_item: Option<String>,
    /// That item's title.
    pub of_title: Option<String>,
    /// Whether whoever imports may not see that item: then it is not named to him.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
    /// The light that the item would show if it were handed out now, by name.
    pub light: Option<String>,
    /// Notes that follow from the ledger.
    pub notes: Vec<Note>,
    /// For a changed item: the fields to write, null for one to remove.
    pub edited: Map<String, Json>,
}

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It becomes an item.
    New,
    /// It changes an item of the same title.
    Changed,
    /// It says what an item of the same title already says.
    Unchanged,
    /// It repeats an earlier row, or an item under another spelling or in another module. It goes in only on request.
    Duplicate,
    /// A cell is wrong or undecided. It stays out.
    Refused,
    /// None of its categories was chosen. It stays out.
    LeftOut,
}

impl Verdict {
    /// All of them, in the order of a summary.
    pub const ALL: [Self; 6] =
        [Self::New, Self::Changed, Self::Unchanged, Self::Duplicate, Self::Refused, Self::LeftOut];

    /// The name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Duplicate => "duplicate",
            Self::Refused => "refused",
            Self::LeftOut => "left_out",
        }
    }
}

impl Row {
    /// All notes about the row's cells.
    pub fn cells(&self) -> impl Iterator<Item = &Note> {
        self.draft.notes.iter().chain(&self.notes)
    }
}

impl Report {
    /// How many rows have `verdict`.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> usize {
        self.rows.iter().filter(|row| row.verdict == verdict).count()
    }

    /// The report for scripts, with messages in `language`.
    #[must_use]
    pub fn to_json(&self, language: Language) -> Json {
        let rows: Vec<Json> = self.rows.iter().map(|row| row_json(row, language)).collect();
        let counts: Map<String, Json> =
            Verdict::ALL.iter().map(|verdict| (verdict.name().to_owned(), json!(self.count(*verdict)))).collect();
        json!({
            "sheet": self.sheet,
            "header_rows": self.header_rows,
            "skipped": self.skipped,
            "unread_sheets": self.unread_sheets,
            "counts": counts,
            "rows": rows,
        })
    }
}

fn row_json(row: &Row, language: Language) -> Json {
    let cells: Vec<Json> = row.cells().map(|note| note_json(note, language)).collect();
    let mut json = json!({
        "row": row.draft.row,
        "hidden": row.draft.hidden,
        "verdict": row.verdict.name(),
        "of_row": row.of_row,
        "of_item": row.of_item.as_ref().filter(|_| !row.hidden),
        "of_title": row.of_title,
        "light": row.light,
        "cells": cells,
        "item": row.draft.item,
    });
    if let (Json::Object(fields), false) = (&mut json, row.draft.proposed.is_empty()) {
        fields.insert("proposed".to_owned(), Json::Object(row.draft.proposed.clone()));
    }
    json
}

fn note_json(note: &Note, language: Language) -> Json {
    json!({
        "column": note.column,
        "severity": note.severity,
        "code": note.code,
        "message": note.message.get(language),
    })
}
