//! What became of each element of a file.

use docket_engine::text::{Language, Text};

/// What came of reading a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The workflows, in the order of the file; a sub-process follows the process that it lies in.
    pub workflows: Vec<Workflow>,
    /// What became of each element, by line.
    pub entries: Vec<Entry>,
}

/// A workflow that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workflow {
    /// Its name, unique in the report.
    pub name: String,
    /// The line of the process or sub-process that it comes from.
    pub line: usize,
    /// The YAML document, which begins with `workflow: NAME`.
    pub yaml: String,
    /// Whether the engine's loader takes it together with the report's other workflows. False: an entry with [`Fate::Open`] says why.
    pub loads: bool,
}

/// What became of one element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its line, from 1.
    pub line: usize,
    /// Its name in XML without a prefix, such as `userTask`.
    pub element: String,
    /// Its `id`, where it has one.
    pub id: Option<String>,
    /// Its `name`, where it has one.
    pub name: Option<String>,
    /// In short.
    pub fate: Fate,
    /// What it became, what was assumed, or why it was left out and what to do.
    pub text: Text,
}

/// What became of an element, in short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It means the same in the workflow.
    Mapped,
    /// It is in the workflow; something that the file does not say was assumed.
    Assumed,
    /// It is in the workflow, and somebody has to complete it: `docket check` points at the place.
    Open,
    /// It is not in the workflow.
    Dropped,
}

impl Fate {
    /// All of them, from the best to the worst.
    pub const ALL: [Self; 4] = [Self::Mapped, Self::Assumed, Self::Open, Self::Dropped];

    /// Its stable word, for scripts.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Mapped => "mapped",
            Self::Assumed => "assumed",
            Self::Open => "open",
            Self::Dropped => "not-carried-over",
        }
    }

    /// Its word for people.
    #[must_use]
    pub const fn word(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Mapped, Language::Zh) => "已转换",
            (Self::Mapped, Language::En) => "mapped",
            (Self::Assumed, Language::Zh) => "已转换（有假定）",
            (Self::Assumed, Language::En) => "mapped, assumed",
            (Self::Open, Language::Zh) => "待补全",
            (Self::Open, Language::En) => "to complete",
            (Self::Dropped, Language::Zh) => "未转换",
            (Self::Dropped, Language::En) => "not carried over",
        }
    }
}

impl Report {
    /// How many entries have each fate, in the order of [`Fate::ALL`].
    #[must_use]
    pub fn counts(&self) -> [usize; 4] {
        Fate::ALL.map(|fate| self.entries.iter().filter(|entry| entry.fate == fate).count())
    }

    /// The entries a line each, and a sum.
    #[must_use]
    pub fn render(&self, language: Language) -> String {
        let mut out = String::new();
        for entry in &self.entries {
            out.push_str(&entry.render(language));
            out.push('\n');
        }
        let [mapped, assumed, open, dropped] = self.counts();
        let workflows = self.workflows.len();
        let sum = match language {
            Language::Zh => format!(
                "{workflows} 个流程；元素：已转换 {mapped}，有假定 {assumed}，待补全 {open}，未转换 {dropped}\n"
            ),
            Language::En => format!(
                "{workflows} workflows; elements: {mapped} mapped, {assumed} mapped with an assumption, {open} to complete, {dropped} not carried over\n"
            ),
        };
        out.push_str(&sum);
        out
    }
}

impl Entry {
    /// The entry in one line: `12: userTask "Approve" (task_1): mapped: …`.
    #[must_use]
    pub fn render(&self, language: Language) -> String {
        let name =
            self.name.as_ref().map(|name| format!(" \"{}\"", name.split_whitespace().collect::<Vec<_>>().join(" ")));
        let id = self.id.as_ref().map(|id| format!(" ({id})"));
        format!(
            "{}: {}{}{}: {}: {}",
            self.line,
            self.element,
            name.unwrap_or_default(),
            id.unwrap_or_default(),
            self.fate.word(language),
            self.text.get(language)
        )
    }
}
