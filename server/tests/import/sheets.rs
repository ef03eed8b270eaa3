//! Layouts: headers in any order and in two rows, merged cells, hidden rows, rows that hold no item, verdicts between rows.

use docket_engine::id::Id;
use docket_server::import::{
    report::{Report, Verdict},
    verdict::Known,
};
use rust_xlsxwriter::{ExcelDateTime, Format, Worksheet};

use crate::support::{CATEGORIES, Import, MODULE, codes, fixture, sheet, workbook};

const HEADER: [&str; 5] = ["任务名称", "牵头单位", "事项分类", "反馈周期", "完成时限"];

fn write(sheet: &mut Worksheet, row: u32, cells: &[&str]) {
    for (column, text) in (0..).zip(cells).filter(|(_, text)| !text.is_empty()) {
        sheet.write_string(row, column, *text).unwrap();
    }
}

fn report(fill: impl FnOnce(&mut Worksheet)) -> Report {
    let bytes = workbook(|workbook| fill(workbook.add_worksheet()));
    Import::new().report("sheet.xlsx", &bytes).unwrap()
}

#[test]
fn columns_are_found_by_name_in_any_order_and_by_alias() {
    let report = report(|sheet| {
        write(sheet, 0, &["完成时限", "配 合 单 位", "*任务名称：", "反馈周期", "主管", "事项分类", "牵头\n单位"]);
        write(sheet, 1, &["2026-12-31", "教委", "建设一期", "按周", "张三", "一极", "水利局"]);
    });
    let item = &report.rows[0].draft.item;
    assert_eq!((&item["co_units"][0], &item["lead_unit"]), (&"教委".into(), &"水利局".into()));
    let unknown: Vec<&str> =
        report.columns.iter().filter(|column| column.field.is_none()).map(|column| column.column.as_str()).collect();
    assert_eq!(unknown, ["主管"]);
    assert_eq!(report.rows[0].draft.values["主管"], "张三");
}

#[test]
fn the_sheet_with_the_header_is_found_and_others_like_it_are_named() {
    let bytes = workbook(|workbook| {
        write(workbook.add_worksheet().set_name("说明").unwrap(), 0, &["请按要求填写"]);
        for name in ["清单", "清单（二）"] {
            let sheet = workbook.add_worksheet().set_name(name).unwrap();
            write(sheet, 3, &HEADER);
            write(sheet, 4, &["建设一期", "教委", "一极", "按周", "2026-12-31"]);
        }
        let hidden = workbook.add_worksheet().set_name("旧").unwrap();
        write(hidden, 0, &HEADER);
        hidden.set_hidden(true);
    });
    let report = Import::new().report("sheets.xlsx", &bytes).unwrap();
    assert_eq!((report.sheet.as_str(), report.header_rows.as_slice()), ("清单", &[4][..]));
    assert_eq!(report.unread_sheets, ["清单（二）"]);
}

#[test]
fn a_merged_value_holds_for_each_row_that_it_spans() {
    let report = report(|sheet| {
        write(sheet, 0, &HEADER);
        write(sheet, 1, &["建设一期", "", "一极", "按周", "2026-12-31"]);
        write(sheet, 2, &["建设二期", "", "一极", "按周", "2026-12-31"]);
        sheet.merge_range(1, 1, 2, 1, "水利局", &Format::new()).unwrap();
        sheet.set_row_hidden(2).unwrap();
    });
    let rows: Vec<_> = report.rows.iter().map(|row| (&row.draft.item["lead_unit"], row.draft.hidden)).collect();
    assert_eq!(rows, [(&"水利局".into(), false), (&"水利局".into(), true)]);
    assert_eq!(codes(&report.rows[1], "任务名称"), ["hidden-row"]);
}

#[test]
fn titles_sections_sums_repeated_headers_and_footers_are_skipped() {
    let good = ["建设一期", "教委", "一极", "按周", "2026-12-31"];
    let report = report(|sheet| {
        sheet.merge_range(0, 0, 0, 4, "任务清单", &Format::new()).unwrap();
        write(sheet, 1, &HEADER);
        write(sheet, 2, &["一、区域发展（1项）"]);
        write(sheet, 3, &good);
        write(sheet, 5, &["", "", "（二）民生"]);
        write(sheet, 6, &HEADER);
        write(sheet, 7, &["没有别的内容的任务"]);
        write(sheet, 8, &["合计", "", "2"]);
        write(sheet, 9, &["填表人：张三", "", "联系电话：1234"]);
    });
    assert_eq!(report.skipped, [1, 2, 3, 6, 7, 9, 10]);
    let rows: Vec<_> = report.rows.iter().map(|row| (row.draft.row, row.verdict)).collect();
    assert_eq!(rows, [(4, Verdict::New), (8, Verdict::Refused)]);
}

