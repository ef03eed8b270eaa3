//! A workflow that does not exist.

use super::{Frame, Rule, suggest};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "unknown-workflow",
    "没有这个名称的流程。流程写在 `workflows/` 下，第一个键是 `workflow: 名称`。",
    "There is no workflow of this name. Workflows lie in `workflows/`; their first key is `workflow: NAME`.",
)
.explained(
    "没有这个流程",
    "A workflow that is not there",
    Frame::Nodes,
    "draft: {call: lifecycles, then: {closed: {end: accepted}}}",
    "draft: {task: 填报, assign: {post: handler}, outcomes: {submit: {end: accepted}}}",
);

pub(crate) fn fault<'a>(place: Place, name: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let fault = RULE.at(place, format!("没有名为 `{name}` 的流程"), format!("there is no workflow called `{name}`"));
    match suggest::help(name, known) {
        Some((zh, en)) => fault.help(zh, en),
        None => fault,
    }
}
