//! Dates as people write them: real dates, `2026.11.30`, `2026年12月底前`, `2026年四季度`, serial numbers, 长期坚持.
//!
//! A date without a day is the last day of what it names. Nothing is guessed: without a year, or with a number that has lost its
//! last zero, the row stays out and the message proposes.

mod written;

use docket_engine::value::Value;
use jiff::civil::Date;

use super::Reading;
use crate::import::{
    fold::{folded, name_key},
    note::Remark,
    workbook::Cell,
};
use written::Written;

/// Serial numbers that are read as dates: 1954 to 2119.
const SERIALS: std::ops::RangeInclusive<i64> = 20_000..=80_000;
/// Years that are taken for years.
const YEARS: std::ops::RangeInclusive<i16> = 1990..=2100;

/// What a reader of dates knows beside the cell.
#[derive(Debug, Clone, Copy)]
pub struct Calendar<'a> {
    /// Today; a proposal for a missing year is not before it.
    pub today: Date,
    /// Whether serial numbers count from 1904.
    pub from_1904: bool,
    /// Words that mean that there is no date.
    pub open_ended: &'a [String],
}

/// Reads a date.
#[must_use]
pub fn read(cell: &Cell, calendar: Calendar<'_>) -> Reading {
    match cell {
        Cell::Empty => Reading::nothing(),
        Cell::Date(date) => in_years(*date),
        Cell::Number(number) => from_number(*number, calendar),
        Cell::Text(_) => from_text(&folded(&cell.shown()), calendar),
        Cell::Bool(_) => Reading::refused(not_a_date(&cell.shown())),
        Cell::Error(_) => {
            super::texts::unusable(cell).map_or_else(|| Reading::refused(not_a_date(&cell.shown())), Reading::refused)
        }
    }
}

fn from_number(number: f64, calendar: Calendar<'_>) -> Reading {
    let shown = number.to_string();
    if number.fract() == 0.0 {
        return match shown.parse::<i64>() {
            Ok(whole) => from_whole(whole, calendar),
            Err(_) => Reading::refused(not_a_date(&shown)),
        };
    }
    // `2024.10` entered as a number is stored as 2024.1: only here two months are possible.
    let (year, month) = shown.split_once('.').unwrap_or((&shown, ""));
    if month == "1"
        && let Some(year) = year.parse().ok().filter(|year| YEARS.contains(year))
    {
        return ambiguous_number(&shown, year);
    }
    match written::read(&shown) {
        Some(Written::Month(Some(year), month)) => of_part(last_day(year, month), &shown),
        _ => Reading::refused(not_a_date(&shown)),
    }
}

fn ambiguous_number(shown: &str, year: i16) -> Reading {
    let months = [1, 10].map(|month| last_day(year, month));
    Reading::refused(Remark::question(
        "ambiguous-date",
        format!("数字 {shown} 可能是 {year} 年 1 月，也可能是 {year} 年 10 月（表格会丢掉末尾的 0）。请写成 {year}-01-31 或 {year}年10月"),
        format!("the number {shown} may be January or October {year}, because a spreadsheet drops the last zero. Write {year}-01-31 or {year}-10-31"),
    ))
    .proposing(months.into_iter().flatten().map(Value::Date).collect())
}

fn from_whole(whole: i64, calendar: Calendar<'_>) -> Reading {
    if SERIALS.contains(&whole) {
        return match from_serial(whole, calendar.from_1904) {
            Some(date) => in_years(date).with(Remark::warning(
                "serial-date",
                format!("数字 {whole} 按表格的日期序列号读作 {date}"),
                format!("the number {whole} is read as the spreadsheet's serial number of {date}"),
            )),
            None => Reading::refused(not_a_date(&whole.to_string())),
        };
    }
    let parts = (i16::try_from(whole / 10_000), i8::try_from(whole / 100 % 100), i8::try_from(whole % 100));
    if let (Ok(year), Ok(month), Ok(day)) = parts
        && YEARS.contains(&year)
    {
        return day_of(Some(year), month, day, &whole.to_string(), calendar);
    }
    match i16::try_from(whole).ok().filter(|year| YEARS.contains(year)) {
        Some(year) => of_part(last_day(year, 12), &whole.to_string()),
        None => Reading::refused(not_a_date(&whole.to_string())),
    }
}

/// The day that a serial number counts.
fn from_serial(serial: i64, from_1904: bool) -> Option<Date> {
    let first = if from_1904 { Date::new(1904, 1, 1) } else { Date::new(1899, 12, 30) };
    first.ok()?.checked_add(jiff::SignedDuration::from_hours(serial.checked_mul(24)?)).ok()
}

