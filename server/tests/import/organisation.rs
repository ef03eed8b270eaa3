//! The organisation workbook: the demo's own, and faulty ones.

use docket_engine::{org::Org, text::Language, value::Value};
use docket_server::import::organisation::{self, Report, Verdict};
use rust_xlsxwriter::Workbook;

use crate::support::{org, registry, workbook};

fn read(bytes: &[u8], org: &Org) -> Report {
    organisation::read("organisation.xlsx", bytes, registry(&[]).organisation.as_ref().unwrap(), org).unwrap()
}

fn sheet(workbook: &mut Workbook, name: &str, rows: &[&[&str]]) {
    let sheet = workbook.add_worksheet().set_name(name).unwrap();
    for (row, cells) in (0..).zip(rows) {
        for (column, text) in (0..).zip(*cells).filter(|(_, text)| !text.is_empty()) {
            sheet.write_string(row, column, *text).unwrap();
        }
    }
}

#[test]
fn the_demo_organisation_is_read_whole() {
    let registry = registry(&[]);
    let org = org(&registry);
    assert_eq!((org.units().count(), org.people().count(), org.groups().len()), (24, 158, 2));
    let by_code = |code: &str| org.people().find(|person| person.code == code).unwrap();
    let by_name = |name: &str| org.units().find(|unit| unit.name == name).unwrap();
    let leader = by_code("L001");
    let attribute = |name: &str| leader.attributes.get(name).cloned();
    assert_eq!(attribute("supervision_office"), Some(Value::Unit(by_name("区委督查办").id)));
    assert_eq!(attribute("via_liaison"), Some(Value::Bool(false)));
    assert_eq!(attribute("liaisons"), Some(Value::List(vec![Value::Person(by_code("K0143").id)])));
    assert_eq!(leader.title, "区委书记");
    assert_eq!(org.roles_of(leader.id), ["district_leader"]);
    assert_eq!(by_name("住房城乡建委执法支队").parent, Some(by_name("住房城乡建委").id));
    assert_eq!(org.holders("handler", by_name("教委").id).len(), 2);
    assert!(
        org.groups()
            .iter()
            .any(|group| group.aliases.contains(&"各镇（乡）、街道".to_owned()) && group.members.len() == 6)
    );
}

#[test]
fn reading_it_again_knows_everybody() {
    let registry = registry(&[]);
    let bytes =
        std::fs::read(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../demo/organisation.xlsx")).unwrap();
    let report = read(&bytes, &org(&registry));
    assert!(report.rows.iter().all(|row| row.verdict == Verdict::Unchanged), "{:#}", report.to_json(Language::Zh));
}

#[test]
fn every_fault_of_a_workbook_is_told_at_its_cell() {
    let bytes = workbook(|workbook| {
        sheet(
            workbook,
            "单位",
            &[
                &["单位名称", "简称/别名", "上级单位", "排序"],
                &["教委", "教育局", "", "1"],
                &["教委", "", "", "2"],
                &["体育局", "教育局", "没有的单位", "甲"],
                &["", "无名", "", ""],
            ],
        );
        sheet(
            workbook,
            "人员",
            &[
                &["姓名", "工号", "单位", "职务", "岗位"],
                &["张伟", "K1", "教委", "主任", "部门长"],
                &["张伟", "K1", "教委", "主任", "科长"],
                &["李娜", "K1", "教育局", "科长", "科长"],
                &["王芳", "", "教委", "科长", "科长"],
                &["赵敏", "K5", "卫生局", "科长", "处长"],
            ],
        );
    });
    let report = read(&bytes, &Org::default());
    let told: Vec<_> = report
        .rows
        .iter()
        .filter(|row| !row.cells.is_empty())
        .map(|row| {
            let cells: Vec<_> = row.cells.iter().map(|note| (note.column.clone(), note.code.clone())).collect();
            (row.sheet.clone(), row.row, cells)
        })
        .collect();
    let row = |sheet: &str, row, cells: &[(&str, &str)]| {
        let cells = cells.iter().map(|(column, code)| ((*column).to_owned(), (*code).to_owned())).collect::<Vec<_>>();
        (sheet.to_owned(), row, cells)
    };
    assert_eq!(
        told,
        [
            row("单位", 2, &[("简称/别名", "alias-taken")]),
            row("单位", 3, &[("单位名称", "twice")]),
            row("单位", 4, &[("简称/别名", "alias-taken"), ("上级单位", "unknown-unit"), ("排序", "not-a-number")]),
            row("单位", 5, &[("单位名称", "required")]),
            row("人员", 2, &[("工号", "code-of-another")]),
            row("人员", 3, &[("工号", "code-of-another")]),
            row("人员", 4, &[("单位", "ambiguous-unit")]),
            row("人员", 5, &[("工号", "required")]),
            row("人员", 6, &[("单位", "unknown-unit"), ("岗位", "unknown-post")]),
        ]
    );
    assert!(!report.is_clean());
}

#[test]
fn units_do_not_lie_below_themselves() {
    let bytes = workbook(|workbook| {
        sheet(workbook, "单位", &[&["单位名称", "上级单位"], &["甲局", "乙局"], &["乙局", "甲局"], &["丙局", ""]]);
    });
    let report = read(&bytes, &Org::default());
    let verdicts: Vec<Verdict> = report.rows.iter().map(|row| row.verdict).collect();
    assert_eq!(verdicts, [Verdict::Refused, Verdict::Refused, Verdict::New]);
}

#[test]
fn a_workbook_with_none_of_the_sheets_is_refused() {
    let bytes = workbook(|workbook| sheet(workbook, "名单", &[&["姓名"], &["张伟"]]));
    let form = registry(&[]).organisation.clone().unwrap();
    let refusal = organisation::read("a.xlsx", &bytes, &form, &Org::default()).unwrap_err();
    assert_eq!(refusal.code, "no-sheet");
    assert!(refusal.message.zh.contains("单位、人员"));
}
