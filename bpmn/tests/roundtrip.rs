//! A workflow that is exported and read again is the same workflow.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what fails here is a failure of the test")]

mod support;

use std::{fs, sync::Arc};

use docket_bpmn::{Fate, Report, Yaml, YamlEntry, export, read};
use docket_engine::{load::load, source::File};

/// The keys of a workflow in the order in which they are written.
fn canonical(document: &Yaml) -> Yaml {
    let mut entries = document.entries().to_vec();
    let order = ["workflow", "title", "needs", "start", "stages"];
    entries.sort_by_key(|entry| match order.iter().position(|key| *key == entry.key) {
        Some(at) => at,
        None if entry.key == "nodes" => usize::MAX,
        None => order.len(),
    });
    Yaml::Map(entries)
}

fn there_and_back(document: &Yaml) -> (String, Report, Yaml) {
    let xml = export(&document.write()).unwrap();
    let report = read(&xml).unwrap();
    assert_eq!(report.workflows.len(), 1);
    let back = Yaml::read(&report.workflows[0].yaml).unwrap().remove(0);
    (xml, report, back)
}

#[test]
fn import_of_an_export_is_the_same_workflow() {
    let workflows = support::workflows();
    assert!(workflows.len() > 2, "the workflows are found");
    for (at, document) in workflows {
        let (xml, report, back) = there_and_back(&document);
        assert_eq!(back.write(), canonical(&document).write(), "{at}");
        assert_eq!(export(&report.workflows[0].yaml).unwrap(), xml, "{at}: the file is the same the second time");
        let worse: Vec<_> = report.entries.iter().filter(|entry| entry.fate != Fate::Mapped).collect();
        let diagram = worse.iter().filter(|entry| entry.element == "BPMNDiagram").count();
        if at.starts_with("workflows/") {
            assert_eq!((worse.len(), diagram), (1, 1), "{at}: {}", report.render(docket_engine::text::Language::En));
        }
    }
}

#[test]
fn the_engine_loads_the_same_definition() {
    let mut files = Vec::new();
    for folder in
        ["modules", "forms", "workflows", "policies", "dictionaries", "organisation", "templates", "calendars"]
    {
        for path in support::files(folder, ".yaml") {
            let text = fs::read_to_string(&path).unwrap();
            files.push(Arc::new(File { path: support::name(&path), text }));
        }
    }
    let before = load(&files).registry.expect("the shipped configuration loads");
    let changed: Vec<Arc<File>> = files
        .iter()
        .map(|file| {
            let documents = Yaml::read(&file.text).unwrap();
            if documents.first().is_none_or(|first| first.text_of("workflow").is_none()) {
                return Arc::clone(file);
            }
            let text: Vec<String> = documents.iter().map(|document| there_and_back(document).2.write()).collect();
            Arc::new(File { path: file.path.clone(), text: text.join("---\n") })
        })
        .collect();
    let after = load(&changed).registry.expect("the shipped configuration loads after a round trip");
    assert!(!before.workflows.is_empty());
    for (name, bound) in &before.workflows {
        let mut same = (*after.workflows[name].workflow).clone();
        same.version = bound.workflow.version.clone();
        assert_eq!(format!("{same:?}"), format!("{:?}", bound.workflow), "{name}");
    }
}

const SMALL: &str = "\
workflow: small
title: {zh: 小, en: Small}
start: write
nodes:
  write:
    task: {zh: 填报, en: Write}
    assign: {post: handler}
    outcomes:
      submit: check
  check:
    task: {zh: 审核, en: Check}
    assign: {post: head}
    on:
      - {after: P2D, do: {notify: waiting, to: assignees}}
    outcomes:
      approve: {end: approved}
      return: {to: write, requires: [comment]}
";

fn edited(change: impl Fn(&str) -> String) -> (Report, Yaml) {
    let xml = export(SMALL).unwrap();
    let changed = change(&xml);
    assert_ne!(xml, changed, "the change has found its place");
    let report = read(&changed).unwrap();
    let back = Yaml::read(&report.workflows[0].yaml).unwrap().remove(0);
    (report, back)
}

#[test]
fn a_flow_that_was_led_elsewhere_in_a_modeller_is_followed() {
    let (_, back) = edited(|xml| {
        let from = "id=\"Flow_check-2\" sourceRef=\"Gateway_check-outcome\" targetRef=\"Activity_write\"";
        xml.replace(from, &from.replace("Activity_write", "Activity_check"))
    });
    let outcomes = back.get("nodes").unwrap().get("check").unwrap().get("outcomes").unwrap();
    assert_eq!(outcomes.line(), "{approve: {end: approved}, return: {to: check, requires: [comment]}}");
}

