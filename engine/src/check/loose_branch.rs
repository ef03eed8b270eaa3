//! A branch that may be left running and that leads elsewhere than to its join.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place, text::Text};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "loose-branch",
    "`rest: stay` 让没等到的分支继续走，这样的分支只能走到汇合节点为止，不能退回到 `fork` 之前，也不能自己结束流程。请改分支的去向，或不写 `rest: stay`。",
    "With `rest: stay` branches that were not waited for go on by themselves; such a branch can only lead to its join, not back before the `fork` nor to an end. Change where it leads, or leave `rest: stay` out.",
)
.explained(
    "有一条分支不回来",
    "A branch that does not come to its join",
    Frame::Nodes,
    r"draft: {task: 审核, assign: {post: head}, outcomes: {approve: both}}
both: {fork: [left, right]}
left: {task: 审核, assign: {post: head}, outcomes: {approve: first}}
right: {task: 审核, assign: {post: head}, outcomes: {approve: first, return: draft}}
first: {join: both, count: 1, rest: stay, next: {end: accepted}}",
    r"draft: {task: 审核, assign: {post: head}, outcomes: {approve: both}}
both: {fork: [left, right]}
left: {task: 审核, assign: {post: head}, outcomes: {approve: first}}
right: {task: 审核, assign: {post: head}, outcomes: {approve: first}}
first: {join: both, count: 1, rest: stay, next: {end: accepted}}",
);

pub(crate) fn fault(place: Place, fork: &str, join: &str, run: &Text) -> Diagnostic {
    RULE.at(
        place,
        format!("`{join}` 不等的分支会离开 `{fork}`，而没有走到 `{join}`：{}", run.zh),
        format!("a branch that `{join}` does not wait for leaves `{fork}` without coming to `{join}`: {}", run.en),
    )
    .help("请让它走到汇合节点，或不写 `rest: stay`", "lead it to the join, or leave `rest: stay` out")
}
