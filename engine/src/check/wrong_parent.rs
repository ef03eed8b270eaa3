//! A new item below an item of another kind than it is meant for.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place, text::Name};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "wrong-parent",
    "新建的下级事项，其种类的 `parent` 必须是新建它的事项的种类；流程里的 `item.parent` 才有着落。",
    "A new item's kind must name the kind of the item that creates it as its `parent`, so that `item.parent` leads somewhere.",
)
.explained(
    "上级种类不对",
    "An item below the wrong kind",
    Frame::Document,
    r"workflow: lifecycle
title: 任务办理
start: underway
nodes:
  underway: {call: approval, item: {new: task}, then: {accepted: {end: closed}}}",
    r"workflow: lifecycle
title: 任务办理
start: underway
nodes:
  underway: {call: approval, item: {new: report}, then: {accepted: {end: closed}}}",
);

pub(crate) fn fault(place: Place, kind: &str, parent: Option<&Name>, caller: &str) -> Diagnostic {
    let (zh, en) = match parent {
        Some(parent) => (
            format!("种类 `{kind}` 的上级是 `{parent}`，而这里在 `{caller}` 下新建它"),
            format!("the parent of kind `{kind}` is `{parent}`, but here it is created below `{caller}`"),
        ),
        None => (
            format!("种类 `{kind}` 没有写上级，而这里在 `{caller}` 下新建它"),
            format!("kind `{kind}` names no parent, but here it is created below `{caller}`"),
        ),
    };
    RULE.at(place, zh, en).help(
        format!("请在模块的种类 `{kind}` 里写 `parent: {caller}`"),
        format!("write `parent: {caller}` in kind `{kind}` of the module"),
    )
}
