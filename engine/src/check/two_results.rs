//! Branches that end the workflow with different results.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place, text::Text};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "two-results",
    "并行的分支各自结束，结果却不同，流程最后是哪个结果要看谁后结束。请让它们汇合（`join`）后再结束，或给同一个结果；要立即结束整个流程请写 `how: cancel`。",
    "Parallel branches end with different results, so that the result of the workflow depends on who is last. Join them first, give one result, or end the whole workflow at once with `how: cancel`.",
)
.explained(
    "分支的结果互相矛盾",
    "Branches that end differently",
    Frame::Nodes,
    r"draft: {task: 审核, assign: {post: head}, outcomes: {approve: both}}
both: {fork: [left, right]}
left: {task: 审核, assign: {post: head}, outcomes: {approve: {end: accepted}}}
right: {task: 审核, assign: {post: head}, outcomes: {approve: {end: accepted}, reject: {end: refused}}}",
    r"draft: {task: 审核, assign: {post: head}, outcomes: {approve: both}}
both: {fork: [left, right]}
left: {task: 审核, assign: {post: head}, outcomes: {approve: together}}
right: {task: 审核, assign: {post: head}, outcomes: {approve: together}}
together: {join: both, next: {end: accepted}}",
);

pub(crate) fn fault(place: Place, fork: &str, (first, first_run): (&str, &Text), (second, second_run): (&str, &Text)) -> Diagnostic {
    RULE.at(
        place,
        format!("`{fork}` 的分支可能以不同的结果结束：`{first}`（{}）和 `{second}`（{}）", first_run.zh, second_run.zh),
        format!("branches of `{fork}` can end with different results: `{first}` ({}) and `{second}` ({})", first_run.en, second_run.en),
    )
    .help("请先汇合再结束，或用 `how: cancel` 立即结束整个流程", "join them before the end, or end the whole workflow with `how: cancel`")
}
