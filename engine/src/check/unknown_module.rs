//! A module that does not exist.

use super::{Frame, Rule, suggest};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "unknown-module",
    "没有这个名称的模块。模块写在 `modules/` 下，第一个键是 `module: 名称`。",
    "There is no module of this name. Modules lie in `modules/`; their first key is `module: NAME`.",
)
.explained(
    "没有这个模块",
    "A module that is not there",
    Frame::Document,
    r"scenario: 办结后灯变蓝
module: legder
given: {item: {kind: task, title: 示例, lead_unit: 财政局}}
steps: []",
    r"template: reminder
title: 提醒
body: 请办理。",
);

pub(crate) fn fault<'a>(place: Place, name: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let fault = RULE.at(place, format!("没有名为 `{name}` 的模块"), format!("there is no module called `{name}`"));
    match suggest::help(name, known) {
        Some((zh, en)) => fault.help(zh, en),
        None => fault,
    }
}
