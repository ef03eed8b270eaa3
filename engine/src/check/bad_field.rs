//! A field whose description does not hold together.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "bad-field",
    "表单字段的写法自相矛盾，例如 `x-field: lead_unit` 用在文字上，`minimum` 大于 `maximum`，或正则写错。",
    "The description of a field contradicts itself: `x-field: lead_unit` on a text, `minimum` above `maximum`, or a pattern that can not be read.",
)
.explained(
    "字段写法自相矛盾",
    "A field that contradicts itself",
    Frame::Field,
    "percent: {type: integer, title: 完成比例, minimum: 100, maximum: 0}",
    "percent: {type: integer, title: 完成比例, minimum: 0, maximum: 100}",
);

pub(crate) fn fault(place: Place, message: (String, String), help: (&str, &str)) -> Diagnostic {
    RULE.at(place, message.0, message.1).help(help.0, help.1)
}

/// A field of a kind's form with the name of an attribute of the platform.
pub(crate) fn taken(place: Place, form: &str, field: &str) -> Diagnostic {
    RULE.at(
        place,
        format!("表单 `{form}` 的字段 `{field}` 与平台的属性同名，`item.{field}` 读不到它"),
        format!("the field `{field}` of form `{form}` has the name of an attribute of the platform: `item.{field}` does not find it"),
    )
    .help("请给字段改名", "rename the field")
}

/// A field of a kind's form with the name of a well-known field that it does not say to be.
pub(crate) fn unsaid(place: Place, form: &str, field: &str) -> Diagnostic {
    RULE.at(
        place,
        format!("表单 `{form}` 的字段 `{field}` 没有写 `x-field: {field}`，`item.{field}` 读不到它"),
        format!("the field `{field}` of form `{form}` lacks `x-field: {field}`: `item.{field}` does not find it"),
    )
    .help(
        format!("请在表单的字段里加上 `x-field: {field}`，或给字段改名"),
        format!("add `x-field: {field}` to the field, or rename it"),
    )
}
