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
        let mut end = offset.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let before = self.text.get(..end).unwrap_or_default();
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let column = before.get(start..).unwrap_or_default().chars().filter(|c| *c != '\u{feff}').count() + 1;
        Position { line, column }
    }

    /// The line numbered `line` (from 1) without its line break; empty where there is none.
    #[must_use]
    pub fn line(&self, line: usize) -> &str {
        self.text.lines().nth(line.saturating_sub(1)).unwrap_or_default()
    }
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
        assert_eq!(file.line(2), "丙: x");
        assert_eq!(file.line(7), "");
    }
}
