//! An act that sets a field which the item does not have.

use super::{Frame, Rule, suggest};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "set-unknown-field",
    "`set` 要写的字段不存在。可写的是 `item.` 或 `item.parent.` 加上种类的表单字段，或平台属性 state、stage、next_due。",
    "`set` names a field that does not exist. It takes `item.` or `item.parent.` and a field of the kind's form, or one of the platform's attributes state, stage, next_due.",
)
.explained(
    "要写的字段不存在",
    "A field to be set that is not there",
    Frame::Nodes,
    r#"draft: {action: {set: {item.progres: "'完成'"}}, next: {end: accepted}}"#,
    r#"draft: {action: {set: {item.progress: "'完成'"}}, next: {end: accepted}}"#,
);

pub(crate) fn fault<'a>(place: Place, target: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let fault =
        RULE.at(place, format!("不能写字段 `{target}`：没有这个字段"), format!("`{target}` can not be set: there is no such field"));
    match suggest::help(target, known) {
        Some((zh, en)) => fault.help(zh, en),
        None => fault,
    }
}

pub(crate) fn no_target(place: Place, target: &str) -> Diagnostic {
    RULE.at(place, format!("`set` 不能写 `{target}`"), format!("`set` can not write `{target}`")).help(
        format!("请写 `item.{target}`（本事项）或 `item.parent.{target}`（上级事项）"),
        format!("write `item.{target}` (this item) or `item.parent.{target}` (the item above it)"),
    )
}

pub(crate) fn platform_only(place: Place, target: &str) -> Diagnostic {
    RULE.at(
        place,
        format!("`{target}` 由平台计算，不能用 `set` 写"),
        format!("the platform computes `{target}`; `set` can not write it"),
    )
    .help("请改写别的字段", "set another field")
}

pub(crate) fn no_form(place: Place) -> Diagnostic {
    RULE.at(place, "`set: form` 需要表单，这里没有写 `form`", "`set: form` needs a form, and there is no `form` here")
        .help("请写 `form: 表单名`", "write `form: NAME`")
}

pub(crate) fn of_form<'a>(
    place: Place,
    form: &str,
    field: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let fault = RULE.at(
        place,
        format!("表单 `{form}` 的字段 `{field}` 写不过去：事项没有这个字段"),
        format!("the field `{field}` of form `{form}` can not be set: the item has no such field"),
    );
    match suggest::help(field, known) {
        Some((zh, en)) => fault.help(zh, en),
        None => fault,
    }
}
