//! A kind without a field that its workflow needs.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "needs-not-met",
    "流程在 `needs:` 里写明了事项必须有的字段，而运行它的种类的表单里没有。请在表单里加上，或换一个流程。",
    "The workflow says in `needs:` which fields its item must have, and the form of a kind that runs it lacks one. Add the field to the form, or use another workflow.",
)
.explained(
    "表单缺少流程要的字段",
    "A field that the workflow needs is not there",
    Frame::Document,
    r"workflow: approval
title: 汇报审批
needs: [conclusion]
start: draft
nodes:
  draft: {task: 填报, assign: {post: handler}, outcomes: {submit: {end: accepted}}}",
    r"workflow: approval
title: 汇报审批
needs: [progress]
start: draft
nodes:
  draft: {task: 填报, assign: {post: handler}, outcomes: {submit: {end: accepted}}}",
);

pub(crate) fn fault(place: Place, kind: &str, form: &str, field: &str) -> Diagnostic {
    RULE.at(
        place,
        format!("种类 `{kind}` 的表单 `{form}` 缺少这个流程需要的字段 `{field}`"),
        format!("the form `{form}` of kind `{kind}` lacks the field `{field}`, which this workflow needs"),
    )
    .help(
        format!("请在表单 `{form}` 里加上 `{field}`，或从 `needs` 里删去它"),
        format!("add `{field}` to form `{form}`, or remove it from `needs`"),
    )
}

pub(crate) fn no_parent(place: Place, kind: &str, field: &str) -> Diagnostic {
    RULE.at(
        place,
        format!("种类 `{kind}` 没有上级事项，而它的流程需要 `{field}`"),
        format!("kind `{kind}` has no parent item, but its workflow needs `{field}`"),
    )
    .help("请在种类里写 `parent: 上级种类`", "write `parent: KIND` in the kind")
}
