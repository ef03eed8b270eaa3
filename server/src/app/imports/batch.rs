//! What an upload leaves in the database: its preview, and later what its commit did.

use std::collections::BTreeMap;

use docket_engine::id::PersonId;
use sea_orm::{
    ActiveModelTrait as _,
    ActiveValue::{NotSet, Set},
    ConnectionTrait, DbErr, EntityTrait,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::Order;
use crate::{db::entity::import_batch, failure::Failure, import::report::Report, state::App};

/// An upload.
#[derive(Debug, Clone)]
pub struct Batch {
    /// Its id.
    pub id: i64,
    /// What it is imported into.
    pub order: Order,
    /// The file's name.
    pub file_name: String,
    /// Where it stands.
    pub state: State,
    /// The report.
    pub report: Report,
    /// What its commit did.
    pub committed: Option<Committed>,
}

/// Where an upload stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Shown, not committed.
    Preview,
    /// Committed.
    Committed,
}

/// What a commit did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Committed {
    /// The item that each accepted row became or changed, by the row's number, as its id's text.
    pub items: BTreeMap<u32, String>,
    /// How many items were created.
    pub created: usize,
    /// How many items were changed.
    pub changed: usize,
    /// When, in milliseconds since the epoch.
    pub at: i64,
}

/// What the column `report` holds.
#[derive(Serialize, Deserialize)]
struct Stored {
    report: Report,
    committed: Option<Committed>,
}

impl State {
    /// The word in the database and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Preview => "preview",
            Self::Committed => "committed",
        }
    }
}

/// SHA-256 of the file, in hexadecimal.
pub(super) fn hash(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Keeps a preview.
pub(super) async fn store(
    app: &App,
    person: PersonId,
    order: &Order,
    (file_name, file_hash): (String, String),
    report: Report,
) -> Result<Batch, Failure> {
    let row = import_batch::ActiveModel {
        id: NotSet,
        module: Set(order.module.clone()),
        kind: Set(order.kind.clone()),
        actor_id: Set(Some(person.0)),
        file_name: Set(file_name.clone()),
        file_hash: Set(file_hash),
        categories: Set(json(&order.categories)?),
        report: Set(written(&report, None)?),
        state: Set(State::Preview.name().to_owned()),
        created_at: Set(app.now().as_millisecond()),
        committed_at: Set(None),
    };
    let write = app.db.write().await?;
    let id = row.insert(&*write).await?.id;
    write.commit().await?;
    Ok(Batch { id, order: order.clone(), file_name, state: State::Preview, report, committed: None })
}

/// The upload `id` of `person`; nobody else's is found.
///
/// # Errors
/// [`Failure::NotFound`].
pub async fn load(app: &App, person: PersonId, id: i64) -> Result<Batch, Failure> {
    let row = import_batch::Entity::find_by_id(id).one(app.db.reader()).await?;
    let row = row.filter(|row| row.actor_id == Some(person.0)).ok_or(Failure::NotFound)?;
    let stored: Stored = read(&row.report)?;
    Ok(Batch {
        id,
        order: Order { module: row.module, kind: row.kind, categories: read(&row.categories)? },
        file_name: row.file_name,
        state: if row.state == State::Committed.name() { State::Committed } else { State::Preview },
        report: stored.report,
        committed: stored.committed,
    })
}

/// Replaces the report of a preview.
pub(super) async fn renew(app: &App, id: i64, report: &Report) -> Result<(), Failure> {
    let text = written(report, None)?;
    let write = app.db.write().await?;
    update(&*write, id, text, None).await?;
    write.commit().await?;
    Ok(())
}

/// Writes what a commit did, in its transaction: false where the upload was committed before.
pub(super) async fn close<C: ConnectionTrait>(
    db: &C,
    id: i64,
    report: &Report,
    committed: &Committed,
) -> Result<bool, DbErr> {
    let text = written(report, Some(committed)).map_err(|error| DbErr::Custom(error.to_string()))?;
    update(db, id, text, Some(committed.at)).await
}

async fn update<C: ConnectionTrait>(db: &C, id: i64, text: String, at: Option<i64>) -> Result<bool, DbErr> {
    use sea_orm::{ColumnTrait as _, QueryFilter as _, sea_query::Expr};
    let state = if at.is_some() { State::Committed } else { State::Preview };
    let done = import_batch::Entity::update_many()
        .col_expr(import_batch::Column::Report, Expr::value(text))
        .col_expr(import_batch::Column::State, Expr::value(state.name()))
        .col_expr(import_batch::Column::CommittedAt, Expr::value(at))
        .filter(import_batch::Column::Id.eq(id))
        .filter(import_batch::Column::State.eq(State::Preview.name()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

fn written(report: &Report, committed: Option<&Committed>) -> Result<String, Failure> {
    json(&Stored { report: report.clone(), committed: committed.cloned() })
}

fn json(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(Failure::internal)
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Failure> {
    serde_json::from_str(text).map_err(Failure::internal)
}
