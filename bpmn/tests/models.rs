//! Models drawn elsewhere: what each becomes, line for line. `UPDATE_EXPECT=1` writes the expectations.
#![expect(clippy::unwrap_used, reason = "what fails here is a failure of the test")]

mod support;

use std::{fmt::Write as _, fs, path::PathBuf};

use docket_bpmn::{Fate, Report, read};
use docket_engine::text::Language;

fn own() -> Vec<PathBuf> {
    support::files("bpmn/tests/models", ".bpmn")
}

#[test]
fn each_model_gives_what_stands_beside_it() {
    let models = own();
    assert!(models.len() > 10, "the models are found");
    for path in models {
        let at = support::name(&path);
        let text = fs::read_to_string(&path).unwrap();
        let found = match read(&text) {
            Ok(report) => {
                support::complete(&at, &text, &report);
                promised(&at, &report);
                shown(&report)
            }
            Err(error) => error.render(Language::Zh) + &error.render(Language::En),
        };
        support::expect(&path.with_extension("txt"), &found);
    }
}

/// The workflows and the report, as they are printed.
fn shown(report: &Report) -> String {
    let mut out = String::new();
    for workflow in &report.workflows {
        let loads = if workflow.loads { "loads" } else { "to complete" };
        writeln!(out, "=== {} (line {}): {loads}\n{}", workflow.name, workflow.line, workflow.yaml).unwrap();
    }
    out.push_str("=== report\n");
    out.push_str(&report.render(Language::En));
    out
}

/// A workflow that does not load has an entry that says what is to be completed; one without such entries loads.
fn promised(at: &str, report: &Report) {
    let open = report.entries.iter().any(|entry| entry.fate == Fate::Open);
    let broken = report.workflows.iter().any(|workflow| !workflow.loads);
    assert_eq!(open, broken, "{at}: {}", report.render(Language::En));
}

/// The interchange group's models lie beside the project, and are not part of it.
fn interchange() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(support::root().join("../shared/bpmn-miwg"))
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "bpmn"))
        .collect();
    found.sort();
    found
}

#[test]
fn the_interchange_groups_models_are_read_in_full() {
    let models = interchange();
    if models.is_empty() {
        println!("skipped: there are no models in ../shared/bpmn-miwg");
        return;
    }
    let mut table = String::from(
        "| model | workflows | of these load | mapped | with an assumption | to complete | not carried over | of these flow nodes |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for path in models {
        let at = support::name(&path);
        let text = String::from_utf8(fs::read(&path).unwrap()).unwrap();
        let report = read(&text).unwrap_or_else(|error| panic!("{at}: {error}"));
        support::complete(&at, &text, &report);
        promised(&at, &report);
        let loads = report.workflows.iter().filter(|workflow| workflow.loads).count();
        let [mapped, assumed, open, dropped] = report.counts();
        let nodes = report.entries.iter().filter(|entry| entry.fate == Fate::Dropped && is_flow_node(&entry.element));
        let nodes = nodes.filter(|entry| !entry.text.en.starts_with("attributes")).count();
        writeln!(
            table,
            "| {at} | {} | {loads} | {mapped} | {assumed} | {open} | {dropped} | {nodes} |",
            report.workflows.len()
        )
        .unwrap();
    }
    let page = support::root().join("docs/reference/bpmn.md");
    let text = fs::read_to_string(&page).unwrap();
    let (before, rest) = text.split_once("<!-- models").unwrap();
    let (head, rest) = rest.split_once("-->\n").unwrap();
    let (_, after) = rest.split_once("<!-- end of models -->").unwrap();
    support::expect(&page, &format!("{before}<!-- models{head}-->\n{table}<!-- end of models -->{after}"));
}

fn is_flow_node(element: &str) -> bool {
    ["Event", "Task", "task", "Gateway", "Activity", "Process", "transaction"].iter().any(|end| element.ends_with(end))
}
