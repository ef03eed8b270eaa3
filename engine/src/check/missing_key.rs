//! A key that must be there is not.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "missing-key",
    "缺少必须写的键。请在标出的键下面（或同一对花括号里）补上。",
    "A key that must be there is missing. Add it below the marked key (or inside the same braces).",
)
.explained(
    "缺少必须写的键",
    "A key that is missing",
    Frame::Nodes,
    "draft: {task: 填报, outcomes: {submit: {end: accepted}}}",
    "draft: {task: 填报, assign: {post: handler}, outcomes: {submit: {end: accepted}}}",
);

pub(crate) fn fault(place: Place, key: &str) -> Diagnostic {
    RULE.at(place, format!("缺少键 `{key}`"), format!("the key `{key}` is missing"))
        .help(format!("请补上 `{key}: …`"), format!("add `{key}: …`"))
}
