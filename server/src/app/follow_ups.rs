//! Open work follows a changed organisation: a job, item by item, that goes on where it was stopped.
//!
//! Each item is one command with a key of its own, so that it happens once, whichever node does it and however often a node
//! begins anew. How far it has come is in the table `follow_up`.

use std::collections::BTreeSet;

use docket_engine::{
    case::{Case, Item, ItemState},
    command::{Actor, Command, Handover},
    definition::form::FieldKind,
    id::PersonId,
};
use jiff::{Timestamp, civil::Date};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait as _, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, Select,
    sea_query::{Expr, ExprTrait as _, Query},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::runner::{self, Batch, RunError, rows};
use crate::{
    db::entity::{follow_up, item, item_unit, task, task_candidate},
    state::App,
};

/// Roots that one round goes through.
const ROUND: u64 = 20;

/// What open work has to follow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum Work {
    /// Posts are held by others: who does what is told anew.
    Resolve,
    /// Somebody has left: his open tasks go to others.
    HandOver {
        /// Who.
        person: PersonId,
        /// To whom.
        to: Handover,
    },
    /// A unit has ended: its open items are its successor's.
    Succeed {
        /// The unit's id.
        unit: i64,
        /// The successor's.
        successor: i64,
    },
}

/// Begins work, in the transaction of the change that it follows, or from a later moment on.
///
/// # Errors
/// The database's own.
pub async fn begin(
    app: &App,
    transaction: &DatabaseTransaction,
    work: &Work,
    (by, at): (Option<PersonId>, Timestamp),
) -> Result<(), DbErr> {
    let total = count(transaction, work).await?;
    let row = follow_up::ActiveModel {
        id: NotSet,
        work: Set(serde_json::to_string(work).map_err(|error| DbErr::Custom(error.to_string()))?),
        begun_by: Set(by.map(|person| person.0)),
        begun_at: Set(Ord::max(at.as_millisecond(), app.now().as_millisecond())),
        last_root: Set(0),
        done: Set(0),
        total: Set(i64::try_from(total).unwrap_or(i64::MAX)),
        failed: Set(0),
        last_error: Set(None),
        ended_at: Set(None),
    };
    follow_up::Entity::insert(row).exec_without_returning(transaction).await?;
    Ok(())
}

/// The first moment after `day` in the deployment's zone.
#[must_use]
pub fn morning_after(app: &App, day: Date) -> Timestamp {
    let next = day.tomorrow().unwrap_or(day);
    docket_engine::time::start_of_day(next, app.clock.zone()).unwrap_or_else(|| app.now())
}

/// The roots whose open tasks have to follow posts, or somebody who has left.
fn with_tasks(person: Option<PersonId>) -> Select<task::Entity> {
    let open = task::Entity::find().select_only().column(task::Column::RootId).distinct();
    let open = open.filter(task::Column::State.eq(rows::OPEN));
    let Some(person) = person else { return open };
    let may = Query::select()
        .column(task_candidate::Column::TaskId)
        .from(task_candidate::Entity)
        .and_where(Expr::col(task_candidate::Column::PersonId).eq(person.0))
        .to_owned();
    open.filter(
        Condition::any()
            .add(task::Column::AssigneeId.eq(person.0))
            .add(task::Column::OwnerId.eq(person.0))
            .add(task::Column::Id.in_subquery(may)),
    )
}

/// The roots with open items that name a unit.
fn with_items(unit: i64) -> Select<item::Entity> {
    let named = Query::select()
        .column(item_unit::Column::ItemId)
        .from(item_unit::Entity)
        .and_where(Expr::col(item_unit::Column::UnitId).eq(unit))
        .to_owned();
    item::Entity::find()
        .select_only()
        .column(item::Column::RootId)
        .distinct()
        .filter(item::Column::State.is_in(["open", "suspended"]))
        .filter(item::Column::Id.in_subquery(named))
}

/// How many roots work concerns.
async fn count<C: ConnectionTrait>(db: &C, work: &Work) -> Result<u64, DbErr> {
    match work {
        Work::Resolve => with_tasks(None).count(db).await,
        Work::HandOver { person, .. } => with_tasks(Some(*person)).count(db).await,
        Work::Succeed { unit, .. } => with_items(*unit).count(db).await,
    }
}

/// The next roots that work concerns, after `last`.
async fn next<C: ConnectionTrait>(db: &C, work: &Work, last: i64) -> Result<Vec<i64>, DbErr> {
    let of_tasks = |select: Select<task::Entity>| {
        select.filter(task::Column::RootId.gt(last)).order_by_asc(task::Column::RootId).limit(ROUND).into_tuple()
    };
    match work {
        Work::Resolve => of_tasks(with_tasks(None)).all(db).await,
        Work::HandOver { person, .. } => of_tasks(with_tasks(Some(*person))).all(db).await,
        Work::Succeed { unit, .. } => {
            let select = with_items(*unit).filter(item::Column::RootId.gt(last));
            select.order_by_asc(item::Column::RootId).limit(ROUND).into_tuple().all(db).await
        }
    }
}

