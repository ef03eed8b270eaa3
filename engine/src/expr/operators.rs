//! The types that operators take and give.

use super::{Ast, AstKind, BinaryOp, Fault, Type, compile::Check};
use crate::{
    text::Text,
    value::{Value, parse_date},
};

/// An operand with its type.
type Operand<'a> = (&'a Ast, &'a Type);

/// The sign of an operator.
pub(super) const fn sign(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Or => "||",
        BinaryOp::And => "&&",
        BinaryOp::Equal => "==",
        BinaryOp::NotEqual => "!=",
        BinaryOp::Less => "<",
        BinaryOp::LessOrEqual => "<=",
        BinaryOp::Greater => ">",
        BinaryOp::GreaterOrEqual => ">=",
        BinaryOp::In => "in",
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::Multiply => "*",
        BinaryOp::Divide => "/",
        BinaryOp::Remainder => "%",
    }
}

/// The type of `a op b`, where `op` is neither `&&` nor `||`.
pub(super) fn check(check: &mut Check<'_>, op: BinaryOp, a: Operand<'_>, b: Operand<'_>) -> Type {
    let found = match op {
        BinaryOp::Equal | BinaryOp::NotEqual => equal(op, a, b),
        BinaryOp::Less | BinaryOp::LessOrEqual | BinaryOp::Greater | BinaryOp::GreaterOrEqual => ordered(op, a, b),
        BinaryOp::In => member(a, b),
        _ => arithmetic(op, a, b),
    };
    found.unwrap_or_else(|fault| {
        check.faults.push(*fault);
        match op {
            BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Remainder => {
                Type::Any
            }
            _ => Type::Bool,
        }
    })
}

fn equal(op: BinaryOp, a: Operand<'_>, b: Operand<'_>) -> Result<Type, Box<Fault>> {
    if let Some((record, _)) = [a, b].into_iter().find(|(_, ty)| matches!(ty, Type::Record(_))) {
        let help = Text::new("请写出其中的字段，或用 `has(…)`", "name one of its fields, or write `has(…)`");
        return Err(Box::new(Fault {
            code: "expression-type",
            span: record.span.clone(),
            message: Text::new("一组字段不能整体比较", "a record cannot be compared as a whole"),
            help: Some(help),
        }));
    }
    comparable(op, a, b)
}

fn ordered(op: BinaryOp, a: Operand<'_>, b: Operand<'_>) -> Result<Type, Box<Fault>> {
    let sign = sign(op);
    for (ast, ty) in [a, b] {
        if *ty == Type::Null {
            let help = Text::new(
                "是否有值请写 `== null` 或 `has(…)`",
                "write `== null` or `has(…)` to ask whether there is a value",
            );
            let message = Text::new(format!("空值不能用 `{sign}` 比较"), format!("`{sign}` cannot compare null"));
            return Err(Box::new(Fault { code: "expression-type", span: ast.span.clone(), message, help: Some(help) }));
        }
    }
    let found = comparable(op, a, b)?;
    for (ast, ty) in [a, b] {
        if !ty.is_ordered() {
            let title = ty.title();
            let message = Text::new(
                format!("{}没有大小之分，不能用 `{sign}`", title.zh),
                format!("`{sign}` needs an order, and {} has none", title.en),
            );
            let help = Text::new("请用 `==`、`!=` 或 `in`", "use `==`, `!=` or `in`");
            return Err(Box::new(Fault { code: "expression-type", span: ast.span.clone(), message, help: Some(help) }));
        }
    }
    Ok(found)
}

/// That two operands are of one type; the fault stands on the literal of the two, else on the second.
fn comparable(op: BinaryOp, a: Operand<'_>, b: Operand<'_>) -> Result<Type, Box<Fault>> {
    if a.1.join(b.1).is_some() {
        return Ok(Type::Bool);
    }
    let is_literal = |operand: Operand<'_>| matches!(operand.0.kind, AstKind::Literal(_));
    let (wrong, right) = if is_literal(a) && !is_literal(b) { (a, b) } else { (b, a) };
    let (x, y) = (a.1.title(), b.1.title());
    Err(Box::new(Fault {
        code: "expression-type",
        span: wrong.0.span.clone(),
        message: Text::new(
            format!("`{}` 不能比较{}与{}", sign(op), x.zh, y.zh),
            format!("`{}` cannot compare {} with {}", sign(op), x.en, y.en),
        ),
        help: comparison_help(wrong, right),
    }))
}

