//! Functions of dates, instants and durations.

use jiff::{Timestamp, civil::Date};
use rust_decimal::{Decimal, prelude::ToPrimitive as _};

use super::unfit;
use crate::{
    expr::{
        arithmetic,
        eval::{Env, EvalError},
    },
    text::Text,
    time,
    value::{NotASpan, Span, Value, parse_date, why_no_date},
};

type Outcome = Result<Value, EvalError>;

pub(super) fn constant_date(text: &str) -> Result<Value, Text> {
    parse_date(text).map(Value::Date).ok_or_else(|| why_no_date(text))
}

pub(super) fn constant_time(text: &str) -> Result<Value, Text> {
    text.parse().map(Value::Time).map_err(|_| {
        Text::new(
            format!("`{text}` 不是时刻：请写成 `2026-12-31T18:00:00+08:00`"),
            format!("`{text}` is not a point in time: write it as `2026-12-31T18:00:00+08:00`"),
        )
    })
}

pub(super) fn constant_duration(text: &str) -> Result<Value, Text> {
    text.parse().map(Value::Span).map_err(|NotASpan(message)| message)
}

pub(super) fn duration(values: &[Value], _: &dyn Env) -> Outcome {
    match values {
        [Value::Text(text)] => constant_duration(text).map_err(|message| EvalError::new(message.en)),
        other => Err(unfit("duration", other)),
    }
}

pub(super) fn date(values: &[Value], env: &dyn Env) -> Outcome {
    match values {
        [Value::Text(text)] => constant_date(text).map_err(|message| EvalError::new(message.en)),
        [Value::Date(date)] => Ok(Value::Date(*date)),
        [Value::Time(time)] => {
            let date = env.zone().to_datetime(*time).date();
            let outside = || EvalError::new(format!("`{time}` lies outside the range of dates"));
            arithmetic::is_written(date).then_some(Value::Date(date)).ok_or_else(outside)
        }
        other => Err(unfit("date", other)),
    }
}

pub(super) fn time(values: &[Value], env: &dyn Env) -> Outcome {
    match values {
        [Value::Text(text)] => constant_time(text).map_err(|message| EvalError::new(message.en)),
        [Value::Time(time)] => Ok(Value::Time(*time)),
        [Value::Date(date)] => start_of_day(*date, env).map(Value::Time),
        other => Err(unfit("time", other)),
    }
}

fn start_of_day(date: Date, env: &dyn Env) -> Result<Timestamp, EvalError> {
    time::start_of_day(date, env.zone()).ok_or_else(|| EvalError::new(format!("`{date}` leaves the range of time")))
}

pub(super) fn cycle(values: &[Value], env: &dyn Env) -> Outcome {
    match values {
        [Value::Text(entry)] => Ok(env.cycle(entry).map_or(Value::Null, Value::Span)),
        other => Err(unfit("cycle", other)),
    }
}

/// A number that `part` takes from a date.
fn part(name: &str, values: &[Value], part: fn(Date) -> i16) -> Outcome {
    match values {
        [Value::Date(date)] => Ok(Value::Number(Decimal::from(part(*date)))),
        other => Err(unfit(name, other)),
    }
}

pub(super) fn year(values: &[Value], _: &dyn Env) -> Outcome {
    part("year", values, Date::year)
}

pub(super) fn quarter(values: &[Value], _: &dyn Env) -> Outcome {
    part("quarter", values, |date| i16::from((date.month() + 2) / 3))
}

pub(super) fn month(values: &[Value], _: &dyn Env) -> Outcome {
    part("month", values, |date| date.month().into())
}

pub(super) fn day(values: &[Value], _: &dyn Env) -> Outcome {
    part("day", values, |date| date.day().into())
}

pub(super) fn weekday(values: &[Value], _: &dyn Env) -> Outcome {
    part("weekday", values, |date| date.weekday().to_monday_one_offset().into())
}

/// A date that `compute` gives for another.
fn of_date(name: &str, values: &[Value], compute: fn(Date) -> Result<Date, EvalError>) -> Outcome {
    match values {
        [Value::Date(date)] => compute(*date).map(Value::Date),
        other => Err(unfit(name, other)),
    }
}

