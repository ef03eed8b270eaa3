//! From where a branch can not come to its join any more: what the join does not wait for (`docs/reference/engine.md`, Branches).
//!
//! By the shape alone, as it is drawn: a node is astray for a fork when no way leads from it to the fork's join. A return counts
//! as a way to anywhere, because where it leads the run alone can tell.

use std::collections::{BTreeMap, BTreeSet};

use super::workflow::{Node, NodeKind, Operation};
use crate::text::Name;

/// Of each fork with a join: the nodes to which its branches can go and that are astray; forks without such are left out.
#[must_use]
pub fn astray(nodes: &BTreeMap<Name, Node>) -> BTreeMap<Name, BTreeSet<Name>> {
    let names = |holds: fn(&Node) -> bool| -> Vec<&Name> {
        nodes.values().filter(|node| holds(node)).map(|node| &node.name).collect()
    };
    let returning = names(returns);
    // What goes round for ever goes nowhere else.
    let ending = leading(nodes, names(|node| matches!(node.kind, NodeKind::End(_))).into_iter());
    let mut found = BTreeMap::new();
    for join in nodes.values() {
        let NodeKind::Join(inside) = &join.kind else { continue };
        let Some(fork) = nodes.get(&inside.of) else { continue };
        let coming = leading(nodes, returning.iter().copied().chain([&join.name]));
        let lost = below(nodes, fork, &join.name).into_iter();
        let lost: BTreeSet<Name> = lost.filter(|name| ending.contains(name) && !coming.contains(name)).collect();
        if !lost.is_empty() {
            found.insert(fork.name.clone(), lost);
        }
    }
    found
}

/// The nodes at which a path may stand in a branch of `fork`.
fn below(nodes: &BTreeMap<Name, Node>, fork: &Node, join: &Name) -> BTreeSet<Name> {
    let mut found = BTreeSet::new();
    let mut open = vec![fork];
    while let Some(node) = open.pop() {
        let next = node.ways().filter_map(|way| nodes.get(way.to)).filter(|to| to.name != *join);
        open.extend(next.filter(|to| found.insert(to.name.clone())));
    }
    // What comes to an end there is over, and what goes straight on does not stand.
    found.retain(|name| nodes.get(name).is_some_and(|node| stands(&node.kind)));
    found
}

const fn stands(kind: &NodeKind) -> bool {
    !matches!(kind, NodeKind::End(_) | NodeKind::Choose(_) | NodeKind::Join(_))
}

/// The nodes from which a way leads to one of `goals`, these included.
fn leading<'a>(nodes: &'a BTreeMap<Name, Node>, goals: impl Iterator<Item = &'a Name>) -> BTreeSet<Name> {
    let mut before: BTreeMap<&Name, Vec<&Name>> = BTreeMap::new();
    for node in nodes.values() {
        for way in node.ways() {
            before.entry(way.to).or_default().push(&node.name);
        }
    }
    let mut found = BTreeSet::new();
    let mut open: Vec<&Name> = goals.collect();
    while let Some(name) = open.pop() {
        if found.insert(name.clone()) {
            open.extend(before.get(name).into_iter().flatten());
        }
    }
    found
}

fn returns(node: &Node) -> bool {
    let NodeKind::Task(task) = &node.kind else { return false };
    task.allow.contains(&Operation::Return) || task.outcomes.iter().any(|outcome| outcome.is_return)
}
