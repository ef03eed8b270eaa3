//! Timers and effects that failed: how many, which, why, and how they are tried again.

use std::collections::{BTreeMap, BTreeSet};

use docket_engine::id::Id;
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait as _},
};

use crate::{
    clock::from_ms,
    db::entity::{item, outbox, timer},
    jobs::attempts,
    state::App,
};

/// Most rows of each sort that are listed.
const MOST: u64 = 1_000;

/// How many rows failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Failed too often, and left until somebody re-arms them.
    pub stuck: u64,
    /// Will be tried again by themselves.
    pub retrying: u64,
}

/// What a row stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// A timer.
    Timer,
    /// Something that is to leave the process.
    Effect,
}

/// One row that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failing {
    /// What it is.
    pub sort: Sort,
    /// Its id: `timer/1042-7`, `effect/15`.
    pub id: String,
    /// The root item that it belongs to.
    pub item: Id,
    /// That item's title, if it has one.
    pub title: Option<String>,
    /// Attempts so far.
    pub attempts: i32,
    /// When it is tried next; none where it is stuck.
    pub next_attempt: Option<Timestamp>,
    /// Why the last attempt failed, in English.
    pub last_error: String,
}

impl Sort {
    /// Its word in ids and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Timer => "timer",
            Self::Effect => "effect",
        }
    }
}

/// Which rows to re-arm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// All that failed.
    All,
    /// The one with this id, as [`Failing::id`] writes it.
    One(String),
}

fn timers() -> Select<timer::Entity> {
    timer::Entity::find().filter(timer::Column::Attempts.gt(0))
}

/// A question to another system counts once it has failed, not while it is first asked.
fn effects() -> Select<outbox::Entity> {
    outbox::Entity::find()
        .filter(outbox::Column::DeliveredAt.is_null())
        .filter(outbox::Column::Attempts.gt(0))
        .filter(outbox::Column::Service.is_null().or(outbox::Column::LastError.is_not_null()))
}

/// A question is never stuck: after its last try it becomes an incident.
fn stuck_effects() -> Select<outbox::Entity> {
    effects().filter(outbox::Column::Service.is_null()).filter(outbox::Column::Attempts.gte(attempts::MOST))
}

/// How many rows failed.
///
/// # Errors
/// The database's own.
pub async fn counts(app: &App) -> Result<Counts, DbErr> {
    let db = app.db.reader();
    let all = timers().count(db).await? + effects().count(db).await?;
    let stuck = timers().filter(timer::Column::Attempts.gte(attempts::MOST)).count(db).await?
        + stuck_effects().count(db).await?;
    Ok(Counts { stuck, retrying: all.saturating_sub(stuck) })
}

/// The rows that failed, timers first, at most a thousand of each sort.
///
/// # Errors
/// The database's own.
pub async fn list(app: &App) -> Result<Vec<Failing>, DbErr> {
    let db = app.db.snapshot().await?;
    let timers = timers().order_by_asc(timer::Column::Id).limit(MOST).all(&db).await?;
    let effects = effects().order_by_asc(outbox::Column::Id).limit(MOST).all(&db).await?;
    let titles = titles(&db, timers.iter().map(|row| row.root_id).chain(effects.iter().map(|row| row.root_id))).await?;
    let failing = |sort: Sort, id: String, root: i64, tries: (i32, bool, Option<i64>, Option<String>)| {
        let (attempts, stuck, next, error) = tries;
        let item = Id::root_item(root);
        Failing {
            sort,
            id: format!("{}/{id}", sort.name()),
            item,
            title: titles.get(&item.raw()).cloned().flatten(),
            attempts,
            next_attempt: next.filter(|_| !stuck).map(from_ms),
            last_error: error.unwrap_or_default(),
        }
    };
    let timers = timers.into_iter().map(|row| {
        let tries = (row.attempts, row.attempts >= attempts::MOST, row.next_attempt_at, row.last_error);
        failing(Sort::Timer, Id::from_raw(row.id).to_string(), row.root_id, tries)
    });
    let effects = effects.into_iter().map(|row| {
        let stuck = row.service.is_none() && row.attempts >= attempts::MOST;
        let tries = (row.attempts, stuck, row.next_attempt_at, row.last_error);
        failing(Sort::Effect, row.id.to_string(), row.root_id, tries)
    });
    Ok(timers.chain(effects).collect())
}

async fn titles<C: ConnectionTrait>(
    db: &C,
    roots: impl Iterator<Item = i64>,
) -> Result<BTreeMap<i64, Option<String>>, DbErr> {
    let ids: BTreeSet<i64> = roots.map(|root| Id::root_item(root).raw()).collect();
    let mut titles = BTreeMap::new();
    for part in crate::db::chunks(&ids) {
        let found: Vec<(i64, Option<String>)> = item::Entity::find()
            .select_only()
            .columns([item::Column::Id, item::Column::Title])
            .filter(item::Column::Id.is_in(part))
            .into_tuple()
            .all(db)
            .await?;
        titles.extend(found);
    }
    Ok(titles)
}

/// Re-arms rows that failed: they are tried again at once, ten times. Gives how many.
///
/// # Errors
/// The database's own.
pub async fn retry(app: &App, which: &Which) -> Result<u64, DbErr> {
    let (timer, effect) = match which {
        Which::All => (Some(None), Some(None)),
        Which::One(id) => match id.split_once('/') {
            Some(("timer", id)) => (id.parse::<Id>().ok().map(|id| Some(id.raw())), None),
            Some(("effect", id)) => (None, id.parse::<i64>().ok().map(Some)),
            _ => (None, None),
        },
    };
    let write = app.db.write().await?;
    let mut armed = 0;
    if let Some(id) = timer {
        let mut again = timer::Entity::update_many()
            .col_expr(timer::Column::Attempts, Expr::value(0))
            .col_expr(timer::Column::NextAttemptAt, Expr::value(Option::<i64>::None))
            .filter(timer::Column::Attempts.gt(0));
        if let Some(id) = id {
            again = again.filter(timer::Column::Id.eq(id));
        }
        armed += again.exec(&*write).await?.rows_affected;
    }
    if let Some(id) = effect {
        // A question keeps its count: how often it is tried in all is its definition's.
        let none =
            Expr::case(Expr::col(outbox::Column::Service).is_null(), 0).finally(Expr::col(outbox::Column::Attempts));
        let mut again = outbox::Entity::update_many()
            .col_expr(outbox::Column::Attempts, none.into())
            .col_expr(outbox::Column::NextAttemptAt, Expr::value(Option::<i64>::None))
            .filter(outbox::Column::DeliveredAt.is_null())
            .filter(outbox::Column::Attempts.gt(0));
        if let Some(id) = id {
            again = again.filter(outbox::Column::Id.eq(id));
        }
        armed += again.exec(&*write).await?.rows_affected;
    }
    write.commit().await?;
    app.wake.timers.notify_one();
    app.wake.outbox.notify_one();
    app.wake.questions.notify_one();
    Ok(armed)
}
