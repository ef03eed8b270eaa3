//! A day that stands twice in a calendar.

use jiff::civil::Date;

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place, text::Text};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "duplicate-date",
    "日历里同一天写了两次：不知道它算哪个假日，或者究竟放假还是上班。请留下一个。",
    "A day stands twice in a calendar: which holiday is it, or is it free or worked? Keep one of the two.",
)
.explained(
    "同一天写了两次",
    "A day that stands twice",
    Frame::Document,
    r"calendar: national
years:
  2026:
    holidays:
      - {name: 元旦, on: [2026-01-01, 2026-01-01]}
  2027: {}",
    r"calendar: national
years:
  2026:
    holidays:
      - {name: 元旦, on: [2026-01-01, 2026-01-02]}
  2027: {}",
);

pub(crate) fn fault(place: Place, date: Date, first: &Text, there: Place) -> Diagnostic {
    RULE.at(place, format!("`{date}` 已经是“{}”", first.zh), format!("`{date}` is “{}” already", first.en))
        .help("请删去其中一个", "remove one of the two")
        .related(there, "第一个在这里", "the first one is here")
}
