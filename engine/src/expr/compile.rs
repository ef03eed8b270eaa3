//! From source to a typed expression.
//!
//! Invariants: every fault has a span inside the source, on the operand that is wrong; a faulty part has type
//! [`Type::Any`], so that one fault makes no others. Recursion follows the tree, which is at most [`super::MAX_DEPTH`] high.

use std::ops::Range;

use super::{
    Ast, AstKind, BinaryOp, Expr, MAX_LENGTH, Record, Type, UnaryOp, calls, eval::tests_absence, operators, parser,
    paths,
};
use crate::{text::Text, value::Value};

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

impl Fault {
    /// A fault of type: `found` stands where `needed` is wanted.
    pub(super) fn unfit(span: &Range<usize>, needed: &Text, found: &Type) -> Self {
        let found = found.title();
        Self {
            code: "expression-type",
            span: span.clone(),
            message: Text::new(
                format!("此处需要{}，而写的是{}", needed.zh, found.zh),
                format!("{} is needed here, this is {}", needed.en, found.en),
            ),
            help: None,
        }
    }

    pub(super) fn with_help(self, help: impl Into<Option<Text>>) -> Self {
        Self { help: help.into(), ..self }
    }
}

/// Parses and type-checks `source` against the facts of `scope`, and requires that it gives `expected`.
///
/// # Errors
/// All faults at once.
pub fn compile(source: &str, scope: &Record, expected: &Type) -> Result<Expr, Vec<Fault>> {
    if source.len() > MAX_LENGTH {
        return Err(vec![too_long(source)]);
    }
    let mut ast = parser::parse(source)?;
    let mut check = Check { source, scope, faults: Vec::new() };
    let ty = check.node(&mut ast);
    if !expected.accepts(&ty) {
        check.faults.push(Fault::unfit(&ast.span, &expected.title(), &ty).with_help(instead(expected, &ty)));
    }
    if check.faults.is_empty() {
        Ok(Expr { source: source.to_owned(), ast, ty })
    } else {
        check.faults.sort_by_key(|fault| (fault.span.start, fault.span.end));
        Err(check.faults)
    }
}

/// What to write where `found` stands and `expected` is wanted.
fn instead(expected: &Type, found: &Type) -> Option<Text> {
    Some(match (expected, found) {
        (Type::Bool, _) => Text::new(
            "请写出比较，如 `… == …`；是否有值请写 `has(…)`",
            "write a comparison such as `… == …`; `has(…)` asks whether there is a value",
        ),
        (Type::Date, Type::Time) => Text::new("请写 `date(时刻)`", "write `date(…)`"),
        (Type::Time, Type::Date) => Text::new("请写 `time(日期)`", "write `time(…)`"),
        (Type::Text, Type::Number | Type::Date | Type::Time | Type::Bool) => {
            Text::new("请用 `string(…)` 转成文本", "turn it into text with `string(…)`")
        }
        (Type::List(_), _) if expected.accepts(&Type::list(found.clone())) => {
            Text::new("单个值请写成 `[值]`", "write `[value]` for a single one")
        }
        (_, Type::List(element)) if expected.accepts(element) => {
            Text::new("取列表的第一个请写 `first(列表)`", "write `first(list)` for its first element")
        }
        _ => return None,
    })
}

fn too_long(source: &str) -> Fault {
    let start = (0..=MAX_LENGTH).rev().find(|at| source.is_char_boundary(*at)).unwrap_or(0);
    Fault {
        code: "expression-too-long",
        span: start..source.len(),
        message: Text::new(
            format!("表达式超过 {MAX_LENGTH} 字节"),
            format!("the expression is longer than {MAX_LENGTH} bytes"),
        ),
        help: Some(Text::new("把它拆成几步", "split it into several steps")),
    }
}

/// The type check of one expression.
pub(super) struct Check<'a> {
    pub(super) source: &'a str,
    pub(super) scope: &'a Record,
    pub(super) faults: Vec<Fault>,
}

