//! A key that means nothing in its place.

use super::{Frame, Rule, not_a_node::KEYS, suggest};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "unknown-key",
    "这个键在此处没有意义，多半是拼写有误或缩进不对。每种文档有哪些键见 `docs/reference/configuration.md`。",
    "The key means nothing in this place: it is probably misspelt or wrongly indented. `docs/reference/configuration.md` lists the keys of each kind of document.",
)
.explained(
    "这里没有这个键",
    "A key that means nothing here",
    Frame::Task,
    "deadline: item.parent.due",
    "due: item.parent.due",
);

pub(crate) fn fault(place: Place, key: &str, known: &[&str]) -> Diagnostic {
    let fault = RULE.at(place, format!("此处没有键 `{key}`"), format!("there is no key `{key}` here"));
    // Where other keys of nodes are not known, this is deeper inside a node.
    if KEYS.contains(&key) && known.contains(&"post") {
        return fault.help(
            format!("`{key}` 是节点的键：请少缩进一层，与 `task` 对齐"),
            format!("`{key}` is a key of the node: indent it by one level less, in line with `task`"),
        );
    }
    match suggest::help_word(key, known.iter().copied()) {
        Some((zh, en)) => fault.help(zh, en),
        None => fault.help("请删去它", "remove it"),
    }
}
