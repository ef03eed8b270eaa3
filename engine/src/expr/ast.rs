//! The syntax tree.

use std::ops::Range;

use super::{Env, EvalError};
use crate::{text::Name, value::Value};

/// A node of the tree with its place in the source, in bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Ast {
    /// Where.
    pub span: Range<usize>,
    /// What.
    pub kind: AstKind,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub enum AstKind {
    /// A constant: literals, and calls of constants such as `duration('P3D')`, folded when compiled.
    Literal(Value),
    /// A fact: `today`, `item.lead_unit`, `forms.draft.progress`.
    Path(Vec<Name>),
    /// `!a`, `-a`.
    Unary(UnaryOp, Box<Ast>),
    /// `a && b`, `a == b`, `a in b`, `a + b`, …
    Binary(BinaryOp, Box<Ast>, Box<Ast>),
    /// `a ? b : c`.
    Conditional(Box<Ast>, Box<Ast>, Box<Ast>),
    /// `[a, b]`.
    List(Vec<Ast>),
    /// `f(a, b)`; a method call `a.f(b)` is the same with `a` first.
    Call(Name, Vec<Ast>),
}

/// Operators of one operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOp {
    /// `!`
    Not,
    /// `-`
    Negate,
}

/// Operators of two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named after its sign")]
pub enum BinaryOp {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

impl Ast {
    /// The value of this part of an expression.
    ///
    /// # Errors
    /// As [`super::Expr::eval`].
    pub fn eval(&self, env: &dyn Env) -> Result<Value, EvalError> {
        super::eval::eval(self, env)
    }

    /// The operand that `a == null`, `null != a` or `a == []` tests, where `a` and `b` are the operands of such a test.
    #[must_use]
    pub fn tested<'a>(a: &'a Self, b: &'a Self) -> Option<&'a Self> {
        super::eval::tests_absence(a, b)
    }

    /// The nodes right below this one.
    #[must_use]
    pub fn children(&self) -> Vec<&Self> {
        match &self.kind {
            AstKind::Literal(_) | AstKind::Path(_) => Vec::new(),
            AstKind::Unary(_, a) => vec![a],
            AstKind::Binary(_, a, b) => vec![a, b],
            AstKind::Conditional(a, b, c) => vec![a, b, c],
            AstKind::List(all) | AstKind::Call(_, all) => all.iter().collect(),
        }
    }

    /// Every maximal path below this node, sorted, each once.
    pub fn reads(&self) -> Vec<Vec<Name>> {
        let mut found = std::collections::BTreeSet::new();
        let mut open = vec![self];
        while let Some(node) = open.pop() {
            if let AstKind::Path(path) = &node.kind {
                found.insert(path.clone());
            }
            open.extend(node.children());
        }
        found.into_iter().collect()
    }
}
