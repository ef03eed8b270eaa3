//! A node at which a kind can not begin its workflow.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "bad-entry",
    "`enter` 和 `reopen` 写流程的节点：事项可以从该节点开始，或办结后从该节点重新打开。只用于没有上级、有流程的类型；不能是 `join` 节点。",
    "`enter` and `reopen` name nodes at which an item's workflow can begin, or begin again once it is closed. The kind needs a workflow and no parent; a `join` can not be entered.",
)
.explained(
    "进入或重开的节点不对",
    "A place that nothing can be entered at",
    Frame::Document,
    r"module: ledger
title: 台账
kinds:
  task: {title: 任务, form: task, workflow: lifecycle}
  report: {title: 汇报, parent: task, form: report, workflow: approval, reopen: {draft: {who: {post: head}}}}",
    r"module: ledger
title: 台账
kinds:
  task: {title: 任务, form: task, workflow: lifecycle, reopen: {underway: {who: {post: head}}}}
  report: {title: 汇报, parent: task, form: report, workflow: approval}",
);

pub(crate) fn no_workflow(place: Place, kind: &str) -> Diagnostic {
    RULE.at(place, format!("类型 `{kind}` 没有流程"), format!("kind `{kind}` has no workflow"))
        .help("请写 `workflow:`", "give it a `workflow:`")
}

pub(crate) fn below(place: Place, kind: &str) -> Diagnostic {
    RULE.at(place, format!("类型 `{kind}` 的事项在上级事项之下，由流程产生"), format!("items of kind `{kind}` lie below others; a workflow makes them"))
        .help("请把它写在没有 `parent` 的类型上", "write it on a kind without `parent`")
}

pub(crate) fn join(place: Place, node: &str) -> Diagnostic {
    RULE.at(place, format!("节点 `{node}` 是汇合，不能从它开始"), format!("node `{node}` is a join: nothing can begin there"))
        .help("请写汇合之后的节点", "name the node that follows it")
}
