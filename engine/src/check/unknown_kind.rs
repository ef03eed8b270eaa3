//! A kind that does not exist.

use super::{Frame, Rule, suggest};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "unknown-kind",
    "没有这个名称的事项种类。种类写在模块的 `kinds:` 下。",
    "There is no kind of this name. Kinds stand below `kinds:` of a module.",
)
.explained(
    "没有这个事项种类",
    "A kind that is not there",
    Frame::Module,
    "cockpit: [{chart: lights, of: tasks, by: lead_unit, title: 按单位}]",
    "cockpit: [{chart: lights, of: task, by: lead_unit, title: 按单位}]",
);

pub(crate) fn fault<'a>(place: Place, name: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let fault = RULE.at(place, format!("没有名为 `{name}` 的事项种类"), format!("there is no kind called `{name}`"));
    match suggest::help(name, known) {
        Some((zh, en)) => fault.help(zh, en),
        None => fault,
    }
}
