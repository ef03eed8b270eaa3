//! What `docket explain` says is true: each rule's wrong example yields its code and nothing else, the right one nothing; and
//! `docs/reference/diagnostics.md` says the same.
#![expect(clippy::unwrap_used, reason = "what fails here is a failure of the test")]

#[expect(dead_code, reason = "each test file uses a part")]
mod support;

use std::{collections::BTreeSet, env, fmt::Write as _, fs, path::Path, sync::Arc};

use docket_engine::{
    check::{
        RULES,
        explain::{self, Frame},
    },
    diagnostic::{Diagnostic, Severity, render},
    load::load,
    source::File,
    text::Language,
};

/// Rules whose smallest wrong example would fill pages: the example is a sketch, and `tests/cases` has the whole.
const SKETCHED: [&str; 2] = ["expression-too-long", "too-complex"];
/// An example stands alone, so that nothing may use it.
const ALONE: [&str; 2] = ["no-kind-runs-workflow", "unused-form"];

fn base() -> Vec<Arc<File>> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    support::yaml_files(&cases, &cases.join("base"))
}

fn indented(text: &str, by: usize) -> String {
    text.lines().flat_map(|line| [" ".repeat(by), line.to_owned(), "\n".to_owned()]).collect()
}

/// The lines of `keys` that `example` does not have.
fn rest(keys: &[(&str, &str)], example: &str, by: usize) -> String {
    let has = |key: &str| example.lines().any(|line| line.starts_with(&format!("{key}:")));
    let missing: Vec<String> =
        keys.iter().filter(|(key, _)| !has(key)).map(|(key, value)| format!("{key}: {value}")).collect();
    indented(&missing.join("\n"), by)
}

const APPROVAL: &str = "workflow: approval\ntitle: {zh: 汇报审批, en: Approval}\nstart: draft\nnodes:\n";
const KINDS: &str = "kinds:\n  task: {title: {zh: 任务, en: Tasks}, form: task, workflow: lifecycle}\n  \
                     report: {title: {zh: 汇报, en: Reports}, parent: task, form: report, workflow: approval}\n";
const LIFECYCLE: &str =
    "workflow: lifecycle\ntitle: {zh: 任务办理, en: Lifecycle}\nstart: underway\nnodes:\n  done: {end: closed}\n";

/// The document that `example` is a part of.
fn document(frame: Frame, example: &str) -> String {
    match frame {
        Frame::Document => example.to_owned(),
        Frame::Nodes => format!("{APPROVAL}{}", indented(example, 2)),
        Frame::Task => {
            let keys = [
                ("task", "{zh: 填报, en: Write}"),
                ("assign", "{post: handler}"),
                ("outcomes", "{submit: {end: accepted}}"),
            ];
            format!("{APPROVAL}  draft:\n{}{}", indented(example, 4), rest(&keys, example, 4))
        }
        Frame::Stage => format!(
            "{LIFECYCLE}  underway:\n    stage: {{zh: 办理, en: Under way}}\n    offers:\n{}      finish: {{who: {{post: supervisor}}, to: done}}\n",
            indented(example, 6)
        ),
        Frame::Condition => format!(
            "{APPROVAL}  draft:\n    choose:\n      - {{when: \"{example}\", to: {{end: accepted}}}}\n      - {{else: {{end: accepted}}}}\n"
        ),
        Frame::Field => {
            format!("form: spare\ntitle: {{zh: 备用, en: Spare}}\nproperties:\n{}", indented(example, 2))
        }
        Frame::Module => format!("module: ledger\ntitle: {{zh: 台账, en: Ledger}}\n{example}\n{KINDS}"),
        Frame::Kind => {
            let keys = [("title", "{zh: 任务, en: Tasks}"), ("form", "task"), ("workflow", "lifecycle")];
            let report = KINDS.lines().last().unwrap();
            format!(
                "module: ledger\ntitle: {{zh: 台账, en: Ledger}}\nkinds:\n  task:\n{}{}{report}\n",
                indented(example, 4),
                rest(&keys, example, 4)
            )
        }
        Frame::PolicyRule => format!("policy: district\nrules:\n  - {example}\n"),
    }
}

