//! Where the facts that every item has are stored.

use docket_engine::{
    expr::{Ast, AstKind, BinaryOp},
    text::Name,
    value::Value,
};
use sea_orm::sea_query::{ExprTrait, Query, SimpleExpr};

use super::{Compiler, NoSql, logic::Condition, reads_item};

/// The kinds of value that are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
    Date,
    Unit,
    Person,
}

/// A column of the table `item`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// Whether it may be NULL.
    pub(super) nullable: bool,
    /// Days added to a date.
    pub(super) shift: i64,
}

/// Rows that belong to an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rows {
    table: &'static str,
    column: &'static str,
    role: Option<&'static str>,
    pub(super) kind: Kind,
    /// Whether the rows of the item above belong to it too.
    above: bool,
}

/// One value: a column, or the same for every item.
#[derive(Debug, Clone)]
pub(super) enum Scalar {
    Column(Column),
    Constant(Value),
}

/// Several values: rows, or values one by one.
#[derive(Debug, Clone)]
pub(super) enum List {
    Rows(Rows),
    Values(Vec<Scalar>),
    /// No list is there.
    Absent,
}

/// The column of the fact `item.name`.
pub(super) fn column(name: &str) -> Option<Column> {
    let (name, kind, nullable) = match name {
        "module" => ("module", Kind::Text, false),
        "kind" => ("kind", Kind::Text, false),
        "state" => ("state", Kind::Text, false),
        "stage" => ("stage", Kind::Text, true),
        "title" => ("title", Kind::Text, true),
        "cycle" => ("cycle", Kind::Text, true),
        "due" => ("due", Kind::Date, true),
        "next_due" => ("next_due", Kind::Date, true),
        "suspended_on" => ("suspended_on", Kind::Date, true),
        "year" => ("year", Kind::Number, false),
        "lead_unit" => ("lead_unit_id", Kind::Unit, true),
        "created_by" => ("created_by", Kind::Person, true),
        _ => return None,
    };
    Some(Column { name, kind, nullable, shift: 0 })
}

/// The rows of the fact `item.name`. An item's units are also those of the item above it.
pub(super) fn rows(name: &str) -> Option<Rows> {
    let (table, column, role, kind) = match name {
        "units" => ("item_unit", "unit_id", None, Kind::Unit),
        "co_units" => ("item_unit", "unit_id", Some("co"), Kind::Unit),
        "leader" => ("item_person", "person_id", Some("leader"), Kind::Person),
        "participants" => ("item_person", "person_id", Some("participant"), Kind::Person),
        "source" => ("item_source", "source", None, Kind::Text),
        "category" => ("item_category", "category", None, Kind::Text),
        _ => return None,
    };
    Some(Rows { table, column, role, kind, above: name == "units" })
}

/// Names of the tables of rows inside a condition; two are nested at most.
const ALIASES: [&str; 2] = ["x0", "x1"];

impl Rows {
    /// Whether there is a row whose value meets `condition`; `level` counts the rows around.
    pub(super) fn any(self, level: usize, condition: impl FnOnce(SimpleExpr) -> Condition) -> Condition {
        let alias = ALIASES.get(level).copied().unwrap_or("x");
        let condition = match condition(SimpleExpr::col((alias, self.column))) {
            Condition::Constant(false) => return Condition::Constant(false),
            Condition::Constant(true) => None,
            Condition::Sql(condition) => Some(condition),
        };
        let (owner, item) = (SimpleExpr::col((alias, "item_id")), SimpleExpr::col(("item", "id")));
        let mut select = Query::select();
        select.expr(SimpleExpr::cust("1")).from_as(self.table, alias);
        select.and_where(if self.above {
            owner.is_in([item, SimpleExpr::col(("item", "parent_id"))])
        } else {
            ExprTrait::eq(owner, item)
        });
        if let Some(role) = self.role {
            select.and_where(ExprTrait::eq(SimpleExpr::col((alias, "role")), role));
        }
        select.and_where_option(condition);
        Condition::Sql(SimpleExpr::exists(select))
    }
}

