//! Timers that are due fire, each once across all nodes: the command's key is the timer and the moment for which it stood.

use docket_engine::{
    command::{Actor, Command},
    id::Id,
    rejection::Rejection,
};
use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait as _},
};

use crate::{
    app::runner::{Request, RunError, execute},
    db::entity::timer,
    state::App,
};

/// Timers that one round fires.
const ROUND: u64 = 100;
/// Attempts at a timer that fails before it is left for somebody to look at.
const ATTEMPTS: i32 = 10;

/// Fires what is due; true where there may be more.
pub(super) async fn fire(app: &App) -> Result<bool, String> {
    let due = timer::Entity::find()
        .filter(timer::Column::Paused.eq(false))
        .filter(timer::Column::DueAt.lte(app.now().as_millisecond()))
        .filter(timer::Column::Attempts.lt(ATTEMPTS))
        .order_by_asc(timer::Column::DueAt)
        .order_by_asc(timer::Column::Id)
        .limit(ROUND)
        .all(app.db.reader())
        .await
        .map_err(|error| error.to_string())?;
    let mut fired = false;
    for row in &due {
        match fire_one(app, row).await {
            Ok(()) => fired = true,
            Err(error) => {
                tracing::error!(timer = %Id::from_raw(row.id), %error, "a timer failed");
                failed(app, row.id, &error.to_string()).await.map_err(|error| error.to_string())?;
            }
        }
    }
    Ok(fired)
}

async fn fire_one(app: &App, row: &timer::Model) -> Result<(), RunError> {
    let id = Id::from_raw(row.id);
    let key = format!("timer/{id}/{}", row.due_at);
    let request = Request::new(Actor::System, key, Some(row.root_id), Command::FireTimer { timer: id });
    match execute(app, request).await {
        // Another node was faster, or the work that it stood for is gone.
        Ok(_) | Err(RunError::Rejected(Rejection::Gone | Rejection::NotFound)) => Ok(()),
        Err(error) => Err(error),
    }
}

async fn failed(app: &App, id: i64, error: &str) -> Result<(), DbErr> {
    let write = app.db.write().await?;
    timer::Entity::update_many()
        .col_expr(timer::Column::Attempts, Expr::col(timer::Column::Attempts).add(1))
        .col_expr(timer::Column::LastError, Expr::value(error))
        .filter(timer::Column::Id.eq(id))
        .exec(&*write)
        .await?;
    write.commit().await
}
