//! YAML as a tree in which every key and value knows its place.
//!
//! Scalars are the text as written: `no`, `2026.10` and `true` never become anything else (`docs/decisions/0002-yaml.md`).
//! INVARIANT: every span lies inside the file and on character boundaries.

mod align;
mod parse;
pub(crate) mod read;
pub(crate) mod slips;
mod syntax;

use std::{ops::Range, sync::Arc};

pub(crate) use parse::{Document, parse};

use crate::{
    diagnostic::{Diagnostic, Faults},
    source::File,
};

/// Largest file, in bytes.
pub const MAX_BYTES: usize = 1 << 20;
/// Deepest nesting of lists and maps.
pub const MAX_DEPTH: usize = 40;
/// Most keys and values in one file.
pub const MAX_NODES: usize = 50_000;

/// A value with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    /// Its bytes in the file. Of a list or map in block style: from its first element to the end of its last.
    pub span: Range<usize>,
    /// What it is.
    pub kind: Kind,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// A text. A key without a value has an empty, unquoted one.
    Scalar(Scalar),
    /// A list.
    List(Vec<Tree>),
    /// A map in the written order. Keys may occur twice; the parser has reported that.
    Map(Vec<Entry>),
}

/// A text as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar {
    /// The text, after quotes, escapes and folding.
    pub text: String,
    /// How it is written.
    pub style: Style,
}

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// `'…'`
    Single,
    /// `"…"`
    Double,
    /// `|` or `>`
    Block,
}

/// One key of a map with its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key's text.
    pub key: String,
    /// The key's bytes, quotes included.
    pub key_span: Range<usize>,
    /// The value.
    pub value: Tree,
}

/// The documents of `file` as trees, for tools that rewrite definitions without loading them.
///
/// # Errors
/// The faults, where it is not YAML that Docket reads.
pub fn documents(file: &Arc<File>) -> Result<Vec<Tree>, Vec<Diagnostic>> {
    let mut faults = Faults::default();
    let documents = parse(file, &mut faults);
    if faults.errors() > 0 { Err(faults.sorted()) } else { Ok(documents.into_iter().map(|found| found.tree).collect()) }
}

impl Tree {
    /// The text, where it is one.
    #[must_use]
    pub const fn scalar(&self) -> Option<&Scalar> {
        match &self.kind {
            Kind::Scalar(scalar) => Some(scalar),
            Kind::List(_) | Kind::Map(_) => None,
        }
    }

    /// The entries, where it is a map.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        match &self.kind {
            Kind::Map(entries) => entries,
            Kind::Scalar(_) | Kind::List(_) => &[],
        }
    }

    /// The value of `key`, where it is a map that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|entry| entry.key == key).map(|entry| &entry.value)
    }

    /// Whether it is a key without a value.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        self.scalar().is_some_and(|scalar| scalar.text.is_empty() && scalar.style == Style::Plain)
    }

    /// Where the bytes `inner` of its text stand in the file's `text`; the whole value where that can not be told.
    #[must_use]
    pub fn place_inside(&self, text: &str, inner: Range<usize>) -> Range<usize> {
        self.scalar()
            .and_then(|scalar| align::align(text.get(self.span.clone())?, scalar, &inner))
            .map_or_else(|| self.span.clone(), |found| self.span.start + found.start..self.span.start + found.end)
    }
}
