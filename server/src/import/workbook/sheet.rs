//! A sheet in memory: a grid of cells, merged ranges, hidden rows.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{MAX_CELLS, MAX_COLUMNS, MAX_ROWS, Refusal, too_far, too_many_cells};
use crate::import::fold::is_blank;

/// A cell.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    /// Nothing, or white space only.
    #[default]
    Empty,
    /// Text as it stands in the file.
    Text(String),
    /// A number.
    Number(f64),
    /// True or false.
    Bool(bool),
    /// A number with a date's format.
    Date(Date),
    /// A formula's error, such as `#REF!`.
    Error(String),
}

/// A sheet. Rows and columns are counted from 0 here; people see them from 1 and from A.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    rows: Vec<Vec<Cell>>,
    /// Cells covered by a merged range, to its first cell.
    covered: BTreeMap<(u32, u32), (u32, u32)>,
    /// First cells of merged ranges, to the last ones.
    merged: BTreeMap<(u32, u32), (u32, u32)>,
    hidden: BTreeSet<u32>,
}

/// A merged range: its first and last cell.
pub(super) type Merge = ((u32, u32), (u32, u32));

impl Cell {
    /// A text cell, or nothing for a text of white space.
    #[must_use]
    pub fn text(text: &str) -> Self {
        if text.chars().all(is_blank) { Self::Empty } else { Self::Text(text.to_owned()) }
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }

    /// What stands in the cell, as a person would read it; white space at its ends removed.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) | Self::Error(text) => text.trim_matches(is_blank).to_owned(),
            Self::Number(number) => number.to_string(),
            Self::Bool(bool) => if *bool { "TRUE" } else { "FALSE" }.to_owned(),
            Self::Date(date) => date.to_string(),
        }
    }
}

impl Sheet {
    /// An empty sheet.
    pub(super) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// Puts `cell` at a place; `budget` is the number of cells that the workbook may still hold.
    pub(super) fn put(&mut self, row: u32, column: u32, cell: Cell, budget: &mut usize) -> Result<(), Refusal> {
        if cell.is_empty() {
            return Ok(());
        }
        if row >= MAX_ROWS || column >= MAX_COLUMNS {
            return Err(too_far(row, column));
        }
        *budget = budget.checked_sub(1).ok_or_else(too_many_cells)?;
        let (row, column) = (row as usize, column as usize);
        if self.rows.len() <= row {
            self.rows.resize_with(row + 1, Vec::new);
        }
        if let Some(cells) = self.rows.get_mut(row) {
            if cells.len() <= column {
                cells.resize(column + 1, Cell::Empty);
            }
            if let Some(place) = cells.get_mut(column) {
                *place = cell;
            }
        }
        Ok(())
    }

    /// Marks the merged ranges, as far as they lie in the used range.
    pub(super) fn merge(&mut self, merges: &[Merge]) -> Result<(), Refusal> {
        let mut covered = 0_usize;
        for ((top, left), (bottom, right)) in merges {
            let (bottom, right) = ((*bottom).min(self.height().saturating_sub(1)), (*right).min(self.width()));
            if *top > bottom || *left > right {
                continue;
            }
            covered += ((bottom - top + 1) as usize) * ((right - left + 1) as usize);
            if covered > MAX_CELLS {
                return Err(too_many_cells());
            }
            self.merged.insert((*top, *left), (bottom, right));
            for row in *top..=bottom {
                for column in *left..=right {
                    if (row, column) != (*top, *left) {
                        self.covered.insert((row, column), (*top, *left));
                    }
                }
            }
        }
        Ok(())
    }

    /// Marks rows as hidden.
    pub(super) fn hide(&mut self, rows: BTreeSet<u32>) {
        self.hidden = rows;
    }

    /// The number of rows up to the last filled one.
    #[must_use]
    pub fn height(&self) -> u32 {
        u32::try_from(self.rows.len()).unwrap_or(MAX_ROWS)
    }

    /// The number of columns up to the last filled one.
    #[must_use]
    pub fn width(&self) -> u32 {
        let widest = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        u32::try_from(widest).unwrap_or(MAX_COLUMNS)
    }

    /// The cell itself; nothing for one that a merged range covers.
    #[must_use]
    pub fn own(&self, row: u32, column: u32) -> &Cell {
        const EMPTY: &Cell = &Cell::Empty;
        if self.covered.contains_key(&(row, column)) {
            return EMPTY;
        }
        self.rows.get(row as usize).and_then(|cells| cells.get(column as usize)).unwrap_or(EMPTY)
    }

    /// The first cell of the merged range that this one lies in; else itself.
    #[must_use]
    pub fn anchor(&self, row: u32, column: u32) -> (u32, u32) {
        self.covered.get(&(row, column)).copied().unwrap_or((row, column))
    }

    /// The last cell of the merged range that begins here; else itself.
    #[must_use]
    pub fn end(&self, row: u32, column: u32) -> (u32, u32) {
        self.merged.get(&(row, column)).copied().unwrap_or((row, column))
    }

    /// The filled cells of a row, covered ones left out, with their columns.
    pub fn filled(&self, row: u32) -> impl Iterator<Item = (u32, &Cell)> {
        let cells = self.rows.get(row as usize).map_or(&[][..], Vec::as_slice);
        (0..).zip(cells).filter(move |(column, cell)| !cell.is_empty() && !self.covered.contains_key(&(row, *column)))
    }

    /// Whether the row is hidden.
    #[must_use]
    pub fn is_hidden(&self, row: u32) -> bool {
        self.hidden.contains(&row)
    }
}

/// The name of a place, such as `C12`; row and column from 0.
#[must_use]
pub(super) fn place(row: u32, column: u32) -> String {
    format!("{}{}", column_name(column), row + 1)
}

/// The letters of a column from 0: `A`, `Z`, `AA`.
#[must_use]
pub(in crate::import) fn column_name(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or_default()));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_spreadsheets_name_them() {
        for (column, name) in [(0, "A1"), (25, "Z1"), (26, "AA1"), (701, "ZZ1"), (702, "AAA1"), (16_383, "XFD1")] {
            assert_eq!(place(0, column), name);
        }
    }
}
