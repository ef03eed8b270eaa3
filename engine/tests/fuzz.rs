//! No bytes make the reader of definitions or the CEL layer fail otherwise than by saying what is wrong: mutations of
//! everything that is there to read. `docs/testing.md` says how to run it longer.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "what fails here is a failure of the test"
)]

#[path = "random/dice.rs"]
#[expect(dead_code, reason = "the random workflows use more of it")]
mod dice;
#[path = "expr/facts.rs"]
#[expect(dead_code, reason = "the tests of expressions use more of it")]
mod facts;
#[path = "fuzz/mutate.rs"]
mod mutate;
mod support;

use std::{sync::Arc, time::Duration};

use dice::Dice;
use docket_engine::{
    diagnostic::render,
    expr::{Type, compile},
    load::load,
    source::File,
    text::Language,
};
use mutate::{fuzz, mutated};

/// What is said about a file must lie in it, and be said in both languages.
fn read(text: &str) {
    let loaded = load(&[Arc::new(File { path: "a.yaml".into(), text: text.to_owned() })]);
    drop((render(&loaded.diagnostics, Language::Zh), render(&loaded.diagnostics, Language::En)));
}

fn evaluate(source: &str) {
    match compile(source, &facts::scope(), &Type::Any) {
        Ok(expr) => drop(expr.eval(&facts::facts())),
        Err(faults) => {
            assert!(!faults.is_empty(), "{source:?}");
            for fault in faults {
                assert!(source.get(fault.span.clone()).is_some(), "{source:?}: {fault:?}");
            }
        }
    }
}

/// The shipped configuration and all small faulty files.
fn definitions() -> Vec<String> {
    let base = support::repository();
    let mut files = support::shipped();
    files.extend(support::yaml_files(&base, &base.join("engine/tests/cases")));
    files.iter().map(|file| file.text.clone()).collect()
}

/// What stands behind `when:`, `at:` and the like, and what the tests of expressions are about.
fn expressions() -> Vec<String> {
    const KEYS: [&str; 5] = ["when: ", "at: ", "unit: ", "person: ", "due: "];
    let mut found = Vec::new();
    for text in definitions() {
        for line in text.lines() {
            for (at, key) in KEYS.iter().filter_map(|key| Some((line.find(key)?, key))) {
                found.push(line[at + key.len()..].trim_end_matches('}').to_owned());
            }
        }
    }
    let sources = ["facts", "faults", "dates", "absence", "syntax", "workdays", "zones"];
    for name in sources {
        let path = support::repository().join(format!("engine/tests/expr/{name}.rs"));
        let text = support::text(&path);
        found.extend(text.split('"').skip(1).step_by(2).map(str::to_owned));
    }
    found.sort();
    found.dedup();
    found
}

#[test]
fn any_definition_is_read_or_refused() {
    let corpus = definitions();
    fuzz(
        "yaml",
        400,
        Duration::from_secs(5),
        |dice: &mut Dice| {
            let bytes = mutated(dice, &corpus);
            String::from_utf8_lossy(&bytes).into_owned()
        },
        read,
    );
}

#[test]
fn any_expression_is_evaluated_or_refused() {
    let corpus = expressions();
    assert!(corpus.len() > 200, "{}", corpus.len());
    fuzz(
        "expression",
        6_000,
        Duration::from_secs(2),
        |dice: &mut Dice| {
            let bytes = mutated(dice, &corpus);
            String::from_utf8_lossy(&bytes).into_owned()
        },
        evaluate,
    );
}
