//! Comparisons of single values, and what a text contains.

use docket_engine::{expr::BinaryOp, value::Value};
use sea_orm::{
    DbBackend,
    sea_query::{ExprTrait, Func, SimpleExpr},
};

use super::{
    NoSql,
    columns::{Column, Kind, Scalar},
    logic::Condition,
};
use crate::db::days;

/// `a op b`, for the operators of comparison.
pub(super) fn compare(op: BinaryOp, a: &Scalar, b: &Scalar, backend: DbBackend) -> Result<Condition, NoSql> {
    match (a, b) {
        (Scalar::Constant(Value::Null), _) | (_, Scalar::Constant(Value::Null)) => Ok(Condition::Constant(false)),
        (Scalar::Column(a), Scalar::Column(b)) => columns(op, *a, *b, backend),
        (Scalar::Column(column), Scalar::Constant(value)) => constant(op, *column, value, backend),
        (Scalar::Constant(value), Scalar::Column(column)) => constant(flipped(op), *column, value, backend),
        (Scalar::Constant(_), Scalar::Constant(_)) => Err(NoSql("a comparison of constants".to_owned())),
    }
}

/// The operator that says the same with its operands exchanged.
const fn flipped(op: BinaryOp) -> BinaryOp {
    match op {
        BinaryOp::Less => BinaryOp::Greater,
        BinaryOp::LessOrEqual => BinaryOp::GreaterOrEqual,
        BinaryOp::Greater => BinaryOp::Less,
        BinaryOp::GreaterOrEqual => BinaryOp::LessOrEqual,
        other => other,
    }
}

fn relation(op: BinaryOp, a: SimpleExpr, b: SimpleExpr) -> Result<Condition, NoSql> {
    Ok(Condition::Sql(match op {
        BinaryOp::Equal => ExprTrait::eq(a, b),
        BinaryOp::NotEqual => ExprTrait::ne(a, b),
        BinaryOp::Less => ExprTrait::lt(a, b),
        BinaryOp::LessOrEqual => ExprTrait::lte(a, b),
        BinaryOp::Greater => ExprTrait::gt(a, b),
        BinaryOp::GreaterOrEqual => ExprTrait::gte(a, b),
        _ => return Err(NoSql("an operator that does not compare".to_owned())),
    }))
}

const fn is_equality(op: BinaryOp) -> bool {
    matches!(op, BinaryOp::Equal | BinaryOp::NotEqual)
}

/// The column as it must be compared: PostgreSQL orders texts by the database's language unless told otherwise; SQLite
/// goes by bytes, which in UTF-8 is by code point. Equality is the same either way, and finds its index.
fn by_code_point(op: BinaryOp, column: Column, backend: DbBackend) -> SimpleExpr {
    if column.kind == Kind::Text && !is_equality(op) && backend == DbBackend::Postgres {
        SimpleExpr::cust_with_expr("$1 COLLATE \"C\"", column.expr())
    } else {
        column.expr()
    }
}

fn columns(op: BinaryOp, a: Column, b: Column, backend: DbBackend) -> Result<Condition, NoSql> {
    let unordered = matches!(a.kind, Kind::Unit | Kind::Person) && !is_equality(op);
    if a.kind != b.kind || unordered {
        return Err(NoSql("values that do not compare".to_owned()));
    }
    let right = match b.shift - a.shift {
        0 => b.expr(),
        shift => ExprTrait::add(b.expr(), shift),
    };
    Ok(a.present().and(b.present()).and(relation(op, by_code_point(op, a, backend), right)?))
}

fn constant(op: BinaryOp, column: Column, value: &Value, backend: DbBackend) -> Result<Condition, NoSql> {
    if let (Kind::Number, Value::Number(number)) = (column.kind, value) {
        // The column holds whole numbers: a bound between two of them is moved to the one that says the same.
        let bound = match op {
            BinaryOp::Equal | BinaryOp::NotEqual if !number.is_integer() => {
                return Ok(if op == BinaryOp::NotEqual { column.present() } else { Condition::Constant(false) });
            }
            BinaryOp::Less | BinaryOp::GreaterOrEqual => number.ceil(),
            _ => number.floor(),
        };
        let farthest = if bound.is_sign_negative() { i64::MIN } else { i64::MAX };
        let bound = i64::try_from(bound).unwrap_or(farthest);
        return Ok(column.present().and(relation(op, column.expr(), SimpleExpr::val(bound))?));
    }
    let unordered = matches!(column.kind, Kind::Unit | Kind::Person) && !is_equality(op);
    match stored(column.kind, column.shift, value) {
        Some(value) if !unordered => Ok(column.present().and(relation(op, by_code_point(op, column, backend), value)?)),
        _ => Err(NoSql("values that do not compare".to_owned())),
    }
}

/// What a column of `kind`, shifted by `shift` days, holds where it equals `value`; none where it never does.
pub(super) fn stored(kind: Kind, shift: i64, value: &Value) -> Option<SimpleExpr> {
    match (kind, value) {
        (Kind::Text, Value::Text(text)) => Some(SimpleExpr::val(text.as_str())),
        (Kind::Date, Value::Date(date)) => Some(SimpleExpr::val(i64::from(days::from_date(*date)) - shift)),
        (Kind::Unit, Value::Unit(unit)) => Some(SimpleExpr::val(unit.0)),
        (Kind::Person, Value::Person(person)) => Some(SimpleExpr::val(person.0)),
        (Kind::Number, Value::Number(number)) if number.is_integer() => {
            i64::try_from(*number).ok().map(SimpleExpr::val)
        }
        _ => None,
    }
}

/// Whether the text `text` holds `part`, or `starts` with it.
pub(super) fn finds(text: &Scalar, part: &Scalar, starts: bool, backend: DbBackend) -> Result<Condition, NoSql> {
    let operand = |scalar: &Scalar| match scalar {
        Scalar::Constant(Value::Null) => Ok((Condition::Constant(false), SimpleExpr::val(""))),
        Scalar::Constant(Value::Text(text)) => Ok((Condition::Constant(true), SimpleExpr::val(text.as_str()))),
        Scalar::Column(column) if column.kind == Kind::Text => Ok((column.present(), column.expr())),
        _ => Err(NoSql("a text is needed".to_owned())),
    };
    let ((text_present, text), (part_present, part)) = (operand(text)?, operand(part)?);
    // Both give the place of the first match in characters, from 1, and compare bytes.
    let function = if backend == DbBackend::Postgres { "strpos" } else { "instr" };
    let place = SimpleExpr::from(Func::cust(function).args([text, part]));
    let found = if starts { ExprTrait::eq(place, 1) } else { ExprTrait::gt(place, 0) };
    Ok(text_present.and(part_present).and(Condition::Sql(found)))
}
