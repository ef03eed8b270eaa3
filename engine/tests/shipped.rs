//! The shipped configuration loads without a word.
#![expect(clippy::unwrap_used, reason = "what fails here is a failure of the test")]

mod support;

use docket_engine::{
    definition::{form::WellKnown, workflow::NodeKind},
    diagnostic::render,
    load::{load, load_version},
    text::Language,
};

#[test]
fn it_loads_without_a_diagnostic() {
    let loaded = load(&support::shipped());
    assert_eq!(render(&loaded.diagnostics, Language::Zh), "");
    let registry = loaded.registry.unwrap();
    let module = registry.module("yiji-liangda-sanqu").unwrap();
    assert_eq!(module.kinds.len(), 2);
    assert_eq!(module.kind("task").unwrap().lights.len(), 5);
    let form = registry.form_of(&module.name, "task").unwrap();
    assert_eq!(form.playing(WellKnown::LeadUnit).unwrap().name, "lead_unit");
    let lifecycle = &registry.workflows["task-lifecycle"].workflow;
    let NodeKind::Stage(stage) = &lifecycle.nodes["underway"].kind else { panic!("a stage") };
    assert_eq!(stage.offers.len(), 4);
    assert!(registry.workflows["progress-report"].workflow.nodes.contains_key("end:accepted"));
}

#[test]
fn what_a_person_may_send_is_plain_json_schema() {
    let registry = load(&support::shipped()).registry.unwrap();
    let schema = &registry.forms["task"].schema;
    assert_eq!(schema["additionalProperties"], false);
    assert_eq!(schema["properties"]["cycle"]["enum"], serde_json::json!(["week", "month"]));
    assert!(schema["properties"].get("progress").is_none(), "the platform writes it");
    assert!(!schema.to_string().contains("x-"));
}

#[test]
fn an_older_version_binds_to_the_forms_that_it_was_published_with() {
    let loaded = load(&support::shipped());
    let registry = loaded.registry.unwrap();
    for document in loaded.documents.iter().filter(|document| document.kind == "workflow") {
        assert_eq!(document.version.len(), 64);
        let forms: Vec<_> = document
            .forms
            .iter()
            .map(|(name, version)| {
                let form = |other: &&docket_engine::load::Document| {
                    other.kind == "form" && other.name == *name && other.version == *version
                };
                loaded.documents.iter().find(form).unwrap().file.clone()
            })
            .collect();
        let bound = load_version(&document.file, &forms, &registry).unwrap();
        assert_eq!(bound.workflow.version, document.version);
        assert_eq!(bound.forms.len(), document.forms.len());
    }
}
