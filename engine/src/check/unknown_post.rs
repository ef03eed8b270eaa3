//! A post that does not exist.

use super::{Frame, Rule, suggest};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "unknown-post",
    "机构文档的 `posts:` 里没有这个岗位。",
    "The organisation document has no such post below `posts:`.",
)
.explained(
    "没有这个岗位",
    "A post that is not there",
    Frame::Task,
    "assign: {post: heads}",
    "assign: {post: head}",
);

pub(crate) fn fault<'a>(place: Place, name: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let fault = RULE.at(place, format!("没有名为 `{name}` 的岗位"), format!("there is no post called `{name}`"));
    match suggest::help(name, known) {
        Some((zh, en)) => fault.help(zh, en),
        None => fault,
    }
}

pub(crate) fn no_organisation(place: Place, name: &str) -> Diagnostic {
    RULE.at(
        place,
        format!("没有机构文档，所以没有岗位 `{name}`"),
        format!("there is no organisation document, and so no post `{name}`"),
    )
    .help(
        "请在 `organisation/` 下写一个以 `organisation: 名称` 开头的文件",
        "write a file in `organisation/` that begins with `organisation: NAME`",
    )
}
