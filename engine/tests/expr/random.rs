//! No input makes the compiler or the evaluation panic.

use docket_engine::{
    definition::form::FieldKind,
    expr::{
        Type, compile,
        functions::{self, Overload, Parameter},
    },
    value::Value,
};
use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use super::facts::{facts, scope};

/// Compiles, and evaluates what compiles; faults must lie inside the source.
fn survive(source: &str) {
    match compile(source, &scope(), &Type::Any) {
        Ok(expr) => drop(expr.eval(&facts())),
        Err(faults) => {
            assert!(!faults.is_empty());
            for fault in faults {
                assert!(source.get(fault.span.clone()).is_some(), "{source:?}: {fault:?}");
                assert!(!fault.message.zh.is_empty() && !fault.message.en.is_empty(), "{source:?}");
            }
        }
    }
}

fn runner(cases: u32) -> TestRunner {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]))
}

#[test]
fn random_text_is_survived() {
    runner(2_000)
        .run(&any::<String>(), |source| {
            survive(&source);
            Ok(())
        })
        .unwrap();
    runner(2_000)
        .run(&"[-!&|=<>+*/%?:.,()\\[\\]{}'\"`\\\\ 0-9a-z中。]{0,60}", |source| {
            survive(&source);
            Ok(())
        })
        .unwrap();
}

#[test]
fn random_tokens_are_survived() {
    let token = prop::sample::select(vec![
        "item",
        ".",
        "due",
        "today",
        "now",
        "item.due",
        "item.co_units",
        "item.title",
        "item.lead_unit",
        "item.budget",
        "free",
        "(",
        ")",
        "[",
        "]",
        ",",
        "?",
        ":",
        "!",
        "-",
        "+",
        "*",
        "/",
        "%",
        "&&",
        "||",
        "==",
        "!=",
        "<",
        ">=",
        "in",
        "'教委'",
        "12.5",
        "0",
        "null",
        "true",
        "duration('P3D')",
        "duration('PT1H')",
        "date('2028-02-29')",
        "min(",
        "max(",
        "has(",
        "size(",
        "overlaps(",
        "contains(",
        "first(",
        "distinct(",
        "next_on_grid(",
        "year(",
        "add_workdays(",
        "workdays_between(",
        "add_months(",
        "next_by_month(",
        "workday(",
        "string(",
        "cycle(",
        ".size()",
    ]);
    runner(6_000)
        .run(&prop::collection::vec(token, 1..24), |tokens| {
            survive(&tokens.join(" "));
            Ok(())
        })
        .unwrap();
}

/// Arguments at the ends of what a parameter takes.
const fn extremes(parameter: Parameter) -> &'static [&'static str] {
    match parameter {
        Parameter::Bool => &["true", "item.closed"],
        Parameter::Number | Parameter::Whole => &[
            "0",
            "-1",
            "12",
            "1000000000",
            "-9223372036854775807",
            "79228162514264337593543950335",
            "item.spent",
            "item.budget",
        ],
        Parameter::Text => &["'教委'", "''", "item.stage"],
        Parameter::Constant => &["'P3D'", "'2028-02-29'", "'-P2147483647D'", "''"],
        Parameter::Date => {
            &["date('0000-01-01')", "date('9999-12-31')", "date('2028-02-29')", "today", "item.next_due"]
        }
        Parameter::Time => &["time('-009999-01-02T01:59:59Z')", "time('9999-12-30T22:00:00.999Z')", "now"],
        Parameter::Span => &[
            "duration('P0D')",
            "duration('P2147483647D')",
            "duration('PT-1H')",
            "duration('P1DT2H')",
            "duration('P1D')",
        ],
        Parameter::Unit => &["item.lead_unit"],
        Parameter::Any | Parameter::Element | Parameter::Ordered => &["today", "1", "'x'", "item.stage"],
        Parameter::List => &["[]", "item.co_units", "[today, item.due]", "['x']"],
    }
}

/// Every call of an overload with arguments at the ends of their types.
fn calls(name: &str, overload: &Overload) -> Vec<String> {
    let mut all = vec![Vec::new()];
    for (_, parameter) in overload.parameters {
        all = all
            .into_iter()
            .flat_map(|before: Vec<&str>| {
                extremes(*parameter).iter().map(move |argument| [before.as_slice(), &[*argument]].concat())
            })
            .collect();
    }
    all.into_iter().map(|arguments| format!("{name}({})", arguments.join(", "))).collect()
}

/// What a function gives can be stored and read back, whatever it was given.
#[test]
fn extreme_arguments_are_survived_and_what_they_give_can_be_stored() {
    let facts = facts();
    let mut given = 0;
    for function in functions::all() {
        for source in function.overloads.iter().flat_map(|overload| calls(function.name, overload)) {
            let Ok(expr) = compile(&source, &scope(), &Type::Any) else { continue };
            let Ok(value) = expr.eval(&facts) else { continue };
            given += 1;
            let kind = match &value {
                Value::Date(_) => FieldKind::Date,
                Value::Number(_) => FieldKind::Number,
                _ => continue,
            };
            assert_eq!(Value::from_json(&value.to_json(), &kind), value, "{source}");
        }
    }
    assert!(given > 500, "{given}");
}
