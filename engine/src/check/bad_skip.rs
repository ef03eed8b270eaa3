//! A step that is to be skipped by an outcome that the platform can not take for a person.

use super::{Frame, Rule, suggest};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "bad-skip",
    "`skip` 写一个向前走的结果：同一人已办过上一步时，平台代他选这个结果。它不能是退回，不能要求意见，任务的表单不能有必填字段；会签组不跳过。",
    "`skip` names an outcome that leads on, which the platform takes for somebody who has done the step before. It can be no return and require no comment, the task's form can have no required field, and a group is not skipped.",
)
.explained(
    "不能自动跳过",
    "A skip that can not be taken",
    Frame::Task,
    r"skip: submit
outcomes: {submit: {to: {end: accepted}, requires: [comment]}}",
    r"skip: submit
outcomes: {submit: {end: accepted}}",
);

pub(crate) fn unknown<'a>(place: Place, name: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let fault = RULE.at(place, format!("任务没有结果 `{name}`"), format!("the task has no outcome `{name}`"));
    match suggest::help(name, known) {
        Some((zh, en)) => fault.help(zh, en),
        None => fault,
    }
}

pub(crate) fn back(place: Place, name: &str) -> Diagnostic {
    RULE.at(place, format!("`{name}` 是退回，不能代人选择"), format!("`{name}` is a return and can not be taken for somebody"))
        .help("请写向前走的结果，如 `skip: approve`", "name an outcome that leads on, such as `skip: approve`")
}

pub(crate) fn comment(place: Place, name: &str) -> Diagnostic {
    RULE.at(place, format!("`{name}` 要求意见，不能代人选择"), format!("`{name}` requires a comment and can not be taken for somebody"))
        .help("请换一个结果，或去掉它的 `requires`", "name another outcome, or drop its `requires`")
}

pub(crate) fn form(place: Place, form: &str, field: &str) -> Diagnostic {
    RULE.at(
        place,
        format!("任务的表单 `{form}` 有必填字段 `{field}`，不能跳过"),
        format!("the task's form `{form}` has the required field `{field}`, so it can not be skipped"),
    )
    .help("请去掉 `skip`，或让表单没有必填字段", "drop `skip`, or use a form without required fields")
}

pub(crate) fn of_group(place: Place) -> Diagnostic {
    RULE.at(place, "会签组不能写 `skip`", "a group can have no `skip`")
        .help("请去掉 `skip` 或 `each`", "drop `skip` or `each`")
}
