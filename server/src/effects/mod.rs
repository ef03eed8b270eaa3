//! Effects: what leaves the process, performed from the outbox.
//!
//! Invariant: a row of the outbox and the notices that it makes are written in one transaction, so that a notice is there
//! once however often a process stops.

pub(crate) mod ask;
mod masks;
pub mod templates;

use std::collections::BTreeSet;

use docket_engine::{
    effect::Effect,
    id::{Id, PersonId},
    text::Name,
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Alias, Expr, ExprTrait as _, Query},
};
use serde_json::{Map, Value as Json};

use crate::{
    db::entity::{notice, outbox},
    jobs::attempts,
    push::{News, Stale, announce},
    state::App,
};

/// Rows that one round performs.
const ROUND: u64 = 100;

/// Performs what waits in the outbox but for questions ([`ask`]), in its order; true where there may be more.
///
/// A root's rows keep their order: while one waits for its next attempt, those after it wait too. One that failed too often
/// is passed by.
///
/// # Errors
/// The database's own.
pub(crate) async fn perform(app: &App) -> Result<bool, DbErr> {
    let waiting = waiting(app).await?;
    let mut behind = BTreeSet::new();
    let mut delivered = false;
    for row in &waiting {
        if behind.contains(&row.root_id) {
            continue;
        }
        match deliver(app, row).await {
            Ok(()) => delivered = true,
            Err(error) => {
                behind.insert(row.root_id);
                failed(app, row, &error).await?;
            }
        }
    }
    Ok(delivered)
}

async fn waiting(app: &App) -> Result<Vec<outbox::Model>, DbErr> {
    let now = app.now();
    let earlier = Alias::new("earlier");
    let column = |column: outbox::Column| Expr::col((earlier.clone(), column));
    let held_up = Query::select()
        .expr(Expr::value(1))
        .from_as(outbox::Entity, earlier.clone())
        .and_where(column(outbox::Column::RootId).equals((outbox::Entity, outbox::Column::RootId)))
        .and_where(column(outbox::Column::Id).lt(Expr::col((outbox::Entity, outbox::Column::Id))))
        .and_where(column(outbox::Column::DeliveredAt).is_null())
        .and_where(column(outbox::Column::Service).is_null())
        .and_where(column(outbox::Column::Attempts).lt(attempts::MOST))
        .and_where(column(outbox::Column::NextAttemptAt).gt(now.as_millisecond()))
        .to_owned();
    outbox::Entity::find()
        .filter(outbox::Column::DeliveredAt.is_null())
        .filter(outbox::Column::Service.is_null())
        .filter(outbox::Column::Attempts.lt(attempts::MOST))
        .filter(attempts::may_try((outbox::Entity, outbox::Column::NextAttemptAt), now))
        .filter(Expr::exists(held_up).not())
        .order_by_asc(outbox::Column::Id)
        .limit(ROUND)
        .all(app.db.reader())
        .await
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
    let mut rows = Vec::with_capacity(to.len());
    for (data, people) in masks::by_reader(app, db, item, data, to).await? {
        let rendered = app.published().templates.render(template, &data)?;
        rows.extend(people.iter().map(|person| notice::ActiveModel {
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
        }));
    }
    for part in rows.chunks(100) {
        let insert = notice::Entity::insert_many(part.to_vec());
        insert.exec_without_returning(db).await.map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// Counts a failed attempt, unless another node has tried meanwhile.
async fn failed(app: &App, row: &outbox::Model, error: &str) -> Result<(), DbErr> {
    tracing::error!(outbox = row.id, error, attempts = row.attempts + 1, "an effect failed");
    let write = app.db.write().await?;
    outbox::Entity::update_many()
        .col_expr(outbox::Column::Attempts, Expr::value(row.attempts + 1))
        .col_expr(outbox::Column::NextAttemptAt, Expr::value(attempts::next(row.attempts, app.now())))
        .col_expr(outbox::Column::LastError, Expr::value(error))
        .filter(outbox::Column::Id.eq(row.id))
        .filter(outbox::Column::Attempts.eq(row.attempts))
        .exec(&*write)
        .await?;
    write.commit().await
}
