//! Diagnostics: what is wrong in a definition, where, and what to write instead.

mod json;
mod positions;
mod render;

use serde::Serialize;

pub use json::{Report, reports};
pub use render::render;

use crate::{
    check::too_large,
    source::Place,
    text::{Language, Text},
};

/// Most faults that are listed; a last one says how many there are beyond.
pub const MAX_LISTED: usize = 1_000;

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

impl Diagnostic {
    /// With what to write instead.
    #[must_use]
    pub fn help(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.help = Some(Text::new(zh, en));
        self
    }

    /// With a further place and a word on what is there.
    #[must_use]
    pub fn related(mut self, place: Place, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.related.push((place, Text::new(zh, en)));
        self
    }
}

/// The faults found so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Faults {
    found: Vec<Diagnostic>,
}

impl Faults {
    /// Adds one.
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// Adds one, where there is one.
    pub(crate) fn append_one(&mut self, diagnostic: Option<Diagnostic>) {
        self.found.extend(diagnostic);
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Adds those of `other`.
    pub(crate) fn append(&mut self, other: Self) {
        self.found.extend(other.found);
    }

    /// How many are errors.
    pub(crate) fn errors(&self) -> usize {
        self.found.iter().filter(|fault| fault.severity == Severity::Error).count()
    }

    /// Changes them together, for what only all of them show.
    pub(crate) fn rework(&mut self, change: impl FnOnce(&mut Vec<Diagnostic>)) {
        change(&mut self.found);
    }

    /// All of them by file and place, each once.
    pub(crate) fn sorted(self) -> Vec<Diagnostic> {
        let mut all = self.found;
        sort(&mut all);
        all.dedup();
        if let Some(first) = all.get(MAX_LISTED) {
            let rest = too_large::faults(first.place.clone(), all.len() - MAX_LISTED);
            all.truncate(MAX_LISTED);
            all.push(rest);
        }
        all
    }
}

/// Sorts by file, place, severity and code.
pub(crate) fn sort(all: &mut [Diagnostic]) {
    all.sort_by(|a, b| {
        let key = |d: &Diagnostic| (d.place.span.start, d.place.span.end, d.severity, d.code);
        a.place
            .file
            .path
            .cmp(&b.place.file.path)
            .then_with(|| key(a).cmp(&key(b)))
            .then_with(|| a.message.zh.cmp(&b.message.zh))
    });
}

impl Severity {
    /// Its word.
    #[must_use]
    pub const fn word(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Error, Language::Zh) => "错误",
            (Self::Error, Language::En) => "error",
            (Self::Warning, Language::Zh) => "警告",
            (Self::Warning, Language::En) => "warning",
        }
    }
}
