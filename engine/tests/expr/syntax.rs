//! Literals, precedence, paths and calls.

use docket_engine::{
    expr::{Type, compile},
    value::Value,
};

use super::facts::{compiled, holds, number, scope, units, value};

#[test]
fn operators_bind_as_in_cel() {
    for (source, meant) in [
        ("1 + 2 * 3", "1 + (2 * 3)"),
        ("2 * 3 + 1", "(2 * 3) + 1"),
        ("10 - 4 - 3", "(10 - 4) - 3"),
        ("12 / 3 / 2", "(12 / 3) / 2"),
        ("7 % 4 * 2", "(7 % 4) * 2"),
        ("-2 + 3", "(-2) + 3"),
        ("- 2 * 3", "(-2) * 3"),
        ("1 + 1 == 2", "(1 + 1) == 2"),
        ("1 < 2 == true", ""),
        ("false && false || true", "(false && false) || true"),
        ("true || false && false", "true || (false && false)"),
        ("!false && false", "(!false) && false"),
        ("!(false && false)", "!(false && false)"),
        ("1 == 1 && 2 == 2", "(1 == 1) && (2 == 2)"),
        ("1 in [1] && true", "(1 in [1]) && true"),
        ("1 + 1 in [2]", "(1 + 1) in [2]"),
        ("false ? 1 : true ? 2 : 3", "false ? 1 : (true ? 2 : 3)"),
        ("true || false ? 1 : 2", "(true || false) ? 1 : 2"),
        ("!true == false", ""),
    ] {
        match meant {
            // CEL's `!` binds more strongly than `==`, and comparisons cannot be chained.
            "" if source.starts_with('!') => assert!(holds(source)),
            "" => assert!(compile(source, &scope(), &Type::Any).is_err(), "{source}"),
            meant => assert_eq!(value(source), value(meant), "{source}"),
        }
    }
}

#[test]
fn literals_are_exact() {
    assert_eq!(value("0.1 + 0.2"), number("0.3"));
    assert_eq!(value("1.10"), number("1.1"));
    assert_eq!(value("9223372036854775807 + 1"), number("9223372036854775808"));
    assert_eq!(value("0.0000000000000000000000000001"), number("0.0000000000000000000000000001"));
    assert_eq!(value("1 / 8"), number("0.125"));
    assert_eq!(value(r#""a\n\t\\\"\u4e2d'""#), Value::Text("a\n\t\\\"中'".into()));
    assert_eq!(value("'一极\"两大\"'"), Value::Text("一极\"两大\"".into()));
    assert_eq!(value("[]"), Value::List(vec![]));
    assert_eq!(value("[1, 2, ]").clone(), value("[1, 2]"));
    assert_eq!(value("null"), Value::Null);
}

#[test]
fn a_path_reaches_into_records_and_backticks_quote_hyphens() {
    assert_eq!(value("item.co_units"), units(&[4, 5]));
    assert_eq!(value("forms.`section-review`.progress"), Value::Text("完成 60%".into()));
    assert_eq!(value("item.备注"), Value::Null);
    assert_eq!(value("item . budget"), number("12.5"));
}

#[test]
fn a_method_is_the_function_with_its_receiver_first() {
    for (method, function) in [
        ("item.co_units.size()", "size(item.co_units)"),
        ("item.title.contains('双圈')", "contains(item.title, '双圈')"),
        ("[3, 1].contains(1)", "contains([3, 1], 1)"),
        ("'ABC'.lower().starts_with('a')", "starts_with(lower('ABC'), 'a')"),
        ("(item.co_units + [item.lead_unit]).distinct().size()", "size(distinct(item.co_units + [item.lead_unit]))"),
        ("item.due.year()", "year(item.due)"),
    ] {
        assert_eq!(value(method), value(function), "{method}");
    }
}

#[test]
fn an_expression_tells_what_it_reads() {
    let expr = compiled("item.due > today && item.co_units.overlaps([item.lead_unit]) || item.due == null");
    let reads: Vec<String> = expr.reads().iter().map(|path| path.join(".")).collect();
    assert_eq!(reads, ["item.co_units", "item.due", "item.lead_unit", "today"]);
    assert_eq!(expr.ty(), &Type::Bool);
}

#[test]
fn lists_are_joined_searched_and_made_distinct() {
    assert_eq!(value("[item.lead_unit] + item.co_units"), units(&[3, 4, 5]));
    assert_eq!(value("distinct(item.co_units + item.co_units)"), units(&[4, 5]));
    assert_eq!(value("first(item.co_units)"), units(&[4]).at(&[]).clone().first_of());
    assert!(holds("item.lead_unit in [item.lead_unit] + item.co_units"));
    assert!(holds("!(item.lead_unit in item.co_units)"));
    assert!(holds("item.co_units.overlaps([item.lead_unit] + item.co_units)"));
    assert!(!holds("item.co_units.overlaps([item.lead_unit])"));
    assert!(holds("[1.0, 2] == [1, 2.00]"));
}

trait FirstOf {
    fn first_of(self) -> Value;
}

impl FirstOf for Value {
    fn first_of(self) -> Value {
        match self {
            Value::List(all) => all.into_iter().next().unwrap(),
            other => other,
        }
    }
}

#[test]
fn texts_compare_by_code_point_and_count_characters() {
    assert!(holds("'Z' < 'a' && 'z' < '中' && '一' < '丁'"));
    assert_eq!(value("size('教委 A')"), number("4"));
    assert_eq!(value("'督查' + '督办'"), Value::Text("督查督办".into()));
    assert_eq!(value("string(0.50) + '|' + string(item.due)"), Value::Text("0.5|2026-12-31".into()));
}

#[test]
fn a_long_chain_of_conditions_is_not_deep() {
    let chain = vec!["item.state == 'open'"; 80].join(" || ");
    assert!(holds(&chain));
    assert!(chain.len() < 2_000);
}
