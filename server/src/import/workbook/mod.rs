//! From bytes to sheets of bounded size.
//!
//! Invariants: nothing is read before it is bounded: inflated bytes, rows, columns and cells have a limit, and no file makes
//! the process abort. What comes out knows only cells; what they mean is told elsewhere.

mod compound;
mod csv;
mod package;
mod sheet;
mod xls;
mod xlsx;

use docket_engine::text::Text;

pub(super) use sheet::column_name;
pub use sheet::{Cell, Sheet};

use super::note::Refusal;

/// The largest file that is accepted, in bytes (20 MiB).
pub const MAX_FILE: usize = 20 << 20;
/// The largest number of rows of a sheet.
pub const MAX_ROWS: u32 = 20_000;
/// The largest number of columns of a sheet.
pub const MAX_COLUMNS: u32 = 200;
/// The largest number of filled cells of a workbook.
pub const MAX_CELLS: usize = 1_000_000;
/// The largest number of sheets of a workbook.
pub const MAX_SHEETS: usize = 200;

/// The sheets of a file.
#[derive(Debug, Clone)]
pub struct Book {
    /// Its visible sheets that hold anything, in their order. Never empty.
    pub sheets: Vec<Sheet>,
    /// Whether bare serial numbers count days from 1904 instead of 1900.
    pub from_1904: bool,
}

/// Reads the file called `name`; its content, not its name, tells the format.
///
/// # Errors
/// What is wrong with the file as a whole.
pub fn read(name: &str, bytes: &[u8]) -> Result<Book, Refusal> {
    if bytes.len() > MAX_FILE {
        return Err(too_large("文件超过 20 MB", "the file is larger than 20 MB"));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(empty());
    }
    let mut book = if bytes.starts_with(b"PK") {
        xlsx::read(bytes)?
    } else if bytes.starts_with(compound::SIGNATURE) {
        xls::read(bytes)?
    } else {
        csv::read(name, bytes)?
    };
    book.sheets.retain(|sheet| sheet.height() > 0);
    if book.sheets.is_empty() { Err(empty()) } else { Ok(book) }
}

fn empty() -> Refusal {
    Refusal::new(
        "empty-file",
        "文件是空的：没有一个可见的工作表有内容。请选择填写好的表格",
        "the file is empty: no visible sheet holds anything. Choose the filled-in spreadsheet",
    )
}

fn too_large(zh: &str, en: &str) -> Refusal {
    Refusal::new(
        "too-large",
        format!("{zh}。请只保留要导入的工作表和行列，另存后再上传"),
        format!("{en}. Keep only the sheet, rows and columns to be imported, save, and upload again"),
    )
}

/// A cell beyond the limits, at `row` and `column` from 0.
fn too_far(row: u32, column: u32) -> Refusal {
    let place = sheet::place(row, column);
    too_large(
        &format!("单元格 {place} 有内容，超出了 {MAX_ROWS} 行、{MAX_COLUMNS} 列的范围"),
        &format!("cell {place} holds something, beyond the limit of {MAX_ROWS} rows and {MAX_COLUMNS} columns"),
    )
}

fn too_many_cells() -> Refusal {
    too_large(&format!("有内容的单元格超过 {MAX_CELLS} 个"), &format!("more than {MAX_CELLS} cells hold something"))
}

fn encrypted() -> Refusal {
    Refusal::new(
        "encrypted-file",
        "文件有打开密码。请在 Excel 或 WPS 中取消密码，另存后再上传",
        "the file needs a password to open. Remove the password in Excel or WPS, save, and upload again",
    )
}

fn not_a_workbook(what: &Text) -> Refusal {
    Refusal::new(
        "not-a-workbook",
        format!("{}。请上传 .xlsx、.xls 或 .csv 表格", what.zh),
        format!("{}. Upload an .xlsx, .xls or .csv spreadsheet", what.en),
    )
}

fn damaged() -> Refusal {
    Refusal::new(
        "damaged-file",
        "表格文件已损坏或不完整，无法读取。请在 Excel 或 WPS 中打开，另存为 .xlsx 后再上传",
        "the spreadsheet is damaged or incomplete and cannot be read. Open it in Excel or WPS, save it as .xlsx, and upload again",
    )
}

/// Runs a reader that may panic on malformed input: it then is a damaged file.
fn guarded<T>(reader: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(reader)).unwrap_or_else(|_| Err(damaged()))
}
