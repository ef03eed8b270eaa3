//! Timers that are due fire, each once across all nodes: the command's key is the timer and the moment for which it stood. A node
//! passes by what another works at (`FOR UPDATE SKIP LOCKED` on PostgreSQL), so that many nodes share what came due.

use std::collections::BTreeSet;

use docket_engine::{
    command::{Actor, Command},
    id::Id,
    rejection::Rejection,
};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};

use super::attempts;
use crate::{
    app::runner::{Request, RunError, execute_unless_held},
    db::entity::timer,
    state::App,
};

/// Timers that one round fires.
const ROUND: u64 = 100;

/// Fires what is due; true where there may be more.
pub(super) async fn fire(app: &App) -> Result<bool, String> {
    let text = |error: DbErr| error.to_string();
    let due = due(app).await.map_err(text)?;
    let mut tried = Vec::new();
    for row in due {
        match fire_one(app, &row).await {
            Ok(()) => tried.push(row),
            // Another node is firing it, or a command is under way on its item: it comes round again.
            Err(RunError::Occupied) => {}
            Err(error) => failed(app, &row, &error.to_string()).await.map_err(text)?,
        }
    }
    // What stands as it stood was not fired, whatever was answered; without this it would be tried again at once, for ever.
    let standing = standing(app, &tried).await.map_err(text)?;
    for row in tried.iter().filter(|row| standing.contains(&(row.id, row.due_at))) {
        failed(app, row, "the timer is due, but nothing waits for it").await.map_err(text)?;
    }
    Ok(tried.len() > standing.len())
}

async fn due(app: &App) -> Result<Vec<timer::Model>, DbErr> {
    timer::Entity::find()
        .filter(timer::Column::Paused.eq(false))
        .filter(timer::Column::DueAt.lte(app.now().as_millisecond()))
        .filter(timer::Column::Attempts.lt(attempts::MOST))
        .filter(attempts::may_try(timer::Column::NextAttemptAt, app.now()))
        .order_by_asc(timer::Column::DueAt)
        .order_by_asc(timer::Column::Id)
        .limit(ROUND)
        .all(app.db.reader())
        .await
}

async fn fire_one(app: &App, row: &timer::Model) -> Result<(), RunError> {
    let id = Id::from_raw(row.id);
    let key = format!("timer/{id}/{}", row.due_at);
    let request = Request::new(Actor::System, key, Some(row.root_id), Command::FireTimer { timer: id });
    match execute_unless_held(app, request).await {
        // Another node was faster, or the work that it stood for is gone.
        Ok(_) | Err(RunError::Rejected(Rejection::Gone | Rejection::NotFound)) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Those of `rows` that are still due as they were, by id and moment.
async fn standing(app: &App, rows: &[timer::Model]) -> Result<BTreeSet<(i64, i64)>, DbErr> {
    if rows.is_empty() {
        return Ok(BTreeSet::new());
    }
    let there = timer::Entity::find()
        .filter(timer::Column::Id.is_in(rows.iter().map(|row| row.id)))
        .filter(timer::Column::Paused.eq(false))
        .all(app.db.reader())
        .await?;
    let there: BTreeSet<(i64, i64)> = there.iter().map(|row| (row.id, row.due_at)).collect();
    Ok(rows.iter().map(|row| (row.id, row.due_at)).filter(|row| there.contains(row)).collect())
}

/// Counts a failed attempt, unless the timer has been re-armed or tried by another node meanwhile.
async fn failed(app: &App, row: &timer::Model, error: &str) -> Result<(), DbErr> {
    tracing::error!(timer = %Id::from_raw(row.id), error, attempts = row.attempts + 1, "a timer failed");
    let write = app.db.write().await?;
    timer::Entity::update_many()
        .col_expr(timer::Column::Attempts, Expr::value(row.attempts + 1))
        .col_expr(timer::Column::NextAttemptAt, Expr::value(attempts::next(row.attempts, app.now())))
        .col_expr(timer::Column::LastError, Expr::value(error))
        .filter(timer::Column::Id.eq(row.id))
        .filter(timer::Column::DueAt.eq(row.due_at))
        .filter(timer::Column::Attempts.eq(row.attempts))
        .exec(&*write)
        .await?;
    write.commit().await
}
