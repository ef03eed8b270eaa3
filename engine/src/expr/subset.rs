//! The subset that has an exact SQL form: what lights and policies' conditions may say, because lists filter and count by
//! them (`DESIGN.md`, principle 5).
//!
//! A condition joins atoms with `&&`, `||` and `!`; an atom compares scalars, or asks about lists. A scalar is a literal, a
//! fact of the subject, `today`, one of the facts that every item has, or one of these dates moved by a literal number of
//! days, or what a function of [`OF_TODAY`] gives for `today`. A list is a list fact, or scalars in brackets.

use rust_decimal::Decimal;

use super::{Ast, AstKind, BinaryOp, Expr, Fault, Type, UnaryOp, eval::tests_absence, operators::sign, paths, scope};
use crate::{
    text::{Name, Text},
    value::Value,
};

/// How far a date may be moved, in days either way: a century.
const FARTHEST: u32 = 36_525;

/// The functions that may be asked about `today`: their value is known before the database is asked.
const OF_TODAY: [&str; 10] = [
    "add_months",
    "add_workdays",
    "day",
    "end_of_month",
    "end_of_quarter",
    "month",
    "quarter",
    "weekday",
    "workday",
    "year",
];

/// How many months or working days `today` may be moved by, either way.
const MOST_STEPS: Decimal = Decimal::ONE_THOUSAND;