fn found(frame: Frame, example: &str) -> Vec<Diagnostic> {
    let text = document(frame, example);
    let heads: BTreeSet<&str> = text.lines().filter(|line| !line.starts_with(' ') && line.contains(": ")).collect();
    let mut files: Vec<Arc<File>> =
        base().into_iter().filter(|file| !file.text.lines().next().is_some_and(|head| heads.contains(head))).collect();
    files.push(Arc::new(File { path: "example.yaml".into(), text }));
    let loaded = load(&files);
    let reminders = loaded.reminders(jiff::civil::date(2026, 12, 1));
    loaded.diagnostics.into_iter().chain(reminders).collect()
}

#[test]
fn each_rule_has_examples_that_are_true() {
    let mut faults = String::new();
    for rule in RULES {
        let Some(explanation) = &rule.explanation else {
            let _ = writeln!(faults, "`{}` has no examples: add `.explained(…)` to its RULE", rule.code);
            continue;
        };
        for language in [Language::Zh, Language::En] {
            assert!(!explanation.title(language).is_empty() && !rule.about(language).is_empty());
        }
        let right: Vec<Diagnostic> = found(explanation.frame, explanation.right)
            .into_iter()
            .filter(|fault| fault.code == rule.code || !ALONE.contains(&fault.code))
            .collect();
        if !right.is_empty() {
            let _ =
                writeln!(faults, "the right example of `{}` is refused:\n{}", rule.code, render(&right, Language::En));
        }
        if SKETCHED.contains(&rule.code) {
            continue;
        }
        let wrong = found(explanation.frame, explanation.wrong);
        // Other documents may miss what the wrong example does not give them.
        let others = wrong.iter().any(|fault| {
            let here = fault.place.file.path == "example.yaml";
            here && fault.severity == Severity::Error && fault.code != rule.code
        });
        if others || !wrong.iter().any(|fault| fault.code == rule.code) {
            let _ = writeln!(faults, "the wrong example of `{}` yields\n{}", rule.code, render(&wrong, Language::En));
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn a_code_is_found_and_a_mistyped_one_is_guessed() {
    assert_eq!(explain::find("unknown-key").unwrap().code, "unknown-key");
    assert_eq!(explain::find("unknown-keys"), None);
    assert_eq!(explain::nearest("unknow-key"), Some("unknown-key"));
    assert_eq!(explain::nearest("banana"), None);
}

#[test]
fn a_page_holds_everything_in_each_language() {
    for rule in RULES {
        for (language, words) in [(Language::Zh, ["错误:", "正确:"]), (Language::En, ["wrong:", "right:"])] {
            let page = rule.page(language);
            for part in [rule.code, rule.about(language)].into_iter().chain(words) {
                assert!(page.contains(part), "{page}");
            }
        }
    }
}

#[test]
fn the_reference_lists_every_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference/diagnostics.md");
    let mut wanted = String::from(
        "# Diagnostics\n\nEvery code that `docket check` can report, why the rule exists, and its smallest example. `docket explain CODE` prints \
         the same, in\nChinese or English (`--lang`). Codes are stable: scripts may rely on them. This page is made of the rules in\n\
         `engine/src/check/` (`UPDATE_EXPECT=1 cargo test -p docket-engine --test explain` writes it anew).\n",
    );
    for rule in explain::sorted() {
        let Some(explanation) = &rule.explanation else { continue };
        let _ = write!(
            wanted,
            "\n## {}\n\n**{} · {}** ({})\n\n{}\n\nIn {}, wrong:\n\n```\n{}\n```\n\nRight:\n\n```\n{}\n```\n",
            rule.code,
            explanation.title(Language::En),
            explanation.title(Language::Zh),
            rule.severity.word(Language::En),
            rule.about(Language::En),
            explanation.frame.words(Language::En),
            explanation.wrong,
            explanation.right,
        );
    }
    if env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, &wanted).unwrap();
    }
    assert_eq!(fs::read_to_string(path).unwrap_or_default(), wanted, "UPDATE_EXPECT=1 writes it anew");
}
