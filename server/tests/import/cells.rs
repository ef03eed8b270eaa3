//! Cells: what each kind makes of what people write, and that nothing makes it crash.

use std::sync::OnceLock;

use docket_server::import::report::Verdict;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::support::{Import, codes};

fn import() -> &'static Import {
    static IMPORT: OnceLock<Import> = OnceLock::new();
    IMPORT.get_or_init(Import::new)
}

fn units(cell: &'static str) -> (Json, Json, Vec<String>) {
    let row = import().row(&[("牵头单位", cell)]);
    let codes = codes(&row, "牵头单位").into_iter().map(str::to_owned).collect();
    (row.draft.item["lead_unit"].clone(), row.draft.item["co_units"].clone(), codes)
}

#[test]
fn units_are_named_as_people_name_them() {
    for (cell, lead, co_units, code) in [
        ("发改委", "发展改革委", json!([]), None),
        (" 发展\n改革委 ", "发展改革委", json!([]), None),
        ("住建委（执法支队）", "住房城乡建委执法支队", json!([]), None),
        ("住建委【执法支队】", "住房城乡建委执法支队", json!([]), None),
        ("发改委（固定资产科）", "发展改革委", json!([]), Some("unit-remark")),
        ("发改委、经信委", "发展改革委", json!(["经济信息委"]), Some("several-lead-units")),
        ("发改委 经信委", "发展改革委", json!(["经济信息委"]), Some("several-lead-units")),
        ("牵头：教委；配合：柳湾镇，白鹭街道", "教委", json!(["柳湾镇", "白鹭街道"]), None),
        ("配合单位：柳湾镇 牵头单位：教委", "教委", json!(["柳湾镇"]), None),
        ("经信委（配合）、教委（牵头）", "教委", json!(["经济信息委"]), None),
        ("教委等", "教委", json!([]), Some("and-others")),
        ("教委、教委", "教委", json!([]), None),
    ] {
        let (actual_lead, actual_co_units, codes) = units(cell);
        assert_eq!((actual_lead, actual_co_units), (json!(lead), co_units), "{cell}: {codes:?}");
        assert_eq!(codes, code.into_iter().map(str::to_owned).collect::<Vec<_>>(), "{cell}");
    }
}

#[test]
fn what_names_no_unit_is_refused_with_similar_names() {
    for (cell, code, hint) in [
        ("数据局", "unknown-unit", "没有“数据局”这个单位。请改正"),
        ("水利厅", "unknown-unit", "是不是“水利局”？"),
        ("各镇街", "group-leads", "单位组不能牵头"),
        ("教委（没有关上", "unknown-unit", "没有"),
        ("、、", "required", "不能为空"),
    ] {
        let row = import().row(&[("牵头单位", cell)]);
        assert_eq!((row.verdict, codes(&row, "牵头单位")), (Verdict::Refused, vec![code]), "{cell}");
        let message = &row.cells().next().unwrap().message.zh;
        assert!(message.contains(hint), "{message}");
    }
}

#[test]
fn groups_stand_for_their_members_once() {
    let row = import().row(&[("协办单位", "各镇（乡）、街道、教委、柳湾镇、水利局\n水利局")]);
    let all = ["柳湾镇", "青禾镇", "松石镇", "云岭乡", "白鹭街道", "望川街道", "水利局"];
    assert_eq!(row.draft.item["co_units"], json!(all), "the lead unit is no co-unit of its own");
}

#[test]
fn people_are_found_by_name_and_asked_for_where_it_is_not_enough() {
    let leaders = |cell: &'static str| {
        let row = import().row(&[("督办领导", cell)]);
        (row.draft.item["leaders"].clone(), codes(&row, "督办领导").into_iter().map(str::to_owned).collect::<Vec<_>>())
    };
    assert_eq!(leaders("周一鸣 林岚").0, json!(["周一鸣", "林岚"]));
    assert_eq!(leaders("周 一鸣、林岚、林岚").0, json!(["周一鸣", "林岚"]));
    assert_eq!(leaders("周一名"), (json!([]), vec!["unknown-person".to_owned()]));
}

#[test]
fn entries_are_found_by_name_title_and_alias() {
    for (cell, cycle, code) in [
        ("按周", json!("week"), None),
        ("每周", json!("week"), None),
        ("MONTH", json!("month"), None),
        ("Ｗｅｅｋｌｙ", json!("week"), None),
        ("按季", Json::Null, Some("unknown-entry")),
        ("按周、按月", Json::Null, Some("several-values")),
    ] {
        let row = import().row(&[("反馈周期", cell)]);
        assert_eq!(row.draft.item["cycle"], cycle, "{cell}");
        assert_eq!(codes(&row, "反馈周期"), Vec::from_iter(code), "{cell}");
    }
}

#[test]
fn a_text_beyond_its_length_is_refused() {
    let long: String = "长".repeat(201);
    let row = import().row(&[("任务名称", &long)]);
    assert_eq!((row.verdict, codes(&row, "任务名称")), (Verdict::Refused, vec!["too-long"]));
}

#[test]
fn a_cell_of_many_faults_tells_some_and_counts_the_rest() {
    let many = (0..500).map(|number| format!("没有{number}局")).collect::<Vec<_>>().join("、");
    let row = import().row(&[("协办单位", &many)]);
    let codes = codes(&row, "协办单位");
    assert_eq!((codes.len(), codes[10]), (11, "more-notes"));
    assert!(row.cells().last().unwrap().message.zh.contains("490"));
}

/// Cells made of what readers look for.
fn odd_cell() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "教委",
        "发改委",
        "各镇街",
        "（",
        "）",
        "(",
        ")",
        "、",
        "，",
        "；",
        "/",
        "\n",
        " ",
        "　",
        "牵头：",
        "配合:",
        "等",
        "2026",
        "年",
        "月",
        "日",
        "12",
        "31",
        "0",
        "底前",
        "四季度",
        ".",
        "-",
        "长期坚持",
        "十",
        "二",
        "一极",
        "按周",
        "林岚",
        "\u{0}",
        "\u{200b}",
        "🚀",
        "9999999999",
        "%",
    ]);
    prop_oneof![prop::collection::vec(pieces, 0..12).prop_map(|pieces| pieces.concat()), any::<String>()]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    /// Whatever stands in the cells, the row gets a verdict, and one that goes in has what its form requires.
    #[test]
    fn no_cell_breaks_the_reader(cells in prop::array::uniform8(odd_cell())) {
        let headers = ["任务名称", "牵头单位", "协办单位", "事项分类", "反馈周期", "完成时限", "督办领导", "备注"];
        let quoted = |cells: &[String]| cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', ""))).collect::<Vec<_>>().join(",");
        let headers = headers.map(str::to_owned);
        let table = format!("{}\n{}\n", quoted(&headers), quoted(&cells).replace('\u{0}', " "));
        if let Ok(report) = import().report("odd.csv", table.as_bytes()) {
            for row in &report.rows {
                if matches!(row.verdict, Verdict::New) {
                    for required in ["title", "lead_unit", "cycle"] {
                        prop_assert!(row.draft.item[required].is_string());
                    }
                    prop_assert!(row.cells().all(docket_server::import::note::Note::lets_in));
                }
                if row.verdict == Verdict::Refused {
                    prop_assert!(row.cells().any(|note| !note.lets_in()));
                }
            }
        }
    }
}
