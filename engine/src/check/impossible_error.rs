//! An event for an error that can not occur at its node.

use std::collections::BTreeSet;

use super::{Frame, Rule, suggest};
use crate::{diagnostic::Diagnostic, source::Place, text::Name};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "impossible-error",
    "`error` 事件接住的是本节点调用的流程（或它再调用的流程）以 `how: error` 结束时的错误；这里不会有这样的错误。",
    "An `error` event catches the error with which a workflow called here, or by one called here, ends (`how: error`). No such error can come here.",
)
.explained(
    "不会发生的出错",
    "An error that can not come here",
    Frame::Document,
    r"workflow: lifecycle
title: 任务办理
start: underway
nodes:
  underway:
    call: approval
    item: {new: report}
    then: {accepted: {end: closed}}
    on: [{error: brokn, to: {end: closed}}, {error: broken, to: {end: closed}}]
---
workflow: approval
title: 汇报审批
start: draft
nodes:
  draft: {task: 填报, assign: {post: handler}, outcomes: {submit: {end: accepted}, reject: broken}}
  broken: {end: broken, how: error}",
    r"workflow: lifecycle
title: 任务办理
start: underway
nodes:
  underway:
    call: approval
    item: {new: report}
    then: {accepted: {end: closed}}
    on: [{error: broken, to: {end: closed}}]
---
workflow: approval
title: 汇报审批
start: draft
nodes:
  draft: {task: 填报, assign: {post: handler}, outcomes: {submit: {end: accepted}, reject: broken}}
  broken: {end: broken, how: error}",
);

pub(crate) fn fault(place: Place, error: Option<&Name>, possible: &BTreeSet<Name>) -> Diagnostic {
    let fault = match error {
        Some(error) => RULE.at(
            place,
            format!("这里不会有错误 `{error}`"),
            format!("the error `{error}` can not come here"),
        ),
        None => RULE.at(place, "这里不会有任何错误", "no error can come here"),
    };
    match error.and_then(|error| suggest::help(error, possible.iter().map(Name::as_str))) {
        Some((zh, en)) => fault.help(zh, en),
        None => fault.help("请删去这个事件；任务自己的退回、拒绝用 `outcomes`", "remove this event; what a person decides is an outcome"),
    }
}
