//! The check of calls against the table of functions.

use std::ops::Range;

use super::{
    Ast, AstKind, Fault, Record, Type,
    compile::Check,
    functions::{self, Function, Overload, Parameter},
};
use crate::{
    check::suggest::nearest,
    text::{Language, Name, Text},
    value::Value,
};

/// The type of the call at `ast`; a call of a constant becomes a literal.
pub(super) fn check(check: &mut Check<'_>, ast: &mut Ast) -> Type {
    let AstKind::Call(name, arguments) = &mut ast.kind else { return Type::Any };
    let types: Vec<Type> = arguments.iter_mut().map(|argument| check.node(argument)).collect();
    let Some(function) = functions::find(name) else {
        let fault = unknown(check.source, check.scope, &ast.span, name);
        check.faults.push(fault);
        return Type::Any;
    };
    match fit(function, arguments, &types, &ast.span) {
        Err(fault) => {
            check.faults.push(*fault);
            certain_result(function)
        }
        Ok(ty) => {
            if let Some(folded) = fold(function, arguments) {
                match folded {
                    Ok(value) => ast.kind = AstKind::Literal(value),
                    Err(fault) => check.faults.push(*fault),
                }
            }
            ty
        }
    }
}

/// The result that a faulty call would have had, so that the rest can be checked.
fn certain_result(function: &Function) -> Type {
    function.overloads.first().map_or(Type::Any, |overload| overload.result.ty(&Type::Any))
}

fn fold(function: &Function, arguments: &[Ast]) -> Option<Result<Value, Box<Fault>>> {
    let read = function.constant?;
    let [Ast { kind: AstKind::Literal(Value::Text(text)), span }] = arguments else { return None };
    Some(
        read(text).map_err(|message| {
            Box::new(Fault { code: "expression-arguments", span: span.clone(), message, help: None })
        }),
    )
}

/// The result of the first overload that the arguments fit, or the fault of the one that they come closest to.
fn fit(function: &Function, arguments: &[Ast], types: &[Type], span: &Range<usize>) -> Result<Type, Box<Fault>> {
    let mut closest: Option<(usize, &Overload)> = None;
    for overload in function.overloads {
        let least = overload.parameters.len();
        let counts = types.len() == least || (overload.repeats && types.len() > least);
        if !counts {
            continue;
        }
        let mut element = Type::Null;
        let fitting = arguments.iter().zip(types).enumerate().take_while(|(at, (argument, ty))| {
            let parameter = overload.parameters.get(*at).or(overload.parameters.last());
            let is_constant = matches!(argument.kind, AstKind::Literal(Value::Text(_)));
            parameter.is_some_and(|(_, parameter)| {
                parameter.takes(ty, is_constant, &mut element)
                    && !(*parameter == Parameter::Whole && is_broken(argument))
            })
        });
        let fitting = fitting.count();
        if fitting == types.len() {
            return Ok(overload.result.ty(&element));
        }
        if closest.is_none_or(|(most, _)| fitting > most) {
            closest = Some((fitting, overload));
        }
    }
    Err(Box::new(match closest {
        Some((at, overload)) => wrong_type(function, overload, at, arguments, types)
            .unwrap_or_else(|| wrong_count(function, types.len(), span)),
        None => wrong_count(function, types.len(), span),
    }))
}

/// Whether a number that is written here has decimals.
fn is_broken(argument: &Ast) -> bool {
    matches!(&argument.kind, AstKind::Literal(Value::Number(number)) if !number.is_integer())
}

fn signatures(function: &Function) -> Text {
    let all = |language| function.signatures(language).iter().map(|one| format!("`{one}`")).collect::<Vec<_>>();
    Text::new(
        format!("用法：{}", all(Language::Zh).join(" 或 ")),
        format!("it is called as {}", all(Language::En).join(" or ")),
    )
}

fn wrong_count(function: &Function, found: usize, span: &Range<usize>) -> Fault {
    let mut counts: Vec<String> = function
        .overloads
        .iter()
        .map(|overload| format!("{}{}", overload.parameters.len(), if overload.repeats { "+" } else { "" }))
        .collect();
    counts.dedup();
    let (name, needed) = (function.name, counts.join(" / "));
    Fault {
        code: "expression-arguments",
        span: span.clone(),
        message: Text::new(
            format!("`{name}` 需要 {needed} 个参数，写了 {found} 个"),
            format!("`{name}` takes {needed} argument(s), found {found}"),
        ),
        help: Some(signatures(function)),
    }
}

