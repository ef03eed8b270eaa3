//! A node that no run ever reaches.

use super::{Frame, Rule, flow::Flow};
use crate::diagnostic::Faults;

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "unreachable-node",
    "从 `start` 出发，走哪条路都到不了这个节点，它永远不会发生。请让某个节点的结果、`next` 或 `to` 指向它，或删去它。",
    "No way from `start` leads to this node, so it never happens. Let an outcome, `next` or `to` of another node lead to it, or remove it.",
)
.explained(
    "没有路通向这个节点",
    "A node that nothing leads to",
    Frame::Nodes,
    r"draft: {task: 填报, assign: {post: handler}, outcomes: {submit: {end: accepted}}}
review: {task: 审核, assign: {post: head}, outcomes: {approve: {end: accepted}}}",
    r"draft: {task: 填报, assign: {post: handler}, outcomes: {submit: review}}
review: {task: 审核, assign: {post: head}, outcomes: {approve: {end: accepted}}}",
);

pub(crate) fn check(flow: &Flow, faults: &mut Faults) {
    let reached = flow.reached();
    for node in flow.nodes.iter().filter(|node| !node.implicit && !reached.contains(&node.name)) {
        faults.push(
            RULE.at(
                node.place.clone(),
                format!("从 `{}` 出发到不了节点 `{}`", flow.start, node.name),
                format!("node `{}` is never reached from `{}`", node.name, flow.start),
            )
            .help(
                format!("请让别的节点指向 `{}`，或删去它", node.name),
                format!("let another node lead to `{}`, or remove it", node.name),
            ),
        );
    }
}
