//! Published definitions: the truth is in the database; memory holds one immutable snapshot that is replaced as a whole.

use std::{path::Path, sync::Arc};

use docket_engine::{definition::registry::Registry, diagnostic::Diagnostic, id::PersonId, source::File};
use sea_orm::DbErr;

use crate::{db::entity::casbin_rule, effects::templates::Templates, state::Shared};

/// What is published, read in one transaction.
#[derive(Debug, Default)]
pub struct Published {
    /// Grows with every publication, on all nodes alike.
    pub generation: i64,
    /// The definitions.
    pub registry: Arc<Registry>,
    /// The Casbin rows of the policies.
    pub rules: Vec<casbin_rule::Model>,
    /// The notices' templates, compiled.
    pub templates: Templates,
}

/// What publishing did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Publication {
    /// Kind and name of what is new or changed.
    pub published: Vec<(String, String)>,
    /// Kind and name of what is no longer there.
    pub withdrawn: Vec<(String, String)>,
    /// How many stayed as they were.
    pub unchanged: usize,
}

/// Why nothing was published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The definitions have faults; all of them.
    #[error("{} faults in the configuration", .0.len())]
    Faults(Vec<Diagnostic>),
    /// The folder can not be read.
    #[error("{0}")]
    Unreadable(String),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// The configuration files below `folder`: every `.yaml` and `.yml`, sorted by path.
///
/// # Errors
/// [`PublishError::Unreadable`].
pub fn read_folder(folder: &Path) -> Result<Vec<Arc<File>>, PublishError> {
    let _ = folder;
    Ok(Vec::new())
}

/// The shipped configuration, which the binary carries.
#[must_use]
pub fn shipped() -> Vec<Arc<File>> {
    Vec::new()
}

/// Publishes `files` as the whole configuration, in one transaction; takes effect on every node without a restart.
///
/// # Errors
/// [`PublishError`]; nothing has changed then.
pub async fn publish(shared: &Shared, files: &[Arc<File>], by: Option<PersonId>) -> Result<Publication, PublishError> {
    let _ = (shared, files, by);
    Ok(Publication::default())
}
