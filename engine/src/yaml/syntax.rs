//! The parser's errors in words that an administrator understands.

use granit_parser::ErrorKind as E;

use crate::text::Text;

/// What is wrong and what to write instead, each in Chinese and English.
type Words = ((&'static str, &'static str), (&'static str, &'static str));

/// What is wrong, and what to write instead.
pub(super) fn words(kind: &E) -> (Text, Text) {
    let ((zh, en), (help_zh, help_en)) =
        quotes(kind).or_else(|| brackets(kind)).or_else(|| indentation(kind)).unwrap_or_else(|| rest(kind));
    (Text::new(zh, en), Text::new(help_zh, help_en))
}

/// Faults of quotes.
fn quotes(kind: &E) -> Option<Words> {
    Some(match kind {
        E::UnclosedQuotedScalar | E::DocumentIndicatorInQuotedScalar => (
            ("引号没有结束", "the quotes are not closed"),
            ("请在同一行补上另一个引号", "write the second quotation mark, on the same line"),
        ),
        E::InvalidTrailingSingleQuotedScalar | E::InvalidTrailingDoubleQuotedScalar => (
            ("引号结束后还有文字", "there is text after the closing quotation mark"),
            (
                "请把整个值放进一对引号；值里面要用引号时，外面换用另一种引号",
                "put the whole value into one pair of quotes; where it holds quotes itself, use the other kind outside",
            ),
        ),
        E::UnknownQuotedScalarEscape
        | E::InvalidQuotedScalarHexEscape
        | E::InvalidLowSurrogateHexEscape
        | E::InvalidLowSurrogate
        | E::MissingLowSurrogate
        | E::UnpairedLowSurrogate
        | E::InvalidUnicodeEscape => (
            ("双引号里的反斜杠 `\\` 后面不是已知的转义", "the backslash in double quotes begins no known escape"),
            ("请改用单引号，里面的反斜杠就是普通字符", "use single quotes: a backslash is an ordinary character there"),
        ),
        _ => return None,
    })
}

/// Faults of brackets and colons.
fn brackets(kind: &E) -> Option<Words> {
    Some(match kind {
        E::UnclosedFlowCollection { .. }
        | E::UnexpectedEofFlowSequence
        | E::UnexpectedEofFlowMapping
        | E::UnexpectedEofImplicitFlowMapping
        | E::ExpectedFlowMappingSeparator
        | E::ExpectedFlowSequenceSeparator => (
            (
                "括号 `{` 或 `[` 没有结束，或两项之间少了逗号",
                "a bracket `{` or `[` is not closed, or a comma is missing",
            ),
            (
                "请核对括号是否成对、各项之间是否有英文逗号；文字里含有 `,`、`:`、`{`、`[` 时请加引号",
                "check that brackets come in pairs and that commas separate the parts; put texts with `,`, `:`, `{` or `[` into quotes",
            ),
        ),
        E::MisplacedFlowCollectionEnd | E::MismatchedFlowCollectionEnd { .. } => (
            ("这个右括号没有对应的左括号", "this closing bracket has no matching opening bracket"),
            ("请删去它，或补上左括号", "remove it, or add the opening bracket"),
        ),
        E::MappingValueNotAllowed | E::MappingKeyNotAllowed | E::InvalidColonPlacement => (
            ("此处不能有冒号 `:`", "a colon `:` can not stand here"),
            (
                "一行只能有一个“键: 值”；如果冒号是文字的一部分，请给整个值加引号",
                "one line holds one `key: value`; where the colon belongs to the text, put the whole value into quotes",
            ),
        ),
        E::SimpleKeyExpected | E::InvalidSimpleKey => (
            ("这一行缺少冒号 `:`", "this line lacks a colon `:`"),
            (
                "请写成“键: 值”，冒号用英文冒号，后面留一个空格",
                "write `key: value` with a plain colon and a blank after it",
            ),
        ),
        _ => return None,
    })
}

/// Faults of indentation.
fn indentation(kind: &E) -> Option<Words> {
    Some(match kind {
        E::TabNotAllowed
        | E::TabInBlockIndentation
        | E::TabAtBlockScalarStart
        | E::TabInIndentation
        | E::TabInPlainScalar
        | E::InvalidBlockEntryWhitespace
        | E::InvalidMappingValueWhitespace => (
            ("此处用了制表符（Tab）", "there is a tab here"),
            ("缩进请只用空格，每层两个", "indent with blanks only, two for each level"),
        ),
        E::ExpectedBlockMappingKey
        | E::ExpectedBlockSequenceEntry
        | E::InvalidIndentation
        | E::InvalidFlowScalarIndent
        | E::InvalidQuotedScalarIndent
        | E::InvalidBlockScalarIndent
        | E::BlockSequenceEntryNotAllowed
        | E::UnexpectedEofBlockSequence
        | E::UnexpectedEofBlockMapping
        | E::CommentInterceptedScalar => (
            ("缩进与上面的行对不齐", "the indentation does not line up with the lines above"),
            (
                "同一层的键请缩进相同的空格数，下一层多两个空格",
                "indent keys of one level by the same number of blanks, the next level by two more",
            ),
        ),
        _ => return None,
    })
}

/// Other faults.
fn rest(kind: &E) -> Words {
    match kind {
        E::UnexpectedCharacter { .. } => (
            ("文字不能以这个字符开头", "a text can not begin with this character"),
            ("请给整个值加引号", "put the whole value into quotes"),
        ),
        E::CommentNotSeparated | E::ExpectedWhitespace => (
            ("此处缺少空格", "a blank is missing here"),
            ("`:`、`-` 后面和 `#` 前面都要有一个空格", "write a blank after `:` and `-`, and before `#`"),
        ),
        E::RecursionLimitExceeded => (("嵌套太深", "this is nested too deeply"), ("请减少层数", "use fewer levels")),
        E::DirectiveDisallowed => (
            ("不支持 `%` 开头的 YAML 指令", "YAML directives (lines with `%`) are not supported"),
            ("请删去这一行", "remove this line"),
        ),
        _ => (
            ("此处不是有效的 YAML", "this is not valid YAML"),
            (
                "请核对这一行与上一行的冒号、引号、括号和缩进",
                "check colons, quotes, brackets and indentation of this line and the one above",
            ),
        ),
    }
}
