//! A calendar whose weekend is the whole week.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "no-workday",
    "日历的 `weekend:` 写了全部七天，就没有工作日可算了。请至少留下一天。",
    "The `weekend:` of a calendar is all seven days, so that there is no working day to count. Leave one out.",
)
.explained(
    "没有工作日",
    "No working day is left",
    Frame::Document,
    r"calendar: national
weekend: [mon, tue, wed, thu, fri, sat, sun]
years: {2026: {}, 2027: {}}",
    r"calendar: national
weekend: [sat, sun]
years: {2026: {}, 2027: {}}",
);

pub(crate) fn fault(place: Place) -> Diagnostic {
    RULE.at(place, "一周七天都是休息日，没有工作日", "all seven days are free: no working day is left")
        .help("一般写 `weekend: [sat, sun]`", "the usual one is `weekend: [sat, sun]`")
}
