//! Scenarios: stories beside a workflow, run on a virtual clock against the pure engine.
//!
//! ```yaml
//! scenario: an overdue report turns the light red, and green again once it is accepted
//! module: roads
//! given: {item: {kind: repair, lead_unit: 东区}, at: 2026-01-05 09:00, posts: {审核员: 2}}
//! steps:
//!   - expect: {tasks: [], light: green}
//!   - on: 2026-01-09
//!     expect: {tasks: [draft], light: yellow}
//!   - after: P5D
//!     do: {task: draft, by: 填报员, outcome: submit, form: {progress: 60}}
//!   - do: {offer: close, by: 管理员}
//!     refused: not_yours
//! ```
//!
//! A step moves the clock first (`on`, `after`), then changes who holds posts (`posts`), then does something (`do`), then
//! looks (`expect`). Every key is described in `docs/reference/scenarios.md`.

mod cover;
mod expect;
mod operations;
mod outside;
mod people;
mod play;
mod read;
mod values;

use std::{collections::BTreeSet, sync::Arc};

pub(crate) use read::read;

use crate::{definition::registry::Registry, source::Place, text::Name};
use operations::Operation;
use values::Raw;

/// A scenario as read.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Its title.
    pub title: String,
    /// Where it begins.
    pub place: Place,
    /// The module that it plays in.
    pub module: Name,
    given: Given,
    steps: Vec<Step>,
}

/// What is there at first.
#[derive(Debug, Clone)]
struct Given {
    kind: Name,
    fields: Vec<(String, Raw)>,
    at: Option<String>,
    by: Option<String>,
    enter: Option<Name>,
    units: Vec<String>,
    posts: Vec<(String, usize)>,
    away: Vec<Away>,
}

/// That somebody is away.
#[derive(Debug, Clone)]
struct Away {
    person: String,
    stand_in: String,
    from: String,
    to: String,
}

/// One step.
#[derive(Debug, Clone)]
struct Step {
    /// Its line in the file.
    line: usize,
    after: Option<String>,
    on: Option<String>,
    posts: Vec<(String, usize)>,
    away: Vec<Away>,
    act: Option<Act>,
    refused: Option<String>,
    expect: Vec<(String, Raw)>,
}

/// What somebody does.
#[derive(Debug, Clone)]
struct Act {
    what: What,
    by: Option<String>,
    outcome: Option<String>,
    form: Vec<(String, Raw)>,
    comment: Option<String>,
    to: Vec<String>,
    straight: bool,
    how: Option<String>,
}

/// Which of the things that can be done.
#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    /// Completes the task at a node.
    Task(String),
    /// Takes the task at a node.
    Claim(String),
    /// Gives the task at a node back.
    Release(String),
    /// Takes an offer.
    Offer(String),
    /// Edits the item directly, as a row of an import does.
    Edit,
    /// Passes a task on, goes back, or sees to what is wrong at a node.
    Operation(Operation, String),
    /// A message comes, with its key.
    Message(String, Option<String>),
    /// Another system answers the node that asked it, or fails for good, with why.
    Answer(String, Option<String>),
}

/// What came of running scenarios.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Title and failure (expected beside actual and the run so far), or none.
    pub results: Vec<(String, Option<String>)>,
    /// Nodes that some scenario entered.
    pub nodes: Coverage,
    /// Ways through workflows: outcomes, offers, branches, results and ends.
    pub outcomes: Coverage,
    /// Boundary events.
    pub events: Coverage,
}

/// What some scenario came to, and what none did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// What some scenario came to.
    pub covered: Vec<String>,
    /// What none came to.
    pub uncovered: Vec<String>,
}

impl Coverage {
    fn of(all: &BTreeSet<String>, taken: &BTreeSet<String>) -> Self {
        Self {
            covered: all.intersection(taken).cloned().collect(),
            uncovered: all.difference(taken).cloned().collect(),
        }
    }

    /// How many there are in all.
    #[must_use]
    pub const fn all(&self) -> usize {
        self.covered.len() + self.uncovered.len()
    }
}

impl Outcome {
    /// How many per cent of outcomes and boundary events some scenario came to, rounded down; 100 where there are none.
    #[must_use]
    pub fn percent(&self) -> usize {
        let covered = self.outcomes.covered.len() + self.events.covered.len();
        (covered * 100).checked_div(self.outcomes.all() + self.events.all()).unwrap_or(100)
    }

    /// The outcomes and boundary events that no scenario came to.
    #[must_use]
    pub fn uncovered(&self) -> Vec<&str> {
        self.outcomes.uncovered.iter().chain(&self.events.uncovered).map(String::as_str).collect()
    }
}

/// Runs `scenarios` with `registry`.
#[must_use]
pub fn run(scenarios: &[Scenario], registry: &Registry) -> Outcome {
    let registry = Arc::new(registry.clone());
    let mut taken = play::Seen::default();
    let mut results = Vec::with_capacity(scenarios.len());
    for scenario in scenarios {
        let failure = play::play(scenario, &registry, &mut taken).err();
        results.push((scenario.title.clone(), failure));
    }
    let all = cover::all(&registry);
    let labels = |events: bool| -> BTreeSet<String> {
        taken.ways.iter().filter(|taken| cover::is_event(taken) == events).map(cover::label).collect()
    };
    Outcome {
        results,
        nodes: Coverage::of(&all.nodes, &taken.nodes),
        outcomes: Coverage::of(&all.outcomes, &labels(false)),
        events: Coverage::of(&all.events, &labels(true)),
    }
}
