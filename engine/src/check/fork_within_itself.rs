//! A path that comes back to a fork inside a branch of it.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place, text::Text};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "fork-within-itself",
    "分支里的路又走回了打开它的 `fork` 或 `any`，每走一圈就多开一层分支，永远汇合不完。要回到前面请用退回（`return: true`），它会先收回各分支。",
    "A path inside a branch comes back to the `fork` or `any` that opened it, so that each round opens branches inside branches. To go back use a return (`return: true`), which takes the branches back first.",
)
.explained(
    "分支又回到自己的起点",
    "A branch that comes back to its fork",
    Frame::Nodes,
    r"draft: {task: 审核, assign: {post: head}, outcomes: {approve: both}}
both: {fork: [left, right]}
left: {task: 审核, assign: {post: head}, outcomes: {approve: together, reject: draft}}
right: {task: 审核, assign: {post: head}, outcomes: {approve: together}}
together: {join: both, next: {end: accepted}}",
    r"draft: {task: 审核, assign: {post: head}, outcomes: {approve: both}}
both: {fork: [left, right]}
left: {task: 审核, assign: {post: head}, outcomes: {approve: together, reject: {to: draft, return: true}}}
right: {task: 审核, assign: {post: head}, outcomes: {approve: together}}
together: {join: both, next: {end: accepted}}",
);

pub(crate) fn fault(place: Place, fork: &str, run: &Text) -> Diagnostic {
    RULE.at(
        place,
        format!("`{fork}` 的一条分支又走回了 `{fork}`：{}", run.zh),
        format!("a branch of `{fork}` comes back to `{fork}`: {}", run.en),
    )
    .help("请把回到前面的那条路写成退回：`return: true`", "make the way back a return: `return: true`")
}
