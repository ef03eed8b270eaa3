//! From a file to a report.

use super::{
    directory::Directory,
    note::Refusal,
    report::{Column, Draft, Report},
    row::Reader,
    setting::Setting,
    skip,
    table::{self, Table},
    verdict::{Judge, Known},
    workbook::{self, Book},
};
use docket_engine::text::Text;

/// A file that was read, before its rows are judged.
#[derive(Debug)]
pub struct Read {
    /// The report, with its rows still to come.
    pub report: Report,
    /// The rows.
    pub drafts: Vec<Draft>,
}

/// Reads the file called `name`.
///
/// # Errors
/// Where the file as a whole is refused.
pub fn read(name: &str, bytes: &[u8], setting: &Setting<'_>) -> Result<Read, Refusal> {
    let book: Book = workbook::read(name, bytes)?;
    let table = table::find(&book, setting.import)?;
    let directory = Directory::new(&setting.context.org);
    let identity = identity_column(&table, setting);
    let reader = Reader::new(setting, &directory, &table, book.from_1904);
    let mut skipped = Vec::new();
    let mut drafts = Vec::new();
    for row in 0..table.sheet.height() {
        if row > *table.header.end() && !skip::is_no_item(&table, row, identity) {
            drafts.push(reader.read(row));
        } else if table.header.contains(&row) || table.sheet.filled(row).next().is_some() {
            skipped.push(row + 1);
        }
    }
    let report = Report {
        sheet: table.sheet.name.clone(),
        header_rows: table.header.clone().map(|row| row + 1).collect(),
        skipped,
        columns: columns(&table, setting),
        unread_sheets: table.unread.clone(),
        form_version: setting.form.version.clone(),
        categories: setting.chosen.clone(),
        rows: Vec::new(),
    };
    Ok(Read { report, drafts })
}

/// Judges the rows of a file that was read against the items in `known`.
#[must_use]
pub fn judge(read: Read, known: &[Known], setting: &Setting<'_>) -> Report {
    let Read { mut report, drafts } = read;
    let directory = Directory::new(&setting.context.org);
    report.rows = Judge { setting, directory: &directory, columns: &report.columns }.judge(drafts, known);
    report
}

/// The rows of a report again, to be judged anew.
#[must_use]
pub fn again(mut report: Report) -> Read {
    let drafts = std::mem::take(&mut report.rows).into_iter().map(|row| row.draft).collect();
    Read { report, drafts }
}

fn identity_column(table: &Table<'_>, setting: &Setting<'_>) -> Option<u32> {
    let identity = setting.identity()?;
    let is_it =
        |column: &&table::Column<'_>| column.known.is_some_and(|known| known.field.as_ref() == Some(&identity.name));
    table.columns.iter().find(is_it).map(|column| column.at)
}

fn columns(table: &Table<'_>, setting: &Setting<'_>) -> Vec<Column> {
    table
        .columns
        .iter()
        .map(|column| {
            let field = column.known.and_then(|known| known.field.clone());
            let title = field.as_ref().and_then(|name| setting.form.field(name)).map(|field| field.title.clone());
            Column {
                column: column.header().to_owned(),
                title: title.unwrap_or_else(|| Text::same(column.title.clone())),
                field,
            }
        })
        .collect()
}
