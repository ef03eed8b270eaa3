//! A node that is connected, and that no run reaches all the same.

use super::Rule;
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "dead-node",
    "图上有路通向这个节点，实际却没有一种走法能走到它（例如汇合节点的分支都先结束了）。请检查它前面的节点，或删去它。",
    "The node is connected, but no run ever comes to it (a join, say, whose branches all end before it). Look at what stands before it, or remove it.",
);

pub(crate) fn fault(place: Place, node: &str) -> Diagnostic {
    RULE.at(place, format!("没有一种走法能走到节点 `{node}`"), format!("no run ever comes to node `{node}`"))
        .help("请检查通向它的节点，或删去它", "look at the nodes that lead to it, or remove it")
}
