//! A completion that could be taken back for too long.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "bad-withdrawal",
    "`withdraw` 的 `within` 是办结后还能撤回多久，至多 30 天：在此期间平台要记住这次办理引起的一切。",
    "`within` of `withdraw` says how long a completion can be taken back, 30 days at most: so long the platform has to remember everything that it led to.",
)
.explained(
    "撤回时限不对",
    "A time of withdrawal that is not allowed",
    Frame::Task,
    "withdraw: {within: P31D}",
    "withdraw: {within: PT30M}",
);

pub(crate) fn too_long(place: Place, text: &str, days: i32) -> Diagnostic {
    RULE.at(place, format!("撤回期限 `{text}` 超过 {days} 天"), format!("`{text}` is longer than {days} days"))
        .help("请写短一些，如 `PT30M`", "write a shorter time, such as `PT30M`")
}
