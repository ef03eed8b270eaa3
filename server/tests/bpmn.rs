//! `docket bpmn` as an administrator calls it: what is printed, what is written, exit codes.

#![expect(clippy::unwrap_used, reason = "what fails here is a failure of the test")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn docket(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_docket"));
    command.args(["--lang", "en", "bpmn"]).args(arguments).current_dir(project()).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_owned()).unwrap()
}

const MODEL: &str = "bpmn/tests/models/pools.bpmn";

#[test]
fn a_file_is_imported_as_yaml_with_its_report_above() {
    let output = docket(&["import", MODEL]);
    assert_eq!(output.status.code(), Some(0));
    let printed = text(&output.stdout);
    let entry = "# 4: participant \"Customer\" (customer): not carried over: a pool without a process";
    assert!(printed.contains(entry), "{printed}");
    assert!(printed.contains("\nworkflow: office\n"), "{printed}");
    assert!(printed.contains("---\nworkflow: office-carry-out\n"), "{printed}");
}

#[test]
fn a_file_is_imported_into_a_folder_and_never_over_another_file() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("workflows");
    let out = out.to_str().unwrap();
    for _ in 0..2 {
        let output = docket(&["import", MODEL, "--out", out]);
        assert_eq!(output.status.code(), Some(0));
        assert!(text(&output.stdout).ends_with("not carried over\n"));
    }
    let file = Path::new(out).join("office.yaml");
    assert!(fs::read_to_string(&file).unwrap().starts_with("workflow: office\n"));
    fs::write(&file, "workflow: mine\n").unwrap();
    let output = docket(&["import", MODEL, "--out", out]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("office.yaml` is there already and differs"));
    assert_eq!(fs::read_to_string(&file).unwrap(), "workflow: mine\n");
}

#[test]
fn scripts_get_json() {
    let output = docket(&["import", MODEL, "--json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["workflows"][0]["name"], "office");
    assert_eq!(report["workflows"][1]["file"], "office-carry-out.yaml");
    let customer = report["entries"].as_array().unwrap().iter().find(|entry| entry["id"] == "customer").unwrap();
    assert_eq!((&customer["line"], &customer["fate"]), (&4.into(), &"not-carried-over".into()));
    let counted: u64 = report["counts"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum();
    assert_eq!(usize::try_from(counted).unwrap(), report["entries"].as_array().unwrap().len());
}

#[test]
fn a_file_that_is_refused_says_why_with_exit_code_1_and_one_that_is_not_there_2() {
    let output = docket(&["import", "bpmn/tests/models/refused-malformed.bpmn", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("5: [xml] this is not valid XML"));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["refused"][0]["line"], 5);
    assert_eq!(docket(&["import", "not-there.bpmn"]).status.code(), Some(2));
    assert_eq!(docket(&["export", "not-there"]).status.code(), Some(1));
}

#[test]
fn every_shipped_workflow_is_exported_by_its_name_and_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut count = 0;
    for file in fs::read_dir(project().join("workflows")).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().strip_suffix(".yaml").unwrap().to_owned();
        if name.ends_with(".scenarios") {
            continue;
        }
        count += 1;
        let xml = folder.path().join("a.bpmn");
        let xml = xml.to_str().unwrap();
        let output = docket(&["export", &name, "--out", xml]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        let printed = docket(&["export", path.to_str().unwrap()]).stdout;
        assert_eq!(text(&printed), fs::read_to_string(xml).unwrap(), "by name and by file it is the same");
        let report: serde_json::Value = serde_json::from_slice(&docket(&["import", xml, "--json"]).stdout).unwrap();
        assert_eq!(report["workflows"][0]["name"], name.as_str());
    }
    assert!(count > 1);
}

#[test]
fn help_has_an_example_and_the_exit_codes() {
    for command in ["import", "export"] {
        let printed = text(&docket(&[command, "--help"]).stdout);
        assert!(printed.contains("Example:\n  docket bpmn") && printed.contains("Exit codes: 0"), "{printed}");
    }
}
