//! A person's form that would write a field which only the platform writes.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "set-read-only",
    "`set: form` 把表单的每个字段写到事项的同名字段上；表单里标了 `readOnly` 的字段填不了，写不过去。",
    "`set: form` writes each field of the form to the item's field of the same name; a field that is `readOnly` in that form can not be filled in.",
)
.explained(
    "表单会改只读字段",
    "A form that would overwrite the platform's field",
    Frame::Document,
    r"form: suspension
title: 中止
properties:
  reason: {type: string, title: 原因, readOnly: true}",
    r"form: suspension
title: 中止
properties:
  reason: {type: string, title: 原因}",
);

pub(crate) fn fault(place: Place, form: &str, field: &str) -> Diagnostic {
    RULE.at(
        place,
        format!("表单 `{form}` 的字段 `{field}` 是只读的，填不了，也就写不到事项上"),
        format!("the field `{field}` of form `{form}` is read-only: nobody can fill it in, so it can not be set"),
    )
    .help(
        format!("请在表单 `{form}` 里去掉 `{field}` 或它的 `readOnly`"),
        format!("remove `{field}` or its `readOnly` from form `{form}`"),
    )
}
