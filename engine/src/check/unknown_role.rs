//! A role that does not exist.

use super::{Frame, Rule, suggest};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "unknown-role",
    "没有岗位给出这个权限角色，也没有角色包含它。角色由机构文档里各岗位的 `roles:` 给出；`anyone` 指所有登录的人。",
    "No post gives this role and no role includes it. Roles come from `roles:` of the posts in the organisation document; `anyone` is everybody who is signed in.",
)
.explained(
    "没有这个角色",
    "A role that is not there",
    Frame::PolicyRule,
    "{role: membre, may: read, on: task}",
    "{role: member, may: read, on: task}",
);

pub(crate) fn fault<'a>(place: Place, name: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let fault = RULE.at(place, format!("没有名为 `{name}` 的角色"), format!("there is no role called `{name}`"));
    match suggest::help(name, known) {
        Some((zh, en)) => fault.help(zh, en),
        None => fault,
    }
}
