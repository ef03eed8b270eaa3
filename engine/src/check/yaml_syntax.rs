//! The file is not valid YAML.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place, text::Text, yaml::slips::Slip};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "yaml-syntax",
    "文件的写法不是有效的 YAML：缩进、冒号、引号或括号有误。请按帮助改正标出的一行；文件里其余的错误会一并列出。",
    "The file is not valid YAML: indentation, a colon, quotes or brackets are wrong. Correct the marked line as the help says; further faults of the file are listed too.",
)
.explained(
    "YAML 写法有误",
    "YAML that can not be read",
    Frame::Field,
    "note: {type: string， title: 备注}",
    "note: {type: string, title: 备注}",
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

/// A blank that is no blank of YAML.
pub(crate) fn wide_blank(place: Place) -> Diagnostic {
    RULE.at(place, "此处有一个全角空格（或不间断空格），YAML 把它当作文字", "there is a full-width or no-break blank here, which YAML takes for a letter")
        .help("请改用半角空格，或删去它", "write an ordinary blank, or remove it")
}

/// What somebody wrote by mistake.
pub(crate) fn slip(place: Place, slip: Slip) -> Diagnostic {
    match slip {
        Slip::Wide(wide, plain) => RULE
            .at(place, format!("此处写了全角的 `{wide}`"), format!("there is a full-width `{wide}` here"))
            .help(
                format!("请改成半角的 `{plain}`；如果是文字的一部分，请给整个值加引号"),
                format!("write a plain `{plain}`; put the whole value into quotes where the sign belongs to the text"),
            ),
        Slip::NoBlank(sign) => RULE
            .at(place, format!("`{sign}` 后面缺少空格"), format!("a blank is missing behind `{sign}`"))
            .help(format!("请写成 `{sign} `，后面留一个空格"), format!("write `{sign} `, with a blank")),
        Slip::NoColon => RULE.at(place, "这一行缺少冒号 `:`", "this line lacks a colon `:`").help(
            "请写成“键: 值”，冒号用英文冒号，后面留一个空格；注释请以 `#` 开头",
            "write `key: value` with a plain colon and a blank after it; a comment begins with `#`",
        ),
        Slip::Slashes => RULE
            .at(place, "注释不能以 `//` 开头", "a comment does not begin with `//`")
            .help("注释请以 `#` 开头", "begin a comment with `#`"),
        Slip::Unclosed(bracket) => RULE
            .at(place, format!("括号 `{bracket}` 没有结束"), format!("the bracket `{bracket}` is not closed"))
            .help(
                format!("请补上 `{}`；文字里含有括号时请加引号", if bracket == '{' { '}' } else { ']' }),
                format!("add `{}`; put texts that hold brackets into quotes", if bracket == '{' { '}' } else { ']' }),
            ),
        Slip::Bang => RULE
            .at(place, "文字不能以 `!` 开头", "a text can not begin with `!`")
            .help("请给整个值加引号", "put the whole value into quotes"),
        Slip::Control(control) => RULE
            .at(
                place,
                format!("文件里有控制字符 U+{:04X}，它不能出现在文字里", u32::from(control)),
                format!("the file holds the control character U+{:04X}, which no text may hold", u32::from(control)),
            )
            .help("请删去它：它多半来自复制粘贴", "remove it: it probably came in by copying"),
    }
}
