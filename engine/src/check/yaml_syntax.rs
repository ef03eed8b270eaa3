//! The file is not valid YAML.

use super::Rule;
use crate::{diagnostic::Diagnostic, source::Place, text::Text};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "yaml-syntax",
    "文件的写法不是有效的 YAML：缩进、冒号、引号或括号有误。请按帮助改正标出的一行；文件里其余的错误会一并列出。",
    "The file is not valid YAML: indentation, a colon, quotes or brackets are wrong. Correct the marked line as the help says; further faults of the file are listed too.",
);

pub(crate) fn fault(place: Place, message: Text, help: Text) -> Diagnostic {
    RULE.at(place, message.zh, message.en).help(help.zh, help.en)
}

pub(crate) fn key_is_no_text(place: Place) -> Diagnostic {
    RULE.at(place, "键必须是文字，不能是列表或映射", "a key must be a text, not a list or a map")
        .help("如果是文字里的 `{` 或 `[`，请加引号", "put a text that begins with `{` or `[` into quotes")
}

pub(crate) fn wide_colon(place: Place) -> Diagnostic {
    RULE.at(place, "键后面的冒号是全角的 `：`", "the colon behind the key is the full-width `：`").help(
        "请改成英文冒号加空格 `: `；如果键里确有全角冒号，请给键加引号",
        "write a plain colon and a blank `: `; put the key into quotes where it does hold a full-width colon",
    )
}
