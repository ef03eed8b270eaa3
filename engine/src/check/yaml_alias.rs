//! Anchors and aliases are not supported.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "yaml-alias",
    "不支持 YAML 的锚点 `&名称` 和引用 `*名称`：配置要能逐行读懂，也防止层层引用撑爆内存。请把内容直接写出来；以 `&` 或 `*` 开头的文字请加引号。",
    "YAML's anchors `&name` and aliases `*name` are not supported: configuration must read line by line, and nested aliases could exhaust memory. Write the content itself; put texts that begin with `&` or `*` into quotes.",
)
.explained(
    "不支持锚点和引用",
    "Anchors and aliases",
    Frame::Field,
    "note: {type: string, title: *备注}",
    "note: {type: string, title: '*备注'}",
);

pub(crate) fn anchor(place: Place) -> Diagnostic {
    let name = place.text().to_owned();
    RULE.at(place, format!("不支持锚点 `{name}`"), format!("the anchor `{name}` is not supported"))
        .help("请删去它；如果是文字，请加引号", "remove it; put it into quotes where it is a text")
}

pub(crate) fn alias(place: Place) -> Diagnostic {
    let name = place.text().to_owned();
    RULE.at(place, format!("不支持引用 `{name}`"), format!("the alias `{name}` is not supported")).help(
        "请把所引用的内容直接写在这里；如果是文字，请加引号",
        "write what it stands for here; put it into quotes where it is a text",
    )
}
