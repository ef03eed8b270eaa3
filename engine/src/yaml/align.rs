//! From bytes of a text's value back to bytes of its source, through quotes, escapes and folded lines.

use std::ops::Range;

use super::{Scalar, Style};

/// The bytes of `source` that give the bytes `inner` of the scalar's text; none where the two can not be aligned.
pub(super) fn align(source: &str, scalar: &Scalar, inner: &Range<usize>) -> Option<Range<usize>> {
    let mut walk = Walk { source, at: begin(source, scalar.style), style: scalar.style };
    let (mut start, mut end) = (None, None);
    for (index, char) in scalar.text.char_indices() {
        let from = walk.at;
        let (first, next) = walk.step(char)?;
        if index == inner.start {
            start = Some(first);
        }
        if index < inner.end {
            end = Some(next);
        }
        if next < from {
            return None;
        }
    }
    let start = start.unwrap_or(walk.at.min(source.len()));
    Some(start..end.unwrap_or(start).max(start))
}

fn begin(source: &str, style: Style) -> usize {
    match style {
        Style::Single | Style::Double => 1,
        // The header line of `|` and `>`, where the span begins with it.
        Style::Block if source.starts_with(['|', '>']) => source.find('\n').map_or(source.len(), |at| at + 1),
        Style::Plain | Style::Block => 0,
    }
}

struct Walk<'a> {
    source: &'a str,
    at: usize,
    style: Style,
}

impl Walk<'_> {
    fn rest(&self) -> &str {
        self.source.get(self.at..).unwrap_or_default()
    }

    /// Moves past what gives `char`; returns where that begins and ends.
    fn step(&mut self, char: char) -> Option<(usize, usize)> {
        if self.style == Style::Block && (self.at == 0 || self.source.get(..self.at)?.ends_with('\n')) {
            self.at += self.rest().len() - self.rest().trim_start_matches(' ').len();
        }
        let start = self.at;
        if let Some(length) = self.escaped(char) {
            self.at += length;
            return Some((start, self.at));
        }
        let next = self.rest().chars().next()?;
        if char == next && !(char.is_whitespace() && self.folds()) {
            self.at += next.len_utf8();
            return Some((start, self.at));
        }
        if char.is_whitespace() && next.is_whitespace() {
            self.at += self.rest().len() - self.rest().trim_start().len();
            return Some((start, self.at));
        }
        None
    }

    /// Whether the white space from here on holds a line break, which folds to one blank.
    fn folds(&self) -> bool {
        self.style != Style::Block && self.rest().chars().take_while(|c| c.is_whitespace()).any(|c| c == '\n')
    }

    /// The length of an escape that gives `char`.
    fn escaped(&self, char: char) -> Option<usize> {
        let rest = self.rest();
        match self.style {
            Style::Single => (char == '\'' && rest.starts_with("''")).then_some(2),
            Style::Double => {
                let code = rest.strip_prefix('\\')?.chars().next()?;
                Some(match code {
                    'x' => 4,
                    'u' => 6,
                    'U' => 10,
                    '\n' | '\r' => return None,
                    _ => 1 + code.len_utf8(),
                })
            }
            Style::Plain | Style::Block => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(source: &str, text: &str, style: Style, part: &str) -> String {
        let at = text.find(part).unwrap();
        let scalar = Scalar { text: text.into(), style };
        let range = align(source, &scalar, &(at..at + part.len())).unwrap();
        source[range].to_owned()
    }

    #[test]
    fn a_part_is_found_through_quotes_escapes_and_folding() {
        assert_eq!(found("item.titel == 1", "item.titel == 1", Style::Plain, "titel"), "titel");
        assert_eq!(found("'x == ''a'' && titel'", "x == 'a' && titel", Style::Single, "titel"), "titel");
        assert_eq!(found(r#""x == \"a\" \u4e00 titel""#, "x == \"a\" 一 titel", Style::Double, "titel"), "titel");
        assert_eq!(found("a ||\n      titel", "a || titel", Style::Plain, "titel"), "titel");
        assert_eq!(found("|\n    a ||\n    titel\n", "a ||\ntitel\n", Style::Block, "titel"), "titel");
        assert_eq!(found(">-\n    a ||\n    titel\n", "a || titel", Style::Block, "titel"), "titel");
    }

    #[test]
    fn the_end_of_the_text_is_an_empty_place_after_it() {
        let scalar = Scalar { text: "a +".into(), style: Style::Single };
        assert_eq!(align("'a +'", &scalar, &(3..3)), Some(4..4));
    }

    #[test]
    fn what_does_not_align_is_none() {
        let scalar = Scalar { text: "abc".into(), style: Style::Plain };
        assert_eq!(align("axc", &scalar, &(2..3)), None);
    }
}
