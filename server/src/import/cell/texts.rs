//! Texts: trimmed, of bounded length, without control characters; long codes exact or refused.

use docket_engine::value::Value;

use super::Reading;
use crate::import::{fold::is_blank, note::Remark, workbook::Cell};

/// From here on a spreadsheet's number no longer tells every digit.
const EXACT_BELOW: f64 = 1e15;

/// Reads a text; `multiline` keeps line breaks, `longest` counts characters.
#[must_use]
pub fn read(cell: &Cell, multiline: bool, longest: Option<u64>) -> Reading {
    if let Some(remark) = unusable(cell) {
        return Reading::refused(remark);
    }
    let shown = cell.shown();
    let (text, cleaned) = clean(&shown, multiline);
    if text.is_empty() {
        return Reading::nothing();
    }
    let count = text.chars().count() as u64;
    if let Some(longest) = longest.filter(|longest| count > *longest) {
        return Reading::refused(Remark::error(
            "too-long",
            format!("有 {count} 个字，最多 {longest} 个字。请缩短"),
            format!("{count} characters, of which {longest} are allowed. Shorten it"),
        ));
    }
    let reading = Reading::of(Value::Text(text));
    if cleaned {
        return reading.with(Remark::warning(
            "control-characters",
            "单元格中有不可见的控制字符，已去掉",
            "the cell held invisible control characters; they are left out",
        ));
    }
    reading
}

/// What no reader can use: a formula's error, and a number that has lost digits.
#[must_use]
pub fn unusable(cell: &Cell) -> Option<Remark> {
    match cell {
        Cell::Error(error) => Some(Remark::error(
            "formula-error",
            format!("公式出错：{error}。请改正公式或填写数值"),
            format!("the formula fails: {error}. Correct it or enter the value"),
        )),
        Cell::Number(number) if number.abs() >= EXACT_BELOW || !number.is_finite() => Some(Remark::error(
            "inexact-number",
            format!("“{number}”超过 15 位，表格已丢失末尾的数字。请把这一列设为文本格式后重新填写"),
            format!(
                "“{number}” has more than 15 digits, and the spreadsheet has lost the last ones. Format the column as text and enter it again"
            ),
        )),
        _ => None,
    }
}

/// The text without control characters and blanks at its ends, and whether there was such a character.
fn clean(text: &str, multiline: bool) -> (String, bool) {
    let mut cleaned = false;
    let mut clean = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\n' | '\r' => clean.push(if multiline { '\n' } else { ' ' }),
            '\t' => clean.push(' '),
            c if c.is_control() => cleaned = true,
            c => clean.push(c),
        }
    }
    (clean.trim_matches(is_blank).to_owned(), cleaned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(cell: &Cell) -> Value {
        read(cell, false, Some(10)).value
    }

    #[test]
    fn texts_are_trimmed_and_numbers_keep_their_digits() {
        assert_eq!(text(&Cell::Text("　任务\n一 ".into())), Value::Text("任务 一".into()));
        assert_eq!(text(&Cell::Number(2_026.0)), Value::Text("2026".into()));
        assert_eq!(text(&Cell::Number(0.1)), Value::Text("0.1".into()));
        assert_eq!(text(&Cell::Text("=1+1".into())), Value::Text("=1+1".into()));
        assert_eq!(text(&Cell::Empty), Value::Null);
    }

    #[test]
    fn what_is_too_long_inexact_or_broken_is_refused() {
        for (cell, code) in [
            (Cell::Text("一二三四五六七八九十一".into()), "too-long"),
            (Cell::Number(500_101_199_001_011_234.0), "inexact-number"),
            (Cell::Error("#REF!".into()), "formula-error"),
        ] {
            let reading = read(&cell, false, Some(10));
            assert_eq!((reading.value, reading.remarks[0].code), (Value::Null, code));
        }
    }

    #[test]
    fn control_characters_are_left_out_and_told() {
        let reading = read(&Cell::Text("任\u{1}务".into()), false, None);
        assert_eq!((reading.value, reading.remarks[0].code), (Value::Text("任务".into()), "control-characters"));
    }
}
