//! `/org`: the organisation for its administrator.

use docket_engine::text::Language;
use poem_openapi::{
    Enum, Object, OpenApi,
    param::{Path, Query},
    payload::Json,
};

use super::{
    caller::Caller, exports::Workbook, imports::ImportCell, input::Input, page::Page, stand_ins::Ended,
    upload::FileUpload, views::Ref,
};
use crate::{
    app::{console, gaps, leaving, organisation, organisation_export, stand_ins::administrator},
    failure::Failure,
    import::organisation::{Report, Row, Verdict},
};

/// A unit with what the administrator sees of it.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct OrgUnitView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its class.
    pub class: String,
    /// The first day on which it is in force; absent: always has been.
    pub from: Option<String>,
    /// The last day on which it is in force; absent: still is.
    pub to: Option<String>,
    /// The unit that goes on with its work.
    pub successor: Option<Ref>,
    /// Whether it is in force today.
    pub in_force: bool,
    /// How many units lie directly below it.
    pub below: u32,
    /// How many people hold posts in it.
    pub people: u32,
}

/// A page of people.
#[derive(Debug, Object)]
pub struct PeoplePage {
    /// Those of this page.
    pub rows: Vec<OrgPersonView>,
    /// How many there are in all.
    pub total: u64,
}

/// A person with the posts that he holds.
#[derive(Debug, Object)]
pub struct OrgPersonView {
    /// The id.
    pub id: String,
    /// The staff number.
    pub code: String,
    /// The name.
    pub name: String,
    /// The title of office.
    pub title: String,
    /// False once the person has left.
    pub active: bool,
    /// The posts.
    pub posts: Vec<PostHeld>,
}

/// A post that somebody holds.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct PostHeld {
    /// Its title.
    pub title: String,
    /// In which unit.
    pub unit: Option<Ref>,
}

/// What becomes of the open tasks of somebody who leaves.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct LeavingInput {
    /// The rule.
    pub tasks: LeavingTasks,
    /// With `person`: to whom.
    pub person: Option<String>,
}

/// The rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "lowercase")]
pub enum LeavingTasks {
    /// To whoever holds the same post in the same unit; where nobody does, as `candidates`.
    Successor,
    /// To those whom the workflow means by now.
    Candidates,
    /// To a named person; what he can not do, as `candidates`.
    Person,
    /// Each becomes an incident.
    Incident,
}

/// A page of gaps.
#[derive(Debug, Object)]
pub struct GapsPage {
    /// Those of this page; those of units that open items name first.
    pub rows: Vec<GapView>,
    /// How many there are in all.
    pub total: u64,
    /// How many of them are in units that open items name.
    pub in_use: u64,
}

/// A step that nobody could do.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct GapView {
    /// The workflow.
    pub workflow: String,
    /// Its title.
    pub workflow_title: String,
    /// The step.
    pub node: String,
    /// Its title.
    pub node_title: String,
    /// The titles of the posts that nobody holds.
    pub posts: String,
    /// In which unit; absent where the posts are of no unit.
    pub unit: Option<Ref>,
    /// Whether an open item names the unit.
    pub in_use: bool,
    /// What would happen.
    pub then: ThenView,
    /// The same as a sentence.
    pub then_text: String,
}

/// What happens at a step that nobody could do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "lowercase")]
pub enum ThenView {
    /// The workflow's fallback does it.
    Fallback,
    /// An incident first, later somebody above.
    Superior,
    /// An incident.
    Incident,
}

/// A page of changes that open work follows.
#[derive(Debug, Object)]
pub struct FollowUpsPage {
    /// Those of this page, the latest first.
    pub rows: Vec<FollowUpView>,
    /// How many there are in all.
    pub total: u64,
}

/// A change of the organisation that open work follows, item by item.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct FollowUpView {
    /// Its id.
    pub id: String,
    /// What it is.
    pub text: String,
    /// Who made the change.
    pub begun_by: Option<Ref>,
    /// From when on it is done.
    pub begun_at: String,
    /// How many items are done.
    pub done: u64,
    /// How many there were.
    pub total: u64,
    /// How many could not follow.
    pub failed: u64,
    /// Why the last of these could not.
    pub last_error: Option<String>,
    /// When it was over.
    pub ended_at: Option<String>,
}

/// What an organisation workbook does.
#[derive(Debug, Object)]
pub struct OrgImportView {
    /// Whether it has been imported; false for a preview and where a row is refused.
    pub imported: bool,
    /// The organisation that this was read against; to be sent with the import of what was seen.
    pub generation: String,
    /// How many rows have each verdict.
    pub counts: OrgImportCounts,
    /// The rows that change something or are refused; at most 2,000.
    pub rows: Vec<OrgImportRow>,
}

/// How many rows have each verdict.
#[derive(Debug, Object)]
pub struct OrgImportCounts {
    /// Added.
    pub new: u32,
    /// Brought up to date.
    pub changed: u32,
    /// As they are.
    pub unchanged: u32,
    /// Wrong.
    pub refused: u32,
}

/// A row of an organisation workbook.
#[derive(Debug, Object)]
pub struct OrgImportRow {
    /// Its sheet.
    pub sheet: String,
    /// Its number, from 1.
    pub row: u32,
    /// The name of the unit, person or group.
    pub name: String,
    /// What becomes of it.
    pub verdict: OrgImportVerdict,
    /// Notes about its cells.
    pub cells: Vec<ImportCell>,
}

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "lowercase")]
pub enum OrgImportVerdict {
    /// It is added.
    New,
    /// It is brought up to date.
    Changed,
    /// It says what is there already.
    Unchanged,
    /// A cell is wrong. Nothing of the workbook goes in.
    Refused,
}

