//! The one path by which items and instances change: a command becomes one transaction.
//!
//! Claim the key, lock the root, load the case, `step`, store the difference, append to the history, write the outbox and
//! the answer, commit, push. Nothing else writes `root`, `item*`, `instance`, `task`, `task_candidate`, `timer`, `history`.

mod case;
pub mod chain;
mod effects;
mod reindex;
mod replay;
pub(crate) mod retry;
pub mod rows;
mod stale;
mod store;
mod transaction;

use std::sync::Arc;

use docket_engine::{
    case::Case,
    command::{Actor, Command},
    id::Id,
    rejection::Rejection,
    text::Name,
};
use futures_util::future::BoxFuture;
use sea_orm::{DatabaseTransaction, DbErr, EntityTrait};
use serde::{Deserialize, Serialize};

pub(crate) use self::reindex::reindex;
use self::{
    chain::{canonical, sha256},
    transaction::OnHeld,
};
use crate::{db::entity::root, state::App};

/// One command with its author and its key.
#[derive(Debug, Clone)]
pub struct Request {
    /// Who acts.
    pub actor: Actor,
    /// The idempotency key; one actor's keys do not meet another's.
    pub key: String,
    /// Hash of what was sent ([`hash_of`]): the same key with another hash is refused.
    pub body_hash: String,
    /// The root that it is about; none to create one.
    pub root: Option<i64>,
    /// The command.
    pub command: Command,
}

/// Many commands in one transaction: all or nothing.
#[derive(Clone)]
pub struct Batch {
    /// Who acts.
    pub actor: Actor,
    /// The idempotency key of the whole.
    pub key: String,
    /// Hash of what was sent.
    pub body_hash: String,
    /// The commands, each on a root or creating one.
    pub commands: Vec<(Option<i64>, Command)>,
    /// What else is written in the same transaction, with the answers in order: a batch's own state, for instance.
    pub also: Option<Also>,
}

/// Written in the transaction of a [`Batch`]. May run again when the transaction is tried again.
pub type Also =
    Arc<dyn for<'a> Fn(&'a DatabaseTransaction, &'a [Done]) -> BoxFuture<'a, Result<(), DbErr>> + Send + Sync>;

/// The answer to a command; stored, so that the same key gets the same answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// The root.
    pub root: i64,
    /// Items that were created, in order.
    pub items: Vec<Id>,
    /// Tasks that were opened and are still open, in order.
    pub opened: Vec<Opened>,
    /// Instances that ended.
    pub ended: Vec<Id>,
    /// The length of the root's history after the command.
    pub history: i64,
}

/// A task that a command opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// The task.
    pub task: Id,
    /// Its item.
    pub item: Id,
    /// The version of its workflow: the key into `Registry::versions`.
    pub version: Name,
    /// Its node.
    pub node: Name,
}

/// Why a command was not carried out. Nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The engine refuses it.
    #[error("refused: {0:?}")]
    Rejected(Rejection),
    /// The key was used before with another body.
    #[error("the idempotency key was used before with another body")]
    KeyReused,
    /// One command of a batch is refused.
    #[error("command {index} of the batch is refused: {rejection:?}")]
    RejectedAt {
        /// Which, from 0.
        index: usize,
        /// Why.
        rejection: Rejection,
    },
    /// Another transaction holds a root, and this one was not to wait for it.
    #[error("another command is under way")]
    Occupied,
    /// The stored data does not fit itself.
    #[error("stored data is damaged: {0}")]
    Corrupt(String),
    /// The database kept failing; trying again later may help.
    #[error(transparent)]
    Database(#[from] DbErr),
}

impl Request {
    /// `command` on `root`, or creating one; the hash is that of root and command.
    #[must_use]
    pub fn new(actor: Actor, key: impl Into<String>, root: Option<i64>, command: Command) -> Self {
        let body_hash = hash_of(&(root, &command));
        Self { actor, key: key.into(), body_hash, root, command }
    }
}

/// The hash of a body, for [`Request::body_hash`]: SHA-256 of its canonical JSON, in hexadecimal.
#[must_use]
pub fn hash_of(body: &impl Serialize) -> String {
    // What can not be written as JSON has no commands in it; a constant still keeps keys apart by actor.
    let json = serde_json::to_value(body).unwrap_or_default();
    sha256(&[canonical(&json).as_bytes()])
}

