//! A task that ends with nothing.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "no-outcome",
    "人工任务必须有结果（按钮），否则办理人无法提交。请在 `outcomes:` 下写，如 `submit: 下一节点`。",
    "A task needs outcomes (buttons); without one nobody can complete it. Write them below `outcomes:`, such as `submit: NEXT-NODE`.",
)
.explained(
    "任务没有结果",
    "A task without outcomes",
    Frame::Nodes,
    "draft: {task: 填报, assign: {post: handler}, form: report}",
    "draft: {task: 填报, assign: {post: handler}, form: report, outcomes: {submit: {end: accepted}}}",
);

pub(crate) fn fault(place: Place, node: &str) -> Diagnostic {
    RULE.at(place, format!("任务 `{node}` 没有任何结果"), format!("task `{node}` has no outcome"))
        .help("请写 `outcomes: {submit: 下一节点}`", "write `outcomes: {submit: NEXT-NODE}`")
}
