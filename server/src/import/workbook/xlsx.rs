//! .xlsx: cells are streamed into a bounded sheet, never into a range as large as the farthest cell.

use std::io::Cursor;

use calamine::{CellErrorType, DataRef, ExcelDateTime, Reader as _, SheetType, SheetVisible, Xlsx, XlsxError};
use jiff::civil::Date;

use super::{
    Book, Cell, MAX_CELLS, MAX_SHEETS, Refusal, Sheet, damaged, encrypted, guarded, package::Package, sheet::Merge,
    too_large,
};

/// Reads an .xlsx.
pub(super) fn read(bytes: &[u8]) -> Result<Book, Refusal> {
    guarded(|| {
        let hidden = Package::open(bytes)?.hidden_rows()?;
        let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| refused(&error))?;
        let names: Vec<String> = workbook
            .sheets_metadata()
            .iter()
            .filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
            .map(|sheet| sheet.name.clone())
            .collect();
        if names.len() > MAX_SHEETS {
            return Err(too_many_sheets());
        }
        let mut budget = MAX_CELLS;
        let mut sheets = Vec::new();
        for name in names {
            let mut sheet = cells(&mut workbook, &name, &mut budget)?;
            let merges = workbook.merge_cells_by_sheet_name(&name).map_err(|error| refused(&error))?;
            sheet.merge(&merges.iter().map(|merge| (merge.start, merge.end)).collect::<Vec<Merge>>())?;
            if let Some(rows) = hidden.get(&name) {
                sheet.hide(rows.clone());
            }
            sheets.push(sheet);
        }
        Ok(Book { sheets, from_1904: workbook.has_1904_epoch() })
    })
}

fn cells(workbook: &mut Xlsx<Cursor<&[u8]>>, name: &str, budget: &mut usize) -> Result<Sheet, Refusal> {
    let mut sheet = Sheet::new(name);
    let mut reader = workbook.worksheet_cells_reader(name).map_err(|error| refused(&error))?;
    while let Some(cell) = reader.next_cell().map_err(|error| refused(&error))? {
        let (row, column) = cell.get_position();
        sheet.put(row, column, of(cell.get_value()), budget)?;
    }
    Ok(sheet)
}

fn refused(error: &XlsxError) -> Refusal {
    if matches!(error, XlsxError::Password) { encrypted() } else { damaged() }
}

pub(super) fn too_many_sheets() -> Refusal {
    too_large(&format!("工作表超过 {MAX_SHEETS} 个"), &format!("there are more than {MAX_SHEETS} sheets"))
}

fn of(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::Int(number) => whole(*number),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::SharedString(text) => Cell::text(text),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::text(text),
        DataRef::Bool(bool) => Cell::Bool(*bool),
        DataRef::DateTime(time) => date(*time),
        DataRef::Error(error) => failed(error),
    }
}

/// A whole number. Spreadsheets compute with 15 digits, so a longer one is told as inexact by whoever reads it as a number.
#[expect(clippy::cast_precision_loss, reason = "a cell's number is a double in every spreadsheet program")]
pub(super) const fn whole(number: i64) -> Cell {
    Cell::Number(number as f64)
}

/// A number with a date's format: a date, or a plain number where it counts no whole day.
pub(super) fn date(time: ExcelDateTime) -> Cell {
    let number = time.as_f64();
    if time.is_duration() || !(1.0..2_958_466.0).contains(&number) {
        return Cell::Number(number);
    }
    let (year, month, day, ..) = time.to_ymd_hms_milli();
    let parts = (i16::try_from(year), i8::try_from(month), i8::try_from(day));
    let (Ok(year), Ok(month), Ok(day)) = parts else { return Cell::Number(number) };
    Date::new(year, month, day).map_or(Cell::Number(number), Cell::Date)
}

pub(super) fn failed(error: &CellErrorType) -> Cell {
    Cell::Error(error.to_string())
}
