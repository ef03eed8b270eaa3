//! A dictionary that does not exist.

use super::{Frame, Rule, suggest};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "unknown-dictionary",
    "没有这个名称的字典。字典写在 `dictionaries/` 下，第一个键是 `dictionary: 名称`。",
    "There is no dictionary of this name. Dictionaries lie in `dictionaries/`; their first key is `dictionary: NAME`.",
)
.explained(
    "没有这个字典",
    "A dictionary that is not there",
    Frame::Field,
    "kind: {type: string, title: 分类, x-dictionary: categorys}",
    "kind: {type: string, title: 分类, x-dictionary: categories}",
);

pub(crate) fn fault<'a>(place: Place, name: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let fault = RULE.at(place, format!("没有名为 `{name}` 的字典"), format!("there is no dictionary called `{name}`"));
    match suggest::help(name, known) {
        Some((zh, en)) => fault.help(zh, en),
        None => fault,
    }
}
