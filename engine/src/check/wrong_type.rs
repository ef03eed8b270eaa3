//! A value of the wrong shape: a list where a text is meant, a word where a number is.

use super::{Frame, Rule};
use crate::{
    diagnostic::Diagnostic,
    source::Place,
    yaml::{
        Kind,
        read::{At, Want},
    },
};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "wrong-type",
    "值的形式不对：例如应为文字却写了列表，应为数字却写了文字，或键后面什么也没写。",
    "The value has the wrong shape: a list where a text is expected, a word where a number is, or nothing behind the key.",
)
.explained(
    "值的形式不对",
    "A value of the wrong shape",
    Frame::Task,
    "outcomes: [submit]",
    "outcomes: {submit: {end: accepted}}",
);

pub(crate) fn fault(at: At<'_>, want: Want) -> Diagnostic {
    let ((zh, en), (help_zh, help_en)) = match want {
        Want::Text => (("文字", "a text"), ("请写成 `键: 文字`", "write `key: text`")),
        Want::Map => (("若干个“键: 值”", "keys with values"), ("请写成 `{键: 值, …}`，或在下面缩进逐行写", "write `{key: value, …}`, or one key per line, indented")),
        Want::List => (("列表", "a list"), ("请写成 `[甲, 乙]`，或在下面逐行写 `- …`", "write `[a, b]`, or one `- …` per line")),
        Want::MapOrMaps => (("若干个“键: 值”，或这样的列表", "keys with values, or a list of such"), ("请写成 `{键: 值, …}`", "write `{key: value, …}`")),
        Want::Bool => ((" `true` 或 `false`", "`true` or `false`"), ("请写 `true`（是）或 `false`（否）", "write `true` or `false`")),
        Want::Integer => (("整数", "a whole number"), ("请写阿拉伯数字，如 `10`", "write digits, such as `10`")),
        Want::Number => (("数字", "a number"), ("请写阿拉伯数字，如 `10` 或 `0.5`", "write digits, such as `10` or `0.5`")),
        Want::Words => (("文字，或 `{zh: 中文, en: 英文}`", "a text or `{zh: …, en: …}`"), ("请写 `{zh: 中文, en: English}`", "write `{zh: 中文, en: English}`")),
        Want::Expression => (("表达式", "an expression"), ("请写出条件或算式，如 `item.state == 'done'`", "write a condition or a value, such as `item.state == 'done'`")),
        Want::Name => (("一个名称", "a name"), ("请写一个名称，不加括号和列表符号", "write one name, without brackets or dashes")),
    };
    let (got_zh, got_en) = match &at.tree.kind {
        Kind::Scalar(scalar) if scalar.text.trim().is_empty() => ("什么也没写".to_owned(), "there is nothing".to_owned()),
        Kind::Scalar(scalar) => {
            let text: String = scalar.text.chars().take(40).collect();
            (format!("写的是 `{text}`"), format!("there is `{text}`"))
        }
        Kind::List(_) => ("写的是列表".to_owned(), "there is a list".to_owned()),
        Kind::Map(_) => ("写的是“键: 值”".to_owned(), "there are keys with values".to_owned()),
    };
    let fault = RULE.at(at.shown(), format!("此处应为{zh}，{got_zh}"), format!("this must be {en}, but {got_en}"));
    match better_help(at, want) {
        Some((zh, en)) => fault.help(zh, en),
        None => fault.help(help_zh, help_en),
    }
}

/// What to write instead, where what is written tells.
fn better_help(at: At<'_>, want: Want) -> Option<(String, String)> {
    match (&at.tree.kind, want) {
        (Kind::List(all), Want::Map | Want::MapOrMaps) if all.iter().all(|element| !element.entries().is_empty()) => Some((
            "请去掉每项前面的 `- `：这里是“键: 值”，不是列表".to_owned(),
            "remove the `- ` before each: keys with values stand here, not a list".to_owned(),
        )),
        (Kind::Scalar(scalar), Want::Integer | Want::Number) => {
            let plain = half_width(&scalar.text);
            (plain != scalar.text && plain.parse::<rust_decimal::Decimal>().is_ok())
                .then(|| (format!("请用半角数字：`{plain}`"), format!("write plain digits: `{plain}`")))
        }
        (Kind::Scalar(scalar), Want::Bool) => {
            let meant = match scalar.text.trim().to_lowercase().as_str() {
                "yes" | "on" | "y" | "1" | "是" | "true" => "true",
                "no" | "off" | "n" | "0" | "否" | "false" => "false",
                _ => return None,
            };
            Some((format!("请写 `{meant}`"), format!("write `{meant}`")))
        }
        _ => None,
    }
}

/// Full-width digits as plain ones.
fn half_width(text: &str) -> String {
    text.trim()
        .chars()
        .map(|c| match c {
            '０'..='９' | '．' | '－' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            c => c,
        })
        .collect()
}

/// Two keys of which only one can stand in a map.
pub(crate) fn exclusive(place: Place, one: &str, other: &str) -> Diagnostic {
    RULE.at(
        place,
        format!("`{one}` 与 `{other}` 不能同时写"),
        format!("`{one}` and `{other}` can not stand together"),
    )
    .help("请只留一个", "keep one of them")
}
