//! An expression that can not be read.

use super::{Frame, Rule};

/// The rule. The words of each fault come from the compiler of expressions.
pub(crate) const RULE: Rule = Rule::error(
    "expression-syntax",
    "表达式写法有误：括号、引号或运算符不成对，或写了不认识的符号。文字用单引号，相等写 `==`，并且写 `&&`，或者写 `||`。",
    "The expression can not be read: brackets, quotes or operators do not match, or a sign is unknown. Texts stand in single quotes; equal is `==`, and `&&`, or `||`.",
)
.explained(
    "表达式写法有误",
    "An expression that can not be read",
    Frame::Condition,
    "item.percent = 100",
    "item.percent == 100",
);
