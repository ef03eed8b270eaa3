//! Working days are asked for, and there is no calendar.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::warning(
    "no-calendar",
    "用到了工作日，却没有日历：只有星期六、星期日算休息日，节假日和调休都不计。请在 `calendars/` 里放一个日历。",
    "Working days are asked for and there is no calendar, so that only Saturday and Sunday are free and holidays are worked. Put a calendar into `calendars/`.",
)
.explained(
    "没有日历",
    "No calendar",
    Frame::Task,
    "due: add_workdays(item.parent.next_due, -2)",
    "due: item.parent.next_due",
);

pub(crate) fn fault(place: Place) -> Diagnostic {
    RULE.at(place, "没有日历，工作日只按周末计算", "there is no calendar: working days go by weekends only")
        .help("请加上一个 `calendar: …` 文档", "add a document `calendar: …`")
}
