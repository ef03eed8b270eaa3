//! Every rule has broken documents that it catches, with the rendering that an administrator reads, in both languages.
//!
//! `cases/<code>/<name>.yaml` (or a folder of files) is loaded beside the sound documents of `cases/base`; a document of the
//! same kind and name takes the place of the sound one. `UPDATE_EXPECT=1` writes the renderings anew: read them.
#![expect(clippy::unwrap_used, reason = "what fails here is a failure of the test")]

#[expect(dead_code, reason = "each test file uses a part")]
mod support;

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    sync::{Arc, LazyLock},
};

use docket_engine::{
    check::RULES,
    diagnostic::{Diagnostic, Severity, render, reports},
    load::load,
    source::File,
    text::Language,
};
use jiff::civil::{Date, date};

const KINDS: [&str; 8] = ["module", "workflow", "form", "policy", "dictionary", "calendar", "organisation", "template"];
/// The day on which a case is judged.
const TODAY: Date = date(2026, 12, 1);

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    all.sort();
    all
}

/// The lines `kind: name` of the documents in `text`.
fn heads(text: &str) -> BTreeSet<&str> {
    let head = |line: &&str| line.split_once(':').is_some_and(|(kind, _)| KINDS.contains(&kind));
    text.trim_start_matches('\u{feff}').lines().filter(head).map(str::trim_end).collect()
}

/// The case's files and the sound documents that they do not replace.
fn with_base(mut files: Vec<Arc<File>>) -> Vec<Arc<File>> {
    let base = cases().join("base");
    let replaced: BTreeSet<String> = files.iter().flat_map(|file| heads(&file.text)).map(str::to_owned).collect();
    files.extend(
        support::yaml_files(&cases(), &base)
            .into_iter()
            .filter(|file| !heads(&file.text).iter().any(|head| replaced.contains(*head))),
    );
    files
}

struct Case {
    code: String,
    /// The path without its ending.
    stem: PathBuf,
    diagnostics: Vec<Diagnostic>,
}

/// Every case, loaded once for all tests.
static ALL: LazyLock<Vec<Case>> = LazyLock::new(all);

fn all() -> Vec<Case> {
    let mut found = Vec::new();
    for folder in entries(&cases()).into_iter().filter(|path| path.is_dir() && !path.ends_with("base")) {
        let code = folder.file_name().unwrap().to_string_lossy().into_owned();
        for path in entries(&folder) {
            let files = if path.is_dir() {
                support::yaml_files(&cases(), &path)
            } else if path.extension().is_some_and(|extension| extension == "yaml") {
                let shown = path.strip_prefix(cases()).unwrap().to_string_lossy().replace('\\', "/");
                vec![Arc::new(File { path: shown, text: support::text(&path) })]
            } else {
                continue;
            };
            let loaded = load(&with_base(files));
            let refused = loaded.diagnostics.iter().any(|found| found.severity == Severity::Error);
            assert_eq!(loaded.registry.is_none(), refused, "{}", path.display());
            let mut diagnostics = loaded.diagnostics.clone();
            diagnostics.extend(loaded.reminders(TODAY));
            found.push(Case { code: code.clone(), stem: path.with_extension(""), diagnostics });
        }
    }
    found
}

#[test]
fn the_base_is_sound() {
    assert_eq!(render(&load(&with_base(Vec::new())).diagnostics, Language::Zh), "");
}

#[test]
fn each_case_reads_as_it_should() {
    let mut faults = Vec::new();
    for case in &*ALL {
        let name = case.stem.strip_prefix(cases()).unwrap().display().to_string();
        if !case.diagnostics.iter().any(|found| found.code == case.code) {
            faults.push(format!(
                "{name}: no `{}` is found, but\n{}",
                case.code,
                render(&case.diagnostics, Language::En)
            ));
        }
        for (language, ending) in [(Language::Zh, "zh.txt"), (Language::En, "en.txt")] {
            let path = case.stem.with_extension(ending);
            let found = render(&case.diagnostics, language);
            if env::var_os("UPDATE_EXPECT").is_some() {
                fs::write(&path, found).unwrap();
            } else if fs::read_to_string(&path).unwrap_or_default() != found {
                faults.push(format!("{name}.{ending} differs (UPDATE_EXPECT=1 writes it anew):\n{found}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_rule_has_a_case_and_an_explanation() {
    let cases: BTreeSet<String> = ALL.iter().map(|case| case.code.clone()).collect();
    for rule in RULES {
        assert!(cases.contains(rule.code), "no case for `{}`", rule.code);
        for language in [Language::Zh, Language::En] {
            assert!(!rule.about(language).is_empty());
        }
    }
    assert!(cases.iter().all(|code| RULES.iter().any(|rule| rule.code == code)), "a folder is named after no rule");
}

#[test]
fn scripts_get_the_same_places() {
    for case in &*ALL {
        for (report, diagnostic) in reports(&case.diagnostics, Language::En).iter().zip(&case.diagnostics) {
            assert_eq!(report.text, diagnostic.place.text());
            assert!((report.line, report.column) <= (report.end_line, report.end_column));
        }
    }
}

/// The places of faults, however the lines end.
fn places(diagnostics: &[Diagnostic]) -> Vec<(&'static str, usize, usize)> {
    diagnostics.iter().map(|found| (found.code, found.place.start().line, found.place.start().column)).collect()
}

#[test]
fn line_ends_of_windows_and_a_byte_order_mark_change_no_place() {
    let mut faults = Vec::new();
    for folder in entries(&cases()).into_iter().filter(|path| path.is_dir() && !path.ends_with("base")) {
        for path in entries(&folder).into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "yaml"))
        {
            let text = support::text(&path);
            if text.starts_with('\u{feff}') || text.trim().is_empty() {
                continue;
            }
            let found = |text: String| {
                let loaded = load(&with_base(vec![Arc::new(File { path: "case.yaml".into(), text })]));
                places(&loaded.diagnostics)
            };
            let plain = found(text.clone());
            let windows = found(format!("\u{feff}{}", text.replace('\n', "\r\n")));
            if plain != windows {
                faults.push(format!("{}: {plain:?} but {windows:?}", path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
