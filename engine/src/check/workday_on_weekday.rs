//! A day worked in place of a weekend day that is no weekend day.

use jiff::civil::Date;

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place, text::Text};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "workday-on-weekday",
    "`workdays:` 列的是调休上班的休息日；这一天本来就上班，多半是日期写错了。",
    "`workdays:` lists days of the weekend that are worked. This day is a working day anyway: the date is probably wrong.",
)
.explained(
    "本来就是工作日",
    "A working day that is one anyway",
    Frame::Document,
    r"calendar: national
years:
  2026:
    workdays:
      - {name: 调休, on: 2026-02-16}
  2027: {}",
    r"calendar: national
years:
  2026:
    workdays:
      - {name: 调休, on: 2026-02-14}
  2027: {}",
);

pub(crate) fn fault(place: Place, date: Date) -> Diagnostic {
    let day = weekday(date);
    RULE.at(
        place,
        format!("`{date}` 是{}，本来就是工作日", day.zh),
        format!("`{date}` is a {}, a working day anyway", day.en),
    )
    .help("请核对日期，或删去这一天", "compare the date, or remove it")
}

fn weekday(date: Date) -> Text {
    use jiff::civil::Weekday as W;
    match date.weekday() {
        W::Monday => Text::new("星期一", "Monday"),
        W::Tuesday => Text::new("星期二", "Tuesday"),
        W::Wednesday => Text::new("星期三", "Wednesday"),
        W::Thursday => Text::new("星期四", "Thursday"),
        W::Friday => Text::new("星期五", "Friday"),
        W::Saturday => Text::new("星期六", "Saturday"),
        W::Sunday => Text::new("星期日", "Sunday"),
    }
}
