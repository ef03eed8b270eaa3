//! Functions of dates, instants and durations.

use jiff::{Timestamp, civil::Date};
use rust_decimal::Decimal;

use super::unfit;
use crate::{
    expr::{
        arithmetic,
        eval::{Env, EvalError},
    },
    text::Text,
    value::{NotASpan, Span, Value, parse_date},
};

type Outcome = Result<Value, EvalError>;

pub(super) fn constant_date(text: &str) -> Result<Value, Text> {
    parse_date(text).map(Value::Date).ok_or_else(|| {
        Text::new(
            format!("`{text}` 不是日期：请写成 `2026-12-31`"),
            format!("`{text}` is not a date: write it as `2026-12-31`"),
        )
    })
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
        [Value::Time(time)] => Ok(Value::Date(env.zone().to_datetime(*time).date())),
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

/// The first instant of `date`; where a change of the clock skips midnight, the instant after the gap.
fn start_of_day(date: Date, env: &dyn Env) -> Result<Timestamp, EvalError> {
    date.to_zoned_datetime(env.zone().clone())
        .map(|start| start.timestamp())
        .map_err(|_| EvalError::new(format!("`{date}` leaves the range of time")))
}

pub(super) fn cycle(values: &[Value], env: &dyn Env) -> Outcome {
    match values {
        [Value::Text(entry)] => Ok(env.cycle(entry).map_or(Value::Null, Value::Span)),
        other => Err(unfit("cycle", other)),
    }
}

pub(super) fn year(values: &[Value], _: &dyn Env) -> Outcome {
    match values {
        [Value::Date(date)] => Ok(Value::Number(Decimal::from(date.year()))),
        other => Err(unfit("year", other)),
    }
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
    match (next, cap) {
        (Ok(next), Value::Date(cap)) => Ok(Value::Date(next.min(*cap))),
        (Err(_), Value::Date(cap)) => Ok(Value::Date(*cap)),
        (next, _) => next.map(Value::Date),
    }
}
