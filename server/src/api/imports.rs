//! `/imports`: a spreadsheet is uploaded, looked at, and committed.

use std::collections::{BTreeMap, HashMap};

use docket_engine::text::Language;
use poem_openapi::{
    Enum, Object, OpenApi,
    param::{Path, Query},
    payload::Json,
};

use super::{caller::Caller, json::JsonObject, sent::Sent, upload::FileUpload, views::Light};
use crate::{
    app::imports::{self, Batch, Choice, Order, State, Upload},
    failure::Failure,
    import::{
        note::{Note, Severity},
        report,
    },
};

/// An upload with its report.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ImportView {
    /// Its id.
    pub id: String,
    /// The module.
    pub module: String,
    /// The kind.
    pub kind: String,
    /// The file's name.
    pub file_name: String,
    /// The sheet that was read.
    pub sheet: String,
    /// The header's rows, from 1.
    pub header_rows: Vec<u32>,
    /// The chosen categories.
    pub categories: Vec<String>,
    /// Where it stands.
    pub state: ImportState,
    /// Rows that hold something and are no items, from 1.
    pub skipped: Vec<u32>,
    /// Further sheets with a header of this kind, which were not read.
    pub unread_sheets: Vec<String>,
    /// The columns with a title, from left to right.
    pub columns: Vec<ImportColumn>,
    /// How many rows have each verdict.
    pub counts: HashMap<String, u32>,
    /// The rows of items.
    pub rows: Vec<ImportRow>,
    /// What the commit did.
    pub committed: Option<ImportCommitted>,
}

/// Where an upload stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "lowercase")]
pub enum ImportState {
    /// Shown, not committed.
    Preview,
    /// Committed.
    Committed,
}

/// A column of the sheet.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ImportColumn {
    /// The header under which it is reported.
    pub column: String,
    /// The field that it fills.
    pub field: Option<String>,
    /// The field's title, or the column's own.
    pub title: String,
}

/// A row of the sheet.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ImportRow {
    /// Its number, from 1.
    pub row: u32,
    /// Whether the spreadsheet hides it.
    pub hidden: bool,
    /// What becomes of it.
    pub verdict: ImportVerdict,
    /// The earlier row that it repeats.
    pub of_row: Option<u32>,
    /// The item that it is, changes or repeats; after the commit, the one that it became.
    pub of_item: Option<String>,
    /// The title of that row or item.
    pub of_title: Option<String>,
    /// The light that the item would show if it were handed out now.
    pub light: Option<Light>,
    /// Notes about its cells.
    pub cells: Vec<ImportCell>,
    /// Its cells as they stand in the sheet, by column.
    pub values: JsonObject,
    /// The item that it would become, with names.
    pub item: JsonObject,
    /// What an undecided cell could mean, under the names of `item`.
    pub proposed: JsonObject,
}

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum ImportVerdict {
    /// It becomes an item.
    New,
    /// It changes an item.
    Changed,
    /// It says what an item already says.
    Unchanged,
    /// It goes in only on request.
    Duplicate,
    /// A cell is wrong or undecided.
    Refused,
    /// None of its categories was chosen.
    LeftOut,
}

/// A note about a cell.
#[derive(Debug, Object)]
pub struct ImportCell {
    /// The column.
    pub column: String,
    /// How much it weighs.
    pub severity: ImportSeverity,
    /// A stable code in kebab case.
    pub code: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// How much a note weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "lowercase")]
pub enum ImportSeverity {
    /// The row stays out.
    Error,
    /// The row goes in.
    Warning,
    /// The row stays out until the sheet says what is meant.
    Question,
}

/// What a commit did.
#[derive(Debug, Object)]
pub struct ImportCommitted {
    /// How many items were created.
    pub created: u32,
    /// How many items were changed.
    pub changed: u32,
    /// When (RFC 3339).
    pub at: String,
}

/// The confirmation of a preview.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct CommitInput {
    /// The rows of duplicates that go in all the same.
    #[oai(default)]
    pub accept: Vec<u32>,
    /// The rows that stay out although they could go in, such as hidden ones.
    #[oai(default)]
    pub leave_out: Vec<u32>,
}

/// Imports.
pub struct ImportsApi;

#[OpenApi]
impl ImportsApi {
    /// Upload a spreadsheet and look at what each row would become. Nothing is imported.
    #[oai(path = "/imports", method = "post", operation_id = "upload_import")]
    async fn upload(
        &self,
        caller: Caller,
        module: Query<String>,
        kind: Query<String>,
        category: Query<Vec<String>>,
        file: FileUpload,
    ) -> Result<Json<ImportView>, Failure> {
        let order = Order { module: module.0, kind: kind.0, categories: category.0 };
        let upload = Upload { name: file.name, bytes: file.bytes };
        caller.himself()?;
        let batch = imports::upload(&caller.app, caller.person.id, &order, upload).await?;
        Ok(Json(ImportView::of(&batch, caller.language)))
    }

