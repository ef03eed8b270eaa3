//! An expression that is too long.

use super::{Frame, Rule};

/// The rule. The words of each fault come from the compiler of expressions.
pub(crate) const RULE: Rule = Rule::error(
    "expression-too-long",
    "表达式太长。请拆成几步，例如先用 `set` 把中间结果写到字段里。",
    "The expression is too long. Split it, for instance by setting a field first.",
)
.explained(
    "表达式太长",
    "An expression that is too long",
    Frame::Condition,
    "item.percent == 1 || item.percent == 2 || item.percent == 3 || …",
    "item.percent in [1, 2, 3]",
);
