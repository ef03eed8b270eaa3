//! A node of no kind, or of two kinds at once.

use super::{Frame, Rule, suggest};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "not-a-node",
    "一个节点由且仅由下列键之一说明它是什么：task（人工任务）、action（平台动作）、choose（分支）、call（子流程）、stage（阶段）、end（结束）。",
    "Exactly one of these keys says what a node is: task, action, choose, call, stage, end.",
)
.explained(
    "看不出是什么节点",
    "A node of no kind",
    Frame::Nodes,
    "draft: {title: 填报, assign: {post: handler}, outcomes: {submit: {end: accepted}}}",
    "draft: {task: 填报, assign: {post: handler}, outcomes: {submit: {end: accepted}}}",
);

/// Keys of nodes, which stand among the nodes where they are indented too little.
pub(crate) const KEYS: [&str; 10] =
    ["task", "assign", "form", "due", "outcomes", "on", "next", "then", "offers", "do"];

pub(crate) fn none(place: Place, node: &str, keys: &[&str], kinds: &[&str]) -> Diagnostic {
    if KEYS.contains(&node) {
        return RULE
            .at(
                place,
                format!("`{node}` 是节点里的键，这里却与节点同级"),
                format!("`{node}` is a key of a node, but stands beside the nodes here"),
            )
            .help(
                "请把它和它下面的行多缩进两格，放到节点里",
                "indent it, and the lines below it, by two more blanks, so that it belongs to its node",
            );
    }
    let fault = RULE.at(
        place,
        format!("看不出节点 `{node}` 是什么：缺少 task、action、choose、call、stage 或 end"),
        format!("node `{node}` does not say what it is: task, action, choose, call, stage or end is missing"),
    );
    let near = keys.iter().find_map(|key| suggest::nearest(key, kinds).map(|kind| (*key, kind)));
    match near {
        Some((key, kind)) => {
            fault.help(format!("`{key}` 是不是想写 `{kind}`？"), format!("did you mean `{kind}` by `{key}`?"))
        }
        None => fault.help(
            "例如人工任务写 `task: {zh: 填报, en: Report}`，结束写 `end: 结果`",
            "for instance `task: {zh: 填报, en: Report}` for a person's task, `end: RESULT` for an end",
        ),
    }
}

pub(crate) fn several(place: Place, node: &str, second: &str, first: &str) -> Diagnostic {
    RULE.at(
        place,
        format!("节点 `{node}` 不能既是 `{first}` 又是 `{second}`"),
        format!("node `{node}` can not be both `{first}` and `{second}`"),
    )
    .help("请拆成两个节点，前一个指向后一个", "make two nodes of it, the first leading to the second")
}
