//! A sheet that another module lays out otherwise: merged categories, one column for all units, a hidden row.

use std::sync::Arc;

use docket_engine::{definition::registry::Registry, id::Id, text::Language};
use docket_server::import::{report::Verdict, verdict::Known};
use serde_json::{Value as Json, json};

use crate::support::{Import, MODULE, codes, fixture, registry};

fn with_gov_report() -> Arc<Registry> {
    registry(&[
        ("modules/gov-report.yaml", include_str!("../fixtures/gov-report.yaml")),
        ("forms/gov-report-task.yaml", include_str!("../fixtures/gov-report-task.yaml")),
        ("dictionaries/gov-report-categories.yaml", include_str!("../fixtures/gov-report-categories.yaml")),
    ])
}

#[test]
fn the_sheet_is_refused_where_its_columns_are_not_configured() {
    let refusal = Import::new().report("gov-report.xlsx", &fixture("gov-report.xlsx")).unwrap_err();
    assert_eq!(refusal.code, "missing-column");
    for part in ["任务名称", "牵头单位", "第 2 行", "未识别的列：类别、牵头领导、责任单位、时限"]
    {
        assert!(refusal.message.zh.contains(part), "{}", refusal.message.zh);
    }
}

#[test]
fn the_sheet_is_mapped_as_its_module_says() {
    let import = Import::with(with_gov_report(), "gov-report", &["民生", "产业"]);
    let report = import.report("gov-report.xlsx", &fixture("gov-report.xlsx")).unwrap();
    let expected: Json = serde_json::from_slice(&fixture("gov-report.expected.json")).unwrap();
    let actual = report.to_json(Language::Zh);
    assert_eq!(report.skipped, [1, 2]);
    for (actual, expected) in actual["rows"].as_array().unwrap().iter().zip(expected["rows"].as_array().unwrap()) {
        assert_eq!(actual["row"], expected["row"]);
        assert_eq!(actual["hidden"], json!(expected["hidden"] == true));
        for name in ["leaders", "lead_unit", "co_units", "cycle"] {
            if let Some(wanted) = expected.get(name) {
                assert_eq!(&actual["item"][name], wanted, "{name} of {actual:#}");
            }
        }
        if let Some(category) = expected.get("category") {
            assert_eq!(actual["item"]["categories"], json!([category]));
        }
        match expected.get("due") {
            Some(due) if due == "ask" => {
                assert_eq!((&actual["verdict"], &actual["item"]["due"]), (&json!("refused"), &Json::Null));
                assert_eq!(actual["cells"][0]["severity"], "question");
                assert_eq!(actual["proposed"]["due"], json!(["2024-01-31", "2024-10-31"]));
            }
            Some(due) => assert_eq!(&actual["item"]["due"], due, "{actual:#}"),
            None => {}
        }
    }
    let second = &report.rows[1];
    assert_eq!(codes(second, "责任单位"), ["unit-remark", "several-lead-units"]);
    assert_eq!(codes(second, "时限"), ["date-with-text", "cycle-from-date"]);
    assert_eq!(second.draft.item["unit_text"], "发改委(固定资产科)");
    assert_eq!(second.draft.item["due_text"], "每月推进,2026年12月底前");
    assert_eq!(codes(&report.rows[4], "责任单位"), ["several-lead-units"]);
}

#[test]
fn an_item_of_another_module_is_a_duplicate() {
    let mut import = Import::with(with_gov_report(), "gov-report", &["民生", "产业"]);
    import.known.push(Known {
        id: Id::root_item(7),
        module: MODULE.into(),
        kind: "task".into(),
        title: "建设青禾产业园一期".to_owned(),
        fields: serde_json::Map::new(),
        done: false,
        seen: true,
    });
    let report = import.report("gov-report.xlsx", &fixture("gov-report.xlsx")).unwrap();
    let row = &report.rows[1];
    assert_eq!((row.verdict, row.of_item.as_deref()), (Verdict::Duplicate, Some("7")));
    assert_eq!(row.of_title.as_deref(), Some("建设青禾产业园一期"));
    assert!(row.notes[0].message.zh.contains("一极两大三区"), "{:?}", row.notes);
}

#[test]
fn the_sheets_of_the_eight_reports_are_refused_with_the_columns_that_they_lack() {
    for name in ["885-q1.xlsx", "885-q2.xlsx", "885-q3-with-faults.xlsx"] {
        let refusal = Import::new().report(name, &fixture(name)).unwrap_err();
        assert_eq!(refusal.code, "missing-column", "{name}");
        assert!(
            refusal.message.zh.contains("任务名称") && refusal.message.zh.contains("指标名称"),
            "{}",
            refusal.message.zh
        );
    }
}
