//! Errors: who hears of them, what closes, and what happens where nobody does (E6).

use docket_engine::case::{Ended, IncidentCause, ItemState};
use docket_engine::source::File;
use serde_json::json;
use std::sync::Arc;

use crate::{small::with, support, town::*};

/// Three workflows, one above the other; the lowest can fail. `middle` and `top` are the events of the two calls.
fn three(top: &str, middle: &str) -> String {
    format!(
        "workflow: main\ntitle: 主\nstart: call\nnodes:\n  \
           call:\n    call: between\n    then: {{good: done}}\n{top}  \
           recovered:\n    task: 善后\n    assign: {{post: supervisor}}\n    outcomes: {{approve: done}}\n  \
           done: {{end: good, set: {{item.state: done}}}}\n\
         ---\n\
         workflow: between\ntitle: 中\nstart: both\nnodes:\n  \
           both: {{fork: [aside, call]}}\n  \
           aside:\n    task: 旁办\n    assign: {{post: supervisor}}\n    outcomes: {{approve: together}}\n  \
           call:\n    call: below\n    item: {{new: part, set: {{title: item.title}}}}\n    then: {{good: together}}\n{middle}  \
           together: {{join: both, next: end}}\n  \
           end: {{end: good}}\n\
         ---\n\
         workflow: below\ntitle: 分\nstart: work\nnodes:\n  \
           work:\n    task: 办理\n    assign: {{post: handler}}\n    outcomes: {{approve: {{end: good}}, reject: broken}}\n  \
           broken: {{end: broken, how: error}}\n"
    )
}

fn failed(top: &str, middle: &str) -> Town {
    let mut town = Town::with(with(&three(top, middle)));
    town.create("small", "matter", fields(json!({"title": "甲"})));
    assert_eq!(town.open().len(), 2);
    let work = town.open().into_iter().find(|task| task.node == "work").unwrap().id;
    town.complete_task(work, HANDLER, "reject", fields(json!({})), None).unwrap();
    town
}

const CATCHES: &str = "    on: [{error: broken, to: recovered}]\n";

#[test]
fn the_nearest_caller_that_catches_it_goes_on_and_what_lies_between_closes() {
    let mut town = failed(CATCHES, "");
    assert_eq!(town.node(), "recovered", "the branch beside the call has closed too");
    let ended: Vec<_> = town.case.instances.values().map(|instance| instance.ended.clone()).collect();
    assert_eq!(ended, [None, Some(Ended::Cancelled), Some(Ended::Error("broken".into()))]);
    assert!(town.case.incidents.is_empty());
    town.complete(SUPERVISOR, "approve");
    assert_eq!(town.root().state, ItemState::Done);
}

#[test]
fn an_error_is_caught_only_once() {
    let town = failed("    on: [{after: P30D, to: recovered}]\n", "    on: [{error: any, to: together}]\n");
    assert_eq!(town.node(), "aside", "the inner call went on, the branch beside it is still open");
    assert!(town.case.incidents.is_empty());
}

#[test]
fn an_error_that_comes_unannounced_is_an_incident_at_the_call() {
    let mut town = Town::with(with(&three(CATCHES, "")));
    town.create("small", "matter", fields(json!({"title": "甲"})));
    // A newer version of what is called ends with an error that the running callers do not know.
    let newer = three("    on: [{error: any, to: recovered}]\n", "").replace("end: broken, how", "end: another, how");
    let mut registry = (*with(&newer)).clone();
    registry.versions.extend(town.registry.versions.clone());
    town.registry = Arc::new(registry);
    let work = town.open().into_iter().find(|task| task.node == "work").unwrap().id;
    let child = town.case.tasks[&work].instance;
    town.case.instances.get_mut(&child).unwrap().version = town.registry.workflows["below"].workflow.version.clone();
    town.complete_task(work, HANDLER, "reject", fields(json!({})), None).unwrap();
    let incident = town.case.incidents.values().next().unwrap();
    assert_eq!(incident.cause, IncidentCause::Error { error: "another".into() });
    assert_eq!(incident.node, "call");
    assert_eq!(town.node(), "aside", "the rest goes on");
}

/// The codes of the errors of a configuration.
fn codes(workflows: &str) -> Vec<String> {
    let form = "form: matter\ntitle: 事\nproperties:\n  title: {type: string, title: 名称, x-field: title}\n---\n\
                module: small\ntitle: 小\nkinds:\n  matter: {title: 事, form: matter, workflow: main}\n  \
                part: {title: 分项, form: matter, parent: matter, workflow: below}\n---\n";
    let mut files = support::shipped();
    files.push(Arc::new(File { path: "small.yaml".into(), text: format!("{form}{workflows}") }));
    let found = docket_engine::load::load(&files).diagnostics;
    found.iter().map(|found| found.code.to_owned()).filter(|code| code.contains("error")).collect()
}

#[test]
fn an_error_must_be_caught_on_some_level() {
    assert_eq!(codes(&three(CATCHES, "")), Vec::<String>::new());
    assert_eq!(codes(&three("", CATCHES.replace("recovered", "together").as_str())), Vec::<String>::new());
    assert_eq!(codes(&three("", "")), ["uncaught-error"]);
    assert_eq!(codes(&three("    on: [{error: broke, to: recovered}]\n", "")), ["uncaught-error", "impossible-error"]);
    let inner = "    on: [{error: any, to: together}]\n";
    assert_eq!(codes(&three(CATCHES, inner)), ["impossible-error"], "it has been caught below");
}