fn from_text(text: &str, calendar: Calendar<'_>) -> Reading {
    let key = name_key(text);
    if let Ok(whole) = key.parse::<i64>() {
        return from_whole(whole, calendar);
    }
    if let Some(written) = written::read(text) {
        return of_written(written, text, calendar);
    }
    // A date beside other words: «每月推进，2026年12月底前».
    let clauses: Vec<&str> =
        text.split([',', ';', '。', '、', '\n', '(', ')']).map(str::trim).filter(|one| !one.is_empty()).collect();
    let dated: Vec<(&str, Written)> =
        clauses.iter().filter_map(|clause| Some((*clause, written::read(clause)?))).collect();
    match dated.as_slice() {
        [(clause, written)] => {
            let reading = of_written(*written, clause, calendar);
            let told = Remark::warning(
                "date-with-text",
                format!("“{text}”中的日期读作“{clause}”，原文保留"),
                format!("the date in “{text}” is read from “{clause}”; the text is kept"),
            );
            if reading.value == Value::Null { reading } else { reading.with(told) }.keeping(text)
        }
        [] if calendar.open_ended.iter().any(|word| key.contains(&name_key(word))) => {
            Reading::nothing().keeping(text).with(Remark::warning(
                "open-ended",
                format!("“{text}”没有期限，不设日期，原文保留"),
                format!("“{text}” has no final date; none is set, and the text is kept"),
            ))
        }
        [] => Reading::refused(not_a_date(text)),
        several => Reading::refused(Remark::question(
            "several-dates",
            format!("“{text}”里有 {} 个日期。请只留一个", several.len()),
            format!("“{text}” holds {} dates. Keep one", several.len()),
        ))
        .proposing(
            several
                .iter()
                .filter_map(|(clause, written)| match of_written(*written, clause, calendar).value {
                    Value::Null => None,
                    date => Some(date),
                })
                .collect(),
        ),
    }
}

fn of_written(written: Written, text: &str, calendar: Calendar<'_>) -> Reading {
    match written {
        Written::Day(year, month, day) => day_of(year, month, day, text, calendar),
        Written::EndOfMonth(year, month) => end_of(year, month, text, calendar),
        Written::Month(Some(year), month) => of_part(last_day(year, month), text),
        Written::Month(None, month) => end_of(None, month, text, calendar),
        Written::EndOfYear(year) => end_of(year, 12, text, calendar),
        Written::Year(year) => of_part(last_day(year, 12), text),
        Written::BeforeMonth(year, month) => before_month(year, month, text, calendar),
    }
}

fn day_of(year: Option<i16>, month: i8, day: i8, text: &str, calendar: Calendar<'_>) -> Reading {
    let Some(year) = year else { return no_year(text, calendar, |year| Date::new(year, month, day).ok()) };
    match Date::new(year, month, day) {
        Ok(date) => in_years(date),
        Err(_) => Reading::refused(Remark::error(
            "impossible-date",
            format!("“{text}”这一天不存在"),
            format!("there is no such day as “{text}”"),
        )),
    }
}

fn end_of(year: Option<i16>, month: i8, text: &str, calendar: Calendar<'_>) -> Reading {
    match year {
        None => no_year(text, calendar, |year| last_day(year, month)),
        Some(year) => last_day(year, month).map_or_else(|| Reading::refused(not_a_date(text)), in_years),
    }
}

/// The last day of a month, quarter or year that the text names without a day.
fn of_part(date: Option<Date>, text: &str) -> Reading {
    let Some(date) = date else { return Reading::refused(not_a_date(text)) };
    in_years(date).with(Remark::warning(
        "date-without-day",
        format!("“{text}”没有写到日，按最后一天读作 {date}"),
        format!("“{text}” names no day; it is read as the last one, {date}"),
    ))
}

/// «2026年12月前» may mean before December or before its end.
fn before_month(year: Option<i16>, month: i8, text: &str, calendar: Calendar<'_>) -> Reading {
    let year = year.unwrap_or_else(|| calendar.today.year());
    let end = last_day(year, month);
    let before = Date::new(year, month, 1).ok().and_then(|first| first.yesterday().ok());
    Reading::refused(Remark::question(
        "ambiguous-date",
        format!("“{text}”可能是该月之前，也可能是该月底之前。请写明日期"),
        format!("“{text}” may mean before that month or before its end. Write the date"),
    ))
    .proposing([before, end].into_iter().flatten().map(Value::Date).collect())
}

fn no_year(text: &str, calendar: Calendar<'_>, date: impl Fn(i16) -> Option<Date>) -> Reading {
    let this_year = calendar.today.year();
    let proposed = [this_year, this_year + 1].into_iter().filter_map(&date).find(|date| *date >= calendar.today);
    let Some(proposed) = proposed.or_else(|| date(this_year)) else {
        return Reading::refused(not_a_date(text));
    };
    Reading::refused(Remark::error(
        "no-year",
        format!("“{text}”没有年份。如果是 {proposed}，请写成“{proposed}”"),
        format!("“{text}” names no year. If {proposed} is meant, write “{proposed}”"),
    ))
    .proposing(vec![Value::Date(proposed)])
}

fn in_years(date: Date) -> Reading {
    if YEARS.contains(&date.year()) {
        return Reading::of(Value::Date(date));
    }
    Reading::refused(Remark::error(
        "year-out-of-range",
        format!("{date} 的年份不在 {} 至 {} 之间", YEARS.start(), YEARS.end()),
        format!("the year of {date} is not between {} and {}", YEARS.start(), YEARS.end()),
    ))
}

fn not_a_date(text: &str) -> Remark {
    Remark::error(
        "not-a-date",
        format!("“{text}”不是日期。请写成 2026-12-31、2026年12月底前 这样的形式，或者“长期坚持”"),
        format!("“{text}” is not a date. Write it as 2026-12-31 or 2026年12月底前, or say that there is none"),
    )
}

/// The last day of a month.
fn last_day(year: i16, month: i8) -> Option<Date> {
    Date::new(year, month, 1).ok().map(Date::last_of_month)
}

#[cfg(test)]
mod tests;
