//! Effects: what leaves the process, performed from the outbox.
//!
//! Invariant: a row of the outbox and the notices that it makes are written in one transaction, so that a notice is there
//! once however often a process stops.

pub mod templates;

use docket_engine::{
    effect::Effect,
    id::{Id, PersonId},
    text::Name,
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use serde_json::{Map, Value as Json};

use crate::{
    db::entity::{notice, outbox},
    push::{News, Stale, announce},
    state::App,
};

/// Rows that one round performs.
const ROUND: u64 = 100;
/// Attempts at a row before it is left for somebody to look at.
const ATTEMPTS: i32 = 10;

/// Performs what waits in the outbox, in its order; gives how many rows were performed.
///
/// # Errors
/// The database's own.
pub(crate) async fn perform(app: &App) -> Result<usize, DbErr> {
    let waiting = outbox::Entity::find()
        .filter(outbox::Column::DeliveredAt.is_null())
        .filter(outbox::Column::Attempts.lt(ATTEMPTS))
        .order_by_asc(outbox::Column::Id)
        .limit(ROUND)
        .all(app.db.reader())
        .await?;
    for row in &waiting {
        if let Err(error) = deliver(app, row).await {
            tracing::error!(outbox = row.id, %error, "an effect failed");
            failed(app, row.id, &error).await?;
        }
    }
    Ok(waiting.len())
}

/// Performs one row, unless another node has.
async fn deliver(app: &App, row: &outbox::Model) -> Result<(), String> {
    let text = |error: DbErr| error.to_string();
    let effect: Effect = serde_json::from_str(&row.effect).map_err(|error| error.to_string())?;
    let write = app.db.write().await.map_err(text)?;
    let taken = outbox::Entity::update_many()
        .col_expr(outbox::Column::DeliveredAt, Expr::value(app.now().as_millisecond()))
        .filter(outbox::Column::Id.eq(row.id))
        .filter(outbox::Column::DeliveredAt.is_null())
        .exec(&*write)
        .await
        .map_err(text)?;
    if taken.rows_affected == 0 {
        return Ok(());
    }
    let Effect::Notify { template, item, task, to, data, .. } = effect else {
        return Err("this effect has no performer".to_owned());
    };
    notify(app, &*write, row.id, (&template, &data), (item, task), &to).await?;
    let stale = Stale { notices: to.into_iter().collect(), ..Stale::default() };
    let news = News::Stale(stale);
    announce(&*write, &app.node, &news).await.map_err(text)?;
    write.commit().await.map_err(text)?;
    if let News::Stale(stale) = news {
        app.hub.tell(stale);
        app.wake.nodes.notify_one();
    }
    Ok(())
}

async fn notify<C: ConnectionTrait>(
    app: &App,
    db: &C,
    outbox_id: i64,
    (template, data): (&Name, &Map<String, Json>),
    (item, task): (Id, Option<Id>),
    to: &[PersonId],
) -> Result<(), String> {
    if to.is_empty() {
        return Ok(());
    }
    let rendered = app.published().templates.render(template, data)?;
    let rows = to.iter().map(|person| notice::ActiveModel {
        id: NotSet,
        outbox_id: Set(outbox_id),
        person_id: Set(person.0),
        item_id: Set(Some(item.raw())),
        task_id: Set(task.map(Id::raw)),
        title_zh: Set(rendered.title.zh.clone()),
        title_en: Set(rendered.title.en.clone()),
        body_zh: Set(rendered.body.zh.clone()),
        body_en: Set(rendered.body.en.clone()),
        created_at: Set(app.now().as_millisecond()),
        read_at: Set(None),
    });
    let rows: Vec<_> = rows.collect();
    for part in rows.chunks(100) {
        let insert = notice::Entity::insert_many(part.to_vec());
        insert.exec_without_returning(db).await.map_err(|error| error.to_string())?;
    }
    Ok(())
}

async fn failed(app: &App, id: i64, error: &str) -> Result<(), DbErr> {
    use sea_orm::sea_query::ExprTrait as _;
    let write = app.db.write().await?;
    outbox::Entity::update_many()
        .col_expr(outbox::Column::Attempts, Expr::col(outbox::Column::Attempts).add(1))
        .col_expr(outbox::Column::LastError, Expr::value(error))
        .filter(outbox::Column::Id.eq(id))
        .exec(&*write)
        .await?;
    write.commit().await
}
