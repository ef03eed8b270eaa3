//! YAML tags are not supported.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "yaml-tag",
    "不支持 YAML 的类型标记 `!…`：每个键该写什么由配置自身规定。请删去标记；以 `!` 开头的文字（如条件 `!has(…)`）请加引号。",
    "YAML's tags `!…` are not supported: what a key takes is fixed by the kind of document. Remove the tag; put texts that begin with `!` (a condition `!has(…)`) into quotes.",
)
.explained(
    "不支持类型标记",
    "Tags of YAML",
    Frame::Field,
    "note: {type: string, title: !note 备注}",
    "note: {type: string, title: 备注}",
);

pub(crate) fn fault(place: Place, tag: &str) -> Diagnostic {
    RULE.at(place, format!("不支持类型标记 `{tag}`"), format!("the tag `{tag}` is not supported")).help(
        "请删去它；如果是以 `!` 开头的条件或文字，请给整个值加引号",
        "remove it; where a condition or text begins with `!`, put the whole value into quotes",
    )
}
