//! An error that a called workflow can end with and nobody catches.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::warning(
    "uncaught-error",
    "被调用的流程可能以错误（`how: error`）结束，没有一个调用它的节点用 `on: [{error: 名称, to: …}]` 接住。真的发生时，流程停在那里，成为异常，等管理员处理。",
    "A called workflow can end with an error (`how: error`): no node that calls it catches it by `on: [{error: NAME, to: …}]`. When it happens, the run stands still as an incident until an administrator sees to it.",
)
.explained(
    "出错没有人接",
    "An error that nobody catches",
    Frame::Document,
    r"workflow: lifecycle
title: 任务办理
start: underway
nodes:
  underway:
    call: approval
    item: {new: report}
    then: {accepted: {end: closed}}
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

pub(crate) fn fault(place: Place, node: &str, error: &str) -> Diagnostic {
    RULE.at(
        place,
        format!("节点 `{node}` 调用的流程可能以错误 `{error}` 结束，没有人接住"),
        format!("what node `{node}` calls can end with the error `{error}`, and nobody catches it"),
    )
    .help(
        format!("请加上 `on: [{{error: {error}, to: 节点}}]`，或用 `error: any` 接住所有错误"),
        format!("add `on: [{{error: {error}, to: NODE}}]`, or `error: any` for all of them"),
    )
}
