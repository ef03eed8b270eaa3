//! .csv: UTF-8 with or without a mark, UTF-16 with one, else GB18030 (I7).

use std::borrow::Cow;

use docket_engine::text::Text;
use encoding_rs::{Encoding, GB18030, UTF_8};

use super::{Book, Cell, MAX_CELLS, Refusal, Sheet, not_a_workbook};

/// Reads a text file of comma, semicolon or tab separated values.
pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Book, Refusal> {
    let text = decode(bytes)?;
    is_a_table(name, &text)?;
    let mut sheet = Sheet::new(name);
    let mut budget = MAX_CELLS;
    let mut reader = Reader { rest: text.chars().peekable(), separator: separator(&text) };
    let mut row = 0;
    while let Some(fields) = reader.record() {
        for (column, field) in (0..).zip(fields) {
            sheet.put(row, column, Cell::text(&field), &mut budget)?;
        }
        row += 1;
    }
    Ok(Book { sheets: vec![sheet], from_1904: false })
}

/// The text of the file.
fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Refusal> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let rest = bytes.get(mark..).unwrap_or_default();
        return encoding
            .decode_without_bom_handling_and_without_replacement(rest)
            .ok_or_else(|| undecodable(encoding, rest));
    }
    if looks_binary(bytes) {
        return Err(not_a_workbook(&Text::new("文件不是表格", "the file is not a spreadsheet")));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(_) if mostly_utf8(bytes) => Err(undecodable(UTF_8, bytes)),
        Err(_) => GB18030
            .decode_without_bom_handling_and_without_replacement(bytes)
            .ok_or_else(|| undecodable(GB18030, bytes)),
    }
}

fn looks_binary(bytes: &[u8]) -> bool {
    bytes.starts_with(b"%PDF") || bytes.iter().any(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31))
}

/// Whether a text that is no UTF-8 was meant as it: far more characters of several bytes fit than do not.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut fit, mut misfit) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        fit += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        misfit += usize::from(!chunk.invalid().is_empty());
    }
    fit > 10 * misfit
}

/// The first line that cannot be decoded.
fn undecodable(encoding: &'static Encoding, bytes: &[u8]) -> Refusal {
    let line = bytes
        .split(|byte| *byte == b'\n')
        .position(|line| encoding.decode_without_bom_handling_and_without_replacement(line).is_none())
        .map_or(1, |line| line + 1);
    let name = encoding.name();
    Refusal::new(
        "undecodable-text",
        format!("第 {line} 行有无法按 {name} 识别的字节。请在 Excel 或 WPS 中打开，另存为 .xlsx 后再上传"),
        format!(
            "line {line} holds bytes that are no {name}. Open it in Excel or WPS, save it as .xlsx, and upload again"
        ),
    )
}

/// Refuses a text that is something else: a web page, a document under a spreadsheet's name.
fn is_a_table(name: &str, text: &str) -> Result<(), Refusal> {
    let begin = text.trim_start_matches(['\u{feff}', ' ', '\r', '\n', '\t']);
    if begin.starts_with('<') {
        return Err(not_a_workbook(&Text::new(
            "文件是网页或 XML，不是表格。请在 Excel 或 WPS 中打开，另存为 .xlsx",
            "the file is a web page or XML, not a spreadsheet. Open it in Excel or WPS and save it as .xlsx",
        )));
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    match ending.as_deref() {
        Some("csv" | "txt" | "tsv") => Ok(()),
        _ => Err(not_a_workbook(&Text::new(
            format!("“{name}”的内容是文本，不是 Excel 表格"),
            format!("“{name}” holds text, not an Excel spreadsheet"),
        ))),
    }
}

/// The separator that the first lines use most.
fn separator(text: &str) -> char {
    let count = |separator: char| text.lines().take(20).map(|line| line.matches(separator).count()).sum::<usize>();
    let mut best = ',';
    for candidate in ['\t', ';'] {
        if count(candidate) > count(best) {
            best = candidate;
        }
    }
    best
}

/// Reads records as RFC 4180 has them; a stray quotation mark is a character.
struct Reader<I: Iterator<Item = char>> {
    rest: std::iter::Peekable<I>,
    separator: char,
}

impl<I: Iterator<Item = char>> Reader<I> {
    /// The next record's fields.
    fn record(&mut self) -> Option<Vec<String>> {
        self.rest.peek()?;
        let mut fields = Vec::new();
        loop {
            let mut field = String::new();
            if self.rest.next_if_eq(&'"').is_some() {
                self.quoted(&mut field);
            }
            let end = loop {
                match self.rest.next() {
                    None | Some('\n') => break true,
                    Some('\r') if self.rest.peek() == Some(&'\n') => {}
                    Some(c) if c == self.separator => break false,
                    Some(c) => field.push(c),
                }
            };
            fields.push(field);
            if end {
                return Some(fields);
            }
        }
    }

    /// The rest of a quoted field, up to its closing mark.
    fn quoted(&mut self, field: &mut String) {
        while let Some(c) = self.rest.next() {
            if c == '"' && self.rest.next_if_eq(&'"').is_none() {
                return;
            }
            field.push(c);
        }
    }
}
