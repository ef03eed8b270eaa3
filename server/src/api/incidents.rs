//! `/incidents`: what needs an administrator, and how it is resolved.

use poem_openapi::{
    Object, OpenApi,
    param::{Path, Query},
    payload::Json,
};

use super::{caller::Caller, operations::StepView, page::Page, sent::Sent};
use crate::{app, failure::Failure};

/// A page of open incidents.
#[derive(Debug, Object)]
pub struct IncidentPage {
    /// The incidents, the newest first.
    pub rows: Vec<IncidentView>,
    /// How many there are in all.
    pub total: u64,
}

/// An open incident.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct IncidentView {
    /// Its id.
    pub id: String,
    /// The item that it is about.
    pub item: String,
    /// The root item that it lies below.
    pub root: String,
    /// The root item's title.
    pub item_title: String,
    /// The module.
    pub module_title: String,
    /// In which workflow.
    pub workflow_title: String,
    /// At which step.
    pub node_title: String,
    /// What it is about.
    pub cause: CauseView,
    /// What has happened, in a sentence.
    pub text: String,
    /// The task that nobody can do.
    pub task: Option<String>,
    /// When it was opened.
    pub opened_at: String,
    /// With what the step can be passed over; one without a name where the step has no outcomes.
    pub outcomes: Vec<StepView>,
    /// The steps to which it can go instead.
    pub nodes: Vec<StepView>,
}

/// What an incident is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, poem_openapi::Enum)]
#[oai(rename_all = "lowercase", rename = "IncidentCause")]
pub enum CauseView {
    /// Nobody can do a task.
    Nobody,
    /// A group has no members.
    Empty,
    /// Another system failed.
    Service,
    /// An error that nothing catches.
    Error,
}

/// How an incident is resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, poem_openapi::Enum)]
#[oai(rename_all = "lowercase", rename = "ResolveHow")]
pub enum HowInput {
    /// People are given the task.
    Reassign,
    /// The step is entered again.
    Retry,
    /// The step is passed over.
    Skip,
    /// It goes on at another step.
    Jump,
}

/// How an incident is resolved.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct ResolveInput {
    /// How.
    pub how: HowInput,
    /// To reassign: the people's ids.
    #[oai(default)]
    pub people: Vec<String>,
    /// To skip: the outcome, where the step has any.
    pub outcome: Option<String>,
    /// To jump: the step's node.
    pub node: Option<String>,
    /// A comment, which skipping and jumping need.
    pub comment: Option<String>,
}

/// What came of resolving an incident.
#[derive(Debug, Object)]
pub struct Resolved {
    /// The incident.
    pub incident: String,
    /// The titles of the tasks that opened thereby.
    pub next: Vec<String>,
}

/// The endpoints.
pub struct IncidentsApi;

#[OpenApi]
impl IncidentsApi {
    /// Open incidents that the reader may resolve, the newest first.
    #[oai(path = "/incidents", method = "get", operation_id = "incidents")]
    async fn incidents(
        &self,
        caller: Caller,
        page: Query<Option<u32>>,
        per_page: Query<Option<u32>>,
    ) -> Result<Json<IncidentPage>, Failure> {
        Ok(Json(app::incidents::list(&caller, Page::new(page.0, per_page.0)?).await?))
    }

    /// Resolve an incident.
    #[oai(path = "/incidents/:id/resolve", method = "post", operation_id = "resolve_incident")]
    async fn resolve(
        &self,
        id: Path<String>,
        #[oai(name = "Idempotency-Key")] sent: Sent<ResolveInput>,
    ) -> Result<Json<Resolved>, Failure> {
        Ok(Json(app::incidents::resolve(&sent.caller, sent.id(&id)?, sent.key, sent.input).await?))
    }
}
