//! No bytes make the reader of BPMN fail otherwise than by saying what is wrong: mutations of all models.
//! `docs/testing.md` says how to run it longer.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what fails here is a failure of the test")]

#[path = "../../engine/tests/random/dice.rs"]
#[expect(dead_code, reason = "the random workflows use more of it")]
mod dice;
#[path = "../../engine/tests/fuzz/mutate.rs"]
mod mutate;
mod support;

use std::{fs, time::Duration};

use docket_bpmn::read;
use docket_engine::text::Language;
use mutate::{fuzz, mutated};

#[test]
fn any_model_is_read_or_refused() {
    let text = |path: &std::path::PathBuf| fs::read_to_string(path).unwrap();
    let corpus: Vec<String> = support::files("bpmn/tests/models", ".bpmn").iter().map(text).collect();
    assert!(corpus.len() > 10);
    fuzz(
        "bpmn",
        400,
        Duration::from_secs(5),
        |dice| String::from_utf8_lossy(&mutated(dice, &corpus)).into_owned(),
        |text| match read(text) {
            Ok(report) => drop(report),
            Err(error) => drop((error.render(Language::Zh), error.render(Language::En))),
        },
    );
}
