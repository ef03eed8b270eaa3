//! The sheets of an organisation workbook and their rows, by what each column means.

use std::collections::BTreeMap;

use docket_engine::{
    definition::organisation::{Organisation, Sheet as Expected, SheetKind},
    text::Name,
};

use crate::import::{
    fold::name_key,
    note::Refusal,
    workbook::{Book, Cell, Sheet},
};

/// How many rows from the top a header is looked for.
const HEADER_WITHIN: u32 = 20;

/// A sheet that the form expects, as it was found.
#[derive(Debug)]
pub(super) struct Found<'a> {
    /// What the form says about it.
    pub(super) expected: &'a Expected,
    /// Its rows.
    pub(super) rows: Vec<Raw<'a>>,
}

/// A row, before its cells are read.
#[derive(Debug)]
pub(super) struct Raw<'a> {
    /// Its number, from 1.
    pub(super) row: u32,
    /// Its filled cells by meaning, each with its header.
    pub(super) cells: BTreeMap<&'a str, (&'a str, &'a Cell)>,
}

impl Raw<'_> {
    /// The text of a cell; empty where there is none.
    pub(super) fn text(&self, meaning: &str) -> String {
        self.cells.get(meaning).map_or_else(String::new, |(_, cell)| cell.shown())
    }
}

/// Finds the sheets that the form expects; those that are missing may be, unless all are.
///
/// # Errors
/// Where no expected sheet is there, or one lacks the column that names its rows.
pub(super) fn find<'a>(book: &'a Book, form: &'a Organisation) -> Result<Vec<Found<'a>>, Refusal> {
    let mut found = Vec::new();
    for expected in &form.sheets {
        let key = name_key(&expected.name);
        if let Some(sheet) = book.sheets.iter().find(|sheet| name_key(&sheet.name) == key) {
            found.push(rows(sheet, expected)?);
        }
    }
    if found.is_empty() {
        let names: Vec<&str> = form.sheets.iter().map(|sheet| &*sheet.name).collect();
        return Err(Refusal::new(
            "no-sheet",
            format!("没有找到工作表。应有：{}", names.join("、")),
            format!("no expected sheet was found. There should be: {}", names.join(", ")),
        ));
    }
    Ok(found)
}

fn rows<'a>(sheet: &'a Sheet, expected: &'a Expected) -> Result<Found<'a>, Refusal> {
    let header = (0..sheet.height().min(HEADER_WITHIN))
        .max_by_key(|row| (columns(sheet, *row, expected).len(), std::cmp::Reverse(*row)));
    let header = header.unwrap_or_default();
    let columns = columns(sheet, header, expected);
    for needed in needed(expected.of) {
        if !columns.iter().any(|(_, _, meaning)| **meaning == **needed) {
            return Err(lacks(expected, needed));
        }
    }
    let rows = (header + 1..sheet.height())
        .filter(|row| sheet.filled(*row).next().is_some())
        .map(|row| Raw {
            row: row + 1,
            cells: columns
                .iter()
                .map(|(at, header, meaning)| (&***meaning, (*header, sheet.own(row, *at))))
                .filter(|(_, (_, cell))| !cell.is_empty())
                .collect(),
        })
        .collect();
    Ok(Found { expected, rows })
}

/// The columns whose titles the form knows: place, header, meaning.
fn columns<'a>(sheet: &Sheet, row: u32, expected: &'a Expected) -> Vec<(u32, &'a str, &'a Name)> {
    let known: BTreeMap<String, (&str, &Name)> =
        expected.columns.iter().map(|(header, meaning)| (name_key(header), (header.as_str(), meaning))).collect();
    sheet
        .filled(row)
        .filter_map(|(at, cell)| known.get(&name_key(&cell.shown())).map(|(header, meaning)| (at, *header, *meaning)))
        .collect()
}

const fn needed(kind: SheetKind) -> &'static [&'static str] {
    match kind {
        SheetKind::Units => &["name"],
        SheetKind::People => &["name", "code"],
        SheetKind::Groups => &["name", "members"],
    }
}

fn lacks(expected: &Expected, meaning: &str) -> Refusal {
    let header = expected.columns.iter().find(|(_, of)| ***of == *meaning).map_or(meaning, |(header, _)| header);
    Refusal::new(
        "missing-column",
        format!("工作表“{}”缺少“{header}”列", expected.name),
        format!("sheet “{}” lacks the column “{header}”", expected.name),
    )
}