impl Check<'_> {
    /// The type of a node. Calls of constants become literals.
    pub(super) fn node(&mut self, ast: &mut Ast) -> Type {
        match &mut ast.kind {
            AstKind::Literal(value) => literal(value),
            AstKind::Path(path) => paths::resolve(self, path, &ast.span),
            AstKind::Unary(UnaryOp::Not, operand) => {
                self.condition(operand, "!");
                Type::Bool
            }
            AstKind::Unary(UnaryOp::Negate, operand) => {
                let ty = self.node(operand);
                let value = match &operand.kind {
                    AstKind::Literal(Value::Number(number)) => Some(Value::Number(-*number)),
                    AstKind::Literal(Value::Span(span)) => span.checked_neg().map(Value::Span),
                    _ => None,
                };
                let span = operand.span.clone();
                if let Some(value) = value {
                    ast.kind = AstKind::Literal(value);
                }
                self.negated(ty, &span)
            }
            AstKind::Binary(op @ (BinaryOp::And | BinaryOp::Or), a, b) => {
                let sign = operators::sign(*op);
                self.condition(a, sign);
                self.condition(b, sign);
                Type::Bool
            }
            AstKind::Binary(op, a, b) => {
                let types = (self.node(a), self.node(b));
                let is_test = matches!(op, BinaryOp::Equal | BinaryOp::NotEqual) && tests_absence(a, b).is_some();
                if is_test { Type::Bool } else { operators::check(self, *op, (a, &types.0), (b, &types.1)) }
            }
            AstKind::Conditional(condition, yes, no) => {
                self.condition(condition, "?");
                let (yes, other) = (self.node(yes), self.node(no));
                yes.join(&other).unwrap_or_else(|| {
                    self.faults.push(Fault::unfit(&no.span, &yes.title(), &other));
                    Type::Any
                })
            }
            AstKind::List(all) => {
                let mut joined = Type::Null;
                for element in all {
                    let ty = self.node(element);
                    match joined.join(&ty) {
                        Some(ty) => joined = ty,
                        None => self.faults.push(Fault::unfit(&element.span, &joined.title(), &ty)),
                    }
                }
                Type::list(joined)
            }
            AstKind::Call(..) => calls::check(self, ast),
        }
    }

    /// Checks an operand of `sign` that must be true or false.
    fn condition(&mut self, operand: &mut Ast, sign: &str) {
        let ty = self.node(operand);
        if !Type::Bool.accepts(&ty) {
            let help = Text::new(
                format!("`{sign}` 只连接是非值；请写出比较，如 `… == …` 或 `has(…)`"),
                format!("`{sign}` takes conditions only: write a comparison such as `… == …`, or `has(…)`"),
            );
            self.faults.push(Fault::unfit(&operand.span, &Type::Bool.title(), &ty).with_help(help));
        }
    }

    fn negated(&mut self, ty: Type, span: &Range<usize>) -> Type {
        if matches!(ty, Type::Number | Type::Span | Type::Any | Type::Null) {
            return ty;
        }
        let help = Text::new("否定条件请写 `!`", "write `!` to negate a condition");
        let help = (ty == Type::Bool).then_some(help);
        self.faults.push(Fault::unfit(span, &Type::Number.title(), &ty).with_help(help));
        Type::Any
    }
}

fn literal(value: &Value) -> Type {
    match value {
        Value::Null => Type::Null,
        Value::Bool(_) => Type::Bool,
        Value::Number(_) => Type::Number,
        Value::Text(_) => Type::Text,
        Value::Date(_) => Type::Date,
        Value::Time(_) => Type::Time,
        Value::Span(_) => Type::Span,
        Value::Unit(_) => Type::Unit,
        Value::Person(_) => Type::Person,
        Value::List(_) => Type::list(Type::Any),
        Value::Record(_) => Type::Any,
    }
}
