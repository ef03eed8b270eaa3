//! A duration that can not be read.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place, value::NotASpan};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "bad-duration",
    "时长按 ISO 8601 书写：`P3D` 是 3 天，`P1W` 是 1 周，`PT30M` 是 30 分钟。月和年长短不一，请换算成天。工作日写成 `after: 3, unit: working-day`。",
    "Durations are written as in ISO 8601: `P3D` is 3 days, `P1W` a week, `PT30M` 30 minutes. Months and years differ in length: write days. Working days are written `after: 3, unit: working-day`.",
)
.explained(
    "时长写错",
    "A duration that can not be read",
    Frame::Task,
    "on: [{after: 3天, do: {notify: reminder, to: assignees}}]",
    "on: [{after: P3D, do: {notify: reminder, to: assignees}}]",
);

pub(crate) fn fault(place: Place, error: NotASpan) -> Diagnostic {
    RULE.at(place, error.0.zh, error.0.en)
}

pub(crate) fn out_of_range(place: Place, count: i64, most: i64) -> Diagnostic {
    RULE.at(place, format!("`{count}` 应在 1 到 {most} 之间"), format!("`{count}` must lie between 1 and {most}"))
        .help("请写这个范围内的整数", "write a whole number between them")
}

pub(crate) fn no_days(place: Place) -> Diagnostic {
    RULE.at(place, "任务的 `due` 是日期，只能按整天推算", "the `due` of a task is a date and moves by whole days").help(
        "请用天或工作日；按小时请写在 `on:` 下的 `after:`",
        "use days or working days; hours belong into an `after:` below `on:`",
    )
}

pub(crate) fn not_positive(place: Place, text: &str) -> Diagnostic {
    RULE.at(place, format!("时长 `{text}` 必须大于零"), format!("the duration `{text}` must be longer than nothing"))
        .help("请写如 `P7D`", "write `P7D`, for instance")
}
