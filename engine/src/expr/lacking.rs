//! What a condition lacks to be true: for people who ask why a rule did not let somebody in.

use super::{Ast, AstKind, BinaryOp, Env, Expr, UnaryOp};
use crate::value::Value;

/// An atom of a condition that is not as it should be.
#[derive(Debug, Clone, PartialEq)]
pub struct Lacking {
    /// The atom as written.
    pub source: String,
    /// Whether it holds and should not: it stands below a `!`.
    pub holds: bool,
    /// The facts that it reads, as written, with their values.
    pub facts: Vec<(String, Value)>,
}

impl Expr {
    /// The fewest atoms that would have to be otherwise for the condition to be true: none where it is. Of alternatives that lack
    /// the same number, the first written.
    #[must_use]
    pub fn lacking(&self, env: &dyn Env) -> Vec<Lacking> {
        let atoms = lacking(self.ast(), true, env);
        atoms
            .into_iter()
            .map(|(atom, wanted)| Lacking {
                source: self.source().get(atom.span.clone()).unwrap_or_default().to_owned(),
                holds: !wanted,
                facts: atom.reads().into_iter().map(|path| (written(&path), env.get(&path))).collect(),
            })
            .collect()
    }
}

fn written(path: &[crate::text::Name]) -> String {
    path.iter().map(crate::text::Name::as_str).collect::<Vec<_>>().join(".")
}

/// Recursion follows the tree, whose height is bounded.
fn lacking<'a>(ast: &'a Ast, wanted: bool, env: &dyn Env) -> Vec<(&'a Ast, bool)> {
    let both = |a, b| [lacking(a, wanted, env), lacking(b, wanted, env)].concat();
    let either = |a, b| {
        let (a, b) = (lacking(a, wanted, env), lacking(b, wanted, env));
        if b.len() < a.len() { b } else { a }
    };
    match (&ast.kind, wanted) {
        (AstKind::Unary(UnaryOp::Not, a), _) => lacking(a, !wanted, env),
        (AstKind::Binary(BinaryOp::And, a, b), true) | (AstKind::Binary(BinaryOp::Or, a, b), false) => both(a, b),
        (AstKind::Binary(BinaryOp::And, a, b), false) | (AstKind::Binary(BinaryOp::Or, a, b), true) => either(a, b),
        _ => {
            let holds = ast.eval(env) == Ok(Value::Bool(true));
            if holds == wanted { Vec::new() } else { vec![(ast, wanted)] }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{
        expr::{Type, compile, scope},
        text::Name,
        value::Span,
        workdays::Workdays,
    };

    struct Facts;

    impl Env for Facts {
        fn get(&self, path: &[Name]) -> Value {
            match path.iter().map(Name::as_str).collect::<Vec<_>>().as_slice() {
                ["item", "state"] => Value::Text("open".into()),
                ["item", "year"] => Value::Number(2026.into()),
                _ => Value::Null,
            }
        }
        fn cycle(&self, _: &str) -> Option<Span> {
            None
        }
        fn workdays(&self) -> &Workdays {
            const PLAIN: &Workdays = &Workdays::PLAIN;
            PLAIN
        }
        fn zone(&self) -> &jiff::tz::TimeZone {
            const ZONE: &jiff::tz::TimeZone = &jiff::tz::TimeZone::UTC;
            ZONE
        }
    }

    fn lacks(source: &str) -> Vec<(String, bool)> {
        let expr = compile(source, &scope::policy_scope(&BTreeMap::new()), &Type::Bool).unwrap();
        expr.lacking(&Facts).into_iter().map(|atom| (atom.source, atom.holds)).collect()
    }

    #[test]
    fn the_fewest_atoms_are_named() {
        let one = |source: &str, holds| vec![(source.to_owned(), holds)];
        assert_eq!(lacks("item.state == 'open'"), []);
        assert_eq!(lacks("item.state == 'done' && item.year == 2026"), one("item.state == 'done'", false));
        assert_eq!(
            lacks("(item.state == 'done' && item.year == 2020) || item.stage == 'x'"),
            one("item.stage == 'x'", false)
        );
        assert_eq!(lacks("!(item.state == 'open' || item.year == 2020)"), one("item.state == 'open'", true));
        assert_eq!(lacks("item.state == 'done' && item.year > 2026").len(), 2);
    }
}