/// The most rows that an answer shows.
const MOST_ROWS: usize = 2_000;

impl OrgImportView {
    fn of(report: &Report, generation: i64, imported: bool, language: Language) -> Self {
        let count = |verdict| {
            u32::try_from(report.rows.iter().filter(|row| row.verdict == verdict).count()).unwrap_or(u32::MAX)
        };
        let mut shown: Vec<&Row> = report.rows.iter().filter(|row| row.verdict != Verdict::Unchanged).collect();
        shown.sort_by_key(|row| row.verdict != Verdict::Refused);
        Self {
            imported,
            generation: generation.to_string(),
            counts: OrgImportCounts {
                new: count(Verdict::New),
                changed: count(Verdict::Changed),
                unchanged: count(Verdict::Unchanged),
                refused: count(Verdict::Refused),
            },
            rows: shown.into_iter().take(MOST_ROWS).map(|row| row_view(row, language)).collect(),
        }
    }
}

fn row_view(row: &Row, language: Language) -> OrgImportRow {
    let cells = row.cells.iter().map(|note| ImportCell::of(note, language));
    OrgImportRow {
        sheet: row.sheet.clone(),
        row: row.row,
        name: row.name.clone(),
        verdict: match row.verdict {
            Verdict::New => OrgImportVerdict::New,
            Verdict::Changed => OrgImportVerdict::Changed,
            Verdict::Unchanged => OrgImportVerdict::Unchanged,
            Verdict::Refused => OrgImportVerdict::Refused,
        },
        cells: cells.collect(),
    }
}

/// The endpoints.
pub struct OrgApi;

#[OpenApi]
impl OrgApi {
    /// The units directly below one, or at the top. For the system administrator, as everything here.
    #[oai(path = "/org/units", method = "get", operation_id = "org_units")]
    async fn units(
        &self,
        caller: Caller,
        /// The unit above them.
        parent: Query<Option<String>>,
    ) -> Result<Json<Vec<OrgUnitView>>, Failure> {
        Ok(Json(console::units(&caller, parent.0.as_deref())?))
    }

    /// People with their posts, also those who have left.
    #[oai(path = "/org/people", method = "get", operation_id = "org_people")]
    async fn people(
        &self,
        caller: Caller,
        /// Name, staff number, pinyin or its initials.
        q: Query<Option<String>>,
        /// Only holders of posts in this unit.
        unit: Query<Option<String>>,
        /// From 1.
        page: Query<Option<u32>>,
        /// 1 to 100, 20 by default.
        per_page: Query<Option<u32>>,
    ) -> Result<Json<PeoplePage>, Failure> {
        let page = Page::new(page.0, per_page.0)?;
        Ok(Json(console::people(&caller, q.0.as_deref().unwrap_or_default(), unit.0.as_deref(), page)?))
    }

    /// Somebody has left: he can not sign in any more, and his open tasks follow the rule.
    #[oai(path = "/org/people/:id/disable", method = "post", operation_id = "disable_person")]
    async fn disable(&self, caller: Caller, id: Path<String>, input: Input<LeavingInput>) -> Result<Ended, Failure> {
        leaving::disable(&caller, &id, &input.0).await?;
        Ok(Ended::Done)
    }

    /// Somebody who had left is here again.
    #[oai(path = "/org/people/:id/enable", method = "post", operation_id = "enable_person")]
    async fn enable(&self, caller: Caller, id: Path<String>) -> Result<Ended, Failure> {
        leaving::enable(&caller, &id).await?;
        Ok(Ended::Done)
    }

    /// Steps that nobody could do, and what would happen then.
    #[oai(path = "/org/gaps", method = "get", operation_id = "gaps")]
    async fn gaps(
        &self,
        caller: Caller,
        /// From 1.
        page: Query<Option<u32>>,
        /// 1 to 100, 20 by default.
        per_page: Query<Option<u32>>,
    ) -> Result<Json<GapsPage>, Failure> {
        Ok(Json(gaps::page(&caller, Page::new(page.0, per_page.0)?).await?))
    }

    /// How far open work has followed changes of the organisation.
    #[oai(path = "/org/follow-ups", method = "get", operation_id = "follow_ups")]
    async fn follow_ups(
        &self,
        caller: Caller,
        /// From 1.
        page: Query<Option<u32>>,
        /// 1 to 100, 20 by default.
        per_page: Query<Option<u32>>,
    ) -> Result<Json<FollowUpsPage>, Failure> {
        Ok(Json(console::follow_ups(&caller, Page::new(page.0, per_page.0)?).await?))
    }

    /// The organisation as a workbook, in the layout in which it is imported.
    #[oai(path = "/org/export", method = "get", operation_id = "export_org")]
    async fn export(&self, caller: Caller) -> Result<Workbook, Failure> {
        organisation_export::download(&caller).await
    }

    /// What a workbook would make of the organisation; with `generation` from that answer, imports it: all rows, or none.
    #[oai(path = "/org/imports", method = "post", operation_id = "import_org")]
    async fn import(
        &self,
        caller: Caller,
        /// Of the preview that was seen; absent: a preview.
        generation: Query<Option<String>>,
        file: FileUpload,
    ) -> Result<Json<OrgImportView>, Failure> {
        administrator(&caller)?;
        let (report, generation, imported) = organisation::upload(&caller, generation.0.as_deref(), file).await?;
        Ok(Json(OrgImportView::of(&report, generation, imported, caller.language)))
    }
}
