//! A day of a calendar that stands under another year than its own.

use jiff::civil::Date;

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "date-outside-year",
    "日历里每一天写在它所在的年份下面。跨年的假期请分成两段，各写在自己的年份下。",
    "Each day of a calendar stands under its own year. Split a holiday that runs over the turn of the year in two.",
)
.explained(
    "日期不在这一年",
    "A date of another year",
    Frame::Document,
    r"calendar: national
years:
  2026:
    holidays:
      - {name: 元旦, on: 2025-12-31}
  2027: {}",
    r"calendar: national
years:
  2026:
    holidays:
      - {name: 元旦, on: 2026-01-01}
  2027: {}",
);

pub(crate) fn fault(place: Place, date: Date, year: i16) -> Diagnostic {
    RULE.at(place, format!("`{date}` 不在 {year} 年"), format!("`{date}` does not lie in {year}")).help(
        format!("请把它移到 {} 年下面，或改正日期", date.year()),
        format!("move it below {}, or correct the date", date.year()),
    )
}
