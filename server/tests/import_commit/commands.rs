//! `docket import` and `docket org import` as a script sees them.

use std::{
    io::Write as _,
    path::Path,
    process::{Command, Output, Stdio},
};

use serde_json::{Value as Json, json};

use crate::support::MODULE;

const NOW: &str = "2026-11-25T09:00:00+08:00";

fn docket(data: &Path, arguments: &[&str]) -> Output {
    docket_told(data, arguments, "")
}

/// As [`docket`], with `typed` on the standard input.
fn docket_told(data: &Path, arguments: &[&str], typed: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_docket"));
    command.env_remove("DATABASE_URL").env_remove("REDIS_URL").env("DOCKET_DATA", data).env("LC_ALL", "zh_CN.UTF-8");
    command.env_remove("DOCKET_SECURITY").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.args(arguments).spawn().unwrap();
    child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn fixture(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name).to_str().unwrap().to_owned()
}

fn import(data: &Path, file: &str, more: &[&str]) -> Output {
    let file = fixture(file);
    let mut arguments = vec!["import", MODULE, "task", &file, "--category", "一极", "--category", "两大"];
    arguments.extend(["--category", "三区", "--demo", "--now", NOW]);
    arguments.extend(more);
    docket(data, &arguments)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn the_report_for_scripts_is_the_expected_one() {
    let data = tempfile::tempdir().unwrap();
    let output = import(data.path(), "yiji-tasks.xlsx", &["--dry-run", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let actual: Json = serde_json::from_slice(&output.stdout).unwrap();
    let expected = std::fs::read(fixture("yiji-tasks.expected.json")).unwrap();
    let expected: Json = serde_json::from_slice(&expected).unwrap();
    assert_eq!(actual["skipped"], expected["skipped"]);
    let rows = |json: &Json| json["rows"].as_array().unwrap().clone();
    for (actual, expected) in rows(&actual).iter().zip(rows(&expected)) {
        assert_eq!((&actual["row"], &actual["verdict"]), (&expected["row"], &expected["verdict"]));
        assert_eq!(actual["light"], expected.get("light").cloned().unwrap_or_else(|| actual["light"].clone()));
    }
    assert_eq!(std::fs::read_dir(data.path()).unwrap().count(), 0, "a dry run leaves nothing behind");
}

#[test]
fn an_import_commits_and_a_second_one_finds_nothing_to_do() {
    let data = tempfile::tempdir().unwrap();
    let done = |output: Output| {
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        let json: Json = serde_json::from_slice(&output.stdout).unwrap();
        (json["committed"]["created"].clone(), json["committed"]["changed"].clone())
    };
    assert_eq!(done(import(data.path(), "yiji-tasks.xlsx", &["--json"])), (json!(10), json!(0)));
    assert_eq!(done(import(data.path(), "yiji-tasks.xlsx", &["--json", "--as", "K0138"])), (json!(0), json!(0)));
    let shown = import(data.path(), "yiji-tasks.xlsx", &[]);
    let shown = text(&shown.stdout);
    for part in [
        "工作表“任务清单”，表头第 3–4 行",
        "   13  不通过",
        "没有年份",
        "不变 10",
        "跳过第 1、2、3、4、5、10、16、23 行",
    ] {
        assert!(shown.contains(part), "{part}\n{shown}");
    }
}

#[test]
fn what_is_refused_as_a_whole_has_its_exit_code_and_its_reason() {
    let data = tempfile::tempdir().unwrap();
    for (output, code, reason) in [
        (import(data.path(), "gov-report.xlsx", &["--dry-run"]), 1, "缺少列：任务名称"),
        (import(data.path(), "encrypted.xlsx", &["--dry-run"]), 1, "打开密码"),
        (import(data.path(), "885-q1.xlsx", &["--dry-run"]), 1, "缺少列"),
        (import(data.path(), "yiji-tasks.xlsx", &["--dry-run", "--as", "X1"]), 1, "没有工号为“X1”"),
        (import(data.path(), "yiji-tasks.xlsx", &["--dry-run", "--as", "K0005"]), 1, "没有导入权限"),
        (import(data.path(), "no-such-file.xlsx", &["--dry-run"]), 2, "no-such-file.xlsx"),
        (docket(data.path(), &["import", MODULE, "task", &fixture("yiji-tasks.xlsx")]), 1, "--as"),
    ] {
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{told}");
        assert!(told.contains(reason), "{told}");
    }
    let output = import(data.path(), "gov-report.xlsx", &["--dry-run", "--json"]);
    let json: Json = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["refused"]["code"], "missing-column");
}

#[test]
fn the_organisation_is_imported_and_its_faults_are_told() {
    let data = tempfile::tempdir().unwrap();
    let workbook = Path::new(env!("CARGO_MANIFEST_DIR")).join("../demo/organisation.xlsx");
    // A workbook with administrators is taken once the first of each have been made.
    let output = docket(data.path(), &["org", "import", workbook.to_str().unwrap()]);
    assert!(text(&output.stderr).contains("docket admin create --duty system"), "{}", text(&output.stderr));
    for (code, duty) in [("A1", "system"), ("A2", "security"), ("A3", "audit")] {
        let made = docket_told(data.path(), &["admin", "create", code, "--duty", duty], "Given-by-admin-1\n");
        assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
    }
    let output = docket(data.path(), &["org", "import", workbook.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let told = text(&output.stdout);
    let (sum, gaps) = told.split_once('\n').unwrap();
    assert_eq!(sum, "单位 24 个，人员 158 人，单位组 2 个；新增 184 行，更新 0 行，0 行不变");
    // Who could do nothing there is told by name.
    assert!(gaps.contains("缺岗：区委督查办 没有经办人员、联络员，“进展汇报审批”的“填报进展”无人可办"), "{gaps}");
    let again = docket(data.path(), &["org", "import", workbook.to_str().unwrap(), "--json"]);
    let json: Json = serde_json::from_slice(&again.stdout).unwrap();
    assert!(json["rows"].as_array().unwrap().iter().all(|row| row["verdict"] == "unchanged"));
    let refused = docket(data.path(), &["org", "import", &fixture("yiji-tasks.xlsx")]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("没有找到工作表"));
    let whole = docket(data.path(), &["audit", "verify", "--json"]);
    let whole: Json = serde_json::from_slice(&whole.stdout).unwrap();
    assert_eq!((&whole["whole"], &whole["broken_chains"]), (&json!(true), &json!(0)));
}
