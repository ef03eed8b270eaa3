//! Lights that may all be out.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::warning(
    "light-never-last-true",
    "灯按顺序取第一个条件成立的。最后一盏的条件应为 `true`，否则有的事项没有灯，驾驶舱里各数之和也对不上总数。",
    "The light is the first whose condition holds. The last one should have `when: true`; otherwise some items have no light and a cockpit's numbers do not add up.",
)
.explained(
    "可能没有灯",
    "Lights that may all be out",
    Frame::Kind,
    r"lights:
  - {light: red, title: 超期, when: today > item.due}
  - {light: green, title: 正常, when: today <= item.due}",
    r"lights:
  - {light: red, title: 超期, when: today > item.due}
  - {light: green, title: 正常, when: true}",
);

pub(crate) fn fault(place: Place) -> Diagnostic {
    RULE.at(place, "最后一盏灯的条件不是 `true`，有的事项会没有灯", "the last light's condition is not `true`; some items will have no light")
        .help("请把最后一盏灯写成 `when: true`", "write `when: true` for the last light")
}
