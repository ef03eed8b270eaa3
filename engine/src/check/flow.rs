//! The shape of a workflow: its nodes and where each leads. What the checks of shape look at, and what a full
//! exploration of runs will start from.

use std::collections::{BTreeMap, BTreeSet};

use super::{loop_without_task, no_way_to_end, unreachable_node};
use crate::{diagnostic::Faults, source::Place, text::Name};

/// A workflow's shape.
#[derive(Debug, Clone)]
pub(crate) struct Flow {
    /// Where a run starts.
    pub(crate) start: Name,
    /// The nodes in the written order, those of `{end: RESULT}` targets last.
    pub(crate) nodes: Vec<Step>,
    /// True where something could not be read, so that what seems unreachable may not be.
    pub(crate) gaps: bool,
}

/// One node.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    /// Its name.
    pub(crate) name: Name,
    /// Where its name is written.
    pub(crate) place: Place,
    /// Whether the platform runs it by itself and at once.
    pub(crate) automatic: bool,
    /// Whether it ends the run.
    pub(crate) end: bool,
    /// Whether it stands for a target `{end: RESULT}`.
    pub(crate) implicit: bool,
    /// Where it leads.
    pub(crate) edges: Vec<Edge>,
}

/// One way on.
#[derive(Debug, Clone)]
pub(crate) struct Edge {
    /// The node that follows.
    pub(crate) to: Name,
}

impl Flow {
    /// Runs every check of shape; true where the shape is whole, so that its runs can be explored.
    pub(crate) fn check(&self, faults: &mut Faults) -> bool {
        let mut found = Faults::default();
        loop_without_task::check(self, &mut found);
        if !self.gaps {
            unreachable_node::check(self, &mut found);
            no_way_to_end::check(self, &mut found);
        }
        let whole = found.is_empty() && !self.gaps;
        faults.append(found);
        whole
    }

    /// The node called `name`.
    pub(crate) fn node(&self, name: &Name) -> Option<&Step> {
        self.nodes.iter().find(|node| node.name == *name)
    }

    /// The nodes that some run reaches.
    pub(crate) fn reached(&self) -> BTreeSet<Name> {
        let by_name = self.by_name();
        let mut reached = BTreeSet::new();
        let mut open = vec![self.start.clone()];
        while let Some(name) = open.pop() {
            if let Some(node) = by_name.get(&name)
                && reached.insert(name)
            {
                open.extend(node.edges.iter().map(|edge| edge.to.clone()));
            }
        }
        reached
    }

    /// The nodes from which some way leads to an end.
    pub(crate) fn ending(&self) -> BTreeSet<Name> {
        let mut before: BTreeMap<&Name, Vec<&Name>> = BTreeMap::new();
        for node in &self.nodes {
            for edge in &node.edges {
                before.entry(&edge.to).or_default().push(&node.name);
            }
        }
        let mut ending = BTreeSet::new();
        let mut open: Vec<&Name> = self.nodes.iter().filter(|node| node.end).map(|node| &node.name).collect();
        while let Some(name) = open.pop() {
            if ending.insert(name.clone()) {
                open.extend(before.get(name).into_iter().flatten().copied());
            }
        }
        ending
    }

    /// The circles of automatic nodes, each once, beginning with the node that is written first.
    pub(crate) fn automatic_cycles(&self) -> Vec<Vec<Name>> {
        let by_name = self.by_name();
        let left = self.leading_round(&by_name);
        let mut cycles = Vec::new();
        let mut done: BTreeSet<Name> = BTreeSet::new();
        for node in self.nodes.iter().filter(|node| left.contains(&node.name)) {
            if done.contains(&node.name) {
                continue;
            }
            if let Some(cycle) = way_back(&by_name, &node.name, &left) {
                done.extend(cycle.iter().cloned());
                cycles.push(cycle);
            }
        }
        cycles
    }

    /// The automatic nodes that are left when those are taken away, again and again, that lead to no automatic node.
    fn leading_round(&self, by_name: &BTreeMap<Name, &Step>) -> BTreeSet<Name> {
        let automatic = |name: &Name| by_name.get(name).is_some_and(|node| node.automatic);
        let mut left: BTreeSet<Name> = BTreeSet::new();
        let mut before: BTreeMap<&Name, Vec<&Name>> = BTreeMap::new();
        let mut leading: BTreeMap<&Name, usize> = BTreeMap::new();
        let mut open: Vec<&Name> = Vec::new();
        for node in self.nodes.iter().filter(|node| node.automatic) {
            left.insert(node.name.clone());
            let ways = node.edges.iter().filter(|edge| automatic(&edge.to));
            let count = ways.inspect(|edge| before.entry(&edge.to).or_default().push(&node.name)).count();
            leading.insert(&node.name, count);
            open.extend((count == 0).then_some(&node.name));
        }
        while let Some(name) = open.pop() {
            left.remove(name);
            for from in before.get(name).into_iter().flatten() {
                if let Some(count) = leading.get_mut(*from) {
                    *count = count.saturating_sub(1);
                    open.extend((*count == 0).then_some(*from));
                }
            }
        }
        left
    }

    fn by_name(&self) -> BTreeMap<Name, &Step> {
        self.nodes.iter().map(|node| (node.name.clone(), node)).collect()
    }
}

/// The shortest way from `from` back to itself over `nodes`.
fn way_back(by_name: &BTreeMap<Name, &Step>, from: &Name, nodes: &BTreeSet<Name>) -> Option<Vec<Name>> {
    let mut came: BTreeMap<Name, Name> = BTreeMap::new();
    let mut open = std::collections::VecDeque::from([from.clone()]);
    while let Some(name) = open.pop_front() {
        for edge in by_name.get(&name).into_iter().flat_map(|node| &node.edges) {
            if edge.to == *from {
                let mut way = vec![name.clone()];
                while let Some(before) = way.last().and_then(|last| came.get(last)) {
                    way.push(before.clone());
                }
                way.reverse();
                return Some(way);
            }
            if nodes.contains(&edge.to) && !came.contains_key(&edge.to) {
                came.insert(edge.to.clone(), name.clone());
                open.push_back(edge.to.clone());
            }
        }
    }
    None
}
