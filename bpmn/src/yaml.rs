//! Definitions as trees without places: what is read from YAML, changed, and written again.

mod write;

use std::sync::Arc;

use docket_engine::{
    diagnostic::Diagnostic,
    source::File,
    yaml::{Kind, Style, Tree, documents},
};

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Yaml {
    /// A key without a value.
    Absent,
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Yaml>),
    /// A map in the written order.
    Map(Vec<Entry>),
}

/// A key with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Its value.
    pub value: Yaml,
    /// Lines of a comment above it.
    pub comment: Vec<String>,
}

impl Entry {
    /// An entry without a comment.
    pub fn new(key: impl Into<String>, value: impl Into<Yaml>) -> Self {
        Self { key: key.into(), value: value.into(), comment: Vec::new() }
    }
}

impl From<&str> for Yaml {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Yaml {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Vec<Entry>> for Yaml {
    fn from(entries: Vec<Entry>) -> Self {
        Self::Map(entries)
    }
}

impl From<Vec<Yaml>> for Yaml {
    fn from(elements: Vec<Yaml>) -> Self {
        Self::List(elements)
    }
}

impl From<&Tree> for Yaml {
    fn from(tree: &Tree) -> Self {
        match &tree.kind {
            Kind::Scalar(scalar) if scalar.text.is_empty() && scalar.style == Style::Plain => Self::Absent,
            Kind::Scalar(scalar) => Self::Text(scalar.text.clone()),
            Kind::List(all) => Self::List(all.iter().map(Self::from).collect()),
            Kind::Map(all) => {
                Self::Map(all.iter().map(|entry| Entry::new(entry.key.as_str(), Self::from(&entry.value))).collect())
            }
        }
    }
}

impl Yaml {
    /// The documents in `text`.
    ///
    /// # Errors
    /// The faults, where it is not YAML that Docket reads.
    pub fn read(text: &str) -> Result<Vec<Self>, Vec<Diagnostic>> {
        let file = Arc::new(File { path: String::new(), text: text.to_owned() });
        Ok(documents(&file)?.iter().map(Self::from).collect())
    }

    /// The value as a document in block style: the same value always gives the same text.
    #[must_use]
    pub fn write(&self) -> String {
        write::document(self)
    }

    /// The value in one line.
    #[must_use]
    pub fn line(&self) -> String {
        write::line(self)
    }

    /// The text, where it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Absent | Self::List(_) | Self::Map(_) => None,
        }
    }

    /// The entries, where it is a map.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        match self {
            Self::Map(entries) => entries,
            Self::Absent | Self::Text(_) | Self::List(_) => &[],
        }
    }

    /// The elements, where it is a list.
    #[must_use]
    pub fn elements(&self) -> &[Self] {
        match self {
            Self::List(all) => all,
            Self::Absent | Self::Text(_) | Self::Map(_) => &[],
        }
    }

    /// The value of `key`, where it is a map that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|entry| entry.key == key).map(|entry| &entry.value)
    }

    /// As [`Yaml::get`], to change it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Self> {
        match self {
            Self::Map(entries) => entries.iter_mut().find(|entry| entry.key == key).map(|entry| &mut entry.value),
            Self::Absent | Self::Text(_) | Self::List(_) => None,
        }
    }

    /// The text of `key`.
    #[must_use]
    pub fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Self::text)
    }
}
