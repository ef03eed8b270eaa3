//! An expression that reads a form which some run has not filled in.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place, text::Text};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "form-not-filled",
    "表达式要读某个表单的必填字段，但按某种走法到这里时那张表单还没有填。请让流程先经过那个节点，或用 `has(…)`、`!= null` 判断。",
    "The expression reads a required field of a form that some run has not filled in by then. Let every way come through that node first, or test with `has(…)` or `!= null`.",
)
.explained(
    "读到了还没填的表单",
    "A form that is read before it is filled in",
    Frame::Nodes,
    r"draft: {choose: [{when: has(item.progress), to: write}, {else: check}]}
write: {task: 填报, assign: {post: handler}, form: report, outcomes: {submit: check}}
check: {action: {set: {item.progress: forms.write.progress}}, next: {end: accepted}}",
    r"draft: {choose: [{when: has(item.progress), to: write}, {else: {end: accepted}}]}
write: {task: 填报, assign: {post: handler}, form: report, outcomes: {submit: check}}
check: {action: {set: {item.progress: forms.write.progress}}, next: {end: accepted}}",
);

pub(crate) fn fault(place: Place, node: &str, form: &str, run: &Text) -> Diagnostic {
    RULE.at(
        place,
        format!("节点 `{node}` 要读 `forms.{form}`，但这样走到这里时它还没填：{}", run.zh),
        format!("node `{node}` reads `forms.{form}`, which is not filled in on this way: {}", run.en),
    )
    .help(
        format!("请让每条路先经过 `{form}`，或用 `has(forms.{form}.字段)` 判断"),
        format!("let every way come through `{form}` first, or test with `has(forms.{form}.FIELD)`"),
    )
}
