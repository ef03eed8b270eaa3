//! The check of facts: does a path lead somewhere, and what is there.

use std::ops::Range;

use super::{
    Fault, Record, Type,
    compile::Check,
    lexer::{self, TokenKind},
};
use crate::{
    check::suggest::nearest,
    text::{Name, Text},
};

/// How many names a message lists.
const LISTED: usize = 24;
/// How deep a bare name is looked for below other facts.
const DEEPEST: usize = 3;

/// The type of the fact at `path`, which stands at `span`.
pub(super) fn resolve(check: &mut Check<'_>, path: &[Name], span: &Range<usize>) -> Type {
    let mut record = check.scope;
    for (at, name) in path.iter().enumerate() {
        let Some(ty) = record.fields.get(name) else {
            let place = segment(check.source, span, at);
            let before = path.get(..at).unwrap_or_default();
            check.faults.push(unknown(place, before, name, record));
            return Type::Any;
        };
        match ty {
            _ if at + 1 == path.len() => return ty.clone(),
            Type::Record(inner) => record = inner,
            Type::Any => return Type::Any,
            plain => {
                let place = segment(check.source, span, at + 1);
                let before = path.get(..=at).unwrap_or_default();
                check.faults.push(no_parts(place, before, plain));
                return Type::Any;
            }
        }
    }
    Type::Any
}

/// Where the name number `at` of the path at `span` stands.
fn segment(source: &str, span: &Range<usize>, at: usize) -> Range<usize> {
    let tokens = source.get(span.clone()).and_then(|path| lexer::tokens(path).ok()).unwrap_or_default();
    let names = tokens.into_iter().filter(|token| matches!(token.kind, TokenKind::Name(_) | TokenKind::Quoted(_)));
    names
        .map(|token| span.start + token.span.start..span.start + token.span.end)
        .nth(at)
        .unwrap_or_else(|| span.clone())
}

/// A path as it must be written.
pub(super) fn written(path: &[Name]) -> String {
    path.iter().map(|name| plain(name)).collect::<Vec<_>>().join(".")
}

fn plain(name: &str) -> String {
    if lexer::is_plain_name(name) { name.to_owned() } else { format!("`{name}`") }
}

fn unknown(span: Range<usize>, before: &[Name], name: &Name, record: &Record) -> Fault {
    let names = || record.fields.keys().map(Name::as_str);
    // `forms.section-review` reads as a subtraction: the first part of a name with a hyphen is meant as the whole.
    let hyphened =
        names().find(|candidate| candidate.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with('-')));
    let meant = hyphened.or_else(|| nearest(name, &names().collect::<Vec<_>>()));
    let mut listed: Vec<String> = names().take(LISTED).map(|name| format!("`{name}`")).collect();
    if record.fields.len() > LISTED {
        listed.push("…".to_owned());
    }
    let there = Text::new(
        if listed.is_empty() {
            "这里没有任何字段".to_owned()
        } else {
            format!("可用的有 {}", listed.join("、"))
        },
        if listed.is_empty() { "there is nothing here".to_owned() } else { format!("there is {}", listed.join(", ")) },
    );
    let help = match meant {
        Some(meant) => {
            let mut path = before.to_vec();
            path.push(meant.into());
            let (meant, quotes) = (written(&path), if lexer::is_plain_name(meant) { "" } else { "``" });
            let space = if quotes.is_empty() { "" } else { " " };
            let shown =
                if quotes.is_empty() { format!("`{meant}`") } else { format!("{quotes}{space}{meant}{space}{quotes}") };
            Text::new(format!("是不是 {shown}？{}", there.zh), format!("did you mean {shown}? {}", there.en))
        }
        None if before.is_empty() => deeper(name, record).unwrap_or_else(|| bare_word(name, &there)),
        None => there,
    };
    let mut path = before.to_vec();
    path.push(name.clone());
    let path = written(&path);
    Fault {
        code: "unknown-fact",
        span,
        message: Text::new(format!("没有 `{path}` 这个事实"), format!("unknown fact `{path}`")),
        help: Some(help),
    }
}

/// A fact below another that has the name.
fn deeper(name: &Name, record: &Record) -> Option<Text> {
    let mut open: Vec<(Vec<Name>, &Record)> = vec![(Vec::new(), record)];
    for _ in 0..DEEPEST {
        let mut below = Vec::new();
        for (path, record) in open {
            for (field, ty) in &record.fields {
                let mut path = path.clone();
                path.push(field.clone());
                if field == name {
                    let path = written(&path);
                    return Some(Text::new(format!("是不是 `{path}`？"), format!("did you mean `{path}`?")));
                }
                if let Type::Record(inner) = ty {
                    below.push((path, inner.as_ref()));
                }
            }
        }
        open = below;
    }
    None
}

/// A word that is no fact may be a text without its quotes.
fn bare_word(name: &Name, there: &Text) -> Text {
    Text::new(
        format!("如果是文本，请加单引号：`'{name}'`；{}", there.zh),
        format!("put a text into single quotes: `'{name}'`; {}", there.en),
    )
}

fn no_parts(span: Range<usize>, before: &[Name], ty: &Type) -> Fault {
    let (path, title) = (written(before), ty.title());
    Fault {
        code: "unknown-fact",
        span,
        message: Text::new(
            format!("`{path}` 是{}，没有下级字段", title.zh),
            format!("`{path}` is {} and has no parts", title.en),
        ),
        help: Some(Text::new(format!("请写 `{path}`"), format!("write `{path}`"))),
    }
}
