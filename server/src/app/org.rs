//! The organisation: read from its tables into one immutable snapshot, replaced as a whole when it changes.

use std::sync::Arc;

use docket_engine::org::Org;
use sea_orm::{DatabaseTransaction, DbErr};

use crate::state::App;

/// The organisation as of a generation.
#[derive(Debug, Default)]
pub struct Organisation {
    /// Grows with every change, on all nodes alike.
    pub generation: i64,
    /// The snapshot.
    pub org: Arc<Org>,
}

/// To be called in the transaction that changes units, people, posts or groups, before it commits: every node will reload.
///
/// # Errors
/// The database's own.
pub async fn changed(app: &App, transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    let _ = (app, transaction);
    Ok(())
}

/// Reloads the organisation on this node: after the commit that changed it.
///
/// # Errors
/// The database's own.
pub async fn reload(app: &App) -> Result<(), DbErr> {
    let _ = app;
    Ok(())
}
