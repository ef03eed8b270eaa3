//! No input makes the compiler or the evaluation panic.

use docket_engine::expr::{Type, compile};
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
