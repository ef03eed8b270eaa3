//! A map has one key twice.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "duplicate-key",
    "同一层里同一个键写了两次，不知道该用哪一个。请删去其中一个，或改名。",
    "One key stands twice in the same map, so it is not clear which one counts. Remove or rename one of them.",
)
.explained(
    "键重复",
    "A key that stands twice",
    Frame::Field,
    r"note: {type: string, title: 备注}
note: {type: string, title: 说明}",
    r"note: {type: string, title: 备注}
remark: {type: string, title: 说明}",
);

pub(crate) fn fault(place: Place, key: &str, first: Place) -> Diagnostic {
    RULE.at(place, format!("键 `{key}` 重复了"), format!("the key `{key}` stands here twice"))
        .related(first, "第一次写在这里", "first written here")
        .help("请删去其中一个，或改名", "remove one of the two, or rename it")
}
