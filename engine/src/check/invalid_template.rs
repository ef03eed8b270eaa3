//! A template's text that could not be filled in.

use super::{Frame, Rule, suggest};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "invalid-template",
    "通知模板里只能用 `{{路径}}` 这样的占位，如 `{{item.title}}`、`{{root.title}}`；双花括号要成对，路径要是可用的字段。",
    "A template takes placeholders of the form `{{path}}` only, such as `{{item.title}}` or `{{root.title}}`; double braces come in pairs, and the path must be one that can be shown.",
)
.explained(
    "通知模板写错",
    "A template that can not be filled in",
    Frame::Document,
    r"template: reminder
title: 请办理{{title}}
body: 请尽快办理。",
    r"template: reminder
title: 请办理{{item.title}}
body: 请尽快办理。",
);

pub(crate) fn unclosed(place: Place) -> Diagnostic {
    RULE.at(place, "`{{` 没有对应的 `}}`", "`{{` has no matching `}}`").help("请补上 `}}`", "add `}}`")
}

pub(crate) fn no_path(place: Place, inner: &str) -> Diagnostic {
    RULE.at(
        place,
        format!("占位 `{{{{{inner}}}}}` 不是字段的路径"),
        format!("the placeholder `{{{{{inner}}}}}` is not the path of a field"),
    )
    .help(
        "请只写路径，如 `{{item.title}}`；不能用 `#if` 等语句",
        "write a path only, such as `{{item.title}}`; blocks such as `#if` are not supported",
    )
}

pub(crate) fn unknown<'a>(place: Place, path: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let fault = RULE.at(
        place,
        format!("通知里没有 `{path}` 可以显示"),
        format!("there is no `{path}` that a notice could show"),
    );
    match suggest::help(path, known) {
        Some((zh, en)) => fault.help(zh, en),
        None => fault,
    }
}
