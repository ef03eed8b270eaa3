//! A node that is connected, and that no run reaches all the same.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "dead-node",
    "图上有路通向这个节点，实际却没有一种走法能走到它（例如汇合节点的分支都先结束了）。请检查它前面的节点，或删去它。",
    "The node is connected, but no run ever comes to it (a join, say, whose branches all end before it). Look at what stands before it, or remove it.",
)
.explained(
    "永远走不到的节点",
    "A node that no run reaches",
    Frame::Nodes,
    r"draft: {task: 填报, assign: {post: handler}, outcomes: {submit: review}}
review:
  task: 审核
  assign: {post: head}
  outcomes:
    approve: {end: accepted}
    return: {to: mend, straight: true}
mend: {task: 修改, assign: {post: handler}, outcomes: {submit: extra}}
extra: {task: 补充, assign: {post: handler}, outcomes: {submit: review}}",
    r"draft: {task: 填报, assign: {post: handler}, outcomes: {submit: review}}
review:
  task: 审核
  assign: {post: head}
  outcomes:
    approve: {end: accepted}
    return: {to: mend, straight: true}
mend: {task: 修改, assign: {post: handler}, outcomes: {submit: review}}",
);

pub(crate) fn fault(place: Place, node: &str) -> Diagnostic {
    RULE.at(place, format!("没有一种走法能走到节点 `{node}`"), format!("no run ever comes to node `{node}`"))
        .help("请检查通向它的节点，或删去它", "look at the nodes that lead to it, or remove it")
}
