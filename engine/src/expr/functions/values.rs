//! Functions of lists, texts and values of any kind.

use std::{cmp::Ordering, collections::BTreeSet};

use rust_decimal::Decimal;

use super::unfit;
use crate::{
    expr::{
        arithmetic,
        eval::{Env, EvalError, compare, order},
    },
    value::Value,
};

type Outcome = Result<Value, EvalError>;

/// A value as a key, by [`order`].
struct Key<'a>(&'a Value);

impl PartialEq for Key<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Key<'_> {}

impl PartialOrd for Key<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        order(self.0, other.0)
    }
}

/// Whether `list` holds `x`; false where either is absent.
pub(in crate::expr) fn contains(list: &Value, x: &Value) -> Result<bool, EvalError> {
    match (list, x) {
        (Value::Null, _) | (_, Value::Null) => Ok(false),
        (Value::List(all), x) => Ok(all.iter().any(|element| order(element, x).is_eq())),
        (list, x) => Err(unfit("in", &[x.clone(), list.clone()])),
    }
}

pub(super) fn contains_call(values: &[Value], _: &dyn Env) -> Outcome {
    match values {
        [Value::Text(text), Value::Text(part)] => Ok(Value::Bool(text.contains(part.as_str()))),
        [list @ Value::List(_), x] => contains(list, x).map(Value::Bool),
        other => Err(unfit("contains", other)),
    }
}

pub(super) fn overlaps(values: &[Value], _: &dyn Env) -> Outcome {
    match values {
        [Value::List(a), Value::List(b)] => {
            let (few, many) = if a.len() < b.len() { (a, b) } else { (b, a) };
            let few: BTreeSet<Key<'_>> = few.iter().map(Key).collect();
            Ok(Value::Bool(many.iter().any(|element| few.contains(&Key(element)))))
        }
        other => Err(unfit("overlaps", other)),
    }
}

pub(super) fn distinct(values: &[Value], _: &dyn Env) -> Outcome {
    match values {
        [Value::List(all)] => {
            let mut seen = BTreeSet::new();
            Ok(Value::List(all.iter().filter(|element| seen.insert(Key(element))).cloned().collect()))
        }
        other => Err(unfit("distinct", other)),
    }
}

pub(super) fn first(values: &[Value], _: &dyn Env) -> Outcome {
    match values {
        [Value::List(all)] => Ok(all.first().cloned().unwrap_or(Value::Null)),
        other => Err(unfit("first", other)),
    }
}

pub(super) fn size(values: &[Value], _: &dyn Env) -> Outcome {
    let size = match values {
        [Value::Null] => 0,
        [Value::List(all)] => all.len(),
        [Value::Text(text)] => text.chars().count(),
        other => return Err(unfit("size", other)),
    };
    Ok(Value::Number(Decimal::from(size)))
}

pub(super) fn has(values: &[Value], _: &dyn Env) -> Outcome {
    match values {
        [value] => Ok(Value::Bool(!value.is_absent())),
        other => Err(unfit("has", other)),
    }
}

pub(super) fn min(values: &[Value], _: &dyn Env) -> Outcome {
    extreme("min", values, Ordering::Less)
}

pub(super) fn max(values: &[Value], _: &dyn Env) -> Outcome {
    extreme("max", values, Ordering::Greater)
}

fn extreme(name: &str, values: &[Value], wanted: Ordering) -> Outcome {
    let mut best: Option<&Value> = None;
    for value in values.iter().filter(|value| **value != Value::Null) {
        let ordered =
            matches!(value, Value::Number(_) | Value::Text(_) | Value::Date(_) | Value::Time(_) | Value::Span(_));
        if !ordered {
            return Err(unfit(name, values));
        }
        match best {
            Some(so_far) if compare(value, so_far)? != wanted => {}
            _ => best = Some(value),
        }
    }
    Ok(best.cloned().unwrap_or(Value::Null))
}

pub(super) fn lower(values: &[Value], _: &dyn Env) -> Outcome {
    match values {
        [Value::Text(text)] => arithmetic::text(text.to_lowercase()),
        other => Err(unfit("lower", other)),
    }
}

pub(super) fn starts_with(values: &[Value], _: &dyn Env) -> Outcome {
    match values {
        [Value::Text(text), Value::Text(part)] => Ok(Value::Bool(text.starts_with(part.as_str()))),
        other => Err(unfit("starts_with", other)),
    }
}

pub(super) fn vacant(values: &[Value], env: &dyn Env) -> Outcome {
    match values {
        [Value::Text(post), Value::Unit(unit)] => Ok(Value::Bool(env.vacant(post, *unit))),
        other => Err(unfit("vacant", other)),
    }
}

pub(super) fn string(values: &[Value], _: &dyn Env) -> Outcome {
    let text = match values {
        [Value::Bool(bool)] => bool.to_string(),
        [Value::Number(number)] => number.normalize().to_string(),
        [Value::Text(text)] => text.clone(),
        [Value::Date(date)] => date.to_string(),
        [Value::Time(time)] => time.to_string(),
        [Value::Span(span)] => span.to_string(),
        [Value::Unit(id)] => id.to_string(),
        [Value::Person(id)] => id.to_string(),
        other => return Err(unfit("string", other)),
    };
    Ok(Value::Text(text))
}
