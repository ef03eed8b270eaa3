//! A date that can not be read.

use jiff::civil::Date;

use super::{Frame, Rule};
use crate::{
    diagnostic::Diagnostic,
    source::Place,
    value::why_no_date,
};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "bad-date",
    "日期写成 `2026-10-01`：四位年、两位月、两位日，并且确有这一天；一段日期的 `to` 不早于 `from`；`years:` 下面的键是四位数的年份。",
    "A date is written `2026-10-01`: four digits, two, two, and there is such a day. The `to` of a range is not before its `from`; the keys of `years:` are years of four digits.",
)
.explained(
    "日期写错",
    "A date that can not be read",
    Frame::Document,
    r"calendar: national
years:
  2026:
    holidays:
      - {name: 元旦, on: 2026-1-1}
  2027: {}",
    r"calendar: national
years:
  2026:
    holidays:
      - {name: 元旦, on: 2026-01-01}
  2027: {}",
);

pub(crate) fn fault(place: Place, text: &str) -> Diagnostic {
    let why = why_no_date(text);
    RULE.at(place, why.zh, why.en)
}

pub(crate) fn backwards(place: Place, from: Date, to: Date) -> Diagnostic {
    RULE.at(place, format!("`{to}` 早于这一段的第一天 `{from}`"), format!("`{to}` is before the first day of this range, `{from}`"))
        .help("请核对 `from` 和 `to`", "compare `from` and `to`")
}

pub(crate) fn no_year(place: Place, text: &str) -> Diagnostic {
    RULE.at(place, format!("`{text}` 不是年份"), format!("`{text}` is not a year")).help("请写四位数，如 `2026`", "write four digits, such as `2026`")
}
