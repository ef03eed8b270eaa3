//! Soundness, proved when a workflow loads: every run can be completed, nothing is left over, nothing is lost, no node is dead
//! (van der Aalst's soundness, for the engine's own rules of branches, returns and ends).
//!
//! The abstraction, as `docs/reference/soundness.md` states it: guards, time, messages and people are free choices; a group
//! ends with any of its outcomes; a child is the set of its results, since it is proved alone; repeated work runs never, once
//! or more. Branches of a fork share nothing but their fork and their join, so each branch is explored alone, in the context of
//! the forks around it, and the fork takes what its branches can come to: no product of branches is ever built.
//!
//! Invariant: what is not proved is refused. A workflow with more states than [`MAX_STATES`] is refused as too complex.

mod explore;
mod forms;
mod run;
mod ways;

use std::collections::{BTreeMap, BTreeSet};

use crate::{definition::workflow::Workflow, text::Name};
pub(crate) use run::{Hop, Run, shown};

/// The most states that are explored: far more than a workflow that a person can follow has.
pub(crate) const MAX_STATES: usize = 50_000;

/// The forks around a path, the outermost first, and its branch of each.
type Stack = Vec<(Name, u16)>;

/// What is wrong, with the shortest run that leads there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Finding {
    /// From here no end can be reached.
    Stuck { node: Name, run: Run },
    /// A path comes to a join that is not that of its own branches, and is lost there.
    Lost { node: Name, of: Name, run: Run },
    /// A path comes back to a fork inside one of the branches that it opened.
    WithinItself { fork: Name, run: Run },
    /// Two branches can end the workflow with different results.
    TwoResults { fork: Name, first: (Name, Run), second: (Name, Run) },
    /// A branch that may be left running leads elsewhere than to its join.
    Loose { fork: Name, join: Name, run: Run },
    /// No run ever reaches the node.
    Dead { node: Name },
    /// An expression reads a form that some run has not filled in.
    Unfilled { node: Name, form: Name, run: Run },
    /// There are more states than are explored; most of them lie inside this fork.
    TooComplex { fork: Option<Name> },
}

/// What is wrong with a workflow; nothing where it is sound. `required` tells whether a field of a form must be filled in.
pub(crate) fn prove(workflow: &Workflow, required: &dyn Fn(&Name, &Name) -> bool) -> Vec<Finding> {
    let mut prover = explore::Prover::new(workflow);
    prover.explore();
    let mut findings = prover.findings;
    let complete = !findings.iter().any(|finding| matches!(finding, Finding::TooComplex { .. }));
    if complete && findings.is_empty() {
        let named = |node: &&Name| !prover.reached.contains(*node);
        findings.extend(workflow.nodes.keys().filter(named).map(|node| Finding::Dead { node: node.clone() }));
        findings.extend(forms::unfilled(workflow, required));
    }
    findings
}

/// What leads to what, for exploring backwards.
#[derive(Debug, Default)]
struct Graph<S> {
    before: BTreeMap<S, Vec<S>>,
}

impl<S: Ord + Clone> Graph<S> {
    fn add(&mut self, from: &S, to: &S) {
        self.before.entry(to.clone()).or_default().push(from.clone());
    }

    /// Everything from which some of `goals` can be reached, these included.
    fn reaching(&self, goals: impl IntoIterator<Item = S>) -> BTreeSet<S> {
        let mut found = BTreeSet::new();
        let mut open: Vec<S> = goals.into_iter().collect();
        while let Some(state) = open.pop() {
            if found.insert(state.clone()) {
                open.extend(self.before.get(&state).into_iter().flatten().cloned());
            }
        }
        found
    }
}