#[test]
fn a_node_that_was_renamed_in_a_modeller_has_a_new_title() {
    let (_, back) =
        edited(|xml| xml.replace("name=\"审核\"", "name=\"科长审核\"").replace("name=\"小\"", "name=\"大\""));
    assert_eq!(back.get("nodes").unwrap().get("check").unwrap().text_of("task"), Some("科长审核"));
    assert_eq!(back.text_of("title"), Some("大"));
}

#[test]
fn a_way_that_was_removed_is_named_and_left_open() {
    let (report, back) = edited(|xml| {
        let start = xml.find("<bpmn:sequenceFlow id=\"Flow_check-2\"").unwrap();
        let end = start + xml[start..].find("/>").unwrap() + 2;
        format!("{}{}", &xml[..start], &xml[end..])
    });
    let outcomes = back.get("nodes").unwrap().get("check").unwrap().get("outcomes").unwrap();
    assert_eq!(outcomes.line(), "{approve: {end: approved}, return: {to: \"?\", requires: [comment]}}");
    let entry = report.entries.iter().find(|entry| entry.id.as_deref() == Some("Activity_check")).unwrap();
    assert_eq!(entry.fate, Fate::Open);
    assert!(entry.text.en.contains("Flow_check-2"), "{}", entry.text.en);
}

#[test]
fn a_task_that_was_drawn_in_a_modeller_joins_in() {
    let (report, back) = edited(|xml| {
        let task = "<bpmn:userTask id=\"new\" name=\"复核\"/>\
             <bpmn:sequenceFlow id=\"to-new\" name=\"复核\" sourceRef=\"Gateway_check-outcome\" targetRef=\"new\"/>\
             <bpmn:sequenceFlow id=\"from-new\" sourceRef=\"new\" targetRef=\"Activity_check\"/>\n  </bpmn:process>";
        xml.replace("</bpmn:process>", task)
    });
    let nodes = back.get("nodes").unwrap();
    let outcomes = nodes.get("check").unwrap().get("outcomes").unwrap();
    assert_eq!(outcomes.get("复核").unwrap().line(), "{zh: 复核, en: 复核, to: 复核}");
    assert_eq!(nodes.get("复核").unwrap().get("outcomes").unwrap().line(), "{submit: check}");
    let flow = report.entries.iter().find(|entry| entry.id.as_deref() == Some("to-new")).unwrap();
    assert_eq!(flow.text.en, "a new outcome `复核` of the task `check`");
}

#[test]
fn what_a_modeller_adds_to_our_nodes_is_named() {
    let (report, _) = edited(|xml| {
        xml.replacen("<bpmn:extensionElements>\n        <docket:definition>{task: {zh: 填报", "<bpmn:documentation>说明</bpmn:documentation><bpmn:extensionElements><x:y xmlns:x=\"urn:x\"/>\n        <docket:definition>{task: {zh: 填报", 1)
    });
    assert!(report.entries.iter().any(|entry| entry.element == "y" && entry.fate == Fate::Dropped), "{report:?}");
    assert!(report.workflows[0].yaml.starts_with("# 填报: 说明\n"), "{}", report.workflows[0].yaml);
}

#[test]
fn what_is_changed_of_a_part_that_follows_from_a_definition_is_named() {
    let (report, back) =
        edited(|xml| xml.replace("name=\"P2D\"", "name=\"P5D\"").replace("Activity_check-do-1", "moved"));
    let on = back.get("nodes").unwrap().get("check").unwrap().get("on").unwrap();
    assert_eq!(on.line(), "[{after: P2D, do: {notify: waiting, to: assignees}}]", "the definition holds");
    let event = report.entries.iter().find(|entry| entry.id.as_deref() == Some("Event_check-on-1")).unwrap();
    assert_eq!(event.fate, Fate::Dropped);
    assert!(event.text.en.contains("its new name is not read"));
    let process = report.entries.iter().find(|entry| entry.element == "process").unwrap();
    assert!(process.text.en.contains("`Activity_check-do-1` of the node `check` was taken"), "{}", process.text.en);
}

#[test]
fn texts_that_xml_and_yaml_treat_in_ways_of_their_own_survive() {
    let title = "a < b & \"c\" 'd'\n\te: {f}, #g ]]> –";
    let mut document = Yaml::read(SMALL).unwrap().remove(0);
    if let Some(Yaml::Map(entries)) = document.get_mut("nodes").and_then(|nodes| nodes.get_mut("write")) {
        entries[0] = YamlEntry::new("task", title);
    }
    let (_, _, back) = there_and_back(&document);
    assert_eq!(back.get("nodes").unwrap().get("write").unwrap().text_of("task"), Some(title));
}

#[test]
fn what_is_no_workflow_is_refused() {
    for (text, code) in [
        ("form: a\n", "not-a-workflow"),
        ("", "not-a-workflow"),
        ("workflow: a\n---\nworkflow: b\n", "not-a-workflow"),
        ("workflow: {a\n", "yaml-syntax"),
    ] {
        let error = export(text).unwrap_err();
        assert_eq!(error.problems[0].code, code, "{text}");
    }
}
