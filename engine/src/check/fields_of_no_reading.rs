//! Fields named in a rule that shows nothing.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "fields-of-no-reading",
    "`fields` 只说明能看到、能导出哪些字段，只能写在动作为 read、export 的规则里。其他动作（如 create、urge）针对整个事项，请分成两条规则。",
    "`fields` says which fields are shown or exported, so it stands in rules about read and export only. Other actions (create, urge, …) are about the whole item: write two rules.",
)
.explained(
    "动作不分字段",
    "Fields of an action that shows nothing",
    Frame::PolicyRule,
    "{role: member, may: [read, urge], on: task, fields: [title]}",
    "{role: member, may: [read], on: task, fields: [title]}",
);

pub(crate) fn fault(place: Place, action: &str) -> Diagnostic {
    RULE.at(
        place,
        format!("`fields` 不能用于动作 `{action}`"),
        format!("`fields` can not stand with the action `{action}`"),
    )
    .help("请把 read、export 另写一条规则", "write a rule of its own for read and export")
}
