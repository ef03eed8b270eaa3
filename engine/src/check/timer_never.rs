//! A timer for a moment that nobody and nothing ever gives.

use super::{Frame, Rule};
use crate::{
    definition::read::{
        scope,
        workflow::Reader,
        world::{Found, KindFacts},
    },
    diagnostic::Faults,
    expr::Expr,
    text::Name,
    yaml::read::At,
};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "timer-never",
    "定时所读的字段是只读的，又没有一个流程用 `set` 写它，所以永远没有值，定时永远不会到。请去掉字段的 `readOnly`，或在某个流程里写它。",
    "The timer reads a field that is read-only and that no workflow sets, so it never has a value and the timer never fires. Take `readOnly` away from the field, or set it in a workflow.",
)
.explained(
    "永远不会到的时刻",
    "A moment that never comes",
    Frame::Document,
    r"form: report
title: 汇报
properties:
  progress: {type: string, title: 进展情况}
  period_due: {type: string, title: 应报日期, format: date}
  checked_on: {type: string, title: 核查日期, format: date, readOnly: true}
---
workflow: approval
title: 汇报审批
start: draft
nodes:
  draft:
    task: 填报
    assign: {post: handler}
    form: report
    on: [{at: item.checked_on, do: {notify: reminder, to: assignees}}]
    outcomes: {submit: {end: accepted}}",
    r"form: report
title: 汇报
properties:
  progress: {type: string, title: 进展情况}
  period_due: {type: string, title: 应报日期, format: date}
  checked_on: {type: string, title: 核查日期, format: date}
---
workflow: approval
title: 汇报审批
start: draft
nodes:
  draft:
    task: 填报
    assign: {post: handler}
    form: report
    on: [{at: item.checked_on, do: {notify: reminder, to: assignees}}]
    outcomes: {submit: {end: accepted}}",
);

/// Reports an expression for a moment that reads a field which never has a value.
pub(crate) fn check(expr: &Expr, at: At<'_>, reader: &Reader<'_>, faults: &mut Faults) {
    let parents = scope::parents(&reader.kinds, reader.world).unwrap_or_default();
    for path in expr.reads() {
        let (kinds, field) = match path.as_slice() {
            [item, field] if *item == "item" => (&reader.kinds, field),
            [item, parent, field] if *item == "item" && *parent == "parent" => (&parents, field),
            _ => continue,
        };
        let empty = !kinds.is_empty() && kinds.iter().all(|kind| stays_empty(kind, field, reader));
        if empty && !reader.world.writes(field) {
            faults.push(
                RULE.at(
                    at.place(),
                    format!("字段 `{field}` 没有人填，也没有流程写，这个时间永远不会到"),
                    format!("nobody fills in `{field}` and no workflow sets it: this moment never comes"),
                )
                .help(
                    format!("请去掉 `{field}` 的 `readOnly`，或在流程里写 `set: {{item.{field}: …}}`"),
                    format!("take `readOnly` away from `{field}`, or write `set: {{item.{field}: …}}` in a workflow"),
                ),
            );
            return;
        }
    }
}

/// Whether nobody can fill in the field of a kind's items.
fn stays_empty(kind: &KindFacts, field: &Name, reader: &Reader<'_>) -> bool {
    match reader.world.form_of(kind) {
        Found::Whole(form) => form.field(field).is_some_and(|field| field.read_only),
        Found::Broken | Found::Missing => false,
    }
}
