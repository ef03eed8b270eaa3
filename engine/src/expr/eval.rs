//! Evaluation.

use super::Ast;
use crate::{
    text::Name,
    value::{Span, Value},
};

/// The facts that an evaluation reads.
pub trait Env {
    /// The value at `path`; `Null` where it leads nowhere.
    fn get(&self, path: &[Name]) -> Value;

    /// The length of a cycle's dictionary entry, for `cycle(…)`.
    fn cycle(&self, entry: &str) -> Option<Span>;

    /// The deployment's zone, for turning dates into instants.
    fn zone(&self) -> &jiff::tz::TimeZone;
}

/// Why an evaluation failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvalError {
    /// In English, for logs and incidents.
    pub message: String,
}

pub(super) fn eval(ast: &Ast, env: &dyn Env) -> Result<Value, EvalError> {
    let _ = (ast, env);
    Err(EvalError { message: String::new() })
}
