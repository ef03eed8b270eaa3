//! A module that does not say which of several calendars counts.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "which-calendar",
    "有几个日历时，每个模块要用 `calendar:` 写明按哪一个计算工作日；只有一个时不用写。",
    "Where there are several calendars, each module says by `calendar:` which one its working days go by. A single one needs no word.",
)
.explained(
    "没有说用哪个日历",
    "Which of several calendars",
    Frame::Document,
    r"calendar: court
years: {2026: {}, 2027: {}}
---
calendar: national
years: {2026: {}, 2027: {}}",
    r"calendar: national
years: {2026: {}, 2027: {}}",
);

pub(crate) fn fault<'a>(place: Place, module: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let known: Vec<String> = known.into_iter().map(|name| format!("`{name}`")).collect();
    RULE.at(
        place,
        format!("模块 `{module}` 没有写明用哪个日历"),
        format!("the module `{module}` does not say which calendar it goes by"),
    )
    .help(
        format!("请写 `calendar: 名称`；有 {}", known.join("、")),
        format!("write `calendar: NAME`; there is {}", known.join(", ")),
    )
}
