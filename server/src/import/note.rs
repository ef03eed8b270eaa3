//! What an import says about a file or a cell: a stable code and a message in both languages.

use docket_engine::text::Text;
use serde::{Deserialize, Serialize};

/// How much a note about a cell weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The cell is wrong; its row stays out.
    Error,
    /// The cell may mean one of several things; its row stays out until the sheet says which.
    Question,
    /// The cell was read in a way that is worth a look; its row goes in.
    Warning,
}

/// A note about one cell, as a reader of cells makes it: the column is added by who knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// How much it weighs.
    pub severity: Severity,
    /// Stable code in kebab case that names the fault; `docs/reference/import.md` lists them.
    pub code: &'static str,
    /// What is wrong and what to do.
    pub message: Text,
}

/// A note about one cell of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The column's header as the configuration names it.
    pub column: String,
    /// How much it weighs.
    pub severity: Severity,
    /// Stable code.
    pub code: String,
    /// What is wrong and what to do, in both languages.
    pub message: Text,
}

/// Why a file as a whole is refused: nothing of it was read as rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Stable code in kebab case; `docs/reference/import.md` lists them.
    pub code: &'static str,
    /// What is wrong and what to do.
    pub message: Text,
}

impl Refusal {
    /// A refusal with its message in both languages.
    pub fn new(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { code, message: Text::new(zh, en) }
    }
}

impl Remark {
    /// The row stays out.
    pub fn error(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { severity: Severity::Error, code, message: Text::new(zh, en) }
    }

    /// The row stays out until the sheet says which reading is meant.
    pub fn question(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { severity: Severity::Question, code, message: Text::new(zh, en) }
    }

    /// The row goes in.
    pub fn warning(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, code, message: Text::new(zh, en) }
    }

    /// The note about `column`.
    #[must_use]
    pub fn at(self, column: &str) -> Note {
        Note { column: column.to_owned(), severity: self.severity, code: self.code.to_owned(), message: self.message }
    }
}

impl Note {
    /// Whether the row may go in for all that this says.
    #[must_use]
    pub const fn lets_in(&self) -> bool {
        matches!(self.severity, Severity::Warning)
    }
}
