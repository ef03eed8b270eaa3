//! A document whose first key is not the name of a kind.

use super::{Frame, Rule, suggest};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "not-a-document",
    "每个文档的第一个键说明它是什么：module（模块）、workflow（流程）、form（表单）、policy（权限）、dictionary（字典）、calendar（日历）、organisation（机构）、template（通知模板）、scenario（演练）。",
    "The first key of a document says what it is: module, workflow, form, policy, dictionary, calendar, organisation, template or scenario.",
)
.explained(
    "第一个键不是文档的种类",
    "A first key that is no kind of document",
    Frame::Document,
    r"title: 中止
form: suspension
properties: {reason: {type: string, title: 原因}}",
    r"form: suspension
title: 中止
properties: {reason: {type: string, title: 原因}}",
);

pub(crate) fn fault(place: Place, key: &str, kinds: &[&str]) -> Diagnostic {
    let fault = RULE.at(
        place,
        format!("第一个键 `{key}` 不是文档的种类"),
        format!("the first key `{key}` is not a kind of document"),
    );
    match suggest::help(key, kinds.iter().copied()) {
        Some((zh, en)) => fault.help(zh, en),
        None => fault,
    }
}

pub(crate) fn no_map(place: Place) -> Diagnostic {
    RULE.at(place, "文档应以“种类: 名称”开头", "a document must begin with `kind: name`").help(
        "例如 `form: task`、`workflow: progress-report`",
        "for instance `form: task` or `workflow: progress-report`",
    )
}

/// The kind stands at `there`, below another key.
pub(crate) fn not_first(place: Place, first: &str, kind: &str, there: Place) -> Diagnostic {
    RULE.at(
        place,
        format!("第一个键是 `{first}`，而文档应以 `{kind}: 名称` 开头"),
        format!("the first key is `{first}`, but the document must begin with `{kind}: NAME`"),
    )
    .related(there, "请把这一行移到最前面", "move this line to the top")
}

/// The kind is written in another language or with capitals.
pub(crate) fn meant(place: Place, first: &str, kind: &str) -> Diagnostic {
    RULE.at(
        place,
        format!("第一个键 `{first}` 不是文档的种类"),
        format!("the first key `{first}` is not a kind of document"),
    )
    .help(format!("请写成 `{kind}: 名称`"), format!("write `{kind}: NAME`"))
}

/// The file holds nothing.
pub(crate) fn empty(place: Place) -> Diagnostic {
    RULE.at(place, "文件是空的", "the file is empty").help(
        "请删去文件，或写上内容，以“种类: 名称”开头，如 `form: task`",
        "remove the file, or begin it with `kind: name`, such as `form: task`",
    )
}