/// One round of the oldest work that is not done; true where there is more.
///
/// # Errors
/// The database's own; what an item refuses is counted and told, and the others go on.
pub async fn perform(app: &App) -> Result<bool, DbErr> {
    let row = follow_up::Entity::find()
        .filter(follow_up::Column::EndedAt.is_null())
        .filter(follow_up::Column::BegunAt.lte(app.now().as_millisecond()))
        .order_by_asc(follow_up::Column::Id)
        .one(app.db.reader())
        .await?;
    let Some(row) = row else { return Ok(false) };
    let work: Work = serde_json::from_str(&row.work).map_err(|error| DbErr::Custom(error.to_string()))?;
    let next = next(app.db.reader(), &work, row.last_root).await?;
    let (mut done, mut failed, mut last_error) = (0, 0, None);
    for root in &next {
        match follow(app, &row, &work, *root).await {
            Ok(()) => done += 1,
            Err(RunError::Database(error)) => return Err(error),
            Err(error) => {
                tracing::error!(root, %error, "open work can not follow the organisation");
                failed += 1;
                last_error = Some(error.to_string());
            }
        }
    }
    let write = app.db.write().await?;
    // Another node may have been faster with the same round; then this one has nothing to count.
    let mut counted = follow_up::Entity::update_many()
        .col_expr(follow_up::Column::Done, Expr::col(follow_up::Column::Done).add(done))
        .col_expr(follow_up::Column::Failed, Expr::col(follow_up::Column::Failed).add(failed))
        .filter(follow_up::Column::Id.eq(row.id))
        .filter(follow_up::Column::LastRoot.eq(row.last_root))
        .filter(follow_up::Column::EndedAt.is_null());
    counted = match next.last() {
        Some(last) => counted.col_expr(follow_up::Column::LastRoot, Expr::value(*last)),
        None => counted.col_expr(follow_up::Column::EndedAt, Expr::value(app.now().as_millisecond())),
    };
    if last_error.is_some() {
        counted = counted.col_expr(follow_up::Column::LastError, Expr::value(last_error));
    }
    counted.exec(&*write).await?;
    write.commit().await?;
    Ok(true)
}

/// One root.
async fn follow(app: &App, row: &follow_up::Model, work: &Work, root: i64) -> Result<(), RunError> {
    let commands = match work {
        Work::Resolve => vec![Command::Reassign],
        Work::HandOver { person, to } => vec![Command::HandOver { person: *person, to: to.clone() }],
        Work::Succeed { unit, successor } => moves(app, &runner::load(app, root).await?, *unit, *successor),
    };
    if commands.is_empty() {
        return Ok(());
    }
    let batch = Batch {
        actor: Actor::System,
        key: format!("follow-up/{}/{root}", row.id),
        body_hash: runner::hash_of(&(work, root)),
        commands: commands.into_iter().map(|command| (Some(root), command)).collect(),
        also: None,
    };
    runner::execute_batch(app, batch).await.map(|_| ())
}

/// What moves the open items of a case from a unit to its successor.
fn moves(app: &App, case: &Case, unit: i64, successor: i64) -> Vec<Command> {
    let open = case.items.values().filter(|item| matches!(item.state, ItemState::Open | ItemState::Suspended));
    open.filter_map(|item| {
        let fields = moved(app, item, &unit.to_string(), &successor.to_string());
        (!fields.is_empty()).then_some(Command::Edit { item: item.id, fields })
    })
    .collect()
}

/// The fields of an item that name a unit, with its successor in its place, each unit once.
fn moved(app: &App, item: &Item, unit: &str, successor: &str) -> Map<String, Json> {
    let registry = app.registry();
    let Some(form) = registry.form_of(&item.module, &item.kind) else { return Map::new() };
    let is_units = |kind: &FieldKind| match kind {
        FieldKind::Unit => true,
        FieldKind::List(of) => **of == FieldKind::Unit,
        _ => false,
    };
    let names = form.fields.iter().filter(|field| is_units(&field.kind)).map(|field| &field.name);
    let mut fields = Map::new();
    for name in names {
        match item.fields.get(name.as_str()) {
            Some(Json::String(one)) if one == unit => {
                fields.insert(name.to_string(), successor.into());
            }
            Some(Json::Array(all)) if all.iter().any(|one| one == unit) => {
                let mut seen = BTreeSet::new();
                let replaced = all.iter().filter_map(Json::as_str).map(|one| if one == unit { successor } else { one });
                let kept: Vec<Json> = replaced.filter(|one| seen.insert((*one).to_owned())).map(Json::from).collect();
                fields.insert(name.to_string(), kept.into());
            }
            _ => {}
        }
    }
    fields
}
