//! `/access/…`: the policies, their versions and drafts, dry runs, and why somebody sees something.

mod views;

use poem_openapi::{
    OpenApi,
    param::{Path, Query},
    payload::{Json, PlainText},
};

pub use self::views::{
    CheckView, DocumentInput, DocumentView, DocumentsInput, DryRunLine, DryRunState, DryRunView, ExampleView,
    ExplainView, ExplainedRule, FactView, FaultView, FieldChange, IncludeView, LackingView, PoliciesView,
    PolicyDraftInput, PolicyDraftView, PublishInput, RestoreInput, RuleView, VersionDetail, VersionView, VersionsView,
};
use super::{caller::Caller, input::Input, notices::Done};
use crate::{
    app::policies::{self, csv, explain, require_security, runs, versions},
    failure::Failure,
};

/// The endpoints.
pub struct AccessApi;

#[OpenApi]
impl AccessApi {
    /// The policies in force. Only for the security administrator, as all below `/access` but `/access/explain`.
    #[oai(path = "/access/policies", method = "get", operation_id = "policies")]
    async fn policies(&self, caller: Caller) -> Result<Json<PoliciesView>, Failure> {
        Ok(Json(versions::in_force(&caller).await?))
    }

    /// What is wrong with policies that are not published, and their rules.
    #[oai(path = "/access/check", method = "post", operation_id = "check_policies")]
    async fn check(&self, caller: Caller, body: Input<DocumentsInput>) -> Result<Json<CheckView>, Failure> {
        Ok(Json(policies::check(&caller, body.0.documents).await?))
    }

    /// My draft; what is in force where I have none.
    #[oai(path = "/access/draft", method = "get", operation_id = "policy_draft")]
    async fn draft(&self, caller: Caller) -> Result<Json<PolicyDraftView>, Failure> {
        Ok(Json(versions::draft(&caller).await?))
    }

    /// Keep my draft.
    #[oai(path = "/access/draft", method = "put", operation_id = "save_policy_draft")]
    async fn save_draft(
        &self,
        caller: Caller,
        body: Input<PolicyDraftInput>,
    ) -> Result<Json<PolicyDraftView>, Failure> {
        Ok(Json(versions::save_draft(&caller, body.0).await?))
    }

    /// Drop my draft.
    #[oai(path = "/access/draft", method = "delete", operation_id = "drop_policy_draft")]
    async fn drop_draft(&self, caller: Caller) -> Result<Done, Failure> {
        versions::drop_draft(&caller).await?;
        Ok(Done::Done)
    }

    /// Compute what policies would change on the live data. Takes the place of my run before.
    #[oai(path = "/access/dry-runs", method = "post", operation_id = "begin_dry_run")]
    async fn begin(&self, caller: Caller, body: Input<DocumentsInput>) -> Result<Json<DryRunView>, Failure> {
        Ok(Json(runs::begin(&caller, body.0.documents).await?))
    }

    /// How far a dry run of mine is, and what it found.
    #[oai(path = "/access/dry-runs/:id", method = "get", operation_id = "dry_run")]
    async fn dry_run(&self, caller: Caller, id: Path<String>) -> Result<Json<DryRunView>, Failure> {
        Ok(Json(runs::view(&caller, number(&id.0)?).await?))
    }

    /// End a dry run of mine.
    #[oai(path = "/access/dry-runs/:id", method = "delete", operation_id = "cancel_dry_run")]
    async fn cancel(&self, caller: Caller, id: Path<String>) -> Result<Json<DryRunView>, Failure> {
        Ok(Json(runs::cancel(&caller, number(&id.0)?).await?))
    }

    /// Publish policies as a new version.
    #[oai(path = "/access/publish", method = "post", operation_id = "publish_policies")]
    async fn publish(&self, caller: Caller, body: Input<PublishInput>) -> Result<Json<VersionView>, Failure> {
        Ok(Json(versions::publish(&caller, body.0).await?))
    }

    /// All versions, the newest first.
    #[oai(path = "/access/versions", method = "get", operation_id = "policy_versions")]
    async fn versions(&self, caller: Caller) -> Result<Json<VersionsView>, Failure> {
        Ok(Json(VersionsView { rows: versions::list(&caller).await? }))
    }

    /// One version, with what it changed.
    #[oai(path = "/access/versions/:id", method = "get", operation_id = "policy_version")]
    async fn version(&self, caller: Caller, id: Path<String>) -> Result<Json<VersionDetail>, Failure> {
        Ok(Json(versions::detail(&caller, number(&id.0)?).await?))
    }

    /// Put a version in force again, as a new one.
    #[oai(path = "/access/versions/:id/restore", method = "post", operation_id = "restore_policy_version")]
    async fn restore(
        &self,
        caller: Caller,
        id: Path<String>,
        body: Input<RestoreInput>,
    ) -> Result<Json<VersionView>, Failure> {
        Ok(Json(versions::restore(&caller, number(&id.0)?, body.0.why.unwrap_or_default()).await?))
    }

    /// The rules in force as Casbin's CSV.
    #[oai(path = "/access/csv", method = "get", operation_id = "policies_csv")]
    async fn csv(&self, caller: Caller) -> Result<PlainText<String>, Failure> {
        require_security(&caller)?;
        Ok(PlainText(csv::written(&caller.published.rules)))
    }

    /// Why a person may do something with an item, or may not. Everybody may ask about himself and items that he sees; the security
    /// administrator about anybody.
    #[oai(path = "/access/explain", method = "get", operation_id = "explain_access")]
    async fn explain(
        &self,
        caller: Caller,
        /// The item.
        item: Query<String>,
        /// The person; else the caller.
        person: Query<Option<String>>,
        /// The action, `read` by default.
        action: Query<Option<String>>,
    ) -> Result<Json<ExplainView>, Failure> {
        let action = action.0.as_deref().unwrap_or("read");
        Ok(Json(explain::view(&caller, person.0.as_deref(), &item.0, action).await?))
    }
}

fn number(text: &str) -> Result<i64, Failure> {
    text.parse().map_err(|_| Failure::NotFound)
}
