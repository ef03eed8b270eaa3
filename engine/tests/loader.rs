//! The loader never panics, whatever it reads, and every fault lies inside its file.
#![expect(clippy::unwrap_used, reason = "what fails here is a failure of the test")]

mod support;

use std::sync::Arc;

use docket_engine::{
    diagnostic::{MAX_LISTED, Severity, render, reports},
    load::{Loaded, load},
    source::File,
    text::Language,
};
use proptest::{
    prelude::*,
    test_runner::{RngAlgorithm, TestRng, TestRunner},
};

/// The same run every time.
fn runner(cases: u32) -> TestRunner {
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

fn sound(loaded: &Loaded) {
    let refused = loaded.diagnostics.iter().any(|found| found.severity == Severity::Error);
    assert!(refused || loaded.registry.is_some(), "nothing is refused without a word");
    for found in &loaded.diagnostics {
        let places = std::iter::once(&found.place).chain(found.related.iter().map(|(place, _)| place));
        for place in places {
            assert!(place.file.text.get(place.span.clone()).is_some(), "{}: {:?}", found.code, place.span);
        }
    }
    for language in [Language::Zh, Language::En] {
        assert_eq!(render(&loaded.diagnostics, language).is_empty(), loaded.diagnostics.is_empty());
    }
    assert_eq!(reports(&loaded.diagnostics, Language::En).len(), loaded.diagnostics.len());
}

#[test]
fn random_text_is_refused_with_a_message() {
    let text = prop_oneof![
        any::<Vec<u8>>().prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
        r"(form|workflow|module|dictionary|calendar|years|holidays|20[0-9]{2}-1[0-2]-3[01]|policy|template|organisation|scenario|[a-z]{1,5}|[ :,\-\n\t{}\[\]'&*!|>#%@`]|键|：){0,80}",
    ];
    runner(400)
        .run(&text, |text| {
            sound(&load(&[Arc::new(File { path: "random.yaml".into(), text })]));
            Ok(())
        })
        .unwrap();
}

/// One change of a text, at so many thousandths of its length.
#[derive(Debug, Clone)]
enum Change {
    Delete(usize),
    Insert(&'static str),
    RepeatLine,
    DropLine,
    CutHere,
}

fn change(text: &mut String, at: usize, change: &Change) {
    let offset = text.floor_char_boundary(text.len() * at / 1_000);
    let line_start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[offset..].find('\n').map_or(text.len(), |length| offset + length + 1);
    match change {
        Change::Delete(length) => {
            let end = text.floor_char_boundary((offset + length).min(text.len()));
            text.replace_range(offset..end, "");
        }
        Change::Insert(piece) => text.insert_str(offset, piece),
        Change::RepeatLine => {
            let line = text[line_start..line_end].to_owned();
            text.insert_str(line_start, &line);
        }
        Change::DropLine => text.replace_range(line_start..line_end, ""),
        Change::CutHere => text.truncate(offset),
    }
}

#[test]
fn a_damaged_file_of_the_shipped_configuration_never_breaks_the_loader() {
    let shipped = support::shipped();
    let piece = prop::sample::select(vec![
        "\n",
        "\t",
        " ",
        ":",
        ": ",
        "{",
        "}",
        "[",
        "]",
        ", ",
        "- ",
        "\"",
        "'",
        "&a ",
        "*a",
        "!x ",
        "| ",
        "> ",
        "#",
        "---\n",
        "...\n",
        "\u{feff}",
        "一",
        "，",
        "true",
        "null",
        "item.",
        "forms.draft.",
        "(",
        ")",
        "\\",
        "%",
        "0",
        "P3D",
        "\0",
        "\r\n",
        "{{",
        "end",
        "task",
    ]);
    let kind = prop_oneof![
        (1_usize..40).prop_map(Change::Delete),
        piece.prop_map(Change::Insert),
        Just(Change::RepeatLine),
        Just(Change::DropLine),
        Just(Change::CutHere),
    ];
    let strategy = (0..shipped.len(), prop::collection::vec((0_usize..1_000, kind), 1..4));
    runner(600)
        .run(&strategy, |(which, changes)| {
            let mut files = shipped.clone();
            let mut text = files[which].text.clone();
            for (at, kind) in &changes {
                change(&mut text, *at, kind);
            }
            files[which] = Arc::new(File { path: files[which].path.clone(), text });
            sound(&load(&files));
            Ok(())
        })
        .unwrap();
}

#[test]
fn files_beyond_the_bounds_are_refused_quickly() {
    let many = format!("form: x\nproperties:\n{}", "  ? 字段\n".repeat(40_000));
    let keys = (0..24_000).map(|number| format!("k{number}: 1")).collect::<Vec<_>>().join("\n");
    let deep = format!("form: x\nproperties: {}", "{a: ".repeat(10_000));
    let aliases = format!("a: &a [x]\n{}", "b: [*a, *a, *a, *a]\n".repeat(5_000));
    for text in [format!("form: {}", "长".repeat(400_000)), many, format!("form: x\n{keys}"), deep, aliases] {
        let loaded = load(&[Arc::new(File { path: "big.yaml".into(), text })]);
        sound(&loaded);
        assert!(loaded.registry.is_none());
        assert!(loaded.diagnostics.len() <= MAX_LISTED + 1);
    }
}

#[test]
fn documents_of_one_file_are_kept_apart() {
    let text = "# two\ndictionary: a\nentries: [{name: x}]\n---\ndictionary: b\nentries: [{name: y}]\n";
    let loaded = load(&[Arc::new(File { path: "both.yaml".into(), text: text.into() })]);
    assert_eq!(render(&loaded.diagnostics, Language::En), "");
    let texts: Vec<&str> = loaded.documents.iter().map(|document| document.file.text.as_str()).collect();
    assert_eq!(texts.concat(), text);
    for document in &loaded.documents {
        let again = load(std::slice::from_ref(&document.file));
        assert_eq!(again.documents[0].version, document.version, "what is published loads as the same");
    }
}

#[test]
fn a_module_goes_by_its_calendar() {
    let calendar = |name: &str, free: &str| {
        format!("calendar: {name}\nyears: {{2026: {{holidays: [{{name: x, on: {free}}}]}}}}\n")
    };
    let module = |name: &str, calendar: &str| format!("module: {name}\n{calendar}kinds: {{}}\n");
    let read = |texts: &[String]| {
        let text = texts.join("---\n");
        let loaded = load(&[Arc::new(File { path: "all.yaml".into(), text })]);
        assert_eq!(render(&loaded.diagnostics, Language::En), "");
        loaded.registry.unwrap()
    };
    // 9 and 10 November are a Monday and a Tuesday.
    let (monday, tuesday) = (jiff::civil::date(2026, 11, 9), jiff::civil::date(2026, 11, 10));
    let free = |registry: &docket_engine::definition::registry::Registry, module: &str| {
        [monday, tuesday].map(|date| !registry.workdays(module).contains(date))
    };
    let two = read(&[
        calendar("a", "2026-11-09"),
        calendar("b", "2026-11-10"),
        module("first", "calendar: a\n"),
        module("second", "calendar: b\n"),
    ]);
    assert_eq!((free(&two, "first"), free(&two, "second")), ([true, false], [false, true]));
    let one = read(&[calendar("a", "2026-11-09"), module("first", "")]);
    assert_eq!(free(&one, "first"), [true, false], "the only one there is");
    let none = read(&[module("first", "")]);
    assert_eq!(free(&none, "first"), [false, false]);
    assert!(!none.workdays("first").contains(jiff::civil::date(2026, 11, 7)), "a Saturday");
}

/// A workflow of `blocks` blocks, ten nodes each: a task, a fork of three branches of two tasks, which may return, its join, a choice.
fn long(blocks: usize) -> String {
    let mut text = vec!["workflow: long\ntitle: 长\nstart: t0\nnodes:\n".to_owned()];
    let task = |name: &str, outcomes: &str| {
        format!("  {name}:\n    task: 办理\n    assign: {{post: handler}}\n    outcomes: {{{outcomes}}}\n")
    };
    for block in 0..blocks {
        text.push(task(&format!("t{block}"), &format!("submit: f{block}")));
        text.push(format!("  f{block}: {{fork: [a{block}, b{block}, c{block}]}}\n"));
        for branch in ["a", "b", "c"] {
            let (first, second) = (format!("{branch}{block}"), format!("{branch}{block}x"));
            text.push(task(&first, &format!("submit: {second}, return: t{block}")));
            text.push(task(&second, &format!("submit: j{block}, return: {{to: previous}}")));
        }
        let next = if block + 1 < blocks { format!("t{}", block + 1) } else { "over".to_owned() };
        text.push(format!("  j{block}: {{join: f{block}, next: {next}}}\n"));
    }
    text.push("  over: {end: good}\n".to_owned());
    text.concat()
}

#[test]
fn a_workflow_of_two_hundred_nodes_is_proved() {
    let head = "form: matter\ntitle: 事\nproperties:\n  title: {type: string, title: 名称, x-field: title}\n---\n\
                module: long\ntitle: 长\nkinds:\n  matter: {title: 事, form: matter, workflow: long}\n---\n\
                organisation: here\ntitle: 区\nposts: {handler: {title: 经办人员, roles: handler}}\n---\n";
    let file = |text: String| Arc::new(File { path: "long.yaml".into(), text });
    let loaded = load(&[file(format!("{head}{}", long(22)))]);
    assert_eq!(render(&loaded.diagnostics, Language::En), "");
    assert_eq!(loaded.registry.unwrap().workflows["long"].workflow.nodes.len(), 199);
}
