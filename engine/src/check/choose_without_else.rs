//! A choice that may find no branch.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "choose-without-else",
    "分支 `choose` 的最后一项必须是 `- {else: 节点}`：条件都不成立时流程才知道往哪走。",
    "The last branch of `choose` must be `- {else: NODE}`, so that a run knows where to go when no condition holds.",
)
.explained(
    "条件分支没有 else",
    "A choice without `else`",
    Frame::Nodes,
    "draft: {choose: [{when: has(item.progress), to: {end: accepted}}]}",
    r"draft:
  choose:
    - {when: has(item.progress), to: {end: accepted}}
    - {else: {end: accepted}}",
);

pub(crate) fn missing(place: Place, node: &str) -> Diagnostic {
    RULE.at(
        place,
        format!("分支 `{node}` 没有 `else`，条件都不成立时无路可走"),
        format!("choice `{node}` has no `else`; where no condition holds, a run can not go on"),
    )
    .help("请在最后加一项 `- {else: 节点}`", "add `- {else: NODE}` as the last branch")
}

pub(crate) fn not_last(place: Place) -> Diagnostic {
    RULE.at(place, "`else` 后面的分支永远轮不到", "branches after `else` are never tried")
        .help("请把 `else` 放到最后", "put `else` last")
}
