//! A form that does not exist.

use super::{Frame, Rule, suggest};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "unknown-form",
    "没有这个名称的表单。表单写在 `forms/` 下，第一个键是 `form: 名称`。",
    "There is no form of this name. Forms lie in `forms/`; their first key is `form: NAME`.",
)
.explained(
    "没有这个表单",
    "A form that is not there",
    Frame::Task,
    "form: reports",
    "form: report",
);

pub(crate) fn fault<'a>(place: Place, name: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let fault = RULE.at(place, format!("没有名为 `{name}` 的表单"), format!("there is no form called `{name}`"));
    match suggest::help(name, known) {
        Some((zh, en)) => fault.help(zh, en),
        None => fault,
    }
}
