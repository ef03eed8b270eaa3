//! A workflow that no item ever runs.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::warning(
    "no-kind-runs-workflow",
    "没有模块的种类使用这个流程，也没有别的流程调用它，所以它不会运行，其中的字段名也无从核对。",
    "No kind of a module uses this workflow and no other workflow calls it: it never runs, and the names of fields in it can not be checked.",
)
.explained(
    "没有事项用这个流程",
    "A workflow that no item runs",
    Frame::Document,
    r"workflow: spare
title: 备用
start: draft
nodes:
  draft: {task: 填报, assign: {post: handler}, outcomes: {submit: {end: accepted}}}",
    r"workflow: approval
title: 汇报审批
start: draft
nodes:
  draft: {task: 填报, assign: {post: handler}, outcomes: {submit: {end: accepted}}}",
);

pub(crate) fn fault(place: Place, name: &str) -> Diagnostic {
    RULE.at(place, format!("没有事项会运行流程 `{name}`"), format!("no item ever runs the workflow `{name}`")).help(
        "请在模块的种类里写 `workflow:` 引用它，或删去它",
        "name it in `workflow:` of a kind of a module, or remove it",
    )
}
