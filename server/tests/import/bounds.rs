//! Spreadsheets that would take all memory are refused before they do.

use std::io::{Read as _, Write as _};

use rust_xlsxwriter::Format;

use crate::support::{Import, fixture, workbook};

fn refused(bytes: &[u8]) -> String {
    let refusal = Import::new().report("large.xlsx", bytes).unwrap_err();
    assert_eq!(refusal.code, "too-large");
    refusal.message.zh
}

#[test]
fn one_far_cell_is_refused_with_its_place() {
    let far = workbook(|workbook| {
        let sheet = workbook.add_worksheet();
        sheet.write_string(0, 0, "任务名称").unwrap();
        sheet.write_string(1_048_575, 16_383, "远").unwrap();
    });
    assert!(refused(&far).contains("XFD1048576"));
    let refusal = Import::new().report("far.xls", &fixture("far-cell.xls")).unwrap_err();
    assert_eq!(refusal.code, "too-large");
}

#[test]
fn a_far_cell_that_is_only_formatted_is_nothing() {
    let formatted = workbook(|workbook| {
        let bold = Format::new().set_bold();
        let sheet = workbook.add_worksheet();
        for (column, title) in (0..).zip(["任务名称", "牵头单位", "事项分类", "反馈周期", "完成时限"])
        {
            sheet.write_string(0, column, title).unwrap();
        }
        sheet.write_blank(1_048_575, 16_383, &bold).unwrap();
    });
    assert!(Import::new().report("formatted.xlsx", &formatted).unwrap().rows.is_empty());
}

#[test]
fn too_many_rows_columns_and_bytes_are_refused() {
    let rows = workbook(|workbook| {
        let sheet = workbook.add_worksheet();
        for row in 0..=20_000 {
            sheet.write_number(row, 0, 1.0).unwrap();
        }
    });
    assert!(refused(&rows).contains("A20001"));
    let columns = workbook(|workbook| {
        workbook.add_worksheet().write_number(0, 200, 1.0).unwrap();
    });
    assert!(refused(&columns).contains("GS1"));
    assert!(refused(&vec![b'P'; (20 << 20) + 1]).contains("20 MB"));
}

#[test]
fn what_inflates_without_end_is_refused() {
    let bomb = with_part("xl/worksheets/sheet1.xml", &vec![b' '; 101 << 20]);
    assert!(bomb.len() < 1 << 20);
    assert!(refused(&bomb).contains("解压后超过 100 MB"));
}

#[test]
fn a_table_that_announces_more_than_there_is_is_refused() {
    let strings = br#"<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="1" uniqueCount="99999999999999"><si><t>a</t></si></sst>"#;
    assert!(refused(&with_part("xl/sharedStrings.xml", strings)).contains("文本数量"));
    let styles = format!("<styleSheet><cellXfs>{}</cellXfs></styleSheet>", "<xf/>".repeat(300_001));
    assert!(refused(&with_part("xl/styles.xml", styles.as_bytes())).contains("样式"));
}

#[test]
fn a_chain_of_sectors_that_runs_in_a_circle_is_refused() {
    let mut bytes = fixture("yiji-tasks.xls");
    // The first table of sectors begins where the header says; every entry points at sector 0.
    let table = 512 * (1 + u32::from_le_bytes(bytes[76..80].try_into().unwrap()) as usize);
    for entry in 0..120 {
        bytes[table + entry * 4..table + entry * 4 + 4].copy_from_slice(&0_u32.to_le_bytes());
    }
    assert_eq!(Import::new().report("circle.xls", &bytes).unwrap_err().code, "damaged-file");
}

/// The sample with one part replaced.
fn with_part(name: &str, content: &[u8]) -> Vec<u8> {
    let bytes = fixture("yiji-tasks.xlsx");
    let mut from = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut to = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for index in 0..from.len() {
        let mut part = from.by_index(index).unwrap();
        let path = part.name().unwrap().into_owned();
        if path == name {
            continue;
        }
        let mut old = Vec::new();
        part.read_to_end(&mut old).unwrap();
        to.start_file(path, options).unwrap();
        to.write_all(&old).unwrap();
    }
    to.start_file(name, options).unwrap();
    to.write_all(content).unwrap();
    to.finish().unwrap().into_inner()
}
