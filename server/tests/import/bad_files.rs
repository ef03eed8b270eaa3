//! Files that are no spreadsheets, and spreadsheets in the wrong format or encoding.

use docket_server::import::report::Verdict;

use crate::support::{Import, fixture, sheet, workbook};

fn refused(name: &str, bytes: &[u8]) -> &'static str {
    let refusal = Import::new().report(name, bytes).expect_err(name);
    assert!(refusal.message.zh.chars().count() > 8 && refusal.message.en.len() > 20, "{refusal:?}");
    refusal.code
}

#[test]
fn what_is_no_spreadsheet_is_refused_as_such() {
    for (name, bytes, code) in [
        ("empty.xlsx", Vec::new(), "empty-file"),
        ("blank.csv", b" \r\n\r\n".to_vec(), "empty-file"),
        ("report.xlsx", b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n1 0 obj".to_vec(), "not-a-workbook"),
        ("notes.xlsx", "会议记录\n第一项".as_bytes().to_vec(), "not-a-workbook"),
        ("page.xls", "<html><table><tr><td>任务名称</td></tr></table></html>".as_bytes().to_vec(), "not-a-workbook"),
        ("picture.xlsx", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "not-a-workbook"),
        ("archive.xlsx", archive(&[("a.txt", b"hello")]), "not-a-workbook"),
        ("secret.xlsx", fixture("encrypted.xlsx"), "encrypted-file"),
        ("words.csv", "今天,明天\n1,2".as_bytes().to_vec(), "no-header"),
    ] {
        assert_eq!(refused(name, &bytes), code, "{name}");
    }
    let blank = workbook(|workbook| {
        workbook.add_worksheet();
    });
    assert_eq!(refused("blank.xlsx", &blank), "empty-file");
}

#[test]
fn a_file_cut_off_anywhere_is_refused_and_never_crashes() {
    for name in ["yiji-tasks.xlsx", "yiji-tasks.xls", "encrypted.xlsx"] {
        let bytes = fixture(name);
        // The last sectors of an old workbook hold nothing that is read.
        for length in (0..bytes.len() - 1024).step_by(211) {
            assert!(Import::new().report(name, &bytes[..length]).is_err(), "{name} cut at {length}");
        }
    }
}

#[test]
fn a_file_with_flipped_bytes_never_crashes() {
    let import = Import::new();
    for name in ["yiji-tasks.xlsx", "yiji-tasks.xls"] {
        let bytes = fixture(name);
        for place in (0..bytes.len()).step_by(97) {
            let mut broken = bytes.clone();
            broken[place] ^= 0xFF;
            if let Err(refusal) = import.report(name, &broken) {
                assert!(!refusal.code.is_empty());
            }
        }
    }
}

#[test]
fn a_sheet_without_a_column_is_refused_and_told_which() {
    let bytes = sheet(&[
        ["任务名称", "牵头单位", "事项分类", "反馈周期", "完成时间"],
        ["建设", "教委", "一极", "按周", "2026-12-31"],
    ]);
    let refusal = Import::new().report("a.xlsx", &bytes).unwrap_err();
    assert_eq!(refusal.code, "missing-column");
    assert!(refusal.message.zh.contains("“完成时间”是不是“完成时限”？"), "{}", refusal.message.zh);
    assert!(refusal.message.en.contains("Is “完成时间” meant as “完成时限”?"), "{}", refusal.message.en);
    let twice = sheet(&[["任务名称", "牵头单位", "事项分类", "反馈周期", "完成时限", "任务名称"], ["建设"; 6]]);
    assert_eq!(refused("twice.xlsx", &twice), "column-twice");
}

#[test]
fn the_categories_are_chosen_first() {
    let mut import = Import::new();
    import.categories = Vec::new();
    assert_eq!(import.report("a.xlsx", b"").unwrap_err().code, "no-category");
    import.categories = vec!["四区".to_owned()];
    assert_eq!(import.report("a.xlsx", b"").unwrap_err().code, "unknown-category");
    import.module = "nothing".to_owned();
    assert_eq!(import.report("a.xlsx", b"").unwrap_err().code, "unknown-module");
}

#[test]
fn an_old_workbook_gives_the_same_report() {
    let import = Import::new();
    let old = import.report("yiji-tasks.xls", &fixture("yiji-tasks.xls")).unwrap();
    let new = import.report("yiji-tasks.xlsx", &fixture("yiji-tasks.xlsx")).unwrap();
    assert_eq!(old.skipped, new.skipped);
    for (old, new) in old.rows.iter().zip(&new.rows) {
        assert_eq!((old.draft.row, old.verdict, &old.draft.item), (new.draft.row, new.verdict, &new.draft.item));
        assert_eq!(old.draft.hidden, old.draft.row == 12);
    }
}

const TABLE: &str = "任务名称,牵头单位,事项分类,反馈周期,完成时限,备注\r\n建设一期,教委,\"一极,两大\",按周,2026.12.31,\"两行\n备注\"\r\n\r\n建设二期,水利局,三区,按月,46387,㐂\r\n";

#[test]
fn text_tables_are_read_in_every_usual_encoding() {
    let (gb18030, _, _) = encoding_rs::GB18030.encode(TABLE);
    let mut marked = vec![0xEF, 0xBB, 0xBF];
    marked.extend_from_slice(TABLE.as_bytes());
    let mut utf16 = vec![0xFF, 0xFE];
    utf16.extend(TABLE.encode_utf16().flat_map(u16::to_le_bytes));
    for (name, bytes) in [
        ("utf-8.csv", TABLE.as_bytes().to_vec()),
        ("marked.csv", marked),
        ("gb18030.csv", gb18030.into_owned()),
        ("utf-16.txt", utf16),
        ("tabs.tsv", TABLE.replace("\"一极,两大\"", "一极").replace(',', "\t").into_bytes()),
    ] {
        let report = Import::new().report(name, &bytes).unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"));
        let rows: Vec<_> =
            report.rows.iter().map(|row| (row.draft.row, row.verdict, row.draft.title.as_deref())).collect();
        assert_eq!(rows, [(2, Verdict::New, Some("建设一期")), (4, Verdict::New, Some("建设二期"))], "{name}");
        assert_eq!(report.rows[0].draft.item["remark"], "两行\n备注", "{name}");
        assert_eq!(report.rows[1].draft.item["remark"], "㐂", "{name}");
        assert_eq!(report.rows[1].draft.item["due"], "2026-12-31", "{name}");
    }
}

#[test]
fn bytes_that_are_no_text_are_told_with_their_line() {
    let mut broken = TABLE.as_bytes().to_vec();
    let place = broken.len() - 3;
    broken[place] = 0xFF;
    let refusal = Import::new().report("broken.csv", &broken).unwrap_err();
    assert_eq!(refusal.code, "undecodable-text");
    assert!(refusal.message.zh.contains("第 5 行") && refusal.message.zh.contains("UTF-8"), "{}", refusal.message.zh);
    let (gb18030, _, _) = encoding_rs::GB18030.encode(TABLE);
    let mut broken = gb18030.into_owned();
    broken.extend_from_slice(b"\n\xFF\xFF");
    let refusal = Import::new().report("broken.csv", &broken).unwrap_err();
    assert!(refusal.message.zh.contains("gb18030"), "{}", refusal.message.zh);
}

/// An archive of these files.
pub(crate) fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write as _;
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}
