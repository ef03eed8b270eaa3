//! Workflows that are large, or that would explode: each is proved, or refused with what to do, in bounded time.
#![expect(clippy::unwrap_used, reason = "what fails here is a failure of the test")]

use std::{
    fmt::Write as _,
    sync::Arc,
    time::{Duration, Instant},
};

use docket_engine::{
    diagnostic::{MAX_LISTED, Severity, render},
    load::{Loaded, load},
    source::File,
    text::Language,
};

/// What loading may take here: a hundred times what it takes on a quiet machine, so that only a hang fails.
const LIMIT: Duration = Duration::from_mins(1);

const AROUND: &str = "\
organisation: town
title: 镇
posts: {handler: {title: 经办}}
people: {}
units: {}
workbook: []
---
form: matter
title: 事
properties: {title: {type: string, title: 名称, x-field: title}, urgent: {type: boolean, title: 急}}
---
module: small
title: 小
kinds: {matter: {title: 事, form: matter, workflow: main}}
---
";

fn timed(text: String) -> Loaded {
    let begun = Instant::now();
    let loaded = load(&[Arc::new(File { path: "a.yaml".into(), text })]);
    drop((render(&loaded.diagnostics, Language::Zh), render(&loaded.diagnostics, Language::En)));
    assert!(begun.elapsed() < LIMIT, "{:?}", begun.elapsed());
    loaded
}

/// A workflow from its nodes, the first of which is its start.
fn workflow(nodes: &[String]) -> String {
    let start = nodes.first().unwrap().split(':').next().unwrap();
    nodes.iter().fold(format!("workflow: main\ntitle: 主\nstart: {start}\nnodes:\n"), |mut text, node| {
        writeln!(text, "  {node}").unwrap();
        text
    })
}

fn task(name: &str, to: &str, more: &str) -> String {
    format!("{name}: {{task: 办, assign: {{post: handler}}, {more}outcomes: {{go: {{zh: 去, en: Go, to: {to}}}}}}}")
}

fn chain(length: usize, more: &str) -> Vec<String> {
    let next = |at: usize| if at + 1 < length { format!("n{}", at + 1) } else { "{end: done}".to_owned() };
    (0..length).map(|at| task(&format!("n{at}"), &next(at), more)).collect()
}

/// A `fork` or an `any` of so many branches, each of them one task.
fn wide(kind: &str, branches: usize, more: &str) -> Vec<String> {
    let names: Vec<String> = (0..branches).map(|at| format!("b{at}")).collect();
    let opened = if kind == "fork" {
        names.join(", ")
    } else {
        let guarded: Vec<String> =
            names.iter().map(|name| format!("{{when: item.urgent == true, to: {name}}}")).collect();
        format!("{}, {{else: b0}}", guarded.join(", "))
    };
    let mut nodes = vec![task("first", "f", ""), format!("f: {{{kind}: [{opened}]}}")];
    nodes.extend(names.iter().map(|name| task(name, "j", more)));
    nodes.push("j: {join: f, next: {end: done}}".to_owned());
    nodes
}

/// Forks within each other, so many deep.
fn deep(depth: usize) -> Vec<String> {
    let mut nodes = Vec::new();
    for at in 0..depth {
        let inner = if at + 1 < depth { format!("f{}", at + 1) } else { "last".to_owned() };
        let outer = if at > 0 { format!("j{}", at - 1) } else { "{end: done}".to_owned() };
        nodes.push(format!("f{at}: {{fork: [{inner}, s{at}]}}"));
        nodes.push(task(&format!("s{at}"), &format!("j{at}"), ""));
        nodes.push(format!("j{at}: {{join: f{at}, next: {outer}}}"));
    }
    nodes.push(task("last", &format!("j{}", depth - 1), ""));
    nodes
}

fn codes(loaded: &Loaded) -> Vec<&'static str> {
    let errors = loaded.diagnostics.iter().filter(|found| found.severity == Severity::Error);
    errors.map(|found| found.code).collect()
}

#[test]
fn large_workflows_are_proved() {
    let events: Vec<String> = (0..2_000).map(|at| format!("{{message: m{at}, to: {{end: done}}}}")).collect();
    let choose: Vec<String> = (0..200).map(|at| format!("{{when: item.urgent == true, to: n{at}}}")).collect();
    let dense = (0..200).map(|at| match at {
        0 => format!("n0: {{choose: [{}, {{else: n1}}]}}", choose.get(1..).unwrap().join(", ")),
        _ => task(&format!("n{at}"), "{end: done}", "allow: [return], "),
    });
    let large = [
        chain(2_000, ""),
        chain(200, "allow: [return], "),
        wide("fork", 1_000, ""),
        wide("any", 1_000, ""),
        deep(64),
        vec![task("n0", "{end: done}", &format!("on: [{}], ", events.join(", ")))],
        dense.collect(),
    ];
    for nodes in large {
        let loaded = timed(format!("{AROUND}{}", workflow(&nodes)));
        assert!(loaded.registry.is_some(), "{} nodes: {:?}", nodes.len(), loaded.diagnostics.first());
    }
}

#[test]
fn a_thousand_workflows_may_call_each_other() {
    let mut text = AROUND.to_owned();
    for at in 0..1_000 {
        let name = if at == 0 { "main".to_owned() } else { format!("w{at}") };
        let body = if at < 999 {
            format!("a: {{call: w{}, then: {{done: {{end: done}}}}}}", at + 1)
        } else {
            task("a", "{end: done}", "")
        };
        writeln!(text, "{}---", workflow(&[body]).replacen("main", &name, 1)).unwrap();
    }
    assert_eq!(codes(&timed(text)), [] as [&str; 0]);
}

#[test]
fn what_would_explode_is_refused_with_the_region_to_move() {
    let exploding =
        [wide("any", 195, "allow: [return], "), wide("fork", 1_000, "allow: [return], "), deep(65), deep(400)];
    for nodes in exploding {
        let loaded = timed(format!("{AROUND}{}", workflow(&nodes)));
        assert_eq!(codes(&loaded), ["too-complex"]);
        let place = &loaded.diagnostics.first().unwrap().place;
        assert!(["f", "f0"].contains(&place.text()), "{}", place.text());
    }
}

#[test]
fn many_faults_in_one_long_line_are_told_quickly() {
    let keys: Vec<String> = (0..12_000).map(|at| format!("to: 去{at}, forms: x")).collect();
    let loaded = timed(format!("workflow: w\ntitle: t\nstart: a\nnodes: {{{}}}\n", keys.join(", ")));
    assert_eq!(loaded.diagnostics.len(), MAX_LISTED + 1);
}
