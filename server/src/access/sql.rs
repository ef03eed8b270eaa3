//! Expressions of the SQL subset as conditions over the table `item` (`docket_engine::expr::sql_subset`).
//!
//! Invariants: a condition is never NULL: an atom that reads an absent value is false before `NOT`, as in evaluation; texts
//! compare by code point on both databases; what does not read the item is evaluated here, and `today` and the subject's
//! facts are bound as parameters. A property test (`server/tests/access_property.rs`) holds evaluation and SQL equal.

mod columns;
mod compare;
mod lists;
mod logic;

use docket_engine::{
    definition::module::Light,
    expr::{Ast, AstKind, BinaryOp, Env, Expr, UnaryOp},
    text::Name,
    value::{Span, Value},
    workdays::Workdays,
};
use jiff::{civil::Date, tz::TimeZone};
use sea_orm::{
    DbBackend,
    sea_query::{CaseStatement, Keyword, SimpleExpr},
};

use self::logic::Condition;
use super::Subject;

/// The expression has no exact SQL form.
#[derive(Debug, thiserror::Error)]
#[error("no SQL form: {0}")]
pub struct NoSql(pub String);

/// `expr` as a condition over the table `item` (by that name), with `today` and the subject's facts bound.
///
/// It is true or false, never NULL, so it may stand below `NOT`.
///
/// # Errors
/// [`NoSql`] where the expression is outside the subset, or a fact of the subject is not of a kind that fits.
pub fn condition(expr: &Expr, subject: Option<&Subject>, today: Date, backend: DbBackend) -> Result<SimpleExpr, NoSql> {
    Compiler::new(subject, today, &Workdays::PLAIN, backend).expr(expr).map(Condition::into_expr)
}

/// The colour's name of the first light whose condition holds, as a value to select, group or filter by; NULL where none
/// does. `workdays` are those of the lights' module.
///
/// # Errors
/// As [`condition`].
pub fn light(lights: &[Light], today: Date, workdays: &Workdays, backend: DbBackend) -> Result<SimpleExpr, NoSql> {
    let compiler = Compiler::new(None, today, workdays, backend);
    let mut cases = CaseStatement::new();
    let mut any = false;
    for light in lights {
        match compiler.expr(&light.when)? {
            Condition::Constant(false) => {}
            Condition::Constant(true) if any => return Ok(cases.finally(light.colour.name()).into()),
            Condition::Constant(true) => return Ok(SimpleExpr::val(light.colour.name())),
            Condition::Sql(condition) => {
                cases = cases.case(condition, light.colour.name());
                any = true;
            }
        }
    }
    Ok(if any { cases.into() } else { SimpleExpr::Keyword(Keyword::Null) })
}

/// What conditions are compiled for. Also the environment of the parts that do not read the item.
struct Compiler<'a> {
    subject: Option<&'a Subject>,
    today: Date,
    workdays: &'a Workdays,
    zone: TimeZone,
    backend: DbBackend,
}

impl Env for Compiler<'_> {
    fn get(&self, path: &[Name]) -> Value {
        match path.split_first() {
            Some((first, [])) if *first == "today" => Value::Date(self.today),
            Some((first, rest)) if *first == "subject" => self.subject.map_or(Value::Null, |subject| subject.get(rest)),
            _ => Value::Null,
        }
    }

    fn cycle(&self, _: &str) -> Option<Span> {
        None
    }

    fn workdays(&self) -> &Workdays {
        self.workdays
    }

    fn zone(&self) -> &TimeZone {
        &self.zone
    }
}

impl<'a> Compiler<'a> {
    const fn new(subject: Option<&'a Subject>, today: Date, workdays: &'a Workdays, backend: DbBackend) -> Self {
        Self { subject, today, workdays, zone: TimeZone::UTC, backend }
    }

    fn expr(&self, expr: &Expr) -> Result<Condition, NoSql> {
        self.condition(expr.ast()).map_err(|NoSql(why)| NoSql(format!("{why}, in `{}`", expr.source())))
    }

    /// The condition of a part. Recursion follows the tree, whose height the engine bounds.
    fn condition(&self, ast: &Ast) -> Result<Condition, NoSql> {
        if !reads_item(ast) {
            return match self.constant(ast)? {
                Value::Bool(bool) => Ok(Condition::Constant(bool)),
                Value::Null => Ok(Condition::Constant(false)),
                _ => Err(NoSql("a condition is neither true nor false".to_owned())),
            };
        }
        match &ast.kind {
            AstKind::Unary(UnaryOp::Not, a) => Ok(self.condition(a)?.not()),
            AstKind::Binary(BinaryOp::And, a, b) => Ok(self.condition(a)?.and(self.condition(b)?)),
            AstKind::Binary(BinaryOp::Or, a, b) => Ok(self.condition(a)?.or(self.condition(b)?)),
            AstKind::Binary(op @ (BinaryOp::Equal | BinaryOp::NotEqual), a, b) => match Ast::tested(a, b) {
                Some(tested) if *op == BinaryOp::Equal => Ok(self.present(tested)?.not()),
                Some(tested) => self.present(tested),
                None => compare::compare(*op, &self.scalar(a)?, &self.scalar(b)?, self.backend),
            },
            AstKind::Binary(BinaryOp::In, a, b) => lists::holds(&self.list(b)?, &self.scalar(a)?, self.backend),
            AstKind::Binary(op, a, b) => compare::compare(*op, &self.scalar(a)?, &self.scalar(b)?, self.backend),
            AstKind::Call(name, arguments) => self.call(name, arguments),
            _ => Err(NoSql("a part that lists cannot filter by".to_owned())),
        }
    }

    fn call(&self, name: &Name, arguments: &[Ast]) -> Result<Condition, NoSql> {
        match (name.as_str(), arguments) {
            ("has", [a]) => self.present(a),
            ("overlaps", [a, b]) => lists::overlaps(&self.list(a)?, &self.list(b)?, self.backend),
            // What is absent is neither a list nor a text.
            ("contains", [a, _]) if !reads_item(a) && self.constant(a)? == Value::Null => {
                Ok(Condition::Constant(false))
            }
            ("contains", [a, b]) if self.is_list(a)? => lists::holds(&self.list(a)?, &self.scalar(b)?, self.backend),
            ("contains", [a, b]) => compare::finds(&self.scalar(a)?, &self.scalar(b)?, false, self.backend),
            ("starts_with", [a, b]) => compare::finds(&self.scalar(a)?, &self.scalar(b)?, true, self.backend),
            _ => Err(NoSql(format!("the function `{name}`"))),
        }
    }

    /// The value of a part that does not read the item.
    fn constant(&self, ast: &Ast) -> Result<Value, NoSql> {
        ast.eval(self).map_err(|error| NoSql(error.message))
    }
}

/// Whether a part depends on the item.
fn reads_item(ast: &Ast) -> bool {
    ast.reads().iter().any(|path| path.first().is_some_and(|first| *first == "item"))
}

#[cfg(test)]
mod tests;
