//! A dictionary: the entries that a field may take, which an administrator fills in (R7).

use crate::{
    text::{Name, Text},
    value::Span,
};

/// A dictionary.
#[derive(Debug, Clone)]
pub struct Dictionary {
    /// Its name, unique among dictionaries.
    pub name: Name,
    /// Shown title.
    pub title: Text,
    /// Its entries in the written order.
    pub entries: Vec<Entry>,
}

/// One entry.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What is stored. May be Chinese; names are data.
    pub name: Name,
    /// What is shown.
    pub title: Text,
    /// Other spellings that an import accepts.
    pub aliases: Vec<String>,
    /// For a cycle: its length, read by `cycle(…)` in expressions.
    pub every: Option<Span>,
}

impl Dictionary {
    /// The entry stored as `name`.
    #[must_use]
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name == *name)
    }
}
