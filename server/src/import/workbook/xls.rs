//! .xls: bounded by [`super::compound`] first, because the reader allocates for the farthest cell.

use std::io::Cursor;

use calamine::{Data, Reader as _, SheetType, SheetVisible, Xls, XlsError};

use super::{
    Book, Cell, MAX_CELLS, Refusal, Sheet, compound, damaged, encrypted, guarded,
    sheet::Merge,
    xlsx::{date, failed, whole},
};

/// Reads an .xls.
pub(super) fn read(bytes: &[u8]) -> Result<Book, Refusal> {
    guarded(|| {
        let hidden = compound::bound(bytes)?;
        let mut workbook: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|error| refused(&error))?;
        let all = workbook.sheets_metadata().to_vec();
        let mut budget = MAX_CELLS;
        let mut sheets = Vec::new();
        for (meta, hidden) in all.iter().zip(hidden) {
            if meta.typ != SheetType::WorkSheet || meta.visible != SheetVisible::Visible {
                continue;
            }
            let range = workbook.worksheet_range(&meta.name).map_err(|error| refused(&error))?;
            let (top, left) = range.start().unwrap_or_default();
            let mut sheet = Sheet::new(&meta.name);
            for (row, column, value) in range.used_cells() {
                let row = u32::try_from(row).map_err(|_| damaged())?;
                let column = u32::try_from(column).map_err(|_| damaged())?;
                sheet.put(top + row, left + column, of(value), &mut budget)?;
            }
            let merges = workbook.merge_cells_by_sheet_name(&meta.name).map_err(|error| refused(&error))?;
            sheet.merge(&merges.iter().map(|merge| (merge.start, merge.end)).collect::<Vec<Merge>>())?;
            sheet.hide(hidden);
            sheets.push(sheet);
        }
        Ok(Book { sheets, from_1904: workbook.has_1904_epoch() })
    })
}

fn refused(error: &XlsError) -> Refusal {
    if matches!(error, XlsError::Password) { encrypted() } else { damaged() }
}

fn of(value: &Data) -> Cell {
    match value {
        Data::Empty => Cell::Empty,
        Data::Int(number) => whole(*number),
        Data::Float(number) => Cell::Number(*number),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => Cell::text(text),
        Data::Bool(bool) => Cell::Bool(*bool),
        Data::DateTime(time) => date(*time),
        Data::Error(error) => failed(error),
    }
}
