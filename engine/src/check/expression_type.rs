//! An expression whose types do not fit.

use super::{Frame, Rule};

/// The rule. The words of each fault come from the compiler of expressions.
pub(crate) const RULE: Rule = Rule::error(
    "expression-type",
    "表达式里的类型对不上：例如日期与文字比较，或此处需要日期却给出了单位。",
    "Types do not fit: a date compared with a text, for instance, or a unit where a date is needed.",
)
.explained(
    "类型对不上",
    "Types that do not fit",
    Frame::Condition,
    "item.period_due > '2026-12-31'",
    "item.period_due > date('2026-12-31')",
);
