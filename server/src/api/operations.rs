//! `/tasks/{id}/…`: what may be done with a task beside completing it.

use poem_openapi::{Object, OpenApi, param::Path, payload::Json};

use super::{sent::Sent, tasks::Completed, views::Ref};
use crate::{app, failure::Failure};

/// What the reader may do with a task beside completing it.
#[derive(Debug, Default, Object)]
#[oai(skip_serializing_if_is_none)]
#[expect(clippy::struct_excessive_bools, reason = "the contract's own shape: one flag for each button")]
pub struct OperationsView {
    /// Give it to somebody else 转办.
    pub transfer: bool,
    /// Let somebody else work on it 委托.
    pub delegate: bool,
    /// Hand it back, or take it back from the delegate.
    pub hand_back: bool,
    /// Let others read it 抄送.
    pub copy: bool,
    /// Urge those who are to do it 催办.
    pub urge: bool,
    /// The steps to which it can be returned 退回, the earliest first.
    pub return_to: Vec<StepView>,
    /// When signers who are added 加签 can have their turn; empty where nobody can be added.
    pub add_signers: Vec<TurnView>,
    /// The signers who may be left out 减签.
    pub remove_signers: Vec<Ref>,
    /// Who has delegated it and gets it back.
    pub delegated_by: Option<Ref>,
    /// Until when the reader can take back what he completed 撤回 (RFC 3339).
    pub withdraw_until: Option<String>,
    /// How many seconds that is from now.
    pub withdraw_seconds: Option<i64>,
}

/// A step of a workflow.
#[derive(Debug, Object)]
pub struct StepView {
    /// Its node.
    pub node: String,
    /// Its title.
    pub title: String,
}

/// To whom a task is passed.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct PassInput {
    /// The person's id.
    pub to: String,
    /// A comment.
    pub comment: Option<String>,
}

/// Where a task is returned to.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct ReturnInput {
    /// The step's node.
    pub to: String,
    /// Whether it then comes straight back here instead of going through all steps again.
    #[oai(default)]
    pub straight: bool,
    /// A comment, which is needed.
    pub comment: Option<String>,
}

/// When added signers have their turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, poem_openapi::Enum)]
#[oai(rename_all = "lowercase", rename = "Turn")]
pub enum TurnView {
    /// 前加签: before the one who adds them, who gets his task again after them.
    Before,
    /// 后加签: after him.
    After,
    /// 并加签: at the same time.
    Beside,
}

/// Who signs as well.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct AddSignersInput {
    /// The people's ids, in the order of their turns.
    pub people: Vec<String>,
    /// When they have their turn.
    pub turn: TurnView,
    /// A comment.
    pub comment: Option<String>,
}

/// Who need not sign any more.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct RemoveSignerInput {
    /// The person's id.
    pub person: String,
    /// A comment.
    pub comment: Option<String>,
}

/// To whom a task is copied.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct CopyInput {
    /// The people's ids.
    pub people: Vec<String>,
    /// A comment.
    pub comment: Option<String>,
}

/// A comment alone.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct CommentInput {
    /// The comment.
    pub comment: Option<String>,
}

/// What came of an operation.
type Answer = Result<Json<Completed>, Failure>;

/// The endpoints.
pub struct OperationsApi;

#[OpenApi]
impl OperationsApi {
    /// Give a task to somebody else 转办.
    #[oai(path = "/tasks/:id/transfer", method = "post", operation_id = "transfer_task")]
    async fn transfer(&self, id: Path<String>, #[oai(name = "Idempotency-Key")] sent: Sent<PassInput>) -> Answer {
        Ok(Json(app::operations::transfer(&sent.caller, sent.id(&id)?, sent.key, sent.input).await?))
    }

    /// Let somebody else work on a task 委托.
    #[oai(path = "/tasks/:id/delegate", method = "post", operation_id = "delegate_task")]
    async fn delegate(&self, id: Path<String>, #[oai(name = "Idempotency-Key")] sent: Sent<PassInput>) -> Answer {
        Ok(Json(app::operations::delegate(&sent.caller, sent.id(&id)?, sent.key, sent.input).await?))
    }

    /// Hand a delegated task back, or take it back.
    #[oai(path = "/tasks/:id/hand-back", method = "post", operation_id = "hand_back_task")]
    async fn hand_back(&self, id: Path<String>, #[oai(name = "Idempotency-Key")] sent: Sent<CommentInput>) -> Answer {
        Ok(Json(app::operations::hand_back(&sent.caller, sent.id(&id)?, sent.key, sent.input).await?))
    }

    /// Return a task to an earlier step 退回.
    #[oai(path = "/tasks/:id/return", method = "post", operation_id = "return_task")]
    async fn return_to(&self, id: Path<String>, #[oai(name = "Idempotency-Key")] sent: Sent<ReturnInput>) -> Answer {
        Ok(Json(app::operations::return_to(&sent.caller, sent.id(&id)?, sent.key, sent.input).await?))
    }

    /// Let further people sign 加签.
    #[oai(path = "/tasks/:id/add-signers", method = "post", operation_id = "add_signers")]
    async fn add_signers(
        &self,
        id: Path<String>,
        #[oai(name = "Idempotency-Key")] sent: Sent<AddSignersInput>,
    ) -> Answer {
        Ok(Json(app::operations::add_signers(&sent.caller, sent.id(&id)?, sent.key, sent.input).await?))
    }

    /// Leave somebody out who has not signed 减签.
    #[oai(path = "/tasks/:id/remove-signer", method = "post", operation_id = "remove_signer")]
    async fn remove_signer(
        &self,
        id: Path<String>,
        #[oai(name = "Idempotency-Key")] sent: Sent<RemoveSignerInput>,
    ) -> Answer {
        Ok(Json(app::operations::remove_signer(&sent.caller, sent.id(&id)?, sent.key, sent.input).await?))
    }

    /// Let others read the item of a task, and tell them 抄送.
    #[oai(path = "/tasks/:id/copy", method = "post", operation_id = "copy_task")]
    async fn copy(&self, id: Path<String>, #[oai(name = "Idempotency-Key")] sent: Sent<CopyInput>) -> Answer {
        Ok(Json(app::operations::copy(&sent.caller, sent.id(&id)?, sent.key, sent.input).await?))
    }

    /// Urge those who are to do a task 催办.
    #[oai(path = "/tasks/:id/urge", method = "post", operation_id = "urge_task")]
    async fn urge(&self, id: Path<String>, #[oai(name = "Idempotency-Key")] sent: Sent<CommentInput>) -> Answer {
        Ok(Json(app::operations::urge(&sent.caller, sent.id(&id)?, sent.key, sent.input).await?))
    }

    /// Take back what one completed 撤回, with everything that it led to.
    #[oai(path = "/tasks/:id/withdraw", method = "post", operation_id = "withdraw_task")]
    async fn withdraw(&self, id: Path<String>, #[oai(name = "Idempotency-Key")] sent: Sent<CommentInput>) -> Answer {
        Ok(Json(app::operations::withdraw(&sent.caller, sent.id(&id)?, sent.key, sent.input).await?))
    }
}
