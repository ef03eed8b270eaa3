//! Reads expressions: faults inside them point at the exact place in the file.

use super::scope::Scope;
use crate::{
    check::{Rule, expression_type, no_calendar, unknown_post},
    diagnostic::{Diagnostic, Faults, Severity},
    expr::{self, AstKind, Expr, Record, Type},
    source::Place,
    text::{Name, Text},
    value::Value,
    yaml::read::At,
};

/// The expression in `at`, which must give `expected`.
pub(crate) fn read(at: At<'_>, scope: &Scope, expected: &Type, faults: &mut Faults) -> Option<Expr> {
    let source = at.expression(faults)?;
    match expr::compile(source, &scope.facts, expected) {
        Ok(found) => {
            check_posts(&found, at, scope, faults);
            if let Some(call) = expr::counts_workdays(found.ast()) {
                needs_calendar(at.inside(call.span.clone()), scope, faults);
            }
            Some(found)
        }
        Err(found) => {
            for fault in found {
                faults.push(Diagnostic {
                    code: fault.code,
                    severity: Severity::Error,
                    place: at.inside(fault.span),
                    message: fault.message,
                    help: fault.help,
                    related: Vec::new(),
                });
            }
            None
        }
    }
}

/// Reports posts in `vacant('POST', …)` that the organisation does not have.
fn check_posts(found: &Expr, at: At<'_>, scope: &Scope, faults: &mut Faults) {
    let Some(posts) = &scope.posts else { return };
    let mut open = vec![found.ast()];
    while let Some(ast) = open.pop() {
        if let AstKind::Call(name, arguments) = &ast.kind
            && *name == "vacant"
            && let Some(post) = arguments.first()
            && let AstKind::Literal(Value::Text(text)) = &post.kind
            && !posts.iter().any(|known| *known == **text)
        {
            faults.push(unknown_post::fault(at.inside(post.span.clone()), text, posts.iter().map(Name::as_str)));
        }
        open.extend(ast.children());
    }
}

/// Warns where working days are counted at `place` and there is no calendar.
pub(crate) fn needs_calendar(place: Place, scope: &Scope, faults: &mut Faults) {
    if scope.no_calendar {
        faults.push(no_calendar::fault(place));
    }
}

/// A condition.
pub(crate) fn condition(at: At<'_>, scope: &Scope, faults: &mut Faults) -> Option<Expr> {
    read(at, scope, &Type::Bool, faults)
}

/// An expression that gives one of several types; `wanted` names them.
pub(crate) fn one_of(
    at: At<'_>,
    scope: &Scope,
    types: &[Type],
    wanted: (&str, &str),
    faults: &mut Faults,
) -> Option<Expr> {
    let found = read(at, scope, &Type::Any, faults)?;
    if types.iter().any(|ty| ty.accepts(found.ty())) {
        return Some(found);
    }
    faults.push(mismatch(&expression_type::RULE, at, wanted, &found.ty().title()));
    None
}

fn mismatch(rule: &Rule, at: At<'_>, wanted: (&str, &str), found: &Text) -> Diagnostic {
    rule.at(
        at.place(),
        format!("此处需要{}，得到的是{}", wanted.0, found.zh),
        format!("{} is needed here, but this is {}", wanted.1, found.en),
    )
}

/// A moment: a date or an instant.
pub(crate) fn moment(at: At<'_>, scope: &Scope, faults: &mut Faults) -> Option<Expr> {
    one_of(at, scope, &[Type::Date, Type::Time], ("日期或时刻", "a date or a point in time"), faults)
}

/// A unit or a list of units.
pub(crate) fn units(at: At<'_>, scope: &Scope, faults: &mut Faults) -> Option<Expr> {
    one_of(at, scope, &[Type::Unit, Type::list(Type::Unit)], ("单位", "a unit"), faults)
}

/// A person or a list of people.
pub(crate) fn people(at: At<'_>, scope: &Scope, faults: &mut Faults) -> Option<Expr> {
    one_of(at, scope, &[Type::Person, Type::list(Type::Person)], ("人员", "a person"), faults)
}

/// The constant text `word`.
pub(crate) fn word(at: At<'_>, word: &str, faults: &mut Faults) -> Option<Expr> {
    let found = expr::compile(&format!("'{word}'"), &Record::default(), &Type::Text);
    if found.is_err() {
        let wanted = ("不含引号的词", "a word without quotes");
        faults.push(mismatch(&expression_type::RULE, at, wanted, &Type::Text.title()));
    }
    found.ok()
}
