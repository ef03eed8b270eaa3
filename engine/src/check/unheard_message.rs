//! A message that is sent and that nothing waits for, or whose data does not fit who hears it.

use super::{Frame, Rule, suggest};
use crate::{diagnostic::Diagnostic, source::Place, text::Name};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "unheard-message",
    "`send` 发出的消息，要有流程在 `wait: {message: …}` 或 `on` 事件里等它；`data` 的每个字段都要是等它的 `form` 里的字段，必填的字段都要给出。",
    "A message of `send` must be waited for in some workflow: by a `wait: {message: …}` or an event (`on`). Each field of its `data` must be one of the `form` of such a wait, and what that form requires must be given.",
)
.explained(
    "没有人等的消息",
    "A message that nobody waits for",
    Frame::Nodes,
    r"draft: {fork: [write, heard]}
write: {task: 填报, assign: {post: handler}, outcomes: {submit: told}}
told: {action: {send: writen}, next: together}
heard: {wait: {message: written}, next: together}
together: {join: draft, next: {end: accepted}}",
    r"draft: {fork: [write, heard]}
write: {task: 填报, assign: {post: handler}, outcomes: {submit: told}}
told: {action: {send: written}, next: together}
heard: {wait: {message: written}, next: together}
together: {join: draft, next: {end: accepted}}",
);

pub(crate) fn fault<'a>(place: Place, name: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let fault = RULE.at(place, format!("没有流程等消息 `{name}`"), format!("no workflow waits for the message `{name}`"));
    match suggest::help(name, known) {
        Some((zh, en)) => fault.help(zh, en),
        None => fault.help("请在接收的节点写 `wait: {message: …}` 或 `on` 事件", "wait for it somewhere: `wait: {message: …}`, or an event (`on`)"),
    }
}

pub(crate) fn field<'a>(
    place: Place,
    message: &Name,
    field: &Name,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let fault = RULE.at(
        place,
        format!("等消息 `{message}` 的节点，表单里没有字段 `{field}`"),
        format!("what waits for the message `{message}` has no form with the field `{field}`"),
    );
    match suggest::help(field, known) {
        Some((zh, en)) => fault.help(zh, en),
        None => fault,
    }
}

pub(crate) fn lacks(place: Place, message: &Name, field: &Name) -> Diagnostic {
    RULE.at(
        place,
        format!("消息 `{message}` 缺少必填字段 `{field}`"),
        format!("the message `{message}` lacks the field `{field}`, which a form that it is for requires"),
    )
    .help(
        format!("请写 `send: {{message: {message}, data: {{{field}: …}}}}`"),
        format!("write `send: {{message: {message}, data: {{{field}: …}}}}`"),
    )
}
