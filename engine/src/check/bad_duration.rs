//! A duration that can not be read.

use super::Rule;
use crate::{diagnostic::Diagnostic, source::Place, value::NotASpan};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "bad-duration",
    "时长按 ISO 8601 书写：`P3D` 是 3 天，`P1W` 是 1 周，`PT30M` 是 30 分钟。月和年长短不一，请换算成天。",
    "Durations are written as in ISO 8601: `P3D` is 3 days, `P1W` a week, `PT30M` 30 minutes. Months and years differ in length: write days.",
);

pub(crate) fn fault(place: Place, error: NotASpan) -> Diagnostic {
    RULE.at(place, error.0.zh, error.0.en)
}

pub(crate) fn not_positive(place: Place, text: &str) -> Diagnostic {
    RULE.at(place, format!("时长 `{text}` 必须大于零"), format!("the duration `{text}` must be longer than nothing"))
        .help("请写如 `P7D`", "write `P7D`, for instance")
}
