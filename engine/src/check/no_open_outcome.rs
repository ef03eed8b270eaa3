//! A task whose outcomes all depend on conditions.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "no-open-outcome",
    "任务的每个结果都带 `if`，条件都不成立时谁也办不完它。请至少让一个不是退回的结果不带 `if`，或在前面用 `choose` 分开。",
    "Every outcome of the task has an `if`: where none of them holds, nobody can complete it. Let one outcome that is no return stand without `if`, or part the ways by a `choose` before it.",
)
.explained(
    "可能没有结果可选",
    "A task that may offer no outcome",
    Frame::Task,
    "outcomes: {submit: {if: today > item.parent.next_due, to: {end: accepted}}}",
    "outcomes: {submit: {end: accepted}, approve: {if: today > item.parent.next_due, to: {end: accepted}}}",
);

pub(crate) fn fault(place: Place, node: &str) -> Diagnostic {
    RULE.at(
        place,
        format!("任务 `{node}` 的结果都有条件，可能一个都不能选"),
        format!("all outcomes of task `{node}` have conditions: there may be none to choose"),
    )
    .help("请让一个结果不带 `if`", "let one of the outcomes stand without `if`")
}
