//! A file is larger or more deeply nested than Docket reads.

use super::{Frame, Rule};
use crate::{
    diagnostic::Diagnostic,
    source::Place,
    yaml::{MAX_BYTES, MAX_DEPTH, MAX_NODES},
};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "too-large",
    "一个配置文件最多 1 MiB、40 层、50000 个键和值。请拆成几个文件；数据（如事项清单）请用导入，不要写在配置里。",
    "A configuration file holds at most 1 MiB, 40 levels, and 50,000 keys and values. Split it; import data (lists of items) instead of writing it into the configuration.",
)
.explained(
    "文件太大",
    "A file that is too large",
    Frame::Document,
    r"form: suspension
title: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
    r"form: suspension
title: 中止
properties: {reason: {type: string, title: 原因}}",
);

pub(crate) fn bytes(place: Place) -> Diagnostic {
    RULE.at(
        place,
        format!("文件超过 {MAX_BYTES} 字节，没有读取"),
        format!("the file is larger than {MAX_BYTES} bytes and was not read"),
    )
    .help("请拆成几个文件", "split it into several files")
}

pub(crate) fn faults(place: Place, more: usize) -> Diagnostic {
    RULE.at(
        place,
        format!("问题太多：从这里起还有 {more} 个没有列出"),
        format!("too many faults: {more} more, from here on, are not listed"),
    )
    .help("请先改正上面的问题", "correct those above first")
}

pub(crate) fn nodes(place: Place) -> Diagnostic {
    RULE.at(
        place,
        format!("文件的键和值超过 {MAX_NODES} 个，读到这里为止"),
        format!("the file has more than {MAX_NODES} keys and values; reading stops here"),
    )
    .help("请拆成几个文件", "split it into several files")
}

pub(crate) fn depth(place: Place) -> Diagnostic {
    RULE.at(
        place,
        format!("嵌套超过 {MAX_DEPTH} 层，读到这里为止"),
        format!("this is nested more than {MAX_DEPTH} levels deep; reading stops here"),
    )
    .help("请减少层数", "use fewer levels")
}
