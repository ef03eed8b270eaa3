//! A calendar that does not hold the year that is running, or the next one when it is near.
//!
//! Loading knows no day, so `docket check` asks with the day of its clock.

use jiff::civil::Date;

use super::{Frame, Rule};
use crate::{
    diagnostic::{Diagnostic, Faults},
    source::Place,
};

/// The rule.
pub(crate) const RULE: Rule = Rule::warning(
    "calendar-ends",
    "流程要算工作日，而日历没有今年的假日（12 月起也看明年的）：没有写的年份只按周末计算工作日。国务院办公厅一般在上一年 11 月公布，请照通知补上。",
    "A workflow counts working days, and the calendar does not hold the holidays of this year, or from December on those of the next: years that it does not hold have weekends only. Add them when they are published, usually in November.",
)
.explained(
    "日历快用完了",
    "A calendar that ends soon",
    Frame::Document,
    r"calendar: national
years: {2025: {}, 2026: {}}
---
workflow: approval
title: 汇报审批
start: draft
nodes:
  draft:
    task: 填报
    assign: {post: handler}
    due: {after: 3, unit: working-day}
    outcomes: {submit: {end: accepted}}",
    r"calendar: national
years: {2026: {}, 2027: {}}
---
workflow: approval
title: 汇报审批
start: draft
nodes:
  draft:
    task: 填报
    assign: {post: handler}
    due: {after: 3, unit: working-day}
    outcomes: {submit: {end: accepted}}",
);

/// Reports a calendar whose `years` lack what is needed on `today`.
pub(crate) fn check(place: &Place, name: &str, years: &[i16], today: Date, faults: &mut Faults) {
    let next = if today.month() == 12 { today.year() + 1 } else { today.year() };
    if let Some(missing) = [today.year(), next].into_iter().find(|year| !years.contains(year)) {
        faults.push(fault(place.clone(), name, missing));
    }
}

fn fault(place: Place, name: &str, year: i16) -> Diagnostic {
    RULE.at(
        place,
        format!("日历 `{name}` 没有 {year} 年的假日，那时只按周末计算工作日"),
        format!("the calendar `{name}` does not hold {year}: working days go by weekends only then"),
    )
    .help(
        format!("请在 `years:` 下补上 `{year}:`"),
        format!("add `{year}:` below `years:`"),
    )
}
