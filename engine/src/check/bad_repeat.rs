//! A timer that repeats too often, or so many times.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "bad-repeat",
    "重复的定时事件至少间隔一分钟；`times` 是总共发生的次数，从 1 到 1000。不写 `times`，就一直重复到离开节点。",
    "A timer repeats at most once a minute; `times` says how often it happens in all, 1 to 1000. Without `times` it repeats until the node is left.",
)
.explained(
    "重复提醒写错",
    "A repetition that is not allowed",
    Frame::Task,
    "on: [{after: P1D, every: PT10S, do: {notify: reminder, to: assignees}}]",
    "on: [{after: P1D, every: P1D, do: {notify: reminder, to: assignees}}]",
);

pub(crate) fn too_often(place: Place, every: &str) -> Diagnostic {
    RULE.at(place, format!("每隔 `{every}` 太频繁"), format!("every `{every}` is too often"))
        .help("请写至少 `PT1M`（一分钟）", "write at least `PT1M`, a minute")
}

pub(crate) fn times(place: Place, times: i64, most: i64) -> Diagnostic {
    RULE.at(place, format!("次数 `{times}` 应在 1 到 {most} 之间"), format!("`{times}` times must lie between 1 and {most}"))
        .help("不写 `times`，就一直重复到离开节点", "without `times` it repeats until the node is left")
}
