//! Which sheet is meant and which rows are its header: found by the configured column names, in any order, in one row or
//! in two under merged group titles.

use std::collections::BTreeMap;

use docket_engine::definition::module::{Import, ImportColumn};

use super::{
    fold::{folded, name_key},
    nearest::nearest,
    note::Refusal,
    workbook::{Book, Sheet, column_name},
};

/// How many rows from the top a header is looked for.
const HEADER_WITHIN: u32 = 40;

/// A sheet whose header was recognised.
#[derive(Debug)]
pub struct Table<'a> {
    /// The sheet.
    pub sheet: &'a Sheet,
    /// The header's rows, from 0; one or two.
    pub header: std::ops::RangeInclusive<u32>,
    /// Every column with a title, from left to right.
    pub columns: Vec<Column<'a>>,
    /// Names of further sheets with a header of this kind, which are not read.
    pub unread: Vec<String>,
}

/// A column with a title.
#[derive(Debug, Clone)]
pub struct Column<'a> {
    /// Its place, from 0.
    pub at: u32,
    /// Its title as the sheet has it.
    pub title: String,
    /// What the configuration says about it; none for an unknown column.
    pub known: Option<&'a ImportColumn>,
}

impl Column<'_> {
    /// The name under which it is reported: the configured header, else its own title.
    #[must_use]
    pub fn header(&self) -> &str {
        self.known.map_or(&self.title, |known| &known.header)
    }
}

/// Finds the sheet and its header.
///
/// # Errors
/// Where no sheet has a header with all required columns.
pub fn find<'a>(book: &'a Book, import: &'a Import) -> Result<Table<'a>, Refusal> {
    let names = names(import);
    let mut tables: Vec<Table<'_>> = book.sheets.iter().filter_map(|sheet| best(sheet, &names)).collect();
    let complete = |table: &Table<'_>| missing(table, import).is_empty();
    let Some(place) = (0..tables.len()).max_by_key(|at| {
        let table = tables.get(*at);
        (table.is_some_and(complete), table.map_or(0, recognised), std::cmp::Reverse(*at))
    }) else {
        return Err(no_header(import));
    };
    let mut table = tables.swap_remove(place);
    let lacking = missing(&table, import);
    if !lacking.is_empty() {
        return Err(missing_columns(&table, &lacking));
    }
    if let Some(refusal) = twice(&table) {
        return Err(refusal);
    }
    tables.retain(complete);
    tables.sort_by_key(|table| book.sheets.iter().position(|sheet| sheet.name == table.sheet.name));
    table.unread = tables.iter().map(|table| table.sheet.name.clone()).collect();
    Ok(table)
}

/// The configured columns by the key of their header and aliases.
fn names(import: &Import) -> BTreeMap<String, &ImportColumn> {
    let mut names = BTreeMap::new();
    for column in &import.columns {
        for name in std::iter::once(&column.header).chain(&column.aliases) {
            names.insert(title_of(name), column);
        }
    }
    names
}

/// The key of a title: without marks of required columns and a unit in brackets is kept, as it may tell two columns apart.
fn title_of(text: &str) -> String {
    name_key(text).trim_matches(['*', ':', '※']).to_owned()
}

/// The header of a sheet that recognises most columns, and at least two.
fn best<'a>(sheet: &'a Sheet, names: &BTreeMap<String, &'a ImportColumn>) -> Option<Table<'a>> {
    let mut best: Option<Table<'_>> = None;
    let rows = 0..sheet.height().min(HEADER_WITHIN);
    // Two rows are a header only where no single row recognises as much.
    for header in rows.clone().map(|row| row..=row).chain(rows.map(|row| row..=row + 1)) {
        let columns = columns(sheet, &header, names);
        let table = Table { sheet, header, columns, unread: Vec::new() };
        if recognised(&table) > best.as_ref().map_or(1, recognised) {
            best = Some(table);
        }
    }
    best
}

