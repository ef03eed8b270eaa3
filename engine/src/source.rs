//! Source files and places in them.

use std::{ops::Range, sync::Arc};

/// One file of configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its path as shown in messages, relative to the folder that is checked, with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: Arc<File>,
    /// The bytes.
    pub span: Range<usize>,
}

/// Where the lines of a file begin and how many characters stand before its blocks: for whoever asks for many positions.
#[derive(Debug, Clone)]
pub(crate) struct Index {
    /// The byte at which each line begins.
    lines: Vec<usize>,
    /// The characters before each block of [`BLOCK`] bytes, byte order marks left out.
    characters: Vec<usize>,
}

/// The bytes of a block of an [`Index`].
const BLOCK: usize = 1_024;

/// A position as people count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl Place {
    /// The place of `span` in `file`.
    #[must_use]
    pub const fn new(file: Arc<File>, span: Range<usize>) -> Self {
        Self { file, span }
    }

    /// The text at this place; empty where the bytes are not in the file.
    #[must_use]
    pub fn text(&self) -> &str {
        self.file.text.get(self.span.clone()).unwrap_or_default()
    }

    /// Where it begins.
    #[must_use]
    pub fn start(&self) -> Position {
        self.file.position(self.span.start)
    }

    /// Where it ends (the position after its last character).
    #[must_use]
    pub fn end(&self) -> Position {
        self.file.position(self.span.end)
    }
}

impl File {
    /// The position of the byte `offset`; the end of the file for anything beyond it.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let end = self.text.floor_char_boundary(offset.min(self.text.len()));
        let before = self.text.get(..end).unwrap_or_default();
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let column = before.get(start..).unwrap_or_default().chars().filter(|c| *c != '\u{feff}').count() + 1;
        Position { line, column }
    }
}

impl Index {
    /// The index of `file`.
    pub(crate) fn of(file: &File) -> Self {
        let bytes = file.text.as_bytes();
        let breaks = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
        let lines = std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect();
        let mut characters = vec![0];
        let mut count = 0;
        for start in (0..bytes.len()).step_by(BLOCK) {
            count += characters_in(bytes, start..(start + BLOCK).min(bytes.len()));
            characters.push(count);
        }
        Self { lines, characters }
    }

    /// As [`File::position`]; `file` is the one that this is the index of.
    pub(crate) fn position(&self, file: &File, offset: usize) -> Position {
        let offset = file.text.floor_char_boundary(offset.min(file.text.len()));
        let line = self.lines.partition_point(|start| *start <= offset);
        let start = self.lines.get(line.saturating_sub(1)).copied().unwrap_or_default();
        Position { line, column: self.before(file, offset) - self.before(file, start) + 1 }
    }

    /// The bytes of the line numbered `line` (from 1), without its line break and a byte order mark before it.
    pub(crate) fn line(&self, file: &File, line: usize) -> Range<usize> {
        let start = self.lines.get(line.saturating_sub(1)).copied().unwrap_or(file.text.len());
        let end = self.lines.get(line).copied().unwrap_or(file.text.len());
        let text = file.text.get(start..end).unwrap_or_default();
        let bare = text.strip_suffix('\n').map_or(text, |text| text.strip_suffix('\r').unwrap_or(text));
        let marks = bare.len() - bare.trim_start_matches('\u{feff}').len();
        start + marks..start + bare.len()
    }

    /// The characters before `offset`.
    fn before(&self, file: &File, offset: usize) -> usize {
        let block = offset / BLOCK;
        let whole = self.characters.get(block).copied().unwrap_or_default();
        whole + characters_in(file.text.as_bytes(), block * BLOCK..offset)
    }
}

/// How many characters begin in these bytes, byte order marks left out.
fn characters_in(bytes: &[u8], range: Range<usize>) -> usize {
    let begins = |at: &usize| {
        let rest = bytes.get(*at..).unwrap_or_default();
        rest.first().is_some_and(|byte| byte & 0xC0 != 0x80) && !rest.starts_with("\u{feff}".as_bytes())
    };
    range.filter(begins).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let file = File { path: "a.yaml".into(), text: "甲: 乙\r\n丙: x\n".into() };
        assert_eq!(file.position(5), Position { line: 1, column: 4 });
        let x = file.text.find('x').unwrap();
        assert_eq!(file.position(x), Position { line: 2, column: 4 });
        assert_eq!(file.position(9_999), Position { line: 3, column: 1 });
        assert_eq!(file.position(1), Position { line: 1, column: 1 }, "inside a character: its beginning");
    }

    #[test]
    fn an_index_gives_what_is_counted() {
        let line = "\u{feff}甲: 乙\u{feff}x".repeat(200);
        let file = File { path: "a.yaml".into(), text: format!("\u{feff}a\r\n{line}\n\n{line}{line}") };
        let index = Index::of(&file);
        for offset in 0..file.text.len() + 2 {
            assert_eq!(index.position(&file, offset), file.position(offset), "{offset}");
        }
        let text = |number| &file.text[index.line(&file, number)];
        assert_eq!((text(1), text(3), text(9)), ("a", "", ""));
        assert_eq!(text(2), &line[3..]);
    }
}
