//! A node from which no end can be reached.

use super::{Frame, Rule, flow::Flow};
use crate::diagnostic::Faults;

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "no-way-to-end",
    "流程走到这个节点后，不论怎么选都结束不了。请在它后面某处加一条通向 `end` 节点或 `{end: 结果}` 的路。",
    "Once a run has come to this node, no choice ever ends it. Add a way to an `end` node or `{end: RESULT}` somewhere behind it.",
)
.explained(
    "没有通向结束的路",
    "No way to an end",
    Frame::Nodes,
    r"draft: {task: 填报, assign: {post: handler}, outcomes: {submit: review}}
review: {task: 审核, assign: {post: head}, outcomes: {return: draft}}",
    r"draft: {task: 填报, assign: {post: handler}, outcomes: {submit: review}}
review: {task: 审核, assign: {post: head}, outcomes: {return: draft, approve: {end: accepted}}}",
);

pub(crate) fn check(flow: &Flow, faults: &mut Faults) {
    let reached = flow.reached();
    let ending = flow.ending();
    let stuck = |name: &crate::text::Name| reached.contains(name) && !ending.contains(name);
    for node in flow.nodes.iter().filter(|node| stuck(&node.name)) {
        // One fault for each place where a run gets stuck: a node before it, which leads into it, is not at fault.
        let entered = flow.nodes.iter().any(|before| {
            before.name != node.name && stuck(&before.name) && before.edges.iter().any(|edge| edge.to == node.name)
        });
        if entered && !node.edges.is_empty() && node.name != flow.start {
            continue;
        }
        faults.push(
            RULE.at(
                node.place.clone(),
                format!("从节点 `{}` 走下去永远到不了结束", node.name),
                format!("from node `{}` on, no end is ever reached", node.name),
            )
            .help(
                "请加一条通向 `end` 节点或 `{end: 结果}` 的路",
                "add a way to an `end` node or to `{end: RESULT}`",
            ),
        );
    }
}