#[test]
fn dates_are_read_from_both_epochs() {
    let report = Import::new().report("from-1904.xlsx", &fixture("from-1904.xlsx")).unwrap();
    for row in &report.rows {
        assert_eq!(row.draft.item["due"], "2026-12-31", "{:?}", row.draft.title);
    }
    let report = self::report(|sheet| {
        write(sheet, 0, &HEADER);
        write(sheet, 1, &["建设一期", "教委", "一极", "按周"]);
        let date = ExcelDateTime::from_ymd(2026, 12, 31).unwrap();
        sheet
            .write_datetime_with_format(1, 4, &date, &Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\""))
            .unwrap();
    });
    assert_eq!(report.rows[0].draft.item["due"], "2026-12-31");
    assert!(codes(&report.rows[0], "完成时限").is_empty());
}

#[test]
fn rows_of_other_categories_are_left_out_unless_one_is_chosen() {
    let mut import = Import::new();
    import.categories = vec![CATEGORIES[0].to_owned()];
    let rows = import.rows(&[
        ["甲", "教委", "", "一极、两大", "按周", "2026-12-31"],
        ["乙", "教委", "", "两大", "按周", "2026-12-31"],
        ["丙", "没有的局", "", "两大", "按周", "2026-12-31"],
    ]);
    let verdicts: Vec<Verdict> = rows.iter().map(|row| row.verdict).collect();
    assert_eq!(verdicts, [Verdict::New, Verdict::LeftOut, Verdict::LeftOut]);
    assert_eq!(rows[0].draft.item["categories"], serde_json::json!(["一极", "两大"]));
}

#[test]
fn a_repeated_title_is_a_duplicate_of_the_first_good_row() {
    let rows = Import::new().rows(&[
        ["建设一期", "没有的局", "", "一极", "按周", "2026-12-31"],
        ["建设一期", "教委", "", "一极", "按周", "2026-12-31"],
        ["建设 一期。", "教委", "", "一极", "按周", "2026-12-31"],
    ]);
    let verdicts: Vec<_> = rows.iter().map(|row| (row.verdict, row.of_row)).collect();
    assert_eq!(verdicts, [(Verdict::Refused, None), (Verdict::New, None), (Verdict::Duplicate, Some(3))]);
}

fn known(import: &Import, id: i64, title: &str, row: &[&str; 6]) -> Known {
    let fields = import.rows(std::slice::from_ref(row)).remove(0).draft.fields;
    Known {
        id: Id::root_item(id),
        module: MODULE.into(),
        kind: "task".into(),
        title: title.to_owned(),
        fields,
        done: false,
        seen: true,
    }
}

#[test]
fn importing_again_changes_nothing_and_tells_what_differs() {
    let row = ["建设一期", "教委", "水利局", "一极", "按周", "2026-12-31"];
    let mut import = Import::new();
    import.known = vec![known(&import, 5, "建设一期", &row)];
    let rows = import.rows(&[row]);
    assert_eq!((rows[0].verdict, rows[0].of_item.as_deref()), (Verdict::Unchanged, Some("5")));
    let rows = import.rows(&[["建设一期", "水利局", "", "一极", "按周", "2026-12-31"], row]);
    assert_eq!(rows.iter().map(|row| row.verdict).collect::<Vec<_>>(), [Verdict::Changed, Verdict::Duplicate]);
    assert_eq!(codes(&rows[0], "牵头单位"), ["changed"]);
    assert!(rows[0].notes[0].message.zh.contains("由“教委”改为“水利局”"));
    assert!(rows[0].notes[1].message.zh.contains("由“水利局”改为“—”"));
    import.known[0].done = true;
    let rows = import.rows(&[["建设一期", "水利局", "", "一极", "按周", "2026-12-31"]]);
    assert_eq!((rows[0].verdict, codes(&rows[0], "任务名称")), (Verdict::Duplicate, vec!["repeats-done-item"]));
}

#[test]
fn another_spelling_of_an_item_is_a_duplicate() {
    let mut import = Import::new();
    let row = ["建设一期", "教委", "", "一极", "按周", "2026-12-31"];
    import.known = vec![known(&import, 5, "建设（一期）", &row)];
    let rows = import.rows(&[row]);
    assert_eq!((rows[0].verdict, rows[0].of_item.as_deref()), (Verdict::Duplicate, Some("5")));
}

#[test]
fn a_header_alone_gives_no_rows() {
    let report = Import::new().report("header.xlsx", &sheet(&[HEADER])).unwrap();
    assert!(report.rows.is_empty() && report.skipped == [1]);
}
