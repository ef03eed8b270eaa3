//! A node that does not exist.

use super::{Frame, Rule, suggest};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "unknown-node",
    "流程里没有这个名称的节点。请核对 `nodes:` 下的名称，或写 `{end: 结果}` 来结束流程。",
    "The workflow has no node of this name. Compare the names below `nodes:`, or write `{end: RESULT}` to end the workflow.",
)
.explained(
    "没有这个节点",
    "A node that is not there",
    Frame::Task,
    "outcomes: {submit: {end: accepted}, return: drft}",
    "outcomes: {submit: {end: accepted}, return: draft}",
);

/// What people write where a run should end.
const ENDS: [&str; 6] = ["end", "stop", "finish", "the-end", "结束", "完成"];

pub(crate) fn fault<'a>(place: Place, name: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let fault = RULE.at(place, format!("没有名为 `{name}` 的节点"), format!("there is no node called `{name}`"));
    if ENDS.contains(&name.to_lowercase().as_str()) {
        return fault.help("要结束流程请写 `{end: 结果}`，如 `{end: done}`", "write `{end: RESULT}` to end the workflow, such as `{end: done}`");
    }
    match suggest::help(name, known) {
        Some((zh, en)) => fault.help(zh, en),
        None => fault,
    }
}
