//! The 43 control-flow patterns (Russell, ter Hofstede, van der Aalst, Mulyar 2006): each folder of `patterns/` is a sound
//! workflow whose scenarios hold and take every way, and `docs/reference/patterns.md` says the truth about them.
#![expect(clippy::unwrap_used, reason = "what fails here is a failure of the test")]

#[expect(dead_code, reason = "each test file uses a part")]
mod support;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use docket_engine::{diagnostic::render, load::load, scenario::run, source::File, text::Language};

/// The patterns, in the order of their numbers, under the names that the paper's authors give them.
const NAMES: [&str; 43] = [
    "Sequence",
    "Parallel Split",
    "Synchronization",
    "Exclusive Choice",
    "Simple Merge",
    "Multi-Choice",
    "Structured Synchronizing Merge",
    "Multi-Merge",
    "Structured Discriminator",
    "Arbitrary Cycles",
    "Implicit Termination",
    "Multiple Instances without Synchronization",
    "Multiple Instances with a Priori Design-Time Knowledge",
    "Multiple Instances with a Priori Run-Time Knowledge",
    "Multiple Instances without a Priori Run-Time Knowledge",
    "Deferred Choice",
    "Interleaved Parallel Routing",
    "Milestone",
    "Cancel Task",
    "Cancel Case",
    "Structured Loop",
    "Recursion",
    "Transient Trigger",
    "Persistent Trigger",
    "Cancel Region",
    "Cancel Multiple Instance Task",
    "Complete Multiple Instance Task",
    "Blocking Discriminator",
    "Cancelling Discriminator",
    "Structured Partial Join",
    "Blocking Partial Join",
    "Cancelling Partial Join",
    "Generalised AND-Join",
    "Static Partial Join for Multiple Instances",
    "Cancelling Partial Join for Multiple Instances",
    "Dynamic Partial Join for Multiple Instances",
    "Local Synchronizing Merge",
    "General Synchronizing Merge",
    "Critical Section",
    "Interleaved Routing",
    "Thread Merge",
    "Thread Split",
    "Explicit Termination",
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/patterns")
}

/// The folders of patterns, by number.
fn folders() -> BTreeMap<usize, String> {
    let entries = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap());
    entries
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .map(|name| (name.split('-').next().unwrap().parse().unwrap(), name))
        .collect()
}

/// `01-sequence`: how the folder of a pattern is called.
fn folder_name(number: usize, name: &str) -> String {
    format!("{number:02}-{}", name.to_lowercase().replace(' ', "-"))
}

#[test]
fn each_is_sound_and_runs_as_its_scenarios_say() {
    let mut faults = Vec::new();
    for name in folders().values() {
        let mut files = support::yaml_files(&folder(), &folder().join(name));
        files.push(Arc::new(File { path: "base.yaml".into(), text: support::text(&folder().join("base.yaml")) }));
        let loaded = load(&files);
        if !loaded.diagnostics.is_empty() {
            faults.push(format!("{name}:\n{}", render(&loaded.diagnostics, Language::En)));
            continue;
        }
        assert!(!loaded.scenarios.is_empty(), "{name} has no scenario");
        let outcome = run(&loaded.scenarios, &loaded.registry.unwrap());
        let failures = outcome.results.iter().filter_map(|(title, why)| Some(format!("{title}\n{}", why.as_ref()?)));
        faults.extend(failures.map(|failure| format!("{name}: {failure}")));
        if !outcome.uncovered().is_empty() {
            faults.push(format!("{name}: no scenario takes {}", outcome.uncovered().join(", ")));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

/// The rows of the table: number, name, how, support.
fn rows(text: &str) -> Vec<[&str; 4]> {
    let is_row =
        |line: &&str| line.strip_prefix("| ").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let cells = text.lines().filter(is_row).map(|line| line.trim_matches('|').split(" | ").map(str::trim));
    cells.map(|cells| cells.collect::<Vec<_>>().try_into().unwrap()).collect()
}

#[test]
fn the_table_and_the_folders_agree() {
    let text = fs::read_to_string(support::repository().join("docs/reference/patterns.md")).unwrap();
    let (rows, folders) = (rows(&text), folders());
    let numbers: Vec<usize> = rows.iter().map(|[number, ..]| number.parse().unwrap()).collect();
    assert_eq!(numbers, (1..=43).collect::<Vec<_>>(), "each pattern has its row");
    let mut linked = BTreeSet::new();
    let mut fully = 0;
    for ([_, name, how, support], number) in rows.iter().zip(1..) {
        assert_eq!(*name, NAMES[number - 1], "row {number}");
        let folder = folder_name(number, name);
        assert!(["yes", "partly", "no"].contains(support), "row {number}: {support}");
        if *support == "no" {
            continue;
        }
        assert!(how.contains(&format!("](../../engine/tests/patterns/{folder}/)")), "row {number} links to {folder}");
        fully += usize::from(*support == "yes");
        linked.insert((number, folder));
    }
    assert_eq!(linked, folders.into_iter().collect(), "the folders are those of the patterns that are supported");
    assert!(text.contains(&format!("**{fully} of 43**")), "the page says how many are supported: {fully}");
    assert!(fully >= 38, "{fully} of 43 are supported");
}
