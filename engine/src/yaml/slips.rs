//! The slip behind a syntax error: full-width punctuation, a missing blank or colon. The parser stops where it can not go
//! on, which is often a line below the slip; people need the slip.

use std::ops::Range;

use granit_parser::ErrorKind as E;

/// What somebody wrote by mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slip {
    /// A full-width sign, and the plain one that is meant.
    Wide(char, &'static str),
    /// No blank behind `:` or `-`.
    NoBlank(char),
    /// A line without a colon.
    NoColon,
    /// A comment that begins with `//`.
    Slashes,
    /// A bracket that is not closed.
    Unclosed(char),
    /// A control character.
    Control(char),
    /// A text that begins with `!`, which YAML takes for a tag.
    Bang,
}

/// Full-width signs that stand for a sign of YAML.
const WIDE: [(char, &str); 12] = [
    ('，', ","),
    ('：', ": "),
    ('｛', "{"),
    ('｝', "}"),
    ('［', "["),
    ('］', "]"),
    ('【', "["),
    ('】', "]"),
    ('“', "\""),
    ('”', "\""),
    ('‘', "'"),
    ('’', "'"),
];

/// Dashes that are not the one that begins an element of a list.
const DASHES: [char; 4] = ['—', '–', '－', '•'];

/// The slip that made the parser stop at byte `at` of `text`, and where it stands; `open` is the bracket on an earlier line
/// that is still open.
pub(super) fn find(text: &str, at: usize, open: Option<usize>, kind: &E) -> Option<(Range<usize>, Slip)> {
    let at = text.floor_char_boundary(at.min(text.len()));
    if let Some(control) = text.get(at..)?.chars().next().filter(|c| c.is_control() && !c.is_whitespace()) {
        return Some((at..at + control.len_utf8(), Slip::Control(control)));
    }
    let bang =
        if text.get(at..)?.starts_with('!') { Some(at) } else { text.get(..at)?.strip_suffix('!').map(str::len) };
    if let Some(bang) = bang {
        return Some((bang..bang + 1, Slip::Bang));
    }
    if let Some(start) = open {
        return unclosed(text, start);
    }
    let line = line_at(text, at);
    in_line(text, &line, at).or_else(|| if is_about_colons(kind) { line_before(text, line.start) } else { None })
}

/// A bracket that is never closed, or closed by a full-width one.
fn unclosed(text: &str, start: usize) -> Option<(Range<usize>, Slip)> {
    let rest = text.get(start..line_at(text, start).end)?;
    let closing = rest.char_indices().find_map(|(at, char)| match char {
        '｝' | '］' | '】' => WIDE.into_iter().find(|(wide, _)| *wide == char).map(|wide| (at, wide)),
        _ => None,
    });
    if let Some((at, (wide, plain))) = closing {
        return Some((start + at..start + at + wide.len_utf8(), Slip::Wide(wide, plain)));
    }
    let bracket = rest.chars().next()?;
    Some((start..start + bracket.len_utf8(), Slip::Unclosed(bracket)))
}

fn is_about_colons(kind: &E) -> bool {
    matches!(
        kind,
        E::MappingValueNotAllowed
            | E::MappingKeyNotAllowed
            | E::InvalidColonPlacement
            | E::SimpleKeyExpected
            | E::InvalidSimpleKey
    )
}

/// The line around `at`, without its line break.
fn line_at(text: &str, at: usize) -> Range<usize> {
    let start = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let end = text.get(at..).and_then(|rest| rest.find(['\n', '\r'])).map_or(text.len(), |length| at + length);
    start..end.max(start)
}

/// A slip on the line itself, before `at`.
fn in_line(text: &str, line: &Range<usize>, at: usize) -> Option<(Range<usize>, Slip)> {
    let content = text.get(line.clone())?;
    let start = line.start + (content.len() - content.trim_start().len());
    let first = content.trim_start().chars().next()?;
    if DASHES.contains(&first) {
        return Some((start..start + first.len_utf8(), Slip::Wide(first, "- ")));
    }
    let second = content.trim_start().chars().nth(1);
    if first == '-' && second.is_some_and(|c| !c.is_whitespace() && c != '-') {
        return Some((start..start + 1, Slip::NoBlank('-')));
    }
    if let Some(colon) = tight_colon(content).filter(|colon| line.start + colon < at) {
        return Some((line.start + colon..line.start + colon + 1, Slip::NoBlank(':')));
    }
    let before = text.get(line.start..at)?;
    let (offset, wide, plain) = outside_quotes(before)
        .filter_map(|(offset, char)| {
            WIDE.into_iter().find(|(wide, _)| *wide == char).map(|(wide, plain)| (offset, wide, plain))
        })
        .last()?;
    Some((line.start + offset..line.start + offset + wide.len_utf8(), Slip::Wide(wide, plain)))
}

/// The characters that do not stand in plain quotes.
fn outside_quotes(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut quote = None;
    text.char_indices().filter(move |(_, char)| {
        if let Some(open) = quote {
            if *char == open {
                quote = None;
            }
            return false;
        }
        if matches!(char, '"' | '\'') {
            quote = Some(*char);
        }
        quote.is_none()
    })
}

/// The colon behind the key of a line, where no blank follows it.
fn tight_colon(line: &str) -> Option<usize> {
    let colon = line.find(':')?;
    let key = line.get(..colon)?.trim_start().trim_start_matches("- ");
    let tight = line.get(colon + 1..)?.chars().next().is_some_and(|next| !next.is_whitespace());
    let plain = !key.is_empty() && !key.contains([' ', '"', '\'', '{', '[', '#']);
    (tight && plain).then_some(colon)
}

/// A slip on the last line with text above `start`: it lacks the colon that would make it a key with its value.
fn line_before(text: &str, start: usize) -> Option<(Range<usize>, Slip)> {
    let above = text.get(..start)?;
    let content = above.lines().rev().find(|line| !line.trim().is_empty())?;
    let line_start = above.rfind(content)?;
    let trimmed = content.trim().trim_start_matches('\u{feff}');
    let is_entry = trimmed.contains(": ") || trimmed.ends_with(':');
    if is_entry || trimmed.starts_with(['#', '-', '"', '\'', '%']) {
        return None;
    }
    let from = line_start + content.find(trimmed)?;
    if trimmed.starts_with("//") {
        return Some((from..from + 2, Slip::Slashes));
    }
    if let Some(offset) = trimmed.find('：') {
        return Some((from + offset..from + offset + '：'.len_utf8(), Slip::Wide('：', ": ")));
    }
    if let Some(colon) = tight_colon(trimmed) {
        return Some((from + colon..from + colon + 1, Slip::NoBlank(':')));
    }
    Some((from..from + trimmed.len(), Slip::NoColon))
}
