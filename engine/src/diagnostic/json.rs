//! Diagnostics for scripts (`--json`).

use serde::Serialize;

use super::{Diagnostic, Severity, positions::Positions};
use crate::text::Language;

/// A diagnostic as `--json` prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Stable code.
    pub code: &'static str,
    /// `error` or `warning`.
    pub severity: Severity,
    /// The file's path.
    pub file: String,
    /// The first line, from 1.
    pub line: usize,
    /// The first column in characters, from 1.
    pub column: usize,
    /// The last line.
    pub end_line: usize,
    /// The column after the last character.
    pub end_column: usize,
    /// The text at fault.
    pub text: String,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

/// `diagnostics` for scripts, in `language`.
#[must_use]
pub fn reports(diagnostics: &[Diagnostic], language: Language) -> Vec<Report> {
    let mut positions = Positions::default();
    diagnostics
        .iter()
        .map(|diagnostic| {
            let (start, end) = positions.of(&diagnostic.place);
            Report {
                code: diagnostic.code,
                severity: diagnostic.severity,
                file: diagnostic.place.file.path.clone(),
                line: start.line,
                column: start.column,
                end_line: end.line,
                end_column: end.column,
                text: diagnostic.place.text().to_owned(),
                message: diagnostic.message.get(language).to_owned(),
                help: diagnostic.help.as_ref().map(|help| help.get(language).to_owned()),
            }
        })
        .collect()
}