fn comparison_help(wrong: Operand<'_>, right: Operand<'_>) -> Option<Text> {
    let text = match &wrong.0.kind {
        AstKind::Literal(Value::Text(text)) => Some(text.as_str()),
        _ => None,
    };
    match (wrong.1, right.1, text) {
        (Type::Date, Type::Time, _) | (Type::Time, Type::Date, _) => Some(Text::new(
            "日期与时刻不同：与日期比较用 `today` 或 `date(时刻)`，与时刻比较用 `now` 或 `time(日期)`",
            "a date is not a point in time: compare dates with `today` or `date(…)`, points in time with `now` or `time(…)`",
        )),
        (Type::Text, Type::Date, Some(text)) => {
            let shown = if parse_date(text).is_some() { text } else { "2026-12-31" };
            Some(Text::new(format!("日期请写成 `date('{shown}')`"), format!("write the date as `date('{shown}')`")))
        }
        (Type::Number, Type::Date, _) => {
            let shown = bare_date(wrong.0).unwrap_or_else(|| "2026-12-31".to_owned());
            Some(Text::new(format!("日期请写成 `date('{shown}')`"), format!("write the date as `date('{shown}')`")))
        }
        (Type::Number, Type::Text, None) => Some(Text::new(
            "文本请加引号，如 `'3'`；字数请写 `size(文本)`",
            "put a text into quotes, such as `'3'`; `size(text)` counts its characters",
        )),
        (Type::Text, Type::Time, Some(text)) => Some(Text::new(
            format!("时刻请写成 `time('{text}')`"),
            format!("write the point in time as `time('{text}')`"),
        )),
        (Type::Text, Type::Span, Some(text)) => Some(Text::new(
            format!("时长请写成 `duration('{text}')`"),
            format!("write the duration as `duration('{text}')`"),
        )),
        (Type::Text, Type::Number, Some(text)) => {
            Some(Text::new(format!("数不加引号：`{text}`"), format!("write numbers without quotes: `{text}`")))
        }
        (Type::Text, Type::Bool, Some(text @ ("true" | "false"))) => {
            Some(Text::new(format!("是非值不加引号：`{text}`"), format!("write it without quotes: `{text}`")))
        }
        (Type::Text, Type::Unit | Type::Person, _) => Some(Text::new(
            "单位和人员不能用名称写明，请与另一个单位或人员事实比较",
            "units and people are not written by name: compare with another unit or person",
        )),
        (Type::List(_), _, _) | (_, Type::List(_), _) => {
            Some(Text::new("元素与列表之间请写 `元素 in 列表`", "write `element in list`"))
        }
        _ => None,
    }
}

/// `2026-12-31` without quotes, which reads as two subtractions.
fn bare_date(ast: &Ast) -> Option<String> {
    let AstKind::Binary(BinaryOp::Subtract, rest, day) = &ast.kind else { return None };
    let AstKind::Binary(BinaryOp::Subtract, year, month) = &rest.kind else { return None };
    let number = |ast: &Ast| match &ast.kind {
        AstKind::Literal(Value::Number(number)) => i64::try_from(*number).ok(),
        _ => None,
    };
    let date = format!("{:04}-{:02}-{:02}", number(year)?, number(month)?, number(day)?);
    parse_date(&date).map(|_| date)
}

fn member(a: Operand<'_>, b: Operand<'_>) -> Result<Type, Box<Fault>> {
    let element = match b.1 {
        Type::List(element) => element,
        Type::Any | Type::Null => return Ok(Type::Bool),
        other => {
            let help = match other {
                Type::Text => Text::new(
                    "文字是否包含请写 `文本.contains(片段)`",
                    "write `text.contains(part)` for parts of a text",
                ),
                _ => Text::new("单个值请用 `==`", "use `==` for a single value"),
            };
            return Err(Box::new(Fault::unfit(&b.0.span, &Type::list(Type::Any).title(), other).with_help(help)));
        }
    };
    if element.join(a.1).is_some() {
        return Ok(Type::Bool);
    }
    let help = match a.1 {
        Type::List(_) => Some(Text::new("两个列表请写 `a.overlaps(b)`", "write `a.overlaps(b)` for two lists")),
        _ => comparison_help(a, (b.0, element)),
    };
    Err(Box::new(Fault::unfit(&a.0.span, &element.title(), a.1).with_help(help)))
}

