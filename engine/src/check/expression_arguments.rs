//! A function with wrong arguments.

use super::{Frame, Rule};

/// The rule. The words of each fault come from the compiler of expressions.
pub(crate) const RULE: Rule = Rule::error(
    "expression-arguments",
    "函数的参数不对：个数或写法有误。每个函数的用法见 `docs/reference/configuration.md`。",
    "A function got arguments that it does not take. `docs/reference/configuration.md` shows how each is called.",
)
.explained(
    "函数的参数不对",
    "Wrong arguments of a function",
    Frame::Condition,
    "has(item.progress, item.percent)",
    "has(item.progress) && has(item.percent)",
);
