//! Says what the proof of soundness has found, each at the node that it is about.

use super::{
    dead_node, flow::Flow, fork_within_itself, form_not_filled, loose_branch, path_lost, run_gets_stuck, too_complex,
    two_results,
};
use crate::{
    definition::workflow::Workflow,
    diagnostic::{Diagnostic, Faults},
    prove::{Finding, Run, Start, prove, shown},
    source::Place,
    text::{Language, Name, Text},
};

/// Proves a workflow whose shape is whole. `entries` are the nodes at which it can begin beside its start; `required` tells
/// whether a field of a form must be filled in.
pub(crate) fn check(
    workflow: &Workflow,
    entries: &[(Name, Start)],
    flow: &Flow,
    required: &dyn Fn(&Name, &Name) -> bool,
    faults: &mut Faults,
) {
    for finding in prove(workflow, entries, required) {
        faults.append_one(fault(&finding, flow));
    }
}

fn fault(finding: &Finding, flow: &Flow) -> Option<Diagnostic> {
    let place = |node: &Name| -> Option<Place> { Some(flow.node(node)?.place.clone()) };
    let words = |run: &Run| Text::new(shown(run, Language::Zh), shown(run, Language::En));
    Some(match finding {
        Finding::Stuck { node, run } => run_gets_stuck::fault(place(node)?, node, &words(run)),
        Finding::Lost { node, of, run } => path_lost::fault(place(node)?, node, of, &words(run)),
        Finding::WithinItself { fork, run } => fork_within_itself::fault(place(fork)?, fork, &words(run)),
        Finding::TwoResults { fork, first, second } => {
            let (first_run, second_run) = (words(&first.1), words(&second.1));
            two_results::fault(place(fork)?, fork, (&first.0, &first_run), (&second.0, &second_run))
        }
        Finding::Loose { fork, join, run } => loose_branch::fault(place(join)?, fork, join, &words(run)),
        Finding::Dead { node } => dead_node::fault(place(node)?, node),
        Finding::Unfilled { node, form, run } => form_not_filled::fault(place(node)?, node, form, &words(run)),
        Finding::TooComplex { fork } => {
            let at = fork.as_ref().unwrap_or(&flow.start);
            too_complex::fault(place(at)?, fork.as_ref().map(Name::as_str))
        }
    })
}
