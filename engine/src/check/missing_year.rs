//! A calendar that leaves out a year between two others.

use super::{Frame, Rule};
use crate::{
    diagnostic::{Diagnostic, Faults},
    source::Place,
};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "missing-year",
    "日历中间缺了一年：那一年会只按周末计算。请补上；没有特别安排的年份写 `年份: {}`。",
    "A calendar leaves out a year between two others, which would have weekends only. Add it; a year without holidays is written `YEAR: {}`.",
)
.explained(
    "日历缺一年",
    "A year that the calendar leaves out",
    Frame::Document,
    r"calendar: national
years: {2025: {}, 2027: {}}",
    r"calendar: national
years: {2025: {}, 2026: {}, 2027: {}}",
);

/// Reports each gap in `years`, which are sorted.
pub(crate) fn check(years: &[(i16, Place)], faults: &mut Faults) {
    for pair in years.windows(2) {
        if let [(before, _), (after, place)] = pair
            && after - before > 1
        {
            faults.push(fault(place.clone(), *before, *after));
        }
    }
}

fn fault(place: Place, before: i16, after: i16) -> Diagnostic {
    let (first, last) = (before + 1, after - 1);
    let (zh, en) =
        if first == last { (format!("{first}"), format!("{first}")) } else { (format!("{first} 至 {last}"), format!("{first} to {last}")) };
    RULE.at(
        place,
        format!("{after} 年之前缺 {zh} 年"),
        format!("before {after}, the calendar leaves out {en}"),
    )
    .help(format!("请补上 `{first}:`"), format!("add `{first}:`"))
}
