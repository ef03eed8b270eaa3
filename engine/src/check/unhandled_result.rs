//! A result that a called workflow can have and nobody handles, or one that it can not have.

use super::{Frame, Rule, suggest};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "unhandled-result",
    "调用子流程时，要为它的每一种结束结果写明去向；也不能写它不会有的结果。子流程的结果是它各个 `end` 的名称。",
    "A call must say what follows each result that the called workflow can have, and name no other. The results are the names of its ends.",
)
.explained(
    "子流程的结果没有处理",
    "A result of a called workflow that leads nowhere",
    Frame::Document,
    r"workflow: lifecycle
title: 任务办理
start: underway
nodes:
  underway: {call: approval, item: {new: report}, then: {acepted: {end: closed}}}",
    r"workflow: lifecycle
title: 任务办理
start: underway
nodes:
  underway: {call: approval, item: {new: report}, then: {accepted: {end: closed}}}",
);

pub(crate) fn missing(place: Place, workflow: &str, result: &str) -> Diagnostic {
    RULE.at(
        place,
        format!("没有写明流程 `{workflow}` 以 `{result}` 结束后怎么办"),
        format!("it is not said what follows when workflow `{workflow}` ends with `{result}`"),
    )
    .help(format!("请补上 `{result}: …`"), format!("add `{result}: …`"))
}

pub(crate) fn impossible<'a>(
    place: Place,
    workflow: &str,
    result: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let fault = RULE.at(
        place,
        format!("流程 `{workflow}` 不会以 `{result}` 结束"),
        format!("workflow `{workflow}` never ends with `{result}`"),
    );
    match suggest::help(result, known) {
        Some((zh, en)) => fault.help(zh, en),
        None => fault,
    }
}

pub(crate) fn not_called<'a>(place: Place, workflow: &str, called: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let fault = RULE.at(
        place,
        format!("这个阶段不会启动流程 `{workflow}`"),
        format!("this stage never begins workflow `{workflow}`"),
    );
    match suggest::help(workflow, called) {
        Some((zh, en)) => fault.help(zh, en),
        None => fault.help("请在 `every` 里写 `call`，或删去这一段", "name it in `call` of `every`, or remove this part"),
    }
}