/// Carries out one command, once: a request with the same key and body gets the same answer.
///
/// Runs to its end also when the caller goes away.
///
/// # Errors
/// [`RunError`]; nothing has changed then.
pub async fn execute(app: &App, request: Request) -> Result<Done, RunError> {
    one(app, request, OnHeld::Wait).await
}

async fn one(app: &App, request: Request, held: OnHeld) -> Result<Done, RunError> {
    let Request { actor, key, body_hash, root, command } = request;
    let batch = Batch { actor, key, body_hash, commands: vec![(root, command)], also: None };
    let done = all(app, batch, held).await.map_err(|error| match error {
        RunError::RejectedAt { rejection, .. } => RunError::Rejected(rejection),
        other => other,
    })?;
    done.into_iter().next().ok_or_else(|| RunError::Corrupt("a command without an answer".to_owned()))
}

/// As [`execute`], but gives up at once where another transaction holds the root: on PostgreSQL, where other nodes write at
/// the same time.
///
/// # Errors
/// [`RunError::Occupied`] then; as [`execute`].
pub async fn execute_unless_held(app: &App, request: Request) -> Result<Done, RunError> {
    one(app, request, OnHeld::GiveUp).await
}

/// Carries out many commands in one transaction, all or nothing; answers in their order. Runs to its end also when the
/// caller goes away.
///
/// # Errors
/// [`RunError`]; nothing has changed then.
pub async fn execute_batch(app: &App, batch: Batch) -> Result<Vec<Done>, RunError> {
    all(app, batch, OnHeld::Wait).await
}

async fn all(app: &App, batch: Batch, held: OnHeld) -> Result<Vec<Done>, RunError> {
    let app = app.clone();
    let run = tokio::spawn(async move { transaction::run(&app, &batch, held).await });
    run.await.map_err(|error| RunError::Corrupt(format!("a command broke off: {error}")))?
}

/// The answer that `actor`'s `key` got before, if it was used: for a request that would be refused before it comes here,
/// because what it asks has been done.
///
/// # Errors
/// [`RunError::KeyReused`] with another body.
pub async fn answered(app: &App, actor: &Actor, key: &str, body_hash: &str) -> Result<Option<Vec<Done>>, RunError> {
    transaction::answer(app.db.reader(), &scoped(actor, key), body_hash).await
}

/// A key as it is stored: one actor's keys do not meet another's.
#[must_use]
pub fn scoped(actor: &Actor, key: &str) -> String {
    actor.person().map_or_else(|| format!("system/{key}"), |person| format!("{person}/{key}"))
}

/// Loads a case as a command would see it, for buttons and offers. Reads only.
///
/// # Errors
/// [`Rejection::NotFound`] where there is no such root.
pub async fn load(app: &App, root: i64) -> Result<Case, RunError> {
    load_with(app, root, case::Named::default()).await
}

/// As [`load`], with a task that may be closed.
///
/// # Errors
/// As [`load`].
pub async fn load_with_task(app: &App, task: Id) -> Result<Case, RunError> {
    load_with(app, task.root(), case::Named::task(task)).await
}

/// As [`load`], with an item below the root on which nothing may be open.
///
/// # Errors
/// As [`load`].
pub async fn load_with_item(app: &App, item: Id) -> Result<Case, RunError> {
    load_with(app, item.root(), case::Named::item(item)).await
}

async fn load_with(app: &App, root: i64, named: case::Named) -> Result<Case, RunError> {
    let db = app.db.snapshot().await?;
    let row = root::Entity::find_by_id(root).one(&db).await?;
    let row = row.ok_or(RunError::Rejected(Rejection::NotFound))?;
    case::load(&db, &row, named).await
}

/// Whether the history of `root` is an unbroken chain, and replayed through `apply` gives what is stored.
///
/// # Errors
/// [`RunError::Corrupt`] says what does not fit; [`Rejection::NotFound`] where there is no such root.
pub async fn verify(app: &App, root: i64) -> Result<(), RunError> {
    replay::verify(&app.db.snapshot().await?, root).await
}