fn wrong_type(function: &Function, overload: &Overload, at: usize, arguments: &[Ast], types: &[Type]) -> Option<Fault> {
    let (argument, ty) = (arguments.get(at)?, types.get(at)?);
    let (_, parameter) = overload.parameters.get(at).or(overload.parameters.last())?;
    let (name, number) = (function.name, at + 1);
    let mut needed: Vec<Text> = Vec::new();
    for (_, parameter) in function.overloads.iter().filter_map(|overload| overload.parameters.get(at)) {
        let title = parameter.title();
        if !needed.contains(&title) {
            needed.push(title);
        }
    }
    if needed.is_empty() {
        needed.push(parameter.title());
    }
    let zh: Vec<&str> = needed.iter().map(|text| text.zh.as_str()).collect();
    let en: Vec<&str> = needed.iter().map(|text| text.en.as_str()).collect();
    let found = if is_broken(argument) { Text::new("带小数的数", "a number with decimals") } else { ty.title() };
    // Of one type with its fellows: the first argument of a pair settles it.
    let same = (!is_broken(argument) && parameter.takes(ty, false, &mut Type::Null.clone()))
        .then(|| Text::new("各参数的类型应当相同", "the arguments must be of one type"));
    let message = match same {
        Some(same) => Text::new(
            format!("`{name}` 的第 {number} 个参数是{}，{}", found.zh, same.zh),
            format!("argument {number} of `{name}` is {}: {}", found.en, same.en),
        ),
        None => Text::new(
            format!("`{name}` 的第 {number} 个参数应是{}，而写的是{}", zh.join("或"), found.zh),
            format!("argument {number} of `{name}` must be {}, this is {}", en.join(" or "), found.en),
        ),
    };
    Some(Fault { code: "expression-type", span: argument.span.clone(), message, help: Some(signatures(function)) })
}

fn unknown(source: &str, scope: &Record, span: &Range<usize>, name: &Name) -> Fault {
    // The name stands before the last bracket that opens the arguments; for a method, behind the receiver.
    let text = source.get(span.clone()).unwrap_or_default();
    let at = text.match_indices(name.as_str()).map(|(at, _)| at).find(|at| {
        text.get(at + name.len()..)
            .is_some_and(|rest| rest.trim_start_matches(['`', ' ', '\t', '\n', '\r']).starts_with('('))
    });
    let place = at.map_or_else(|| span.clone(), |at| span.start + at..span.start + at + name.len());
    let names = || functions::all().iter().map(|function| function.name);
    let help = match habit(name).or_else(|| nearest(name, &names().collect::<Vec<_>>())) {
        _ if scope.fields.contains_key(name) => Text::new(
            format!("`{name}` 是事实，不加括号：请写 `{name}`"),
            format!("`{name}` is a fact: write `{name}` without brackets"),
        ),
        Some(meant) if meant.contains(' ') => Text::new(format!("请写成 `{meant}`"), format!("write `{meant}`")),
        Some(meant) => Text::new(format!("是不是想写 `{meant}`？"), format!("did you mean `{meant}`?")),
        None => {
            let listed = names().map(|name| format!("`{name}`")).collect::<Vec<_>>();
            Text::new(format!("可用的函数有 {}", listed.join("、")), format!("there is {}", listed.join(", ")))
        }
    };
    Fault {
        code: "unknown-function",
        span: place,
        message: Text::new(format!("没有 `{name}` 这个函数"), format!("unknown function `{name}`")),
        help: Some(help),
    }
}

/// What functions of other languages are called here.
fn habit(name: &str) -> Option<&'static str> {
    Some(match name.to_lowercase().as_str() {
        "isempty" | "is_empty" | "empty" | "isblank" | "isnull" | "is_null" | "exists" | "isset" => "has",
        "length" | "len" | "count" => "size",
        "includes" | "include" | "like" | "indexof" | "instr" => "contains",
        "tostring" | "str" | "text" => "string",
        "tolower" | "lowercase" | "lcase" => "lower",
        "unique" => "distinct",
        "datediff" | "daysbetween" | "days" => "days_between",
        "if" | "iif" => "a ? b : c",
        "concat" => "a + b",
        "and" => "a && b",
        "or" => "a || b",
        "equals" => "a == b",
        _ => return None,
    })
}
