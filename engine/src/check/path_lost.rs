//! A path that comes to a join which is not that of its own branches.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place, text::Text};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "path-lost",
    "一条路走到了不属于它的汇合节点，会在那里消失。`join` 只汇合它写明的那个 `fork` 或 `any` 的分支；自己没有汇合节点的 `fork`，由外层最近的汇合节点一并汇合。请让这条路走到自己的汇合节点，或绕过它。",
    "A path comes to a join that is not its own and is lost there. A `join` joins the branches of the `fork` or `any` that it names, and inside them those of forks without a join of their own; lead the path to its own join, or past this one.",
)
.explained(
    "走到了别的分支的汇合处",
    "A path that comes to a join of others",
    Frame::Nodes,
    r"draft: {task: 审核, assign: {post: head}, outcomes: {approve: outer}}
outer: {fork: [left, inner]}
left: {task: 审核, assign: {post: head}, outcomes: {approve: together}}
inner: {fork: [one, two]}
one: {task: 审核, assign: {post: head}, outcomes: {approve: together}}
two: {task: 审核, assign: {post: head}, outcomes: {approve: within}}
within: {join: inner, next: together}
together: {join: outer, next: {end: accepted}}",
    r"draft: {task: 审核, assign: {post: head}, outcomes: {approve: outer}}
outer: {fork: [left, inner]}
left: {task: 审核, assign: {post: head}, outcomes: {approve: together}}
inner: {fork: [one, two]}
one: {task: 审核, assign: {post: head}, outcomes: {approve: within}}
two: {task: 审核, assign: {post: head}, outcomes: {approve: within}}
within: {join: inner, next: together}
together: {join: outer, next: {end: accepted}}",
);

pub(crate) fn fault(place: Place, node: &str, of: &str, run: &Text) -> Diagnostic {
    RULE.at(
        place,
        format!("有一条路不是 `{of}` 的分支，却走到了它的汇合节点 `{node}`：{}", run.zh),
        format!("a path that is no branch of `{of}` comes to its join `{node}`: {}", run.en),
    )
    .help(
        format!("请改这条路的去向；若是退回，请写成退回（`return: true`），它会把 `{of}` 的分支一起收回"),
        format!("lead it elsewhere; if it is meant as a return, say `return: true`, which takes the branches of `{of}` back"),
    )
}