fn arithmetic(op: BinaryOp, a: Operand<'_>, b: Operand<'_>) -> Result<Type, Box<Fault>> {
    let plus = op == BinaryOp::Add;
    let found = match (a.1, b.1) {
        (Type::Any | Type::Null, _) | (_, Type::Any | Type::Null) => Some(loose(op, a.1, b.1)),
        (Type::Number, Type::Number) => Some(Type::Number),
        (Type::Text, Type::Text) if plus => Some(Type::Text),
        (Type::List(_), Type::List(_)) if plus => a.1.join(b.1),
        (Type::Span, Type::Date) if plus => Some(Type::Date),
        (Type::Span, Type::Time) if plus => Some(Type::Time),
        (ty @ (Type::Date | Type::Time | Type::Span), Type::Span) if plus || op == BinaryOp::Subtract => {
            Some(ty.clone())
        }
        (Type::Date, Type::Date) | (Type::Time, Type::Time) if op == BinaryOp::Subtract => Some(Type::Span),
        _ => None,
    };
    match found {
        Some(Type::Date) => whole_days(a).and_then(|()| whole_days(b)).map(|()| Type::Date),
        Some(ty) => Ok(ty),
        None => Err(Box::new(unfit(op, a, b))),
    }
}

/// The type of arithmetic with an operand that is not known.
fn loose(op: BinaryOp, a: &Type, b: &Type) -> Type {
    match (op, a, b) {
        (BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Remainder, _, _) => Type::Number,
        (BinaryOp::Add, Type::List(_), Type::Null) => a.clone(),
        (BinaryOp::Add, Type::Null, Type::List(_)) => b.clone(),
        _ => Type::Any,
    }
}

/// That a literal duration which moves a date holds no hours.
fn whole_days((ast, _): Operand<'_>) -> Result<(), Box<Fault>> {
    match &ast.kind {
        AstKind::Literal(Value::Span(span)) if !span.exact.is_zero() => Err(Box::new(Fault {
            code: "expression-type",
            span: ast.span.clone(),
            message: Text::new(
                format!("日期只能加减整天，`{span}` 含有小时或分钟"),
                format!("a date moves by whole days, and `{span}` holds hours or minutes"),
            ),
            help: Some(Text::new("请写成 `duration('P1D')` 这样的天数", "write days, such as `duration('P1D')`")),
        })),
        _ => Ok(()),
    }
}

fn unfit(op: BinaryOp, a: Operand<'_>, b: Operand<'_>) -> Fault {
    let takes = |ty: &Type| match op {
        BinaryOp::Add => matches!(ty, Type::Number | Type::Text | Type::List(_) | Type::Date | Type::Time | Type::Span),
        BinaryOp::Subtract => matches!(ty, Type::Number | Type::Date | Type::Time | Type::Span),
        _ => *ty == Type::Number,
    };
    let wrong = if takes(a.1) { b } else { a };
    let (x, y) = (a.1.title(), b.1.title());
    let help = match (a.1, b.1) {
        (Type::Date | Type::Time, Type::Number) | (Type::Number, Type::Date | Type::Time) => {
            Some(Text::new("天数请写成 `duration('P3D')`", "write days as `duration('P3D')`"))
        }
        (Type::Text, _) | (_, Type::Text) if op == BinaryOp::Add => {
            Some(Text::new("先用 `string(…)` 转成文本", "turn it into text first with `string(…)`"))
        }
        (Type::List(_), _) | (_, Type::List(_)) if op == BinaryOp::Add => Some(Text::new(
            "两边都应是列表，单个值请写成 `[值]`",
            "both must be lists: write `[value]` for a single one",
        )),
        (Type::Date, Type::Time) | (Type::Time, Type::Date) => comparison_help(b, a),
        _ => None,
    };
    Fault {
        code: "expression-type",
        span: wrong.0.span.clone(),
        message: Text::new(
            format!("`{}` 不能用于{}与{}", sign(op), x.zh, y.zh),
            format!("`{}` cannot take {} and {}", sign(op), x.en, y.en),
        ),
        help,
    }
}
