//! The sample sheet gives exactly what the file beside it says.

use docket_engine::text::Language;
use docket_server::import::report::Row;
use serde_json::{Value as Json, json};

use crate::support::{Import, fixture};

fn expected() -> Json {
    serde_json::from_slice(&fixture("yiji-tasks.expected.json")).unwrap()
}

#[test]
fn every_row_of_the_sample_gets_its_expected_verdict() {
    let report = Import::new().report("yiji-tasks.xlsx", &fixture("yiji-tasks.xlsx")).unwrap();
    let actual = report.to_json(Language::Zh);
    let expected = expected();
    for fact in ["sheet", "header_rows", "skipped"] {
        assert_eq!(actual[fact], expected[fact], "{fact}");
    }
    let numbers =
        |json: &Json| json["rows"].as_array().unwrap().iter().map(|row| row["row"].clone()).collect::<Vec<_>>();
    assert_eq!(numbers(&actual), numbers(&expected));
    for (actual, expected) in actual["rows"].as_array().unwrap().iter().zip(expected["rows"].as_array().unwrap()) {
        for fact in ["verdict", "of_row", "light", "proposed"] {
            if let Some(wanted) = expected.get(fact) {
                assert_eq!(&actual[fact], wanted, "{fact} of {actual:#}");
            }
        }
        for (name, value) in expected["item"].as_object().into_iter().flatten() {
            assert_eq!(&actual["item"][name], value, "{name} of {actual:#}");
        }
        let mut columns: Vec<&Json> = actual["cells"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|cell| cell["severity"] != "warning")
            .map(|cell| &cell["column"])
            .collect();
        columns.dedup();
        let wanted: Vec<&Json> = expected["columns"].as_array().into_iter().flatten().collect();
        assert_eq!(columns, wanted, "columns of {actual:#}");
    }
}

#[test]
fn every_refused_cell_says_why_and_what_to_do() {
    let report = Import::new().report("yiji-tasks.xlsx", &fixture("yiji-tasks.xlsx")).unwrap();
    let row = |number: u32| report.rows.iter().find(|row| row.draft.row == number).unwrap();
    let told = |row: &Row| {
        row.cells()
            .map(|note| (note.code.clone(), note.message.zh.clone(), note.message.en.clone()))
            .collect::<Vec<_>>()
    };
    for (number, codes, zh) in [
        (13, vec!["no-year"], "没有年份"),
        (20, vec!["unknown-unit"], "没有“数据局”这个单位"),
        (21, vec!["required"], "“任务名称”不能为空"),
        (22, vec!["unknown-entry", "unknown-entry", "date-without-day"], "不在字典“事项分类”中"),
    ] {
        let notes = told(row(number));
        assert_eq!(notes.iter().map(|note| note.0.as_str()).collect::<Vec<_>>(), codes);
        assert!(notes[0].1.contains(zh), "{notes:?}");
        assert!(notes.iter().all(|note| !note.2.is_empty()));
    }
    assert_eq!(row(9).of_title.as_deref(), Some("建设青禾产业园一期"));
    assert_eq!(row(11).draft.item["due_text"], json!("长期坚持"));
}