pub(super) fn end_of_month(values: &[Value], _: &dyn Env) -> Outcome {
    of_date("end_of_month", values, |date| Ok(date.last_of_month()))
}

pub(super) fn end_of_quarter(values: &[Value], _: &dyn Env) -> Outcome {
    of_date("end_of_quarter", values, |date| {
        let months = i64::from(2 - (date.month() + 2) % 3);
        arithmetic::months_later(date, months).map(Date::last_of_month)
    })
}

/// The same day of a month that is `n` later; its last day where it has no such day.
pub(super) fn add_months(values: &[Value], _: &dyn Env) -> Outcome {
    match values {
        [Value::Date(date), Value::Number(count)] => {
            arithmetic::months_later(*date, whole("add_months", *count)?).map(Value::Date)
        }
        other => Err(unfit("add_months", other)),
    }
}

/// The whole number that `number` is.
pub(super) fn whole(name: &str, number: Decimal) -> Result<i64, EvalError> {
    number
        .is_integer()
        .then(|| number.to_i64())
        .flatten()
        .ok_or_else(|| EvalError::new(format!("`{name}` needs a whole number, found `{number}`")))
}

pub(super) fn days_between(values: &[Value], _: &dyn Env) -> Outcome {
    match values {
        [Value::Date(a), Value::Date(b)] => Ok(Value::Number(Decimal::from(arithmetic::days_between(*a, *b)))),
        other => Err(unfit("days_between", other)),
    }
}

/// The first `start + k × every` (k ≥ 1) after `after`, or `cap` where that comes first.
pub(super) fn next_on_grid(values: &[Value], _: &dyn Env) -> Outcome {
    let (start, every, after, cap) = match values {
        [Value::Null, _, _, _] | [_, Value::Null, _, _] | [_, _, Value::Null, _] => return Ok(Value::Null),
        [Value::Date(start), Value::Span(every), Value::Date(after), cap @ (Value::Date(_) | Value::Null)] => {
            (*start, *every, *after, cap)
        }
        other => return Err(unfit("next_on_grid", other)),
    };
    if every.days <= 0 || !every.exact.is_zero() {
        return Err(EvalError::new(format!("`next_on_grid` needs whole days to step by, found `{every}`")));
    }
    let steps = arithmetic::days_between(start, after).div_euclid(every.days).saturating_add(1).max(1);
    let next = steps
        .checked_mul(every.days)
        .ok_or_else(|| EvalError::new("the grid leaves the range of dates"))
        .and_then(|days| arithmetic::date_plus(start, Span::of_days(days)));
    capped(next, cap)
}

/// The first `start` + k × `months` (k ≥ 1) after `after`, or `cap` where that comes first.
pub(super) fn next_by_month(values: &[Value], _: &dyn Env) -> Outcome {
    let (start, months, after, cap) = match values {
        [Value::Null, _, _, _] | [_, Value::Null, _, _] | [_, _, Value::Null, _] => return Ok(Value::Null),
        [Value::Date(start), Value::Number(months), Value::Date(after), cap @ (Value::Date(_) | Value::Null)] => {
            (*start, whole("next_by_month", *months)?, *after, cap)
        }
        other => return Err(unfit("next_by_month", other)),
    };
    if months <= 0 {
        return Err(EvalError::new(format!("`next_by_month` needs at least one month to step by, found `{months}`")));
    }
    let count = |date: Date| i64::from(date.year()) * 12 + i64::from(date.month());
    // The step into the month of `after` may still lie before it; the one behind that does not.
    let steps = (count(after) - count(start)).div_euclid(months).max(1);
    let step = |steps: i64| {
        let months = steps.checked_mul(months).ok_or_else(|| EvalError::new("the grid leaves the range of dates"));
        months.and_then(|months| arithmetic::months_later(start, months))
    };
    let next = step(steps).and_then(|next| if next > after { Ok(next) } else { step(steps + 1) });
    capped(next, cap)
}

/// The next date of a grid, or `cap` where that comes first.
fn capped(next: Result<Date, EvalError>, cap: &Value) -> Outcome {
    match (next, cap) {
        (Ok(next), Value::Date(cap)) => Ok(Value::Date(next.min(*cap))),
        (Err(_), Value::Date(cap)) => Ok(Value::Date(*cap)),
        (next, _) => next.map(Value::Date),
    }
}
