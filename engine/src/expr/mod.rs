//! Expressions: the subset of the Common Expression Language (CEL) that definitions use, parsed and type-checked when a
//! definition loads, evaluated in bounded time.
//!
//! Invariants: an [`Expr`] that exists has a type; evaluation never panics, never recurses deeper than the source nests
//! (at most [`MAX_DEPTH`]) and touches each list element at most once per operator.
//!
//! **Absent values.** The logic is two-valued. A path that leads nowhere is `null`; an atom (comparison, `in`,
//! `overlaps`, …) that reads a `null` is *false* before `!` applies; only `== null`, `!= null` and `has(x)` test for
//! absence. Arithmetic with `null` is `null`; `min` and `max` pass over it.
//!
//! A list never holds a `null`, and an empty list is absent (`== null` is true of it, `has` false): what is stored as rows
//! cannot tell the two apart. `list + null` is the list, and `size(null)` is 0.

mod arithmetic;
mod ast;
mod calls;
mod compile;
mod eval;
pub mod functions;
mod lacking;
mod lexer;
mod operators;
mod parser;
mod paths;
pub mod scope;
mod subset;
mod types;

pub use ast::{Ast, AstKind, BinaryOp, UnaryOp};
pub use compile::{Fault, compile};
pub use eval::{Env, EvalError, MAX_LIST, MAX_TEXT};
pub(crate) use functions::counts_workdays;
pub use lacking::Lacking;
pub use subset::sql_subset;
pub use types::{Record, Type};

use crate::{text::Name, value::Value};

/// The longest source of an expression, in bytes.
pub const MAX_LENGTH: usize = 2_000;
/// The deepest nesting of an expression.
pub const MAX_DEPTH: usize = 32;

/// A parsed and type-checked expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    source: String,
    ast: Ast,
    ty: Type,
}

impl Expr {
    /// The source text as written.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The syntax tree, for compiling to SQL.
    #[must_use]
    pub const fn ast(&self) -> &Ast {
        &self.ast
    }

    /// Its type.
    #[must_use]
    pub const fn ty(&self) -> &Type {
        &self.ty
    }

    /// The facts that it reads: every maximal path (`item.lead_unit`, `today`), sorted, each once.
    #[must_use]
    pub fn reads(&self) -> Vec<Vec<Name>> {
        self.ast.reads()
    }

    /// Its value.
    ///
    /// # Errors
    /// Where a number or a date leaves its range, or a list its bound.
    pub fn eval(&self, env: &dyn Env) -> Result<Value, EvalError> {
        eval::eval(&self.ast, env)
            .map_err(|EvalError { message }| EvalError { message: format!("{message}, in `{}`", self.source) })
    }

    /// Whether it is true; null is not.
    ///
    /// # Errors
    /// As [`Expr::eval`].
    pub fn is_true(&self, env: &dyn Env) -> Result<bool, EvalError> {
        Ok(self.eval(env)? == Value::Bool(true))
    }
}
