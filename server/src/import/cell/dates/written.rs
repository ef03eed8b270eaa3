//! The grammar of written dates.

use crate::import::fold::is_blank;

/// A date as written; a missing year is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// A day. It may not exist.
    Day(Option<i16>, i8, i8),
    /// A month alone: `2026.12`, `2026年12月`.
    Month(Option<i16>, i8),
    /// The end of a month, quarter or half of a year in so many words: `12月底前`, `四季度`, `上半年`.
    EndOfMonth(Option<i16>, i8),
    /// `2026年12月前`.
    BeforeMonth(Option<i16>, i8),
    /// A year alone: `2026年`.
    Year(i16),
    /// The end of a year in so many words: `2026年底前`, `年内`.
    EndOfYear(Option<i16>),
}

/// Endings that mean the end of what stands before them.
const ENDINGS: [&str; 16] = [
    "底之前",
    "底以前",
    "末之前",
    "末以前",
    "底前",
    "末前",
    "份底前",
    "份底",
    "份内",
    "底",
    "末",
    "内",
    "份",
    "度内",
    "度底",
    "度",
];

/// Reads a whole text; none where it is no date.
pub(super) fn read(text: &str) -> Option<Written> {
    let text: String = without_time(text).chars().filter(|c| !is_blank(*c)).collect();
    let text = text.strip_suffix("完成").unwrap_or(&text);
    let mut scan = Scan(text);
    let year = scan.year();
    if let Some(year) = year {
        scan.0 = scan.0.strip_prefix(['年', '.', '-', '/']).unwrap_or(scan.0);
        if scan.0.is_empty() {
            return Some(Written::Year(year));
        }
    }
    scan.end_of_year(year).or_else(|| scan.part_of_year(year)).or_else(|| scan.month(year))
}

/// The text without a time of day behind the date.
fn without_time(text: &str) -> &str {
    let Some((date, time)) = text.rsplit_once(|c: char| is_blank(c) || c == 'T') else { return text };
    let is_time = time.contains(':') && time.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '.' | 'Z'));
    if is_time { date } else { text }
}

struct Scan<'a>(&'a str);

impl Scan<'_> {
    /// Four digits, where a separator or the end follows.
    fn year(&mut self) -> Option<i16> {
        let end = self.0.char_indices().nth(4).map_or(self.0.len(), |(at, _)| at);
        let (digits, rest) = self.0.split_at_checked(end)?;
        let year: String = digits.chars().map(arabic).collect::<Option<_>>()?;
        if year.len() != 4 || !(rest.is_empty() || rest.starts_with(['年', '.', '-', '/'])) {
            return None;
        }
        self.0 = rest;
        year.parse().ok()
    }

    fn end_of_year(&self, year: Option<i16>) -> Option<Written> {
        let rest = self.0.strip_prefix("全年").map(|rest| if rest.is_empty() { "内" } else { rest });
        let rest = match (year, rest) {
            (_, Some(rest)) => rest,
            (Some(_), None) => self.0.strip_prefix('年').unwrap_or(self.0),
            (None, None) => self.0.strip_prefix('年')?,
        };
        ENDINGS.contains(&rest).then_some(Written::EndOfYear(year))
    }

    fn part_of_year(&self, year: Option<i16>) -> Option<Written> {
        for (half, month) in [("上半年", 6), ("下半年", 12)] {
            if let Some(rest) = self.0.strip_prefix(half) {
                return is_ending(rest).then_some(Written::EndOfMonth(year, month));
            }
        }
        let mut scan = Scan(self.0.strip_prefix('第').unwrap_or(self.0));
        let quarter = scan.number()?;
        let rest = scan.0.strip_prefix("季度").or_else(|| scan.0.strip_prefix('季'))?;
        (is_ending(rest) && (1..=4).contains(&quarter)).then_some(Written::EndOfMonth(year, quarter * 3))
    }

    fn month(&mut self, year: Option<i16>) -> Option<Written> {
        let month = self.number()?;
        if !(1..=12).contains(&month) {
            // A day that does not exist is told as such; a number without a year is no date at all.
            year?;
        }
        let after = self.0;
        let Some(rest) = after.strip_prefix('月') else { return Self::dotted(year, month, after) };
        let is_month = (1..=12).contains(&month);
        match rest {
            "" => is_month.then_some(Written::Month(year, month)),
            "前" | "以前" | "之前" => is_month.then_some(Written::BeforeMonth(year, month)),
            "上旬" | "上旬前" => Some(Written::Day(year, month, 10)),
            "中旬" | "中旬前" => Some(Written::Day(year, month, 20)),
            "下旬" | "下旬前" => is_month.then_some(Written::EndOfMonth(year, month)),
            ending if ENDINGS.contains(&ending) => is_month.then_some(Written::EndOfMonth(year, month)),
            _ => Self::day(year, month, rest),
        }
    }

    /// `2026.12`, `2026.12.31`: only behind a year, as `12.31` may be anything.
    fn dotted(year: Option<i16>, month: i8, after: &str) -> Option<Written> {
        let year = Some(year?);
        if after.is_empty() {
            return (1..=12).contains(&month).then_some(Written::Month(year, month));
        }
        let rest = after.strip_prefix(['.', '-', '/']);
        match rest {
            Some(rest) => Self::day(year, month, rest),
            None if ENDINGS.contains(&after) => Some(Written::EndOfMonth(year, month)),
            None => None,
        }
    }

    fn day(year: Option<i16>, month: i8, rest: &str) -> Option<Written> {
        let mut scan = Scan(rest);
        let day = scan.number()?;
        let rest = scan.0.strip_prefix(['日', '号']).unwrap_or(scan.0);
        matches!(rest, "" | "前" | "以前" | "之前" | "止" | "底前").then_some(Written::Day(year, month, day))
    }

    /// A number of one or two digits, Arabic or Chinese (`十二`).
    fn number(&mut self) -> Option<i8> {
        let is_part = |c: char| arabic(c).is_some() || c == '十';
        let end = self.0.find(|c| !is_part(c)).unwrap_or(self.0.len());
        let (number, rest) = self.0.split_at_checked(end)?;
        self.0 = rest;
        let Some((tens, units)) = number.split_once('十') else {
            let digits: String = number.chars().map(arabic).collect::<Option<_>>()?;
            return if digits.len() <= 2 { digits.parse().ok() } else { None };
        };
        let digit = |text: &str, none: i8| match text.chars().collect::<Vec<_>>().as_slice() {
            [] => Some(none),
            [c] => arabic(*c)?.to_digit(10).and_then(|digit| i8::try_from(digit).ok()),
            _ => None,
        };
        Some(digit(tens, 1)? * 10 + digit(units, 0)?)
    }
}

fn is_ending(rest: &str) -> bool {
    rest.is_empty() || matches!(rest, "前" | "以前" | "之前") || ENDINGS.contains(&rest)
}

/// A digit as an Arabic one.
fn arabic(c: char) -> Option<char> {
    const CHINESE: &str = "〇一二三四五六七八九";
    if c.is_ascii_digit() {
        return Some(c);
    }
    let at = CHINESE.chars().position(|digit| digit == c).or((c == '零').then_some(0))?;
    char::from_digit(u32::try_from(at).ok()?, 10)
}
