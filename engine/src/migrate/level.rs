//! Where a token can stand: between the start, or the first node of a branch, and the ends of that level.

use std::collections::BTreeSet;

use super::plan::branches;
use crate::{
    definition::workflow::{NodeKind, Workflow},
    text::Name,
};

/// The nodes at which a token can stand that is in these branches (fork and place, the outermost first), and in no others.
///
/// A token at a fork is on the level outside it; from there it goes on behind the fork's joins. Returns lead to nodes that are
/// reached without them.
pub(super) fn level(workflow: &Workflow, stack: &[(Name, u16)]) -> BTreeSet<Name> {
    let own = stack.last().map(|(fork, _)| fork);
    let first = match stack.last() {
        None => Some(workflow.start.clone()),
        Some((fork, place)) => {
            let kind = workflow.nodes.get(fork).map(|node| &node.kind);
            kind.and_then(|kind| branches(kind).get(usize::from(*place)).cloned())
        }
    };
    let mut found: BTreeSet<Name> = first.iter().cloned().collect();
    let mut open: Vec<Name> = first.into_iter().collect();
    while let Some(name) = open.pop() {
        for to in ways(workflow, &name, own) {
            if found.insert(to.clone()) {
                open.push(to);
            }
        }
    }
    found
}

fn ways(workflow: &Workflow, name: &Name, own: Option<&Name>) -> Vec<Name> {
    let Some(node) = workflow.nodes.get(name) else { return Vec::new() };
    let events = node.boundary.iter().filter_map(|event| event.to.clone());
    match &node.kind {
        NodeKind::Fork(_) | NodeKind::Any(_) => {
            let joins = workflow.nodes.values().filter_map(|node| match &node.kind {
                NodeKind::Join(join) if join.of == *name => Some(join.next.clone()),
                _ => None,
            });
            joins.chain(events).collect()
        }
        // The branch is over there.
        NodeKind::Join(join) if Some(&join.of) == own => Vec::new(),
        _ => node.ways().filter(|way| !way.back).map(|way| way.to.clone()).collect(),
    }
}
