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

/// All ways of all workflows.
pub(super) fn all(registry: &Registry) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for bound in registry.workflows.values() {
        for node in bound.workflow.nodes.values() {
            let mut add = |way: Way| {
                all.insert(label(&Taken { workflow: bound.workflow.name.clone(), node: node.name.clone(), way }));
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
