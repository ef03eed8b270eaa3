//! A function that does not exist.

use super::{Frame, Rule};

/// The rule. The words of each fault come from the compiler of expressions.
pub(crate) const RULE: Rule = Rule::error(
    "unknown-function",
    "没有这个函数。可用的函数见 `docs/reference/configuration.md`。",
    "There is no such function. `docs/reference/configuration.md` lists them.",
)
.explained(
    "没有这个函数",
    "A function that is not there",
    Frame::Condition,
    "isEmpty(item.progress)",
    "has(item.progress)",
);
