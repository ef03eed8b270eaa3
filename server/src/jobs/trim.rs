//! Commands that nobody sends again: their keys and answers are kept for a number of days, then they go. History stays.

use jiff::{SignedDuration, Timestamp};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use crate::{db::entity::command, state::App};

/// Rows that one transaction removes, so that no writer waits long.
const ROUND: u64 = 1_000;

/// Removes what is too old; true where there may be more.
///
/// # Errors
/// The database's own.
pub(super) async fn trim(app: &App) -> Result<bool, DbErr> {
    let before = oldest(app.now(), app.settings.keep_keys_days);
    let old = || {
        command::Entity::find()
            .select_only()
            .column(command::Column::Key)
            .filter(command::Column::At.lt(before.as_millisecond()))
            .order_by_asc(command::Column::At)
            .limit(ROUND)
    };
    // Nearly always there is nothing to do: that is looked at without the lock of a writer.
    if old().into_tuple::<String>().one(app.db.reader()).await?.is_none() {
        return Ok(false);
    }
    let write = app.db.write().await?;
    let gone = command::Entity::delete_many()
        .filter(command::Column::Key.in_subquery(old().into_query()))
        .exec(&*write)
        .await?;
    write.commit().await?;
    Ok(gone.rows_affected >= ROUND)
}

/// From when on keys are kept.
fn oldest(now: Timestamp, days: u16) -> Timestamp {
    now.checked_sub(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(Timestamp::MIN)
}
