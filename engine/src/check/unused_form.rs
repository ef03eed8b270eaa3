//! A form that nothing uses.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::warning(
    "unused-form",
    "没有种类、任务或操作用到这个表单。如果不再需要，请删去文件；否则请核对用它的地方是否拼写有误。",
    "No kind, task or offer uses this form. Remove the file if it is no longer needed; otherwise check the places that should use it.",
)
.explained(
    "没有用到的表单",
    "A form that nothing uses",
    Frame::Document,
    r"form: spare
title: 备用
properties: {note: {type: string, title: 说明}}",
    r"form: suspension
title: 中止
properties: {reason: {type: string, title: 原因}}",
);

pub(crate) fn fault(place: Place, name: &str) -> Diagnostic {
    RULE.at(place, format!("没有地方用到表单 `{name}`"), format!("nothing uses the form `{name}`"))
        .help("请删去它，或在种类、任务、操作里写 `form:` 引用它", "remove it, or name it in `form:` of a kind, task or offer")
}
