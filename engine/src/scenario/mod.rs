//! Scenarios: stories beside a workflow, run on a virtual clock against the pure engine.

use crate::{definition::registry::Registry, source::Place, text::Name};

/// A scenario as read.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Its title.
    pub title: String,
    /// Where it begins.
    pub place: Place,
    /// The module that it plays in.
    pub module: Name,
}

/// What came of running scenarios.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Title and failure (expected beside actual and the run so far), or none.
    pub results: Vec<(String, Option<String>)>,
    /// Outcomes of tasks and offers, and boundary events, that some scenario took: `workflow/node/outcome`.
    pub covered: Vec<String>,
    /// Those that none took.
    pub uncovered: Vec<String>,
}

/// Reads the scenarios of one document: `scenario: TITLE` with its keys, or a list below `scenarios:`.
pub(crate) fn read(
    root: crate::yaml::read::At<'_>,
    registry: &Registry,
    faults: &mut crate::diagnostic::Faults,
) -> Vec<Scenario> {
    let _ = (root, registry, faults);
    Vec::new()
}

/// Runs `scenarios` with `registry`.
#[must_use]
pub fn run(scenarios: &[Scenario], registry: &Registry) -> Outcome {
    let _ = (scenarios, registry);
    Outcome::default()
}
