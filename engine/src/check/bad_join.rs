//! A `fork` with fewer than two branches, or a `join` of something that opens none.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "bad-join",
    "`fork` 至少有两条分支；`join` 写明它汇合哪个 `fork` 或 `any` 节点的分支，`count` 是要等的分支数（至少 1）。",
    "A `fork` has two branches or more; a `join` names the `fork` or `any` whose branches it joins, `count` how many it waits for (at least 1).",
)
.explained(
    "分支或汇合写错",
    "A fork or join that joins nothing",
    Frame::Nodes,
    r"draft: {task: 审核, assign: {post: head}, outcomes: {approve: both}}
both: {fork: [left]}
left: {task: 审核, assign: {post: head}, outcomes: {approve: together}}
together: {join: both, next: {end: accepted}}",
    r"draft: {task: 审核, assign: {post: head}, outcomes: {approve: both}}
both: {fork: [left, right]}
left: {task: 审核, assign: {post: head}, outcomes: {approve: together}}
right: {task: 审核, assign: {post: head}, outcomes: {approve: together}}
together: {join: both, next: {end: accepted}}",
);

pub(crate) fn one_branch(place: Place) -> Diagnostic {
    RULE.at(place, "`fork` 少于两条分支", "a `fork` with fewer than two branches")
        .help("请至少写两个目标：`fork: [甲, 乙]`；只有一条路时不需要 `fork`", "give two targets or more: `fork: [a, b]`; one way alone needs no `fork`")
}

pub(crate) fn opens_none(place: Place, of: &str) -> Diagnostic {
    RULE.at(place, format!("节点 `{of}` 不开分支，没有可以汇合的"), format!("node `{of}` opens no branches that could be joined"))
        .help("请写一个 `fork` 或 `any` 节点的名字", "name a `fork` or an `any` node")
}

pub(crate) fn no_count(place: Place) -> Diagnostic {
    RULE.at(place, "`count` 要是不小于 1 的整数", "`count` must be a whole number of at least 1")
        .help("不写 `count` 就等所有还在进行的分支", "without `count` it waits for all branches that are under way")
}
