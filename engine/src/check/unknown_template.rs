//! A template that does not exist.

use super::{Frame, Rule, suggest};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "unknown-template",
    "没有这个名称的通知模板。模板写在 `templates/` 下，第一个键是 `template: 名称`。",
    "There is no template of this name. Templates lie in `templates/`; their first key is `template: NAME`.",
)
.explained(
    "没有这个通知模板",
    "A template that is not there",
    Frame::Task,
    "on: [{after: P3D, do: {notify: remind, to: assignees}}]",
    "on: [{after: P3D, do: {notify: reminder, to: assignees}}]",
);

pub(crate) fn fault<'a>(place: Place, name: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let fault = RULE.at(place, format!("没有名为 `{name}` 的通知模板"), format!("there is no template called `{name}`"));
    match suggest::help(name, known) {
        Some((zh, en)) => fault.help(zh, en),
        None => fault,
    }
}
