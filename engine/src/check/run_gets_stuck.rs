//! A run that can not be completed.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place, text::Text};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "run-gets-stuck",
    "按某种走法会停在这个节点，之后怎么办都结束不了。提示里写出了最短的走法；请在这里或之后加一条能走到结束的路。",
    "Some run comes to this node and can never be completed. The shortest such run is shown; add a way on from here that leads to an end.",
)
.explained(
    "流程会卡住",
    "A run that can not end",
    Frame::Nodes,
    r"draft: {task: 审核, assign: {post: head}, outcomes: {approve: both}}
both: {fork: [left, right]}
left: {task: 审核, assign: {post: head}, outcomes: {approve: together}}
right: {task: 审核, assign: {post: head}, outcomes: {approve: again}}
again: {task: 审核, assign: {post: head}, outcomes: {approve: right}}
together: {join: both, next: {end: accepted}}",
    r"draft: {task: 审核, assign: {post: head}, outcomes: {approve: both}}
both: {fork: [left, right]}
left: {task: 审核, assign: {post: head}, outcomes: {approve: together}}
right: {task: 审核, assign: {post: head}, outcomes: {approve: again}}
again: {task: 审核, assign: {post: head}, outcomes: {approve: together}}
together: {join: both, next: {end: accepted}}",
);

pub(crate) fn fault(place: Place, node: &str, run: &Text) -> Diagnostic {
    RULE.at(place, format!("走到 `{node}` 后再也结束不了：{}", run.zh), format!("once at `{node}`, a run can not be completed: {}", run.en))
        .help("请加一条从这里通向结束的路", "add a way from here that leads to an end")
}
