//! Versions of the access policies. Policies are documents like others; whenever they change, by whatever way, a version says who
//! did it, when and why.

use std::sync::Arc;

use docket_engine::{id::PersonId, source::File};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ConnectionTrait, DbErr, EntityTrait, QueryOrder,
};
use serde::{Deserialize, Serialize};

use super::{Base, PublishError, export, publish_for, rows};
use crate::{
    audit::Origin,
    db::entity::{definition, policy_version},
    state::Shared,
};

/// The kind of a policy among documents.
const POLICY: &str = "policy";

/// A policy document as a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyFile {
    /// Its path in a folder of configuration.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// The policies among `rows`, by path and place.
fn files(rows: &[definition::Model]) -> Vec<PolicyFile> {
    let policies = rows.iter().filter(|row| row.kind == POLICY);
    let mut files: Vec<PolicyFile> =
        policies.map(|row| PolicyFile { path: row.path.clone(), text: row.source.clone() }).collect();
    files.sort_by(|a, b| (&a.path, &a.text).cmp(&(&b.path, &b.text)));
    files
}

/// Writes a version where the policies in force are other ones than those of the last version.
pub(super) async fn record<C: ConnectionTrait>(
    db: &C,
    shared: &Shared,
    (by, why): (Option<PersonId>, &str),
) -> Result<(), DbErr> {
    let json = |error: serde_json::Error| DbErr::Custom(error.to_string());
    let documents = serde_json::to_string(&files(&rows(db, true).await?)).map_err(json)?;
    let last = policy_version::Entity::find().order_by_desc(policy_version::Column::Id).one(db).await?;
    if last.is_some_and(|last| last.documents == documents) {
        return Ok(());
    }
    let row = policy_version::ActiveModel {
        id: NotSet,
        at: Set(shared.now().as_millisecond()),
        by_id: Set(by.map(|person| person.0)),
        why: Set(why.to_owned()),
        documents: Set(documents),
    };
    policy_version::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// All of what is published, with `policies` in the place of the policies in force, and what that is based on.
///
/// # Errors
/// The database's own.
pub async fn with_policies(shared: &Shared, policies: &[PolicyFile]) -> Result<(Vec<Arc<File>>, Base), DbErr> {
    let (_, standing) = export(shared).await?;
    let db = shared.db.snapshot().await?;
    let others = rows(&db, true).await?.into_iter().filter(|row| row.kind != POLICY);
    let mut files: Vec<Arc<File>> = others.map(|row| Arc::new(File { path: row.path, text: row.source })).collect();
    files.extend(policies.iter().map(|file| Arc::new(File { path: file.path.clone(), text: file.text.clone() })));
    Ok((files, Base::Exactly(standing.digest)))
}

/// Publishes `policies` in the place of those in force, on top of what is published now.
///
/// # Errors
/// As of every publication; [`PublishError::Newer`] where something was published at the same moment.
pub async fn publish_policies(
    shared: &Shared,
    policies: &[PolicyFile],
    origin: &Origin,
    why: &str,
) -> Result<(), PublishError> {
    let (files, base) = with_policies(shared, policies).await?;
    publish_for(shared, &files, origin, why, &base).await.map(|_| ())
}
