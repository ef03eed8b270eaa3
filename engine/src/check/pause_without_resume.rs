//! A stage that can be suspended and never resumed.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "pause-without-resume",
    "阶段里有 `pause: true`（中止）的操作，就要有 `pause: false`（恢复）的操作，否则事项中止后再也动不了。",
    "A stage with an offer that pauses (`pause: true`) needs one that resumes (`pause: false`); otherwise a suspended item never moves again.",
)
.explained(
    "能中止却不能恢复",
    "A pause without a way back",
    Frame::Stage,
    "suspend: {who: {post: head}, pause: true}",
    r"suspend: {who: {post: head}, pause: true}
resume: {who: {post: head}, pause: false}",
);

pub(crate) fn fault(place: Place, offer: &str) -> Diagnostic {
    RULE.at(
        place,
        format!("操作 `{offer}` 中止事项，但没有恢复的操作"),
        format!("the offer `{offer}` suspends the item, but none resumes it"),
    )
    .help(
        "请加一个操作，写 `pause: false`，并写 `when: item.state == 'suspended'`",
        "add an offer with `pause: false` and `when: item.state == 'suspended'`",
    )
}
