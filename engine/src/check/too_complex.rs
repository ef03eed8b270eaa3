//! A workflow with more states than can be proved.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "too-complex",
    "这个流程的状态太多，证明不了它一定走得通。请把其中一段移到单独的流程里，用 `call` 调用：被调用的流程单独证明。",
    "The workflow has more states than can be proved. Move a part of it into a workflow of its own and `call` it: a called workflow is proved by itself.",
)
.explained(
    "流程太复杂，无法证明",
    "A workflow too complex to be proved",
    Frame::Nodes,
    r"draft: {fork: [left-1, right-1]}
left-1: {action: {set: {item.state: open}}, next: fork-2}
right-1: {action: {set: {item.state: open}}, next: fork-2}
# … fork-2, fork-3 and so on, each opening two branches that meet without a join",
    "draft: {task: 填报, assign: {post: handler}, outcomes: {submit: {end: accepted}}}",
);

pub(crate) fn fault(place: Place, fork: Option<&str>) -> Diagnostic {
    match fork {
        Some(fork) => RULE
            .at(place, format!("流程太复杂，无法证明，大部分状态在 `{fork}` 的分支里"), format!("the workflow is too complex to be proved; most of its states lie in the branches of `{fork}`"))
            .help(format!("请把 `{fork}` 的分支移到单独的流程里，用 `call` 调用"), format!("move the branches of `{fork}` into workflows of their own and `call` them")),
        None => RULE
            .at(place, "流程太复杂，无法证明", "the workflow is too complex to be proved")
            .help("请把一部分移到单独的流程里，用 `call` 调用", "move a part of it into a workflow of its own and `call` it"),
    }
}