fn columns<'a>(
    sheet: &Sheet,
    header: &std::ops::RangeInclusive<u32>,
    names: &BTreeMap<String, &'a ImportColumn>,
) -> Vec<Column<'a>> {
    let mut columns = Vec::new();
    for at in 0..sheet.width() {
        let (top, bottom) = (title(sheet, *header.start(), at, header), title(sheet, *header.end(), at, header));
        let candidates = [bottom.clone(), format!("{top}{bottom}"), top.clone()];
        let known = candidates.iter().find_map(|title| names.get(&title_of(title)).copied());
        let title = if bottom.is_empty() { top } else { bottom };
        if !title.is_empty() {
            columns.push(Column { at, title, known });
        }
    }
    columns
}

/// The title that stands at a place of the header, through merged ranges inside it.
fn title(sheet: &Sheet, row: u32, column: u32, header: &std::ops::RangeInclusive<u32>) -> String {
    let (row, column) = sheet.anchor(row, column);
    if header.contains(&row) { folded(&sheet.own(row, column).shown()) } else { String::new() }
}

fn recognised(table: &Table<'_>) -> usize {
    let mut found: Vec<&str> = table.columns.iter().filter_map(|one| one.known).map(|known| &*known.header).collect();
    found.sort_unstable();
    found.dedup();
    found.len()
}

fn missing<'a>(table: &Table<'_>, import: &'a Import) -> Vec<&'a str> {
    let has =
        |header: &str| table.columns.iter().any(|column| column.known.is_some_and(|known| known.header == header));
    import
        .columns
        .iter()
        .filter(|column| column.required && !has(&column.header))
        .map(|column| &*column.header)
        .collect()
}

fn no_header(import: &Import) -> Refusal {
    let expected: Vec<&str> = import.columns.iter().map(|column| &*column.header).collect();
    Refusal::new(
        "no-header",
        format!("没有找到表头。表格中应有这些列：{}", expected.join("、")),
        format!("no header was found. The spreadsheet should have these columns: {}", expected.join(", ")),
    )
}

fn missing_columns(table: &Table<'_>, lacking: &[&str]) -> Refusal {
    let unknown: Vec<&str> =
        table.columns.iter().filter(|column| column.known.is_none()).map(|column| &*column.title).collect();
    let (zh, en): (Vec<String>, Vec<String>) = lacking
        .iter()
        .filter_map(|wanted| Some((wanted, *nearest(wanted, unknown.iter().copied()).first()?)))
        .map(|(wanted, near)| (format!("“{near}”是不是“{wanted}”？"), format!(" Is “{near}” meant as “{wanted}”?")))
        .unzip();
    let found = unknown.join("、");
    let (sheet, row) = (&table.sheet.name, table.header.start() + 1);
    Refusal::new(
        "missing-column",
        format!(
            "工作表“{sheet}”第 {row} 行的表头缺少列：{}。未识别的列：{}。{}请改好列名后再上传",
            lacking.join("、"),
            if found.is_empty() { "无" } else { &found },
            zh.concat(),
        ),
        format!(
            "the header in row {row} of sheet “{sheet}” lacks these columns: {}. Columns not recognised: {}.{} Correct the titles and upload again",
            lacking.join(", "),
            if found.is_empty() { "none" } else { &found },
            en.concat(),
        ),
    )
}

/// A configured column that stands twice.
fn twice(table: &Table<'_>) -> Option<Refusal> {
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    for column in &table.columns {
        let Some(known) = column.known else { continue };
        if let Some(first) = seen.insert(&known.header, column.at) {
            let (first, second) = (column_name(first), column_name(column.at));
            return Some(Refusal::new(
                "column-twice",
                format!("{first} 列和 {second} 列都是“{}”。请只保留一列", known.header),
                format!("columns {first} and {second} are both “{}”. Keep one of them", known.header),
            ));
        }
    }
    None
}