    /// An upload of one's own.
    #[oai(path = "/imports/:id", method = "get", operation_id = "import")]
    async fn import(&self, caller: Caller, id: Path<String>) -> Result<Json<ImportView>, Failure> {
        let batch = imports::load(&caller.app, caller.person.id, number(&id)?).await?;
        Ok(Json(ImportView::of(&batch, caller.language)))
    }

    /// Import the new and changed rows, and those duplicates that are named. All of them, or none.
    #[oai(path = "/imports/:id/commit", method = "post", operation_id = "commit_import")]
    async fn commit(
        &self,
        id: Path<String>,
        #[oai(name = "Idempotency-Key")] sent: Sent<CommitInput>,
    ) -> Result<Json<ImportView>, Failure> {
        let Sent { caller, key, input } = sent;
        caller.himself()?;
        let choice = Choice { accept: input.accept, leave_out: input.leave_out };
        let batch = imports::commit(&caller.app, caller.person.id, number(&id)?, &choice, key.into_text()).await?;
        Ok(Json(ImportView::of(&batch, caller.language)))
    }
}

fn number(text: &str) -> Result<i64, Failure> {
    text.parse().map_err(|_| Failure::NotFound)
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl ImportView {
    fn of(batch: &Batch, language: Language) -> Self {
        let report = &batch.report;
        let items = batch.committed.as_ref().map(|committed| &committed.items);
        Self {
            id: batch.id.to_string(),
            module: batch.order.module.clone(),
            kind: batch.order.kind.clone(),
            file_name: batch.file_name.clone(),
            sheet: report.sheet.clone(),
            header_rows: report.header_rows.clone(),
            categories: report.categories.iter().map(ToString::to_string).collect(),
            state: match batch.state {
                State::Preview => ImportState::Preview,
                State::Committed => ImportState::Committed,
            },
            skipped: report.skipped.clone(),
            unread_sheets: report.unread_sheets.clone(),
            columns: report
                .columns
                .iter()
                .map(|column| ImportColumn {
                    column: column.column.clone(),
                    field: column.field.as_ref().map(ToString::to_string),
                    title: column.title.get(language).to_owned(),
                })
                .collect(),
            counts: report::Verdict::ALL
                .iter()
                .map(|verdict| (verdict.name().to_owned(), count(report.count(*verdict))))
                .collect(),
            rows: report.rows.iter().map(|row| ImportRow::of(row, items, language)).collect(),
            committed: batch.committed.as_ref().map(|committed| ImportCommitted {
                created: count(committed.created),
                changed: count(committed.changed),
                at: crate::clock::from_ms(committed.at).to_string(),
            }),
        }
    }
}

impl ImportRow {
    fn of(row: &report::Row, items: Option<&BTreeMap<u32, String>>, language: Language) -> Self {
        let became = items.and_then(|items| items.get(&row.draft.row)).cloned();
        Self {
            row: row.draft.row,
            hidden: row.draft.hidden,
            verdict: row.verdict.into(),
            of_row: row.of_row,
            of_item: became.or_else(|| row.of_item.clone().filter(|_| !row.hidden)),
            of_title: row.of_title.clone(),
            light: row.light.as_deref().and_then(light),
            cells: row.cells().map(|note| ImportCell::of(note, language)).collect(),
            values: JsonObject(row.draft.values.clone()),
            item: JsonObject(row.draft.item.clone()),
            proposed: JsonObject(row.draft.proposed.clone()),
        }
    }
}

impl ImportCell {
    /// A note in `language`.
    pub(super) fn of(note: &Note, language: Language) -> Self {
        Self {
            column: note.column.clone(),
            severity: match note.severity {
                Severity::Error => ImportSeverity::Error,
                Severity::Warning => ImportSeverity::Warning,
                Severity::Question => ImportSeverity::Question,
            },
            code: note.code.clone(),
            message: note.message.get(language).to_owned(),
        }
    }
}

impl From<report::Verdict> for ImportVerdict {
    fn from(verdict: report::Verdict) -> Self {
        match verdict {
            report::Verdict::New => Self::New,
            report::Verdict::Changed => Self::Changed,
            report::Verdict::Unchanged => Self::Unchanged,
            report::Verdict::Duplicate => Self::Duplicate,
            report::Verdict::Refused => Self::Refused,
            report::Verdict::LeftOut => Self::LeftOut,
        }
    }
}

fn light(name: &str) -> Option<Light> {
    Some(match name {
        "green" => Light::Green,
        "yellow" => Light::Yellow,
        "red" => Light::Red,
        "blue" => Light::Blue,
        "grey" => Light::Grey,
        _ => return None,
    })
}
