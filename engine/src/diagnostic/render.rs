//! Diagnostics for people: file, line, column, the line itself, and a mark under exactly the text at fault.

use std::fmt::Write as _;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::Diagnostic;
use crate::{source::Place, text::Language};

/// The widest part of a line that is shown, in columns of a terminal.
const MAX_WIDTH: usize = 160;

/// Renders `diagnostics` with file, line, column and the text underlined, in `language`. They stand in the given order,
/// a blank line between them.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], language: Language) -> String {
    let all: Vec<String> = diagnostics.iter().map(|diagnostic| one(diagnostic, language)).collect();
    all.join("\n")
}

fn one(diagnostic: &Diagnostic, language: Language) -> String {
    let mut out =
        format!("{}[{}]: {}\n", diagnostic.severity.word(language), diagnostic.code, diagnostic.message.get(language));
    let digits = std::iter::once(&diagnostic.place)
        .chain(diagnostic.related.iter().map(|(place, _)| place))
        .map(|place| place.start().line.to_string().len())
        .max()
        .unwrap_or(1);
    excerpt(&mut out, &diagnostic.place, '^', "", digits);
    for (place, word) in &diagnostic.related {
        excerpt(&mut out, place, '-', word.get(language), digits);
    }
    if let Some(help) = &diagnostic.help {
        let label = if language == Language::Zh { "帮助：" } else { "help: " };
        let _ = writeln!(out, "{:digits$} = {label}{}", "", help.get(language));
    }
    out
}

/// The place's line with `mark` under its text and `word` behind the marks.
fn excerpt(out: &mut String, place: &Place, mark: char, word: &str, digits: usize) {
    let start = place.start();
    let end = place.end();
    let line = place.file.line(start.line).trim_start_matches('\u{feff}');
    let _ = writeln!(out, "{:digits$}--> {}:{}:{}", "", place.file.path, start.line, start.column);
    let _ = writeln!(out, "{:digits$} |", "");
    let until = if end.line == start.line { end.column } else { line.trim_end().chars().count() + 1 };
    let (shown, from) = window(line, start.column);
    let before: usize = columns(line, from, start.column);
    let visible = shown.width().saturating_sub(before + if from > 1 { 2 } else { 0 });
    let under = columns(line, start.column, until).min(visible).max(1);
    let _ = writeln!(out, "{}", format!("{:>digits$} | {}", start.line, shown).trim_end());
    let lead = if from > 1 { 2 } else { 0 };
    let marks = mark.to_string().repeat(under);
    let _ = writeln!(out, "{:digits$} | {}", "", format!("{}{marks} {word}", " ".repeat(before + lead)).trim_end());
}

/// The part of `line` that is shown so that the character in `column` is seen, and the column where it begins.
fn window(line: &str, column: usize) -> (String, usize) {
    let clean = |c: char| if c == '\t' || c.is_control() { ' ' } else { c };
    if line.width() <= MAX_WIDTH {
        return (line.trim_end().chars().map(clean).collect(), 1);
    }
    let from = if column > MAX_WIDTH / 4 { column - MAX_WIDTH / 8 } else { 1 };
    let mut width = 0;
    let mut shown = String::from(if from > 1 { "… " } else { "" });
    for char in line.chars().skip(from - 1) {
        width += width_of(char);
        if width > MAX_WIDTH {
            shown.push('…');
            break;
        }
        shown.push(clean(char));
    }
    (shown, from)
}

/// How many columns of a terminal the characters from column `from` to before column `to` take.
fn columns(line: &str, from: usize, to: usize) -> usize {
    line.chars().skip(from.saturating_sub(1)).take(to.saturating_sub(from)).map(width_of).sum()
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
