//! An expression that nests too deeply.

use super::{Frame, Rule};

/// The rule. The words of each fault come from the compiler of expressions.
pub(crate) const RULE: Rule = Rule::error(
    "expression-too-deep",
    "表达式嵌套太深。请减少括号的层数。",
    "The expression is nested too deeply. Use fewer levels of brackets.",
)
.explained(
    "表达式嵌套太深",
    "An expression that is nested too deeply",
    Frame::Condition,
    "((((((((((((((((((((((((((((((((((((((((item.percent > 50))))))))))))))))))))))))))))))))))))))))",
    "item.percent > 50",
);
