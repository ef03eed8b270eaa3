//! Whatever the text, reading ends: with a report, or with what is wrong and where.
#![expect(clippy::unwrap_used, reason = "what fails here is a failure of the test")]

mod support;

use std::fs;

use docket_bpmn::{MAX_BYTES, read};
use docket_engine::text::Language;

const HEAD: &str = "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">";

fn refused(body: &str) -> String {
    let error = read(&format!("{HEAD}\n{body}\n</definitions>")).unwrap_err();
    error.render(Language::En)
}

#[test]
fn missing_and_dangling_references_are_refused_with_their_line() {
    let found = refused(
        "<process id=\"p\">\n<task id=\"a\"/>\n<sequenceFlow id=\"f\" sourceRef=\"a\"/>\n<sequenceFlow id=\"g\" sourceRef=\"a\" targetRef=\"b\"/>\n<boundaryEvent id=\"e\" attachedToRef=\"x\"/>\n</process>",
    );
    assert_eq!(
        found,
        "4: [bad-reference] `sequenceFlow` lacks the attribute `targetRef`\n\
         5: [bad-reference] `targetRef` of `sequenceFlow` refers to `b`, which is not in the file\n\
         6: [bad-reference] `attachedToRef` of `boundaryEvent` refers to `x`, which is not in the file\n"
    );
    let elsewhere = refused(
        "<process id=\"p\"><task id=\"a\"/>\n<subProcess id=\"s\"><task id=\"b\"/></subProcess>\n<sequenceFlow id=\"g\" sourceRef=\"a\" targetRef=\"b\"/></process>",
    );
    assert_eq!(
        elsewhere,
        "4: [bad-reference] `targetRef` of `sequenceFlow` refers to `b` in line 3, which is no flow node of the same process\n"
    );
}

#[test]
fn an_id_that_stands_twice_is_refused() {
    let found = refused("<process id=\"p\">\n<task id=\"a\"/>\n<task id=\"a\"/></process>");
    assert_eq!(found, "4: [duplicate-id] the id `a` stands in line 3 already; give each element an id of its own\n");
    let none = refused("<process id=\"p\">\n<task/></process>");
    assert_eq!(none, "3: [bad-reference] `task` lacks the attribute `id`\n");
}

#[test]
fn other_files_are_refused() {
    for (text, code, line) in [
        ("", "xml", 1),
        ("workflow: a", "xml", 1),
        ("<a/>", "not-bpmn", 1),
        ("\n<definitions/>", "not-bpmn", 2),
        ("<definitions xmlns=\"http://schema.omg.org/spec/BPMN/2.0\"/>", "not-bpmn", 1),
        ("<a>\n</b>", "xml", 2),
        ("<!DOCTYPE a SYSTEM \"file:///etc/passwd\">\n<a/>", "dtd", 1),
        ("<!DOCTYPE a [<!ENTITY x \"y\"><!ENTITY z \"&x;&x;&x;\">]>\n<a>&z;</a>", "dtd", 1),
    ] {
        let error = read(text).unwrap_err();
        assert_eq!((error.problems[0].code, error.problems[0].line), (code, line), "{text}");
        assert!(!error.problems[0].message.zh.is_empty());
    }
}

#[test]
fn what_is_too_large_is_refused_before_it_is_read() {
    let long = format!("{HEAD}{}", " ".repeat(MAX_BYTES));
    assert_eq!(read(&long).unwrap_err().problems[0].code, "too-large");
    let deep = format!("{HEAD}<process id=\"p\">{}", "<subProcess>".repeat(1_000_000));
    assert_eq!(read(&deep).unwrap_err().problems[0].code, "too-large");
}

#[test]
fn processes_that_call_each_other_and_gateways_in_a_circle_end() {
    let report = read(&format!(
        "{HEAD}<process id=\"p\"><startEvent id=\"s\"/><exclusiveGateway id=\"a\"/><exclusiveGateway id=\"b\"/>\
         <callActivity id=\"c\" calledElement=\"q\"/>\
         <sequenceFlow id=\"f1\" sourceRef=\"s\" targetRef=\"a\"/><sequenceFlow id=\"f2\" sourceRef=\"a\" targetRef=\"b\"/>\
         <sequenceFlow id=\"f3\" sourceRef=\"b\" targetRef=\"a\"/></process>\
         <process id=\"q\"><callActivity id=\"d\" calledElement=\"p\"/></process>\
         <process id=\"r\"><callActivity id=\"e\" calledElement=\"r\"/></process></definitions>"
    ))
    .unwrap();
    assert_eq!(report.workflows.len(), 3);
}

/// A generator of numbers: the same ones every time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }
}

#[test]
fn damaged_files_end_with_a_report_or_a_reason() {
    let models: Vec<String> =
        support::files("bpmn/tests/models", ".bpmn").iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let mut numbers = Numbers(7);
    let mut read_in_full = 0;
    for _ in 0..1_500 {
        let text = &models[numbers.below(models.len())];
        let mut lines: Vec<&str> = text.lines().collect();
        for _ in 0..=numbers.below(3) {
            let (at, other) = (numbers.below(lines.len()), numbers.below(lines.len()));
            match numbers.below(4) {
                0 => drop(lines.remove(at)),
                1 => lines.insert(at, lines[other]),
                2 => lines.swap(at, other),
                _ => lines[at] = &lines[at][..lines[at].floor_char_boundary(numbers.below(lines[at].len() + 1))],
            }
            if lines.is_empty() {
                break;
            }
        }
        let damaged = lines.join("\n");
        match read(&damaged) {
            Ok(report) => {
                read_in_full += 1;
                support::complete("damaged", &damaged, &report);
            }
            Err(error) => assert!(!error.problems.is_empty()),
        }
    }
    assert!(read_in_full > 100, "some of them are still files: {read_in_full}");
}