impl Column {
    /// The bare column, without its shift.
    pub(super) fn expr(self) -> SimpleExpr {
        SimpleExpr::col(("item", self.name))
    }

    /// That the column has a value.
    pub(super) fn present(self) -> Condition {
        if self.nullable { Condition::Sql(self.expr().is_not_null()) } else { Condition::Constant(true) }
    }
}

/// The attribute that `item.attribute` names.
fn attribute(ast: &Ast) -> Option<&Name> {
    match &ast.kind {
        AstKind::Path(path) => match path.as_slice() {
            [item, attribute] if *item == "item" => Some(attribute),
            _ => None,
        },
        _ => None,
    }
}

impl Compiler<'_> {
    pub(super) fn scalar(&self, ast: &Ast) -> Result<Scalar, NoSql> {
        if !reads_item(ast) {
            return self.constant(ast).map(Scalar::Constant);
        }
        if let Some(column) = attribute(ast).and_then(|name| column(name)) {
            return Ok(Scalar::Column(column));
        }
        match &ast.kind {
            AstKind::Binary(BinaryOp::Add, a, b) => self.shifted(a, b, 1).or_else(|_| self.shifted(b, a, 1)),
            AstKind::Binary(BinaryOp::Subtract, a, b) => self.shifted(a, b, -1),
            _ => Err(NoSql("a value that is no column".to_owned())),
        }
    }

    /// `date ± span`.
    fn shifted(&self, date: &Ast, span: &Ast, sign: i64) -> Result<Scalar, NoSql> {
        match (self.scalar(date)?, &span.kind) {
            (Scalar::Column(column), AstKind::Literal(Value::Span(span)))
                if column.kind == Kind::Date && span.exact.is_zero() =>
            {
                let shift = column.shift.saturating_add(sign * i64::from(span.days));
                Ok(Scalar::Column(Column { shift, ..column }))
            }
            _ => Err(NoSql("a computation".to_owned())),
        }
    }

    pub(super) fn list(&self, ast: &Ast) -> Result<List, NoSql> {
        if !reads_item(ast) {
            return match self.constant(ast)? {
                Value::Null => Ok(List::Absent),
                Value::List(all) => Ok(List::Values(all.into_iter().map(Scalar::Constant).collect())),
                _ => Err(NoSql("a list is needed".to_owned())),
            };
        }
        match &ast.kind {
            AstKind::List(all) => {
                all.iter().map(|element| self.scalar(element)).collect::<Result<_, _>>().map(List::Values)
            }
            _ => attribute(ast)
                .and_then(|name| rows(name))
                .map(List::Rows)
                .ok_or_else(|| NoSql("a list that is no rows".to_owned())),
        }
    }

    /// Whether the first argument of `contains` is a list, not a text.
    pub(super) fn is_list(&self, ast: &Ast) -> Result<bool, NoSql> {
        if !reads_item(ast) {
            return Ok(matches!(self.constant(ast)?, Value::List(_)));
        }
        Ok(matches!(ast.kind, AstKind::List(_)) || attribute(ast).is_some_and(|name| rows(name).is_some()))
    }

    /// That a part has a value.
    pub(super) fn present(&self, ast: &Ast) -> Result<Condition, NoSql> {
        if !reads_item(ast) {
            return Ok(Condition::Constant(!self.constant(ast)?.is_absent()));
        }
        if let AstKind::List(all) = &ast.kind {
            return all.iter().map(|element| self.present(element)).collect::<Result<Vec<_>, _>>().map(Condition::any);
        }
        if let Some(rows) = attribute(ast).and_then(|name| rows(name)) {
            return Ok(rows.any(0, |_| Condition::Constant(true)));
        }
        match self.scalar(ast)? {
            Scalar::Column(column) => Ok(column.present()),
            Scalar::Constant(value) => Ok(Condition::Constant(!value.is_absent())),
        }
    }
}
