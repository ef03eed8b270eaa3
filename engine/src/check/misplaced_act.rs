//! An act that has no meaning where it stands.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "misplaced-act",
    "`reassign` 把本节点的任务改派给别人，只能写在任务、阶段或调用节点的 `on` 事件里；`http` 调用外部系统并等待答复，只能单独写在 `action` 里。",
    "`reassign` gives the tasks of its node to others: only events (`on`) of a task, a stage or a call have it. `http` asks another system and waits for the answer: only an `action` has it, and nothing else beside it.",
)
.explained(
    "动作放错了地方",
    "An act in the wrong place",
    Frame::Nodes,
    "draft: {action: {reassign: {post: head}}, next: {end: accepted}}",
    "draft: {task: 填报, assign: {post: handler}, on: [{after: P3D, do: {reassign: {post: head}}}], outcomes: {submit: {end: accepted}}}",
);

pub(crate) fn reassign(place: Place) -> Diagnostic {
    RULE.at(place, "这里没有可以改派的任务", "there is no task here that could be reassigned")
        .help("请写在任务节点的 `on` 事件里", "write it in an event (`on`) of a task")
}

pub(crate) fn http(place: Place) -> Diagnostic {
    RULE.at(place, "`http` 只能写在 `action` 节点里", "only an `action` node has `http`")
        .help("请另设一个节点：`action: {http: …}`", "give it a node of its own: `action: {http: …}`")
}

pub(crate) fn not_alone(place: Place) -> Diagnostic {
    RULE.at(place, "`http` 旁边不能有别的动作", "`http` can have no other act beside it")
        .help("请把别的动作写到前后的节点里", "write the others into a node before or behind it")
}
