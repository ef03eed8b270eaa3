//! `+`, `-`, `*`, `/` and `%`: exact decimals, natural days, lists.
//!
//! Invariants: an absent operand gives an absent result (only a list takes an absent list for an empty one); what leaves its
//! range is an error, never a wrong value. Division rounds to 28 significant digits.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use rust_decimal::Decimal;

use super::eval::{Env, EvalError, MAX_LIST, MAX_TEXT, kind};
use crate::{
    time,
    value::{Span, Value},
};

pub(super) fn negate(value: Value) -> Result<Value, EvalError> {
    match value {
        Value::Null => Ok(Value::Null),
        Value::Number(number) => Ok(Value::Number(-number)),
        Value::Span(span) => span.checked_neg().map(Value::Span).ok_or_else(span_range),
        other => Err(EvalError::new(format!("`-` cannot take {}", kind(&other)))),
    }
}

pub(super) fn add(a: Value, b: Value, env: &dyn Env) -> Result<Value, EvalError> {
    match (a, b) {
        // An absent list is an empty one, so that `[item.lead_unit] + item.co_units` is there without co-units.
        (Value::List(list), Value::Null) | (Value::Null, Value::List(list)) => Ok(Value::List(list)),
        (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
        (Value::Text(a), Value::Text(b)) => text(a + &b),
        (Value::List(mut a), Value::List(b)) => {
            a.extend(b);
            list(a)
        }
        (Value::Date(date), Value::Span(span)) | (Value::Span(span), Value::Date(date)) => {
            date_plus(date, span).map(Value::Date)
        }
        (Value::Time(time), Value::Span(span)) | (Value::Span(span), Value::Time(time)) => {
            time_plus(time, span, env.zone()).map(Value::Time)
        }
        (Value::Span(a), Value::Span(b)) => a.checked_add(b).map(Value::Span).ok_or_else(span_range),
        (a, b) => numbers("+", &a, &b, Decimal::checked_add),
    }
}

pub(super) fn subtract(a: Value, b: Value, env: &dyn Env) -> Result<Value, EvalError> {
    match (a, b) {
        (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
        (Value::Date(a), Value::Date(b)) => Ok(Value::Span(Span::of_days(days_between(b, a)))),
        (Value::Time(a), Value::Time(b)) => Ok(Value::Span(Span::of_exact(b.duration_until(a)))),
        (a @ (Value::Date(_) | Value::Time(_) | Value::Span(_)), Value::Span(b)) => {
            add(a, Value::Span(b.checked_neg().ok_or_else(span_range)?), env)
        }
        (a, b) => numbers("-", &a, &b, Decimal::checked_sub),
    }
}

pub(super) fn numbers(
    sign: &str,
    a: &Value,
    b: &Value,
    compute: fn(Decimal, Decimal) -> Option<Decimal>,
) -> Result<Value, EvalError> {
    match (a, b) {
        (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
        (Value::Number(_), Value::Number(b)) if b.is_zero() && matches!(sign, "/" | "%") => {
            Err(EvalError::new(format!("`{sign}` by zero")))
        }
        (Value::Number(a), Value::Number(b)) => compute(*a, *b)
            .map(|number| Value::Number(number.normalize()))
            .ok_or_else(|| EvalError::new(format!("`{a} {sign} {b}` leaves the range of numbers"))),
        (a, b) => Err(EvalError::new(format!("`{sign}` cannot take {} and {}", kind(a), kind(b)))),
    }
}

/// `date` moved by whole days.
pub(super) fn date_plus(date: Date, span: Span) -> Result<Date, EvalError> {
    if !span.exact.is_zero() {
        return Err(EvalError::new(format!("`{span}` holds hours, and a date has none")));
    }
    let days = jiff::Span::new().try_days(span.days).ok();
    days.and_then(|days| date.checked_add(days).ok())
        .filter(|date| is_written(*date))
        .ok_or_else(|| out_of_range(&date, span))
}

/// The same day of the month that comes `months` later; its last day where it has no such day.
pub(super) fn months_later(date: Date, months: i64) -> Result<Date, EvalError> {
    let span = jiff::Span::new().try_months(months).ok();
    span.and_then(|span| date.checked_add(span).ok())
        .filter(|date| is_written(*date))
        .ok_or_else(|| EvalError::new(format!("`{date}` moved by {months} months leaves the range of dates")))
}

/// Whether a date can be stored and read back: its year has four digits.
pub(super) fn is_written(date: Date) -> bool {
    date.year() >= 0
}

/// `time` moved by natural days in `zone`, then by the exact part.
fn time_plus(time: Timestamp, span: Span, zone: &TimeZone) -> Result<Timestamp, EvalError> {
    time::moved(time, span, zone).ok_or_else(|| out_of_range(&time, span))
}

/// Days from `a` to `b`; negative where `b` is earlier.
pub(super) fn days_between(a: Date, b: Date) -> i32 {
    let days = a.duration_until(b).as_hours() / 24;
    // The range of dates is 20,000 years wide: under 8 million days.
    i32::try_from(days).unwrap_or(i32::MAX)
}

pub(super) fn text(text: String) -> Result<Value, EvalError> {
    if text.len() > MAX_TEXT {
        return Err(EvalError::new(format!("a text grows beyond {MAX_TEXT} bytes")));
    }
    Ok(Value::Text(text))
}

pub(super) fn list(list: Vec<Value>) -> Result<Value, EvalError> {
    if list.len() > MAX_LIST {
        return Err(EvalError::new(format!("a list grows beyond {MAX_LIST} elements")));
    }
    Ok(Value::List(list))
}

fn span_range() -> EvalError {
    EvalError::new("a duration leaves its range")
}

fn out_of_range(from: &dyn std::fmt::Display, span: Span) -> EvalError {
    EvalError::new(format!("`{from}` moved by `{span}` leaves the range of dates"))
}
