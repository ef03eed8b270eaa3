//! An entry that the dictionary does not have.

use super::{Frame, Rule, suggest};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "unknown-entry",
    "字典里没有这个条目。请核对字典 `entries:` 下各条的 `name`，或在字典里加上它。",
    "The dictionary has no such entry. Compare `name` of its entries, or add the entry to the dictionary.",
)
.explained(
    "字典里没有这个条目",
    "An entry that the dictionary lacks",
    Frame::Module,
    "categories: [重点, 一半]",
    "categories: [重点, 一般]",
);

pub(crate) fn fault<'a>(
    place: Place,
    name: &str,
    dictionary: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let fault = RULE.at(
        place,
        format!("字典 `{dictionary}` 没有条目 `{name}`"),
        format!("the dictionary `{dictionary}` has no entry `{name}`"),
    );
    match suggest::help(name, known) {
        Some((zh, en)) => fault.help(zh, en),
        None => fault,
    }
}
