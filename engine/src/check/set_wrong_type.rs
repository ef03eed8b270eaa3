//! A form's field that does not fit the item's field of the same name.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place, text::Text};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "set-wrong-type",
    "`set: form`把表单的字段写到事项的同名字段上，两边的类型必须相同，例如都是日期。",
    "`set: form` writes each field of the form to the item's field of the same name; both must have the same type, such as a date.",
)
.explained(
    "表单字段与事项字段类型不同",
    "A form's field of another type than the item's",
    Frame::Document,
    r"form: suspension
title: 中止
properties: {reason: {type: string, title: 原因, format: date}}",
    r"form: suspension
title: 中止
properties: {reason: {type: string, title: 原因}}",
);

pub(crate) fn fault(place: Place, form: &str, field: &str, found: &Text, wanted: &Text) -> Diagnostic {
    RULE.at(
        place,
        format!("表单 `{form}` 的字段 `{field}` 是{}，事项的同名字段是{}", found.zh, wanted.zh),
        format!("the field `{field}` of form `{form}` is {}, the item's field of that name is {}", found.en, wanted.en),
    )
    .help("请把两边改成同一类型，或给其中一个字段改名", "give both the same type, or rename one of them")
}
