//! Something that only a return has, on an outcome that is none.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "not-a-return",
    "`straight` 以及 `to: previous`、`to: starter` 只用于退回。名为 `return` 的结果就是退回；其他名称请加 `return: true`。",
    "`straight`, `to: previous` and `to: starter` belong to returns. An outcome called `return` is one; another name needs `return: true`.",
)
.explained(
    "不是退回",
    "A way back that is no return",
    Frame::Nodes,
    r"draft: {task: 填报, assign: {post: handler}, outcomes: {submit: review}}
review: {task: 审核, assign: {post: head}, outcomes: {approve: {end: accepted}, reject: {to: previous}}}",
    r"draft: {task: 填报, assign: {post: handler}, outcomes: {submit: review}}
review: {task: 审核, assign: {post: head}, outcomes: {approve: {end: accepted}, reject: {to: previous, return: true}}}",
);

pub(crate) fn fault(place: Place, outcome: &str) -> Diagnostic {
    RULE.at(place, format!("结果 `{outcome}` 不是退回"), format!("the outcome `{outcome}` is no return"))
        .help("请加 `return: true`", "add `return: true`")
}
