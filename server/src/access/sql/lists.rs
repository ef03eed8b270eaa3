//! Membership and overlap of lists.
//!
//! In a list, a value of another kind is merely another value.

use docket_engine::{expr::BinaryOp, value::Value};
use sea_orm::{
    DbBackend,
    sea_query::{ExprTrait, SimpleExpr},
};

use super::{
    NoSql,
    columns::{List, Rows, Scalar},
    compare::{compare, stored},
    logic::Condition,
};

/// Whether `list` holds `x`.
pub(super) fn holds(list: &List, x: &Scalar, backend: DbBackend) -> Result<Condition, NoSql> {
    match list {
        List::Absent => Ok(Condition::Constant(false)),
        List::Rows(rows) => Ok(rows_hold(*rows, 0, x)),
        List::Values(values) => among(x, values, backend),
    }
}

/// Whether two lists share an element.
pub(super) fn overlaps(a: &List, b: &List, backend: DbBackend) -> Result<Condition, NoSql> {
    match (a, b) {
        (List::Absent, _) | (_, List::Absent) => Ok(Condition::Constant(false)),
        (List::Rows(a), List::Rows(b)) => Ok(if a.kind == b.kind {
            a.any(0, |element| b.any(1, |other| Condition::Sql(ExprTrait::eq(other, element))))
        } else {
            Condition::Constant(false)
        }),
        (List::Rows(rows), List::Values(values)) | (List::Values(values), List::Rows(rows)) => {
            Ok(rows_overlap(*rows, values))
        }
        (List::Values(a), List::Values(b)) => {
            a.iter().map(|x| among(x, b, backend)).collect::<Result<Vec<_>, _>>().map(Condition::any)
        }
    }
}

fn rows_hold(rows: Rows, level: usize, x: &Scalar) -> Condition {
    match x {
        Scalar::Constant(value) => match stored(rows.kind, 0, value) {
            Some(value) => rows.any(level, |element| Condition::Sql(ExprTrait::eq(element, value))),
            None => Condition::Constant(false),
        },
        // Where the column is NULL, no row equals it.
        Scalar::Column(column) if column.kind == rows.kind => {
            rows.any(level, |element| Condition::Sql(ExprTrait::eq(element, column.expr())))
        }
        Scalar::Column(_) => Condition::Constant(false),
    }
}

/// One search for all constants, and one for each column.
fn rows_overlap(rows: Rows, values: &[Scalar]) -> Condition {
    let mut constants = Vec::new();
    let mut found = Condition::Constant(false);
    for value in values {
        match value {
            Scalar::Constant(value) => constants.extend(stored(rows.kind, 0, value)),
            column @ Scalar::Column(_) => found = found.or(rows_hold(rows, 0, column)),
        }
    }
    found.or(if constants.is_empty() {
        Condition::Constant(false)
    } else {
        rows.any(0, |element| Condition::Sql(one_of(element, constants)))
    })
}

/// Whether `x` is one of `values`.
fn among(x: &Scalar, values: &[Scalar], backend: DbBackend) -> Result<Condition, NoSql> {
    let mut constants = Vec::new();
    let mut found = Condition::Constant(false);
    for value in values {
        match (x, value) {
            (Scalar::Constant(x), Scalar::Constant(value)) => {
                found = found.or(Condition::Constant(*x != Value::Null && x == value));
            }
            (Scalar::Column(column), Scalar::Constant(value)) => {
                constants.extend(stored(column.kind, column.shift, value));
            }
            (Scalar::Constant(value), Scalar::Column(column)) => {
                if let Some(value) = stored(column.kind, column.shift, value) {
                    let same = Condition::Sql(ExprTrait::eq(column.expr(), value));
                    found = found.or(column.present().and(same));
                }
            }
            (Scalar::Column(a), Scalar::Column(b)) => {
                if a.kind == b.kind {
                    found = found.or(compare(BinaryOp::Equal, x, value, backend)?);
                }
            }
        }
    }
    if let (Scalar::Column(column), false) = (x, constants.is_empty()) {
        found = found.or(column.present().and(Condition::Sql(one_of(column.expr(), constants))));
    }
    Ok(found)
}

fn one_of(element: SimpleExpr, mut constants: Vec<SimpleExpr>) -> SimpleExpr {
    match constants.pop() {
        Some(only) if constants.is_empty() => ExprTrait::eq(element, only),
        Some(last) => {
            constants.push(last);
            element.is_in(constants)
        }
        None => SimpleExpr::cust("1 = 0"),
    }
}
