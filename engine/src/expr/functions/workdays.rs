//! Functions of working days, by the calendar of the environment.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{dates::whole, unfit};
use crate::{
    expr::{
        Ast, AstKind,
        eval::{Env, EvalError},
    },
    value::Value,
};

type Outcome = Result<Value, EvalError>;

/// The functions that read the calendar.
const NAMES: [&str; 3] = ["add_workdays", "workday", "workdays_between"];

/// A call inside `ast` that reads the calendar, if there is one.
pub(crate) fn counts_workdays(ast: &Ast) -> Option<&Ast> {
    let mut open = vec![ast];
    while let Some(ast) = open.pop() {
        if let AstKind::Call(name, _) = &ast.kind
            && NAMES.contains(&name.as_str())
        {
            return Some(ast);
        }
        open.extend(ast.children());
    }
    None
}

pub(super) fn workday(values: &[Value], env: &dyn Env) -> Outcome {
    match values {
        [Value::Date(date)] => Ok(Value::Bool(env.workdays().contains(*date))),
        other => Err(unfit("workday", other)),
    }
}

pub(super) fn add_workdays(values: &[Value], env: &dyn Env) -> Outcome {
    match values {
        [Value::Date(date), Value::Number(count)] => add(*date, *count, env).map(Value::Date),
        other => Err(unfit("add_workdays", other)),
    }
}

fn add(date: Date, count: Decimal, env: &dyn Env) -> Result<Date, EvalError> {
    let days = whole("add_workdays", count)?;
    env.workdays()
        .add(date, days)
        .ok_or_else(|| EvalError::new(format!("`{date}` moved by {count} working days leaves the range of dates")))
}

pub(super) fn workdays_between(values: &[Value], env: &dyn Env) -> Outcome {
    match values {
        [Value::Date(a), Value::Date(b)] => Ok(Value::Number(Decimal::from(env.workdays().between(*a, *b)))),
        other => Err(unfit("workdays_between", other)),
    }
}
