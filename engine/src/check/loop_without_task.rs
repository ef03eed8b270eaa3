//! A cycle of nodes that the platform runs by itself.

use super::{Frame, Rule, flow::Flow};
use crate::diagnostic::Faults;

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "loop-without-task",
    "平台自动执行的节点（action、choose）首尾相接成了圈，会一直转下去。请在圈里放一个人工任务或阶段，或改其中一个去向。",
    "Nodes that the platform runs by itself (action, choose) form a circle and would run for ever. Put a task or a stage into it, or change where one of them leads.",
)
.explained(
    "自动节点转圈",
    "A circle that nobody can stop",
    Frame::Nodes,
    r"draft: {choose: [{when: has(item.progress), to: {end: accepted}}, {else: mark}]}
mark: {action: {set: {item.state: open}}, next: draft}",
    r"draft: {choose: [{when: has(item.progress), to: {end: accepted}}, {else: mark}]}
mark: {task: 填报, assign: {post: handler}, form: report, outcomes: {submit: draft}}",
);

pub(crate) fn check(flow: &Flow, faults: &mut Faults) {
    for cycle in flow.automatic_cycles() {
        let Some(first) = cycle.first().and_then(|name| flow.node(name)) else { continue };
        let mut path: Vec<String> = cycle.iter().map(|name| format!("`{name}`")).collect();
        path.push(format!("`{}`", first.name));
        let path = path.join(" → ");
        faults.push(
            RULE.at(
                first.place.clone(),
                format!("自动节点转成了圈：{path}"),
                format!("automatic nodes form a circle: {path}"),
            )
            .help(
                "请在圈里放一个人工任务（task）或阶段（stage），或改其中一个去向",
                "put a task or a stage into it, or change where one of them leads",
            ),
        );
    }
}
