//! Readers of cells, one kind of value each. A reader never guesses: what may mean two things is a question.

pub mod dates;
pub mod entries;
pub mod people;
pub mod plain;
pub(super) mod split;
pub mod texts;
pub mod units;

use docket_engine::value::Value;

use super::note::Remark;

/// What a cell gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The value; `Null` for nothing.
    pub value: Value,
    /// What is to be said about the cell.
    pub remarks: Vec<Remark>,
    /// Text of the cell that is no part of the value and is kept beside it.
    pub kept: Option<String>,
    /// What the value could be, where the cell leaves it open.
    pub proposed: Vec<Value>,
}

impl Reading {
    /// Nothing in the cell.
    #[must_use]
    pub const fn nothing() -> Self {
        Self { value: Value::Null, remarks: Vec::new(), kept: None, proposed: Vec::new() }
    }

    /// A plain value.
    #[must_use]
    pub const fn of(value: Value) -> Self {
        Self { value, remarks: Vec::new(), kept: None, proposed: Vec::new() }
    }

    /// No value, and why.
    #[must_use]
    pub fn refused(remark: Remark) -> Self {
        Self { remarks: vec![remark], ..Self::nothing() }
    }

    /// With a remark.
    #[must_use]
    pub fn with(mut self, remark: Remark) -> Self {
        self.remarks.push(remark);
        self
    }

    /// With text that is kept.
    #[must_use]
    pub fn keeping(mut self, text: impl Into<String>) -> Self {
        self.kept = Some(text.into());
        self
    }

    /// With what the value could be.
    #[must_use]
    pub fn proposing(mut self, values: Vec<Value>) -> Self {
        self.proposed = values;
        self
    }
}

/// “A”、“B” for messages.
fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("“{name}”")).collect::<Vec<_>>().join("、")
}

/// A hint at similar names; empty where there are none.
fn hint(names: &[&str]) -> (String, String) {
    if names.is_empty() {
        return (String::new(), String::new());
    }
    (format!("是不是{}？", quoted(names)), format!(" Did you mean {}?", quoted(names).replace('、', ", ")))
}
