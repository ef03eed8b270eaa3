//! Diagnostics for people: file, line, column, the line itself, and a mark under exactly the text at fault.

use std::{fmt::Write as _, ops::Range};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{Diagnostic, positions::Positions};
use crate::{source::Place, text::Language};

/// The widest part of a line that is shown, in columns of a terminal.
const MAX_WIDTH: usize = 160;

/// The characters that are shown before a place whose line is too long.
const BEFORE: usize = 20;

/// Renders `diagnostics` with file, line, column and the text underlined, in `language`. They stand in the given order,
/// a blank line between them.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], language: Language) -> String {
    let mut positions = Positions::default();
    let all: Vec<String> = diagnostics.iter().map(|diagnostic| one(diagnostic, language, &mut positions)).collect();
    all.join("\n")
}

fn one(diagnostic: &Diagnostic, language: Language, positions: &mut Positions) -> String {
    let mut out =
        format!("{}[{}]: {}\n", diagnostic.severity.word(language), diagnostic.code, diagnostic.message.get(language));
    let places = std::iter::once(&diagnostic.place).chain(diagnostic.related.iter().map(|(place, _)| place));
    let digits = places.map(|place| positions.of(place).0.line.to_string().len()).max().unwrap_or(1);
    excerpt(&mut out, &diagnostic.place, ('^', ""), digits, positions);
    for (place, word) in &diagnostic.related {
        excerpt(&mut out, place, ('-', word.get(language)), digits, positions);
    }
    if let Some(help) = &diagnostic.help {
        let label = if language == Language::Zh { "帮助：" } else { "help: " };
        let _ = writeln!(out, "{:digits$} = {label}{}", "", help.get(language));
    }
    out
}

/// The place's line with a mark under its text and a word behind the marks. What this takes does not grow with the line.
fn excerpt(out: &mut String, place: &Place, (mark, word): (char, &str), digits: usize, positions: &mut Positions) {
    let (start, end) = positions.of(place);
    let line = positions.line(place, start.line);
    let text = |range: Range<usize>| place.file.text.get(range).unwrap_or_default();
    let at = place.file.text.floor_char_boundary(place.span.start).clamp(line.start, line.end);
    let until = if end.line == start.line { place.file.text.floor_char_boundary(place.span.end) } else { line.end };
    let (before, rest) = (text(line.start..at), text(at..line.end).trim_end());
    let marked = text(at..until.clamp(at, at + rest.len().max(1)).min(line.end));
    let (lead, before, rest) = window(before, rest);
    let _ = writeln!(out, "{:digits$}--> {}:{}:{}", "", place.file.path, start.line, start.column);
    let _ = writeln!(out, "{:digits$} |", "");
    let _ = writeln!(out, "{}", format!("{:>digits$} | {lead}{before}{rest}", start.line).trim_end());
    let marks = mark.to_string().repeat(width(marked).min(rest.width()).max(1));
    let blank = " ".repeat(lead.width() + before.width());
    let _ = writeln!(out, "{:digits$} | {}", "", format!("{blank}{marks} {word}").trim_end());
}

/// What is shown of a line that has `before` before a place and `rest` from there on: what stands for what is left out, and
/// the parts of both. Where the place is, is seen.
fn window(before: &str, rest: &str) -> (&'static str, String, String) {
    let far =
        width(before).saturating_add(width(rest)) > MAX_WIDTH && before.chars().rev().nth(2 * BEFORE - 1).is_some();
    let from = if far { before.char_indices().rev().nth(BEFORE - 1).map_or(0, |(at, _)| at) } else { 0 };
    let before = before.get(from..).unwrap_or_default();
    let mut left = MAX_WIDTH;
    let mut cut = |text: &str| -> String {
        let mut shown = String::new();
        for char in text.chars() {
            let width = width_of(char);
            if width > left {
                left = 0;
                shown.push('…');
                break;
            }
            left -= width;
            shown.push(if char == '\t' || char.is_control() { ' ' } else { char });
        }
        shown
    };
    (if far { "… " } else { "" }, cut(before), cut(rest))
}

/// How many columns of a terminal `text` takes; of one that is wider than what is shown, some number beyond that.
fn width(text: &str) -> usize {
    text.chars().take(4 * MAX_WIDTH).map(width_of).sum()
}

fn width_of(char: char) -> usize {
    if char.is_control() { 1 } else { char.width().unwrap_or(0) }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{diagnostic::Severity, source::File, text::Text};

    fn sample(text: &str, part: &str) -> Diagnostic {
        let at = text.find(part).unwrap();
        let file = Arc::new(File { path: "workflows/x.yaml".into(), text: text.into() });
        Diagnostic {
            code: "unknown-node",
            severity: Severity::Error,
            place: Place::new(file, at..at + part.len()),
            message: Text::new(format!("没有名为 `{part}` 的节点"), format!("there is no node called `{part}`")),
            help: None,
            related: Vec::new(),
        }
    }

    #[test]
    fn wide_characters_count_two_columns() {
        let diagnostic = sample("a: 1\n标题: 科长审, next: 审核x\n", "审核x").help("写 `draft`", "write `draft`");
        assert_eq!(
            render(std::slice::from_ref(&diagnostic), Language::Zh),
            "错误[unknown-node]: 没有名为 `审核x` 的节点\n \
             --> workflows/x.yaml:2:16\n  \
             |\n\
             2 | 标题: 科长审, next: 审核x\n  \
             |                     ^^^^^\n  \
             = 帮助：写 `draft`\n"
        );
        assert!(render(&[diagnostic], Language::En).starts_with("error[unknown-node]: there is no node called"));
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let text = format!("x: {} titel {}", "长".repeat(300), "y".repeat(300));
        let shown = render(&[sample(&text, "titel")], Language::Zh);
        let lines: Vec<&str> = shown.lines().collect();
        let at = lines[3].find("titel").unwrap();
        assert_eq!(lines[3][..at].width(), lines[4].find('^').unwrap(), "{shown}");
        assert!(lines[3].width() < 180);
    }
}
