//! The branches that each node lies in: what a return has to leave, and to open.
//!
//! A node lies in branch *b* of a `fork` or `any` when every way from the start to it goes through that branch and not through
//! its join. Returns do not count as ways, so that a return into a branch does not pull the node out of it. It is found as the
//! longest common part of all ways, from the start on.

use std::collections::{BTreeMap, VecDeque};

use super::workflow::{Node, NodeKind};
use crate::text::Name;

/// The branches of a node, the outermost first: fork and branch.
pub type Region = Vec<(Name, u16)>;

/// The region of each node of a workflow; nodes in no branch are left out.
#[must_use]
pub fn regions(start: &Name, nodes: &BTreeMap<Name, Node>) -> BTreeMap<Name, Region> {
    let mut found: BTreeMap<Name, Region> = BTreeMap::from([(start.clone(), Region::new())]);
    let mut open = VecDeque::from([start.clone()]);
    while let Some(name) = open.pop_front() {
        let (Some(node), Some(region)) = (nodes.get(&name), found.get(&name).cloned()) else { continue };
        for (to, region) in ways(node, &region) {
            let met = match found.get(&to) {
                None => region,
                Some(before) => {
                    let shared = before.iter().zip(&region).take_while(|(a, b)| a == b).count();
                    if shared == before.len() {
                        continue;
                    }
                    before.iter().take(shared).cloned().collect()
                }
            };
            found.insert(to.clone(), met);
            open.push_back(to);
        }
    }
    found.retain(|_, region| !region.is_empty());
    found
}

/// Where a node leads, and which region a token is in there; returns left out.
fn ways(node: &Node, region: &Region) -> Vec<(Name, Region)> {
    let here = |to: &Name| (to.clone(), region.clone());
    let branch = |(place, to): (u16, &Name)| {
        let mut inner = region.clone();
        inner.push((node.name.clone(), place));
        (to.clone(), inner)
    };
    let events = node.boundary.iter().filter_map(|boundary| boundary.to.as_ref()).map(here);
    match &node.kind {
        NodeKind::Fork(branches) => (0..).zip(branches).map(branch).chain(events).collect(),
        NodeKind::Any(choose) => {
            let branches = choose.branches.iter().map(|(_, to)| to);
            (0..).zip(branches.chain([&choose.otherwise])).map(branch).chain(events).collect()
        }
        NodeKind::Join(join) => {
            let outer = region.iter().position(|(fork, _)| *fork == join.of).unwrap_or(region.len());
            vec![(join.next.clone(), region.iter().take(outer).cloned().collect())]
        }
        _ => node.ways().filter(|way| !way.back).map(|way| here(way.to)).collect(),
    }
}
