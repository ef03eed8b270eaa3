//! Why a file is refused as a whole.

use docket_engine::text::{Language, Text};

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Stable code in kebab case.
    pub code: &'static str,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong and what to do.
    pub message: Text,
}

impl Problem {
    pub(crate) const fn new(code: &'static str, line: usize, message: Text) -> Self {
        Self { code, line, message }
    }
}

/// A file that is refused. Has at least one problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// What is wrong, by line.
    pub problems: Vec<Problem>,
}

impl Error {
    pub(crate) fn of(mut problems: Vec<Problem>) -> Self {
        problems.sort_by_key(|problem| problem.line);
        Self { problems }
    }

    /// The problems, a line each: `3: [xml] …`.
    #[must_use]
    pub fn render(&self, language: Language) -> String {
        let lines = self
            .problems
            .iter()
            .map(|problem| format!("{}: [{}] {}\n", problem.line, problem.code, problem.message.get(language)));
        lines.collect()
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.render(Language::En).trim_end())
    }
}

impl std::error::Error for Error {}
