//! Evaluation.
//!
//! Invariants: no panic; recursion follows the tree, which is at most [`super::MAX_DEPTH`] high; lists stay within
//! [`MAX_LIST`] elements and texts within [`MAX_TEXT`] bytes.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use super::{Ast, AstKind, BinaryOp, UnaryOp, arithmetic, functions};
use crate::{
    text::Name,
    value::{Span, Value},
    workdays::Workdays,
};

/// The longest list that an expression makes.
pub const MAX_LIST: usize = 10_000;
/// The longest text that an expression makes, in bytes.
pub const MAX_TEXT: usize = 100_000;

/// The facts that an evaluation reads.
pub trait Env {
    /// The value at `path`; `Null` where it leads nowhere.
    fn get(&self, path: &[Name]) -> Value;

    /// The length of a cycle's dictionary entry, for `cycle(…)`.
    fn cycle(&self, entry: &str) -> Option<Span>;

    /// Whether nobody active holds `post` in `unit`, for `vacant(…)`. Only workflows know the organisation; lights and
    /// policies can not ask, because the function lies outside the SQL subset.
    fn vacant(&self, _post: &str, _unit: crate::id::UnitId) -> bool {
        false
    }

    /// The working days that count, for `workday(…)` and the like. Without a calendar, Monday to Friday.
    fn workdays(&self) -> &Workdays {
        const { &Workdays::PLAIN }
    }

    /// The deployment's zone, for turning dates into instants.
    fn zone(&self) -> &jiff::tz::TimeZone;
}

/// Why an evaluation failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvalError {
    /// In English, for logs and incidents.
    pub message: String,
}

impl EvalError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }
}

impl std::fmt::Display for EvalError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for EvalError {}

pub(super) fn eval(ast: &Ast, env: &dyn Env) -> Result<Value, EvalError> {
    match &ast.kind {
        AstKind::Literal(value) => Ok(value.clone()),
        AstKind::Path(path) => Ok(env.get(path)),
        AstKind::Unary(UnaryOp::Not, a) => Ok(Value::Bool(!truth(a, env)?)),
        AstKind::Unary(UnaryOp::Negate, a) => arithmetic::negate(eval(a, env)?),
        AstKind::Binary(BinaryOp::And, a, b) => Ok(Value::Bool(truth(a, env)? && truth(b, env)?)),
        AstKind::Binary(BinaryOp::Or, a, b) => Ok(Value::Bool(truth(a, env)? || truth(b, env)?)),
        AstKind::Binary(op @ (BinaryOp::Equal | BinaryOp::NotEqual), a, b) if tests_absence(a, b).is_some() => {
            let tested = tests_absence(a, b).unwrap_or(a);
            Ok(Value::Bool(eval(tested, env)?.is_absent() == (*op == BinaryOp::Equal)))
        }
        AstKind::Binary(op, a, b) => binary(*op, eval(a, env)?, eval(b, env)?, env),
        AstKind::Conditional(condition, yes, no) => eval(if truth(condition, env)? { yes } else { no }, env),
        AstKind::List(all) => {
            let mut list = Vec::with_capacity(all.len());
            for element in all {
                match eval(element, env)? {
                    Value::Null => {}
                    value => list.push(value),
                }
            }
            Ok(Value::List(list))
        }
        AstKind::Call(name, arguments) => {
            let mut values = Vec::with_capacity(arguments.len());
            for argument in arguments {
                values.push(eval(argument, env)?);
            }
            functions::call(name, &values, env)
        }
    }
}

/// The operand that `== null` or `== []` tests, where `a == b` is such a test.
pub(super) fn tests_absence<'a>(a: &'a Ast, b: &'a Ast) -> Option<&'a Ast> {
    let nothing = |ast: &Ast| match &ast.kind {
        AstKind::Literal(value) => value.is_absent(),
        AstKind::List(all) => all.is_empty(),
        _ => false,
    };
    if nothing(b) {
        Some(a)
    } else if nothing(a) {
        Some(b)
    } else {
        None
    }
}

