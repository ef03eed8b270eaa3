//! A role that includes itself through others.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place, text::Name};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "role-includes-itself",
    "角色绕一圈包含了自己：这些角色的权限就完全相同，分成几个没有意义，也看不出谁高谁低。请去掉其中一处包含。",
    "A role includes itself by way of others: all of them could do the same, and nothing would tell them apart. Remove one of the inclusions.",
)
.explained(
    "角色互相包含",
    "A role that includes itself",
    Frame::Document,
    r"policy: district
roles:
  member: [anyone]
  anyone: [member]
rules: []",
    r"policy: district
roles:
  member: [anyone]
rules: []",
);

/// `way` leads from what `role` includes back to it.
pub(crate) fn fault(place: Place, role: &str, way: &[Name]) -> Diagnostic {
    let way: Vec<String> = [role].into_iter().chain(way.iter().map(Name::as_str)).map(|one| format!("`{one}`")).collect();
    let way = way.join(" → ");
    RULE.at(place, format!("角色 `{role}` 包含了自己：{way}"), format!("the role `{role}` includes itself: {way}"))
        .help("请去掉其中一处包含", "remove one of the inclusions")
}
