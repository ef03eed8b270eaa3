//! A calendar that does not exist.

use super::{Frame, Rule, suggest};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "unknown-calendar",
    "没有这个日历。请核对日历文件开头的 `calendar:` 名称。",
    "There is no such calendar. Compare the names behind `calendar:` in the files of calendars.",
)
.explained(
    "没有这个日历",
    "A calendar that is not there",
    Frame::Document,
    r"module: ledger
title: 台账
calendar: nationals
kinds:
  task: {title: 任务, form: task, workflow: lifecycle}
  report: {title: 汇报, parent: task, form: report, workflow: approval}
---
calendar: national
years: {2026: {}, 2027: {}}",
    r"module: ledger
title: 台账
calendar: national
kinds:
  task: {title: 任务, form: task, workflow: lifecycle}
  report: {title: 汇报, parent: task, form: report, workflow: approval}
---
calendar: national
years: {2026: {}, 2027: {}}",
);

pub(crate) fn fault<'a>(place: Place, name: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let fault = RULE.at(place, format!("没有名为 `{name}` 的日历"), format!("there is no calendar called `{name}`"));
    match suggest::help(name, known) {
        Some((zh, en)) => fault.help(zh, en),
        None => fault,
    }
}
