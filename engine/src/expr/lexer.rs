//! From source text to tokens.
//!
//! Invariants: spans lie on character boundaries and do not overlap; every fault has a span inside the source; the work is
//! linear in the length of the source.

use std::ops::Range;

use rust_decimal::Decimal;

use super::Fault;
use crate::text::Text;

/// A token with its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) span: Range<usize>,
    pub(super) kind: TokenKind,
}

/// What a token is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum TokenKind {
    /// A name; `in`, `true`, `false` and `null` are names that the parser knows.
    Name(String),
    /// A name in backticks, for names that hold a hyphen.
    Quoted(String),
    /// A number, exact.
    Number(Decimal),
    /// The content of a string.
    Text(String),
    /// An operator or a bracket.
    Sign(&'static str),
}

/// Signs, the longer before those that they begin with.
const SIGNS: [&str; 24] = [
    "&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "+", "-", "*", "/", "%", "?", ":", ".", ",", "(", ")", "[", "]",
    "{", "}",
];

/// Operators of other languages, and what they are here. They begin with signs that are known, or hold them.
const FOREIGN: [(&str, &str); 6] =
    [("===", "=="), ("!==", "!="), ("<>", "!="), ("=<", "<="), ("=>", ">="), ("**", "*")];

/// What people write by habit, and what it is here.
const SLIPS: [(&str, &str); 24] = [
    ("=", "=="),
    ("&", "&&"),
    ("|", "||"),
    ("；", ","),
    (";", ","),
    ("‘", "'"),
    ("’", "'"),
    ("“", "\""),
    ("”", "\""),
    ("（", "("),
    ("）", ")"),
    ("，", ","),
    ("、", ","),
    ("。", "."),
    ("？", "?"),
    ("：", ":"),
    ("！", "!"),
    ("＝", "=="),
    ("≥", ">="),
    ("≤", "<="),
    ("≠", "!="),
    ("＞", ">"),
    ("＜", "<"),
    ("　", " "),
];

/// All tokens of `source`, or all faults in it.
pub(super) fn tokens(source: &str) -> Result<Vec<Token>, Vec<Fault>> {
    let mut found = Vec::new();
    let mut faults = Vec::new();
    let mut at = 0;
    while let Some(rest) = source.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(first) = rest.chars().next() else { break };
        if matches!(first, ' ' | '\t' | '\n' | '\r') {
            at += first.len_utf8();
            continue;
        }
        let (length, token) = one(rest, first);
        let span = at..at + length;
        match token {
            Ok(kind) => found.push(Token { span, kind }),
            Err((message, help)) => {
                faults.push(Fault { code: "expression-syntax", span, message, help });
            }
        }
        at += length;
    }
    if faults.is_empty() { Ok(found) } else { Err(faults) }
}

type Problem = (Text, Option<Text>);

/// The token at the start of `rest` and its length in bytes.
fn one(rest: &str, first: char) -> (usize, Result<TokenKind, Problem>) {
    if first.is_ascii_digit() {
        return number(rest);
    }
    if is_name_start(first) {
        let length = name_length(rest);
        return (length, Ok(TokenKind::Name(rest.get(..length).unwrap_or_default().to_owned())));
    }
    match first {
        '\'' | '"' => return text(rest, first),
        '`' => return quoted(rest),
        _ => {}
    }
    if let Some((wrong, right)) = FOREIGN.into_iter().find(|(wrong, _)| rest.starts_with(wrong)) {
        let message = Text::new(format!("没有 `{wrong}` 这个运算符"), format!("there is no operator `{wrong}`"));
        let help = Text::new(format!("请写成 `{right}`"), format!("write `{right}`"));
        return (wrong.len(), Err((message, Some(help))));
    }
    if let Some(sign) = SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
        return (sign.len(), Ok(TokenKind::Sign(sign)));
    }
    let message = Text::new(format!("此处不能写 `{first}`"), format!("`{first}` cannot stand here"));
    let slip = SLIPS.into_iter().find(|(wrong, _)| rest.starts_with(wrong));
    let help = match slip {
        Some((_, " ")) => Some(Text::new("请改用半角空格", "write an ordinary space")),
        Some((wrong, right)) if wrong.is_ascii() => {
            Some(Text::new(format!("请写成 `{right}`"), format!("write `{right}`")))
        }
        Some((_, right)) => Some(Text::new(format!("请写成 `{right}`（半角）"), format!("write `{right}`"))),
        None if first == '$' => Some(no_placeholder()),
        None => None,
    };
    (first.len_utf8(), Err((message, help)))
}

