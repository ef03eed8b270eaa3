//! What scenarios can take, and how it is called: `workflow/node/outcome`.

use std::collections::BTreeSet;

use crate::{
    definition::{registry::Registry, workflow::NodeKind},
    step::{Taken, Way},
    text::Name,
};

/// How a way is called.
pub(super) fn label(taken: &Taken) -> String {
    let Taken { workflow, node, way } = taken;
    match way {
        Way::Outcome(name) | Way::Offer(name) => format!("{workflow}/{node}/{name}"),
        Way::Boundary(place) => format!("{workflow}/{node}/on[{}]", place + 1),
        Way::Branch(place) => format!("{workflow}/{node}/choose[{}]", place + 1),
        Way::Result(result) => format!("{workflow}/{node}/result {result}"),
        Way::End(result) => format!("{workflow}/{node}/end {result}"),
    }
}

/// Whether a way is a boundary event.
pub(super) const fn is_event(taken: &Taken) -> bool {
    matches!(taken.way, Way::Boundary(_))
}

/// How a node is called.
pub(super) fn node(workflow: &Name, node: &Name) -> String {
    format!("{workflow}/{node}")
}

/// All that scenarios can come to.
#[derive(Debug, Default)]
pub(super) struct All {
    pub(super) nodes: BTreeSet<String>,
    pub(super) outcomes: BTreeSet<String>,
    pub(super) events: BTreeSet<String>,
}

/// Everything in all workflows.
pub(super) fn all(registry: &Registry) -> All {
    let mut all = All::default();
    for bound in registry.workflows.values() {
        for node in bound.workflow.nodes.values() {
            all.nodes.insert(self::node(&bound.workflow.name, &node.name));
            let mut add = |way: Way| {
                let taken = Taken { workflow: bound.workflow.name.clone(), node: node.name.clone(), way };
                let into = if is_event(&taken) { &mut all.events } else { &mut all.outcomes };
                into.insert(label(&taken));
            };
            (0..node.boundary.len()).for_each(|place| add(Way::Boundary(place)));
            match &node.kind {
                NodeKind::Task(task) => {
                    task.outcomes.iter().for_each(|outcome| add(Way::Outcome(outcome.name.clone())));
                }
                NodeKind::Action(_) | NodeKind::Fork(_) | NodeKind::Join(_) | NodeKind::Wait(_) => {}
                NodeKind::Choose(choose) | NodeKind::Any(choose) => {
                    (0..=choose.branches.len()).for_each(|place| add(Way::Branch(place)));
                }
                NodeKind::Call(call) => {
                    call.results.iter().for_each(|result| add(Way::Result(result.result.clone())));
                }
                NodeKind::Stage(stage) => {
                    let results: BTreeSet<&Name> = stage.on_done.keys().map(|(_, result)| result).collect();
                    for result in results {
                        add(Way::Result(result.clone()));
                    }
                    stage.offers.iter().for_each(|offer| add(Way::Offer(offer.name.clone())));
                }
                NodeKind::End(end) => add(Way::End(end.result.clone())),
            }
        }
    }
    all
}
