//! A button without a text.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "no-title",
    "这个按钮没有文字。常用的结果（submit、approve、return、reject、refuse、forward、accept、close 等）自带中英文，其余的要写 `zh` 和 `en`。",
    "This button has no text. The usual outcomes (submit, approve, return, reject, refuse, forward, accept, close, …) bring theirs; others need `zh` and `en`.",
)
.explained(
    "按钮没有文字",
    "A button without a text",
    Frame::Task,
    "outcomes: {submit: {end: accepted}, postpone: draft}",
    "outcomes: {submit: {end: accepted}, postpone: {zh: 暂缓, en: Postpone, to: draft}}",
);

pub(crate) fn fault(place: Place, name: &str) -> Diagnostic {
    RULE.at(place, format!("`{name}` 没有按钮文字"), format!("`{name}` has no text for its button")).help(
        format!("请写 `{name}: {{zh: 中文, en: English, …}}`"),
        format!("write `{name}: {{zh: 中文, en: English, …}}`"),
    )
}
