//! From source to a typed expression.

use std::ops::Range;

use super::{Expr, Record, Type};
use crate::text::Text;

/// One fault of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Stable code, such as `expression-type`.
    pub code: &'static str,
    /// The place inside the source, in bytes.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: Text,
    /// What to write instead.
    pub help: Option<Text>,
}

/// Parses and type-checks `source` against the facts of `scope`, and requires that it gives `expected`.
///
/// # Errors
/// All faults at once.
pub fn compile(source: &str, scope: &Record, expected: &Type) -> Result<Expr, Vec<Fault>> {
    let _ = (source, scope, expected);
    Err(Vec::new())
}
