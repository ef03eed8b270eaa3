//! The reference of the configuration is true: its examples load, and it lists every function.

use std::{env, fs, path::PathBuf, sync::Arc};

use docket_engine::{diagnostic::render, expr::functions, load::load, source::File, text::Language};

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/reference/configuration.md")
}

#[test]
fn its_examples_load_together() {
    let text = fs::read_to_string(path()).unwrap();
    let examples: Vec<Arc<File>> = text
        .split("```yaml\n")
        .skip(1)
        .enumerate()
        .map(|(number, rest)| {
            let example = rest.split("```").next().unwrap().to_owned();
            Arc::new(File { path: format!("example-{}.yaml", number + 1), text: example })
        })
        .collect();
    assert!(examples.len() >= 8);
    assert_eq!(render(&load(&examples).diagnostics, Language::En), "");
}

#[test]
fn it_lists_every_function() {
    let text = fs::read_to_string(path()).unwrap();
    let (before, rest) = text.split_once("<!-- functions:").unwrap();
    let (note, rest) = rest.split_once('\n').unwrap();
    let (_, after) = rest.split_once("<!-- end of functions -->").unwrap();
    let rows: String = functions::all()
        .iter()
        .map(|function| {
            let calls: Vec<String> = function.signatures(Language::En).iter().map(|call| format!("`{call}`")).collect();
            format!("| {} | {} |\n", calls.join("<br>"), function.doc().en)
        })
        .collect::<Vec<_>>()
        .concat();
    let wanted = format!(
        "{before}<!-- functions:{note}\n| function | what it gives |\n| --- | --- |\n{rows}<!-- end of functions -->{after}"
    );
    if env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(path(), &wanted).unwrap();
    }
    assert_eq!(fs::read_to_string(path()).unwrap(), wanted, "UPDATE_EXPECT=1 writes it anew");
}
