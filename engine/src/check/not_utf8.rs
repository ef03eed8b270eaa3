//! A file that is not encoded in UTF-8.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "not-utf8",
    "配置文件必须用 UTF-8 编码。老版本的记事本和一些中文软件默认存成 GBK（“ANSI”）或 UTF-16（“Unicode”），其中的汉字读不出来。请在编辑器里“另存为”，编码选 UTF-8。",
    "Configuration files are encoded in UTF-8. Older editors save Chinese text as GBK (“ANSI”) or UTF-16 (“Unicode”), whose characters can not be read. Choose “Save as” in the editor, with the encoding UTF-8.",
)
.explained(
    "文件不是 UTF-8 编码",
    "A file that is not in UTF-8",
    Frame::Document,
    r"form: suspension
title: ���
properties: {reason: {type: string, title: 原因}}",
    r"form: suspension
title: 中止
properties: {reason: {type: string, title: 原因}}",
);

/// The character that stands for bytes that are no text.
pub(crate) const UNREADABLE: char = char::REPLACEMENT_CHARACTER;

pub(crate) fn fault(place: Place) -> Diagnostic {
    RULE.at(
        place,
        "从这里起的字节不是 UTF-8 编码的文字，文件可能是 GBK 或 UTF-16 编码",
        "the bytes from here on are no text in UTF-8: the file is probably encoded in GBK or UTF-16",
    )
    .help("请在编辑器里“另存为”，编码选 UTF-8", "choose “Save as” in the editor, with the encoding UTF-8")
}
