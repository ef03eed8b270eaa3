//! A list as a spreadsheet: its columns, filters and order.

use docket_engine::{
    text::{Name, Text},
    value::parse_date,
};
use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook as Xlsx, Worksheet, XlsxError};
use serde_json::Value as Json;

use super::{
    items::{Filter, cells},
    labels,
    lists::{About, List},
};
use crate::{
    api::{caller::Caller, exports::Workbook, views::Cell},
    failure::Failure,
};

/// The most rows of one spreadsheet.
pub const MAX_ROWS: u64 = 50_000;
/// The longest text of a cell that spreadsheet programs open.
const MAX_TEXT: usize = 32_767;

/// What a sheet shows.
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Vec<Cell>>,
}

/// The list as a spreadsheet.
///
/// # Errors
/// [`Failure::Forbidden`] where the caller may not export the kind, [`Failure::TooLarge`] beyond [`MAX_ROWS`].
pub async fn workbook(
    caller: &Caller,
    module: &str,
    kind: &str,
    filter: &Filter,
    sort: Option<&str>,
) -> Result<Workbook, Failure> {
    let about = About::find(caller, module, kind)?;
    if caller.visibility("export", kind).is_never() {
        return Err(Failure::Forbidden);
    }
    let list = List::new(caller, about, &["read", "export"], filter)?;
    let total = list.count().await?;
    if total > MAX_ROWS {
        return Err(Failure::TooLarge(Text::new(
            format!("共 {total} 条，超过一次导出的上限 {MAX_ROWS} 条，请先筛选"),
            format!("{total} rows are more than the {MAX_ROWS} of one export: filter first"),
        )));
    }
    let columns: Vec<&Name> = about.kind.list.columns.iter().filter(|column| list.may_show(column)).collect();
    let mut rows = Vec::new();
    for listed in list.rows(sort, 0, MAX_ROWS).await? {
        let mut cells = cells(caller, about, &listed)?;
        // What is not shown of one row leaves an empty cell between those that are.
        rows.push(columns.iter().map(|column| cells.remove(*column).unwrap_or_else(Cell::empty)).collect());
    }
    let table = Table {
        name: caller.text(&about.kind.title),
        columns: columns.iter().map(|column| title(caller, about, column)).collect(),
        rows,
    };
    let name = format!("{}-{}-{}.xlsx", caller.text(&about.module.title), table.name, caller.app.today());
    written(name, table).await
}

/// A table as the workbook `name`.
pub(super) async fn written(name: String, table: Table) -> Result<Workbook, Failure> {
    let bytes = tokio::task::spawn_blocking(move || write(&table)).await.map_err(Failure::internal)?;
    Ok(Workbook { name, bytes: bytes.map_err(Failure::internal)? })
}

/// A column's title.
fn title(caller: &Caller, about: About<'_>, column: &Name) -> String {
    let field = about.form.field(column).map(|field| field.title.clone());
    let title = field.or_else(|| labels::attribute(column)).unwrap_or_else(|| Text::same(column.to_string()));
    caller.text(&title)
}

fn write(table: &Table) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Xlsx::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name(sheet_name(&table.name))?;
    let head = Format::new().set_bold().set_border_bottom(FormatBorder::Thin).set_text_wrap();
    let formats = Formats::new();
    for (column, title) in (0_u16..).zip(&table.columns) {
        let width = 12 + u16::try_from(title.chars().count()).unwrap_or(12).min(20);
        sheet.set_column_width(column, f64::from(width))?;
        text(sheet, (0, column), title, &head, &head.clone().set_quote_prefix())?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (row, cells) in (1_u32..).zip(&table.rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            write_cell(sheet, (row, column), cell, &formats)?;
        }
    }
    let (last_row, last_column) = (u32::try_from(table.rows.len()), u16::try_from(table.columns.len()));
    if let (Ok(last_row), Ok(last_column @ 1..)) = (last_row, last_column) {
        sheet.autofilter(0, 0, last_row, last_column - 1)?;
    }
    workbook.save_to_buffer()
}

struct Formats {
    plain: Format,
    quoted: Format,
    date: Format,
}

impl Formats {
    fn new() -> Self {
        let plain = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        Self {
            quoted: plain.clone().set_quote_prefix(),
            date: Format::new().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Top),
            plain,
        }
    }
}

/// Dates as dates and numbers as numbers; everything else, long codes too, as text.
fn write_cell(sheet: &mut Worksheet, at: (u32, u16), cell: &Cell, formats: &Formats) -> Result<(), XlsxError> {
    if let (Json::Number(number), Some(number_64)) = (&cell.value, cell.value.as_f64()) {
        // A number of more digits than a spreadsheet keeps stays what it is as text.
        if number.to_string().chars().filter(char::is_ascii_digit).count() <= 15 {
            sheet.write_number_with_format(at.0, at.1, number_64, &formats.plain)?;
            return Ok(());
        }
    }
    let date = cell.value.as_str().and_then(parse_date).filter(|date| date.to_string() == cell.text);
    if let Some(date) = date {
        let (year, month, day) = (date.year(), date.month(), date.day());
        if let (Ok(year @ 1900..), Ok(month), Ok(day)) = (u16::try_from(year), u8::try_from(month), u8::try_from(day)) {
            let date = ExcelDateTime::from_ymd(year, month, day)?;
            sheet.write_datetime_with_format(at.0, at.1, date, &formats.date)?;
            return Ok(());
        }
    }
    text(sheet, at, &cell.text, &formats.plain, &formats.quoted)
}

/// A text cell is never a formula; one that looks like one is marked as text, so that it stays one when it is edited.
pub(super) fn text(
    sheet: &mut Worksheet,
    at: (u32, u16),
    text: &str,
    plain: &Format,
    quoted: &Format,
) -> Result<(), XlsxError> {
    let format = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { quoted } else { plain };
    let text: String = text.chars().take(MAX_TEXT).collect();
    sheet.write_string_with_format(at.0, at.1, text, format)?;
    Ok(())
}

/// A sheet's name has at most 31 characters, and not these.
pub(super) fn sheet_name(title: &str) -> String {
    let name: String = title.chars().filter(|letter| !"[]:*?/\\'".contains(*letter)).take(31).collect();
    if name.is_empty() { "Sheet1".to_owned() } else { name }
}