/// Whether a condition holds; an absent one does not.
fn truth(ast: &Ast, env: &dyn Env) -> Result<bool, EvalError> {
    match eval(ast, env)? {
        Value::Bool(bool) => Ok(bool),
        Value::Null => Ok(false),
        other => Err(EvalError::new(format!("expected true or false, found {}", kind(&other)))),
    }
}

fn binary(op: BinaryOp, a: Value, b: Value, env: &dyn Env) -> Result<Value, EvalError> {
    match op {
        BinaryOp::Equal => atom(&a, &b, Ordering::is_eq),
        BinaryOp::NotEqual => atom(&a, &b, Ordering::is_ne),
        BinaryOp::Less => atom(&a, &b, Ordering::is_lt),
        BinaryOp::LessOrEqual => atom(&a, &b, Ordering::is_le),
        BinaryOp::Greater => atom(&a, &b, Ordering::is_gt),
        BinaryOp::GreaterOrEqual => atom(&a, &b, Ordering::is_ge),
        BinaryOp::In => functions::contains(&b, &a).map(Value::Bool),
        BinaryOp::Add => arithmetic::add(a, b, env),
        BinaryOp::Subtract => arithmetic::subtract(a, b, env),
        BinaryOp::Multiply => arithmetic::numbers("*", &a, &b, Decimal::checked_mul),
        BinaryOp::Divide => arithmetic::numbers("/", &a, &b, Decimal::checked_div),
        BinaryOp::Remainder => arithmetic::numbers("%", &a, &b, Decimal::checked_rem),
        // Evaluated where the second operand may be left alone.
        BinaryOp::And | BinaryOp::Or => Err(EvalError::new("a condition is not a value")),
    }
}

fn atom(a: &Value, b: &Value, holds: fn(Ordering) -> bool) -> Result<Value, EvalError> {
    if matches!((a, b), (Value::Null, _) | (_, Value::Null)) {
        return Ok(Value::Bool(false));
    }
    compare(a, b).map(|ordering| Value::Bool(holds(ordering)))
}

/// Compares two present values of one kind.
pub(super) fn compare(a: &Value, b: &Value) -> Result<Ordering, EvalError> {
    if std::mem::discriminant(a) == std::mem::discriminant(b) {
        Ok(order(a, b))
    } else {
        Err(EvalError::new(format!("cannot compare {} with {}", kind(a), kind(b))))
    }
}

/// A total order in which values that are equal in expressions, and no others, are equal.
pub(super) fn order(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Number(a), Value::Number(b)) => a.cmp(b),
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        (Value::Time(a), Value::Time(b)) => a.cmp(b),
        (Value::Span(a), Value::Span(b)) => a.cmp(b),
        (Value::Unit(a), Value::Unit(b)) => a.cmp(b),
        (Value::Person(a), Value::Person(b)) => a.cmp(b),
        (Value::List(a), Value::List(b)) => {
            let first = a.iter().zip(b).map(|(a, b)| order(a, b)).find(|ordering| ordering.is_ne());
            first.unwrap_or_else(|| a.len().cmp(&b.len()))
        }
        (Value::Record(a), Value::Record(b)) => {
            let mut first = a.iter().zip(b).map(|(a, b)| a.0.cmp(b.0).then_with(|| order(a.1, b.1)));
            first.find(|ordering| ordering.is_ne()).unwrap_or_else(|| a.len().cmp(&b.len()))
        }
        (a, b) => rank(a).cmp(&rank(b)),
    }
}

const fn rank(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Number(_) => 2,
        Value::Text(_) => 3,
        Value::Date(_) => 4,
        Value::Time(_) => 5,
        Value::Span(_) => 6,
        Value::Unit(_) => 7,
        Value::Person(_) => 8,
        Value::List(_) => 9,
        Value::Record(_) => 10,
    }
}

/// What a value is called in messages.
pub(super) const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::Text(_) => "text",
        Value::Date(_) => "a date",
        Value::Time(_) => "a point in time",
        Value::Span(_) => "a duration",
        Value::Unit(_) => "a unit",
        Value::Person(_) => "a person",
        Value::List(_) => "a list",
        Value::Record(_) => "a record",
    }
}
