//! `/audit`: the administrators' log, for the audit administrator.

use poem_openapi::{Enum, Object, OpenApi, param::Query, payload::Json};

use super::{caller::Caller, exports::Workbook, page::Page, views::Ref};
use crate::{
    app::audit_log::{self, Filter},
    failure::Failure,
};

/// How an act ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "lowercase")]
pub enum ActResult {
    /// It was done.
    Done,
    /// It was refused.
    Refused,
}

/// A row of the log.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ActView {
    /// Its number.
    pub sequence: String,
    /// When (RFC 3339).
    pub at: String,
    /// Who; absent where he is not known, on the command line and for the system.
    pub who: Option<Ref>,
    /// For whom.
    pub for_whom: Option<Ref>,
    /// By which way: `http`, `command-line`, `system`.
    pub via: String,
    /// From which address.
    pub address: Option<String>,
    /// The act's code.
    pub act: String,
    /// What the act is called.
    pub title: String,
    /// On what, as it is named.
    pub on: Option<String>,
    /// More of it, as JSON.
    pub detail: String,
    /// How it ended.
    pub result: ActResult,
}

/// A page of the log.
#[derive(Debug, Object)]
pub struct LogPage {
    /// The rows, the newest first.
    pub rows: Vec<ActView>,
    /// How many match.
    pub total: u64,
    /// The acts that there are.
    pub acts: Vec<ActKind>,
}

/// A kind of act.
#[derive(Debug, Object)]
pub struct ActKind {
    /// Its code.
    pub code: String,
    /// What it is called.
    pub title: String,
}

/// Whether the log's chain is whole.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ChainView {
    /// Whether it is.
    pub whole: bool,
    /// How many rows there are.
    pub rows: u64,
    /// Number and hash of the last row.
    pub end: String,
    /// What is broken first.
    pub broken: Option<String>,
}

/// The endpoints.
pub struct AuditApi;

#[OpenApi]
impl AuditApi {
    /// The log, the newest first. For the audit administrator.
    #[oai(path = "/audit", method = "get", operation_id = "audit_log")]
    #[expect(clippy::too_many_arguments, reason = "each query parameter is documented by itself")]
    async fn log(
        &self,
        caller: Caller,
        /// The id of who did it.
        person: Query<Option<String>>,
        /// The act's code.
        act: Query<Option<String>>,
        /// How it ended.
        result: Query<Option<ActResult>>,
        /// The first day, as 2026-03-02.
        from: Query<Option<String>>,
        /// The last day.
        to: Query<Option<String>>,
        /// From 1.
        page: Query<Option<u32>>,
        /// 1 to 100, 20 by default.
        per_page: Query<Option<u32>>,
    ) -> Result<Json<LogPage>, Failure> {
        let filter = Filter { person: person.0, act: act.0, result: result.0, from: from.0, to: to.0 };
        Ok(Json(audit_log::page(&caller, &filter, Page::new(page.0, per_page.0)?).await?))
    }

    /// The log with the same filters as a spreadsheet, at most 50,000 rows.
    #[oai(path = "/audit/export", method = "get", operation_id = "export_audit_log")]
    async fn export(
        &self,
        caller: Caller,
        person: Query<Option<String>>,
        act: Query<Option<String>>,
        result: Query<Option<ActResult>>,
        from: Query<Option<String>>,
        to: Query<Option<String>>,
    ) -> Result<Workbook, Failure> {
        let filter = Filter { person: person.0, act: act.0, result: result.0, from: from.0, to: to.0 };
        audit_log::export(&caller, &filter).await
    }

    /// Whether the log's chain is whole. `docket audit verify` checks the items' histories too.
    #[oai(path = "/audit/chain", method = "get", operation_id = "audit_chain")]
    async fn chain(&self, caller: Caller) -> Result<Json<ChainView>, Failure> {
        Ok(Json(audit_log::chain(&caller).await?))
    }
}
