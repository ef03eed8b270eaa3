//! A condition that a list could not count by.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place, text::Text};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "not-in-sql-subset",
    "灯和权限的条件要能由数据库直接筛选和计数，所以只能用比较、`in`、`&&`、`||`、`!`、`overlaps`、日期加减时长这几种写法。",
    "The conditions of lights and policies select and count in the database, so they may use comparisons, `in`, `&&`, `||`, `!`, `overlaps` and dates plus or minus durations only.",
)
.explained(
    "不能用来筛选列表",
    "A condition that can not filter a list",
    Frame::PolicyRule,
    "{role: member, may: read, on: task, when: item.title.lower() == 'x'}",
    "{role: member, may: read, on: task, when: item.title == 'x'}",
);

/// A policy holds in all modules, which may go by different calendars.
pub(crate) fn no_calendar(place: Place) -> Diagnostic {
    RULE.at(
        place,
        "权限条件不能计算工作日：它适用于所有模块，而各模块的日历可以不同",
        "a policy can not count working days: it holds in every module, and these may go by different calendars",
    )
    .help("请改用日期加减时长，如 `today + duration('P3D')`", "move dates by durations: `today + duration('P3D')`")
}

pub(crate) fn fault(place: Place, message: Text, help: Option<Text>) -> Diagnostic {
    let fault = RULE.at(place, message.zh, message.en);
    match help {
        Some(help) => fault.help(help.zh, help.en),
        None => fault.help(
            "请改用比较、`in`、`&&`、`||`、`!`、`overlaps` 或日期加减时长",
            "use comparisons, `in`, `&&`, `||`, `!`, `overlaps`, or dates plus or minus durations",
        ),
    }
}