/// That `expr` lies in the subset.
///
/// # Errors
/// A fault of code `not-in-sql-subset` for each part that does not, and what to write instead.
pub fn sql_subset(expr: &Expr) -> Result<(), Vec<Fault>> {
    let mut faults = Vec::new();
    condition(expr.ast(), &mut faults);
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

fn condition(ast: &Ast, faults: &mut Vec<Fault>) {
    match &ast.kind {
        AstKind::Literal(Value::Bool(_) | Value::Null) => {}
        AstKind::Path(path) => fact(ast, path, faults),
        AstKind::Unary(UnaryOp::Not, a) => condition(a, faults),
        AstKind::Binary(BinaryOp::And | BinaryOp::Or, a, b) => {
            condition(a, faults);
            condition(b, faults);
        }
        AstKind::Binary(BinaryOp::Equal | BinaryOp::NotEqual, a, b) => match tests_absence(a, b) {
            Some(tested) => scalar_or_list(tested, faults),
            None => [a, b].into_iter().for_each(|operand| scalar(operand, faults)),
        },
        AstKind::Binary(
            BinaryOp::Less | BinaryOp::LessOrEqual | BinaryOp::Greater | BinaryOp::GreaterOrEqual,
            a,
            b,
        ) => [a, b].into_iter().for_each(|operand| scalar(operand, faults)),
        AstKind::Binary(BinaryOp::In, a, b) => {
            scalar(a, faults);
            list(b, faults);
        }
        AstKind::Call(name, arguments) => call(ast, name, arguments, faults),
        AstKind::Conditional(..) => faults.push(outside(
            ast,
            ("条件取值 `? :`".into(), "a choice with `? :`".into()),
            Text::new("请改用 `&&` 和 `||`", "write it with `&&` and `||`"),
        )),
        _ => faults.push(unusable(ast)),
    }
}

fn call(ast: &Ast, name: &Name, arguments: &[Ast], faults: &mut Vec<Fault>) {
    match (name.as_str(), arguments) {
        ("overlaps", [a, b]) => {
            list(a, faults);
            list(b, faults);
        }
        ("contains" | "starts_with", [a, b]) => {
            scalar_or_list(a, faults);
            scalar(b, faults);
        }
        ("has", [a]) => scalar_or_list(a, faults),
        ("workday", _) => of_today(ast, name, arguments, faults),
        _ => faults.push(unusable(ast)),
    }
}

fn scalar_or_list(ast: &Ast, faults: &mut Vec<Fault>) {
    match &ast.kind {
        AstKind::Path(path) => fact(ast, path, faults),
        AstKind::List(_) => list(ast, faults),
        _ => scalar(ast, faults),
    }
}

fn list(ast: &Ast, faults: &mut Vec<Fault>) {
    match &ast.kind {
        AstKind::List(all) => all.iter().for_each(|element| scalar(element, faults)),
        AstKind::Path(path) => fact(ast, path, faults),
        AstKind::Literal(Value::Null) => {}
        _ => faults.push(unusable(ast)),
    }
}

fn scalar(ast: &Ast, faults: &mut Vec<Fault>) {
    match &ast.kind {
        AstKind::Literal(Value::Span(_) | Value::Time(_) | Value::List(_) | Value::Record(_)) => {
            faults.push(unusable(ast));
        }
        AstKind::Literal(_) => {}
        AstKind::Path(path) => {
            let is_list = item_attribute(path).and_then(scope::indexed).is_some_and(|ty| matches!(ty, Type::List(_)));
            if is_list {
                faults.push(outside(
                    ast,
                    ("列表作整体比较".into(), "comparing a list as a whole".into()),
                    Text::new("请用 `in`、`overlaps`、`has` 或 `== null`", "use `in`, `overlaps`, `has` or `== null`"),
                ));
            } else {
                fact(ast, path, faults);
            }
        }
        AstKind::Binary(op @ (BinaryOp::Add | BinaryOp::Subtract), a, b) => moved(ast, *op, a, b, faults),
        AstKind::Call(name, arguments) => of_today(ast, name, arguments, faults),
        _ => faults.push(unusable(ast)),
    }
}

/// `f(today)` or `f(today, 3)`.
fn of_today(ast: &Ast, name: &Name, arguments: &[Ast], faults: &mut Vec<Fault>) {
    if !OF_TODAY.contains(&name.as_str()) {
        faults.push(unusable(ast));
        return;
    }
    let today =
        |ast: &Ast| matches!(&ast.kind, AstKind::Path(path) if matches!(path.as_slice(), [today] if *today == "today"));
    let few = |ast: &Ast| matches!(&ast.kind, AstKind::Literal(Value::Number(count)) if count.abs() <= MOST_STEPS);
    let what = match arguments {
        [date, ..] if !today(date) => {
            (format!("`today` 以外日期的 `{name}` "), format!("`{name}` of another date than `today`"))
        }
        [_, count] if !few(count) => {
            ("不是写明的数，或超过 1000 的步数".into(), "a step that is no plain number, or is over 1,000".into())
        }
        _ => return,
    };
    faults.push(outside(
        ast,
        what,
        Text::new(
            "请从 `today` 推算，再与事项的日期比较，如 `item.next_due <= add_workdays(today, 3)`",
            "reckon from `today` and compare with the item's date: `item.next_due <= add_workdays(today, 3)`",
        ),
    ));
}

/// `date ± duration('P3D')`, with the duration before or behind a `+`.
fn moved(ast: &Ast, op: BinaryOp, a: &Ast, b: &Ast, faults: &mut Vec<Fault>) {
    let is_span = |ast: &Ast| matches!(ast.kind, AstKind::Literal(Value::Span(_)));
    let (date, span) = if op == BinaryOp::Add && is_span(a) { (b, a) } else { (a, b) };
    match &span.kind {
        AstKind::Literal(Value::Span(days)) if days.exact.is_zero() && days.days.unsigned_abs() <= FARTHEST => {
            scalar(date, faults);
        }
        AstKind::Literal(Value::Span(_)) => faults.push(outside(
            span,
            ("超过一百年或不是整天的时长".into(), "a duration of over a century, or not of whole days".into()),
            Text::new("请写成 `duration('P3D')` 这样的天数", "write days, such as `duration('P3D')`"),
        )),
        _ => faults.push(outside(
            ast,
            ("计算".into(), "a computation".into()),
            Text::new("只能用 `± duration('P3D')` 移动日期", "only dates may be moved, by `± duration('P3D')`"),
        )),
    }
}

/// The attribute that `item.attribute` names.
fn item_attribute(path: &[Name]) -> Option<&str> {
    match path {
        [item, attribute] if *item == "item" => Some(attribute),
        _ => None,
    }
}

fn fact(ast: &Ast, path: &[Name], faults: &mut Vec<Fault>) {
    let known = match path {
        [today] => *today == "today",
        [subject, _] if *subject == "subject" => true,
        path => item_attribute(path).is_some_and(|attribute| scope::indexed(attribute).is_some()),
    };
    if !known {
        let (names, path) = (scope::indexed_names(), paths::written(path));
        let all =
            |separator: &str| names.iter().map(|name| format!("`item.{name}`")).collect::<Vec<_>>().join(separator);
        faults.push(outside(
            ast,
            (format!("`{path}`"), format!("`{path}`")),
            Text::new(
                format!("可用 `today`、`subject` 的字段，以及 {}", all("、")),
                format!("there is `today`, what stands below `subject`, and {}", all(", ")),
            ),
        ));
    }
}

fn outside(ast: &Ast, (zh, en): (String, String), help: Text) -> Fault {
    Fault {
        code: "not-in-sql-subset",
        span: ast.span.clone(),
        message: Text::new(
            format!("{zh}不能用于灯号和权限条件：列表无法按它筛选和计数"),
            format!("{en} cannot be used in a light or a policy, because lists could not filter and count by it"),
        ),
        help: Some(help),
    }
}

fn unusable(ast: &Ast) -> Fault {
    let what = match &ast.kind {
        AstKind::Call(name, _) => (format!("函数 `{name}` "), format!("the function `{name}`")),
        AstKind::Binary(op, ..) => (format!("运算 `{}` ", sign(*op)), format!("`{}` here", sign(*op))),
        AstKind::Unary(..) => ("计算".into(), "a computation".into()),
        AstKind::Literal(Value::Time(_) | Value::Span(_)) => {
            ("单独的时刻或时长".into(), "a point in time or a duration by itself".into())
        }
        _ => ("这一部分".into(), "this part".into()),
    };
    outside(
        ast,
        what,
        Text::new(
            "可用比较、`in`、`&&`、`||`、`!`、`overlaps`、`contains`、`starts_with`、`has`、`== null` 和日期 `± duration('P3D')`",
            "there is comparison, `in`, `&&`, `||`, `!`, `overlaps`, `contains`, `starts_with`, `has`, `== null`, and dates `± duration('P3D')`",
        ),
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::expr::compile;

    /// The texts underlined, for a condition of policies where an item also has `progress`.
    fn underlined(source: &str) -> Vec<String> {
        let mut scope = scope::policy_scope(&BTreeMap::from([(Name::from("level"), Type::Number)]));
        let item = scope::item_record(None).with("progress", Type::Text).with("budget", Type::Number);
        scope.fields.insert("item".into(), item.into());
        let expr = compile(source, &scope, &Type::Bool).unwrap_or_else(|faults| panic!("{source}: {faults:#?}"));
        let faults = sql_subset(&expr).map_or_else(|faults| faults, |()| Vec::new());
        for fault in &faults {
            assert_eq!(fault.code, "not-in-sql-subset");
            assert!(fault.help.is_some());
        }
        faults.into_iter().map(|fault| source[fault.span].to_owned()).collect()
    }

    #[test]
    fn what_lists_can_filter_by_is_accepted() {
        for source in [
            "true",
            "item.state == 'done'",
            "today > item.next_due",
            "today >= item.next_due - duration('P3D')",
            "duration('P1W') + today <= item.due",
            "!(item.stage in ['办理', '审核']) && item.lead_unit != null",
            "item.units.overlaps(subject.units)",
            "item.created_by == subject.person || subject.person in item.participants",
            "item.title.contains('重点') || starts_with(item.title, '一')",
            "has(item.leader) && item.co_units == null && [] != item.source",
            "[item.lead_unit].overlaps(subject.own_units)",
            "item.year >= 2026 && subject.level > 1.5",
            "'supervisor' in subject.roles",
            "item.next_due <= add_workdays(today, 3) && workday(today)",
            "item.year == year(today) && item.due <= end_of_quarter(today) + duration('P1D')",
            "item.due < add_months(today, -1000) || weekday(today) in [6, 7]",
        ] {
            assert_eq!(underlined(source), [""; 0], "{source}");
        }
    }

    #[test]
    fn what_has_no_exact_form_is_underlined() {
        for (source, parts) in [
            ("item.progress == 'x'", vec!["item.progress"]),
            ("item.state == 'done' ? true : false", vec!["item.state == 'done' ? true : false"]),
            ("size(item.units) > 2 && lower(item.title) == 'a'", vec!["size(item.units)", "lower(item.title)"]),
            ("item.budget * 2 > 1", vec!["item.budget * 2"]),
            ("item.due - today > duration('P3D')", vec!["item.due - today", "duration('P3D')"]),
            ("item.due + duration('P99999D') > today", vec!["duration('P99999D')"]),
            ("item.co_units == item.units", vec!["item.co_units", "item.units"]),
            ("item.units.overlaps(subject.units + subject.own_units)", vec!["subject.units + subject.own_units"]),
            ("item.year + 1 == 2027", vec!["item.year + 1"]),
            ("(item.state == 'open') == true", vec!["(item.state == 'open')"]),
            ("min(item.due, item.next_due) < today", vec!["min(item.due, item.next_due)"]),
            ("today >= add_workdays(item.next_due, -3)", vec!["add_workdays(item.next_due, -3)"]),
            (
                "!workday(item.due) && item.due < add_months(today, 1001)",
                vec!["workday(item.due)", "add_months(today, 1001)"],
            ),
            ("item.due < add_workdays(today, item.year)", vec!["add_workdays(today, item.year)"]),
            ("item.due < add_months(end_of_month(today), 1)", vec!["add_months(end_of_month(today), 1)"]),
        ] {
            assert_eq!(underlined(source), parts, "{source}");
        }
    }
}
