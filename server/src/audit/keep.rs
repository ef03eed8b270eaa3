//! What is done with the log at intervals: sealing, and removing what is older than the retention.

use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};

use super::{Act, Origin, act::What, record, seal::seal};
use crate::{
    db::entity::{audit, seal_head},
    state::App,
};

/// Rows that are removed in one transaction.
const MOST: i64 = 5_000;

/// When this process next looks whether something is to be done.
#[derive(Debug, Default)]
pub(crate) struct Due(Mutex<Option<Timestamp>>);

impl Due {
    /// Whether it is time; the next time is `every` later.
    fn take(&self, now: Timestamp, every: SignedDuration) -> bool {
        let mut due = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = due.is_none_or(|due| due <= now);
        if is_due {
            *due = now.checked_add(every).ok();
        }
        is_due
    }

    /// There is more to do at once.
    fn again(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// One round: seals and removes where it is time; true where there is more to do.
///
/// # Errors
/// The database's own.
pub(crate) async fn round(app: &App) -> Result<bool, DbErr> {
    if !app.keeping.take(app.now(), app.settings.security.audit.seal_every) {
        return Ok(false);
    }
    let more = seal(app).await? | trim(app).await?;
    if more {
        app.keeping.again();
    }
    Ok(more)
}

/// Removes rows older than the retention; the row that says so is the anchor from which the rest is verified. True where it did.
///
/// # Errors
/// The database's own.
pub async fn trim(app: &App) -> Result<bool, DbErr> {
    let Some((through, _)) = old(app, app.db.reader()).await? else { return Ok(false) };
    let write = app.db.write().await?;
    let end = record::lock(&*write).await?;
    // Another node may have removed them.
    let Some((now_through, row)) = old(app, &*write).await?.filter(|(now, _)| *now >= through) else {
        return Ok(false);
    };
    let removed = audit::Entity::delete_many().filter(audit::Column::Sequence.lte(now_through)).exec(&*write).await?;
    seal_head::Entity::delete_many().filter(seal_head::Column::Seal.lte(now_through)).exec(&*write).await?;
    let act = Act::done(Origin::system(), What::Trimmed)
        .with("through", now_through)
        .with("hash", row.hash)
        .with("rows", removed.rows_affected);
    let hasher = &app.settings.security.audit.hasher;
    record::append(hasher, &*write, &end, record::row_of(act, app.now().as_millisecond())).await?;
    write.commit().await?;
    Ok(true)
}

/// The last of the oldest rows that are to go, with its number.
async fn old<C: sea_orm::ConnectionTrait>(app: &App, db: &C) -> Result<Option<(i64, audit::Model)>, DbErr> {
    let limit = app.now().checked_sub(app.settings.security.audit.keep).unwrap_or(Timestamp::MIN).as_millisecond();
    let first = audit::Entity::find().order_by_asc(audit::Column::Sequence).one(db).await?;
    let Some(first) = first.filter(|row| row.at < limit) else { return Ok(None) };
    let young = audit::Entity::find()
        .filter(audit::Column::At.gte(limit))
        .order_by_asc(audit::Column::Sequence)
        .one(db)
        .await?;
    let most = first.sequence.saturating_add(MOST - 1);
    let through = young.map_or(most, |young| most.min(young.sequence - 1));
    let last = audit::Entity::find()
        .filter(audit::Column::Sequence.lte(through))
        .order_by_desc(audit::Column::Sequence)
        .one(db)
        .await?;
    Ok(last.map(|row| (row.sequence, row)))
}