/// That facts are written without the braces of templates.
pub(super) fn no_placeholder() -> Text {
    Text::new(
        "表达式里直接写路径，如 `item.title`，不加 `${…}` 或 `{{…}}`",
        "in an expression a path stands alone, such as `item.title`, without `${…}` or `{{…}}`",
    )
}

fn is_name_start(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

/// Whether `text` can stand in an expression without backticks.
pub(super) fn is_plain_name(text: &str) -> bool {
    text.chars().next().is_some_and(is_name_start) && name_length(text) == text.len()
}

fn name_length(rest: &str) -> usize {
    rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len())
}

fn number(rest: &str) -> (usize, Result<TokenKind, Problem>) {
    let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let mut length = digits(rest);
    if let Some(fraction) = rest.get(length..).and_then(|tail| tail.strip_prefix('.')) {
        let more = digits(fraction);
        if more > 0 {
            length += 1 + more;
        }
    }
    let tail = rest.get(length..).map_or(0, name_length);
    let written = rest.get(..length + tail).unwrap_or_default();
    let bad = || {
        let message = Text::new(format!("`{written}` 不是数"), format!("`{written}` is not a number"));
        (
            message,
            Some(Text::new(
                "数写成 `12` 或 `0.5`；日期写成 `date('2026-12-31')`",
                "write numbers as `12` or `0.5`, and dates as `date('2026-12-31')`",
            )),
        )
    };
    if tail > 0 {
        return (length + tail, Err(bad()));
    }
    if let Ok(number) = Decimal::from_str_exact(written) {
        return (length, Ok(TokenKind::Number(number.normalize())));
    }
    let message =
        Text::new(format!("数 `{written}` 的位数过多"), format!("the number `{written}` has too many digits"));
    (length, Err((message, Some(Text::new("最多 28 位数字", "at most 28 digits are kept")))))
}

/// A string in `'` or `"` with the escapes of CEL: `\n`, `\r`, `\t`, `\\`, `\'`, `\"`, `\uXXXX`.
fn text(rest: &str, quote: char) -> (usize, Result<TokenKind, Problem>) {
    let mut content = String::new();
    let mut chars = rest.char_indices().skip(1);
    let mut problem = None;
    while let Some((at, c)) = chars.next() {
        match c {
            c if c == quote => {
                return (at + 1, problem.map_or(Ok(TokenKind::Text(content)), Err));
            }
            '\n' => break,
            '\\' => match escape(&mut chars) {
                Some(c) => content.push(c),
                None => problem = Some(bad_escape()),
            },
            c => content.push(c),
        }
    }
    let length = rest.find('\n').unwrap_or(rest.len());
    let message = Text::new(format!("文本没有结束的引号 `{quote}`"), format!("this text has no closing `{quote}`"));
    (
        length,
        Err((message, Some(Text::new(format!("在文本末尾补上 `{quote}`"), format!("write `{quote}` after the text"))))),
    )
}

fn escape(chars: &mut impl Iterator<Item = (usize, char)>) -> Option<char> {
    match chars.next()?.1 {
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        c @ ('\\' | '\'' | '"') => Some(c),
        'u' => {
            let mut code = 0;
            for _ in 0..4 {
                code = code * 16 + chars.next()?.1.to_digit(16)?;
            }
            char::from_u32(code)
        }
        _ => None,
    }
}

fn bad_escape() -> Problem {
    (
        Text::new("文本里的转义 `\\` 不对", "this text holds an unknown escape after `\\`"),
        Some(Text::new(
            "只能写 `\\n`、`\\t`、`\\\\`、`\\'`、`\\\"` 和 `\\u4e00`",
            "write `\\n`, `\\t`, `\\\\`, `\\'`, `\\\"` or `\\u4e00`",
        )),
    )
}

fn quoted(rest: &str) -> (usize, Result<TokenKind, Problem>) {
    let inner = rest.get(1..).unwrap_or_default();
    match inner.find(['`', '\n']) {
        Some(end) if end > 0 && inner.get(end..).is_some_and(|tail| tail.starts_with('`')) => {
            (end + 2, Ok(TokenKind::Quoted(inner.get(..end).unwrap_or_default().to_owned())))
        }
        end => {
            let length = 1 + end.unwrap_or(inner.len()).max(usize::from(end == Some(0)));
            let message = Text::new("反引号里没有名称，或没有结束", "backticks must enclose a name");
            (length, Err((message, Some(Text::new("请写成 `` `名称` ``", "write `` `name` ``")))))
        }
    }
}
