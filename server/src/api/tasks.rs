//! `/tasks/{id}`: one task, its form and what may be done with it.

use poem_openapi::{Object, OpenApi, param::Path, payload::Json};

use super::{
    caller::Caller,
    input::Input,
    items::ItemView,
    json::JsonObject,
    operations::OperationsView,
    sent::{Key, Sent},
    views::{FormView, Ref, Shown},
};
use crate::{app, failure::Failure};

/// A task.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct TaskView {
    /// Its id.
    pub id: String,
    /// Its node.
    pub node: String,
    /// What is to be done.
    pub title: String,
    /// In which workflow.
    pub workflow_title: String,
    /// Where it stands.
    pub state: TaskStateView,
    /// The item that it is about.
    pub item: ItemView,
    /// The root item, when the item lies below another.
    pub root_item: Option<ItemView>,
    /// The form to complete.
    pub form: Option<FormView>,
    /// The reader's draft, else what the node's form last held; where several sign, what he wrote there last; else nothing.
    pub data: JsonObject,
    /// When the reader's draft was saved.
    pub draft_saved_at: Option<String>,
    /// Who has taken it.
    pub assignee: Option<Ref>,
    /// Who may do it.
    pub candidates: Vec<Ref>,
    /// The day by which it is due.
    pub due: Option<String>,
    /// Whether its group has ended without it: it stays for a comment, from which nothing follows.
    pub late: bool,
    /// The step at which people work under the same lock: till that is done, this task can not be taken, done or returned.
    pub occupied: Option<String>,
    /// What it may end with now.
    pub outcomes: Vec<OutcomeView>,
    /// What the reader may do.
    pub may: TaskMay,
    /// What he may do beside completing it.
    pub operations: OperationsView,
    /// Those who sign, in their order, while they do; empty where one person does it.
    pub members: Vec<MemberView>,
    /// What was done before it in this run, the earliest first.
    pub earlier: Vec<EarlierView>,
    /// How it was closed.
    pub closed: Option<ClosedView>,
}

/// Where a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, poem_openapi::Enum)]
#[oai(rename_all = "lowercase", rename = "TaskState")]
pub enum TaskStateView {
    /// To be done.
    Open,
    /// Done.
    Completed,
    /// Closed by something else.
    Cancelled,
}

/// One outcome, a button.
#[derive(Debug, Object)]
pub struct OutcomeView {
    /// Its name.
    pub name: String,
    /// The button's text.
    pub title: String,
    /// Whether a comment must be given.
    pub requires_comment: bool,
    /// Whether it returns 退回 to an earlier step; the form need not be complete then.
    pub is_return: bool,
}

/// One of several who sign.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct MemberView {
    /// The person, or the unit whose people sign for it.
    pub name: String,
    /// The unit for which a person signs.
    pub unit: Option<String>,
    /// Where he stands.
    pub state: MemberState,
    /// Whether the task that is shown is his.
    pub mine: bool,
    /// What he has chosen.
    pub outcome_title: Option<String>,
    /// What he said with it.
    pub comment: Option<String>,
    /// Who has chosen.
    pub by: Option<Ref>,
    /// When.
    pub at: Option<String>,
    /// Who has added him 加签.
    pub added_by: Option<Ref>,
}

/// Where one of several who sign stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, poem_openapi::Enum)]
#[oai(rename_all = "lowercase")]
pub enum MemberState {
    /// He has chosen an outcome.
    Chosen,
    /// His task is open.
    Open,
    /// His turn comes later.
    Later,
}

/// What the reader may do with a task.
#[derive(Debug, Clone, Copy, Default, Object)]
#[expect(clippy::struct_excessive_bools, reason = "the contract's own shape: one flag for each button")]
pub struct TaskMay {
    /// Take it.
    pub claim: bool,
    /// Give it back.
    pub release: bool,
    /// Complete it.
    pub complete: bool,
    /// Save a draft.
    pub save_draft: bool,
}

/// A step that was done before.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct EarlierView {
    /// What was done.
    pub node_title: String,
    /// The form that was completed.
    pub form_title: Option<String>,
    /// By whom.
    pub by: Option<Ref>,
    /// Who did it in that person's name; absent where he did it himself.
    pub through: Option<Ref>,
    /// When.
    pub at: String,
    /// With which outcome.
    pub outcome_title: Option<String>,
    /// The comment.
    pub comment: Option<String>,
    /// What the form held.
    pub values: Vec<Shown>,
}

/// How a task was closed.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ClosedView {
    /// By whom.
    pub by: Option<Ref>,
    /// Who did it in that person's name; absent where he did it himself.
    pub through: Option<Ref>,
    /// When.
    pub at: String,
    /// With which outcome.
    pub outcome_title: Option<String>,
}

/// A draft to save.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct DraftInput {
    /// The form as far as it is filled in.
    pub form: JsonObject,
}

/// When a draft was saved.
#[derive(Debug, Object)]
pub struct DraftSaved {
    /// When.
    pub saved_at: String,
}

/// What completes a task.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct CompleteInput {
    /// The outcome's name.
    pub outcome: String,
    /// The form; empty where the task has none.
    pub form: JsonObject,
    /// A comment.
    pub comment: Option<String>,
}

/// What came of completing a task.
#[derive(Debug, Object)]
pub struct Completed {
    /// The task.
    pub task: String,
    /// Its item.
    pub item: String,
    /// The titles of the tasks that opened thereby.
    pub next: Vec<String>,
}

/// The endpoints.
pub struct TasksApi;

#[OpenApi]
impl TasksApi {
    /// One task.
    #[oai(path = "/tasks/:id", method = "get", operation_id = "task")]
    async fn task(&self, caller: Caller, id: Path<String>) -> Result<Json<TaskView>, Failure> {
        Ok(Json(app::tasks::view(&caller, caller.id(&id)?).await?))
    }

    /// Take a task that several people may do.
    #[oai(path = "/tasks/:id/claim", method = "post", operation_id = "claim_task")]
    async fn claim(
        &self,
        caller: Caller,
        id: Path<String>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<Json<TaskView>, Failure> {
        Ok(Json(app::tasks::claim(&caller, caller.id(&id)?, key).await?))
    }

    /// Give a task back to those who may do it.
    #[oai(path = "/tasks/:id/release", method = "post", operation_id = "release_task")]
    async fn release(
        &self,
        caller: Caller,
        id: Path<String>,
        #[oai(name = "Idempotency-Key")] key: Key,
    ) -> Result<Json<TaskView>, Failure> {
        Ok(Json(app::tasks::release(&caller, caller.id(&id)?, key).await?))
    }

    /// Save a draft: private to the reader, checked for its size only.
    #[oai(path = "/tasks/:id/draft", method = "put", operation_id = "save_draft")]
    async fn draft(
        &self,
        caller: Caller,
        id: Path<String>,
        draft: Input<DraftInput>,
    ) -> Result<Json<DraftSaved>, Failure> {
        Ok(Json(app::tasks::save_draft(&caller, caller.id(&id)?, draft.0.form.0).await?))
    }

    /// Complete a task.
    #[oai(path = "/tasks/:id/complete", method = "post", operation_id = "complete_task")]
    async fn complete(
        &self,
        id: Path<String>,
        #[oai(name = "Idempotency-Key")] sent: Sent<CompleteInput>,
    ) -> Result<Json<Completed>, Failure> {
        Ok(Json(app::tasks::complete(&sent.caller, sent.id(&id)?, sent.key, sent.input).await?))
    }
}
