//! Soundness, proved when a workflow loads: every run can be completed, nothing is left over, nothing is lost, no node is dead
//! (van der Aalst's soundness, for the engine's own rules of branches, returns and ends).
//!
//! The abstraction, as `docs/reference/soundness.md` states it: guards, time, messages and people are free choices; a group
//! ends with any of its outcomes; a child is the set of its results, since it is proved alone; repeated work runs never, once
//! or more. Branches of a fork share nothing but their fork and their join, so each branch is explored alone, in the context of
//! the forks around it, and the fork takes what its branches can come to: no product of branches is ever built.
//!
//! Invariant: what is not proved is refused. A workflow whose exploration takes more than [`MAX_STEPS`] is refused as too complex.

mod bits;
mod branches;
mod context;
mod explore;
mod forms;
mod net;
mod run;

use crate::{definition::workflow::Workflow, text::Name};
pub(crate) use run::{Hop, Run, shown};

/// The most steps from state to state that are looked at: far more than a workflow that a person can follow has.
const MAX_STEPS: usize = 200_000;

/// The most forks around a path.
const MAX_DEPTH: usize = 64;

/// How a run can begin at another node than the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Start {
    /// An item is created there.
    Enter,
    /// A closed item is opened again there.
    Reopen,
}

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
    /// There is more to explore than is explored; most of it lies inside this fork.
    TooComplex { fork: Option<Name> },
}

/// What is wrong with a workflow; nothing where it is sound. `entries` are the nodes at which it can begin beside its start;
/// `required` tells whether a field of a form must be filled in.
pub(crate) fn prove(
    workflow: &Workflow,
    entries: &[(Name, Start)],
    required: &dyn Fn(&Name, &Name) -> bool,
) -> Vec<Finding> {
    let net = net::Net::of(workflow, entries);
    let mut prover = explore::Prover::new(&net);
    prover.explore();
    let mut findings = prover.findings;
    if findings.is_empty() {
        let dead = (0..net.len()).filter(|at| !prover.reached.contains(*at));
        findings.extend(dead.map(|at| Finding::Dead { node: net.name(at) }));
        findings.extend(forms::unfilled(&net, required));
    }
    findings
}
