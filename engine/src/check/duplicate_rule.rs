//! The same access rule twice.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "duplicate-rule",
    "同一条权限规则写了两次（角色、动作、种类、条件、字段和作用都相同）：以后改了一条，另一条仍然有效。请删去一条。",
    "The same access rule stands twice: same role, action, kind, condition, fields and effect. Whoever changes one of them later leaves the other in force. Remove one.",
)
.explained(
    "规则重复",
    "A rule that stands twice",
    Frame::Document,
    r"policy: district
rules:
  - {role: member, may: [read, export], on: task}
  - {role: member, may: read, on: task}",
    r"policy: district
rules:
  - {role: member, may: [read, export], on: task}",
);

pub(crate) fn fault(place: Place, action: &str, first: Place) -> Diagnostic {
    RULE.at(place, format!("这条 `{action}` 规则已经有了"), format!("this rule about `{action}` is there already"))
        .help("请删去其中一条", "remove one of the two")
        .related(first, "第一条在这里", "the first one is here")
}
