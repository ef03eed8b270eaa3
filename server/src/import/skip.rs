//! Rows that hold no item: titles, sections («一、…（4项）»), footers («填表人：…»), sums, repeated headers.

use super::{
    fold::folded,
    table::Table,
    workbook::{Cell, Sheet},
};

/// Words that begin a footer, before a colon or the end of the cell.
const FOOTERS: [&str; 16] = [
    "填表人",
    "填报人",
    "制表人",
    "制表",
    "审核人",
    "审核",
    "审签人",
    "负责人",
    "联系人",
    "联系电话",
    "填报单位",
    "填报日期",
    "填表日期",
    "备注",
    "注",
    "说明",
];
/// Words that stand alone in a row of sums.
const SUMS: [&str; 4] = ["合计", "总计", "小计", "共计"];

/// Whether `row`, below the header, holds no item. A row with nothing in it does not, either.
#[must_use]
pub(super) fn is_no_item(table: &Table<'_>, row: u32, identity: Option<u32>) -> bool {
    let filled: Vec<(u32, &Cell)> = table.sheet.filled(row).collect();
    let Some((first_at, first)) = filled.first().copied() else { return true };
    let text = folded(&first.shown());
    is_section(table.sheet, row, &filled, identity)
        || is_footer(&text) && (identity.is_none_or(|at| at == first_at || table.sheet.own(row, at).is_empty()))
        || SUMS.contains(&text.as_str())
        || repeats_header(table, &filled)
}

/// One filled cell that spans columns, stands outside the column of titles, or is numbered as a section is.
fn is_section(sheet: &Sheet, row: u32, filled: &[(u32, &Cell)], identity: Option<u32>) -> bool {
    let [(at, cell)] = filled else { return false };
    let spans = sheet.end(row, *at).1 > *at;
    spans || identity.is_some_and(|identity| identity != *at) || is_numbered(&folded(&cell.shown()))
}

/// «一、…», «(二)…», «第三部分…».
fn is_numbered(text: &str) -> bool {
    const NUMERALS: &str = "一二三四五六七八九十百";
    let rest = text.trim_start_matches(['(', '第']);
    let after = rest.trim_start_matches(|c| NUMERALS.contains(c));
    after.len() < rest.len() && after.starts_with(['、', ')', '.', '部', '章', '类'])
}

fn is_footer(text: &str) -> bool {
    FOOTERS
        .iter()
        .any(|word| text.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.trim_start().starts_with(':')))
}

/// A header that is printed again on a later page.
fn repeats_header(table: &Table<'_>, filled: &[(u32, &Cell)]) -> bool {
    let mut same = 0;
    for (at, cell) in filled {
        let Some(column) = table.columns.iter().find(|column| column.at == *at) else { return false };
        if folded(&cell.shown()) != column.title {
            return false;
        }
        same += 1;
    }
    same > 1
}
