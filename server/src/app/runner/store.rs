//! Writes the difference between a case before and after a command.

use std::collections::BTreeMap;

use docket_engine::{
    case::{Case, Item},
    definition::registry::Registry,
    id::Id,
};
use jiff::Timestamp;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, Iterable, PrimaryKeyToColumn,
    QueryFilter, sea_query::OnConflict,
};

use super::{RunError, rows};
use crate::db::entity::{incident, item_category, item_person, item_source, item_unit, task_candidate, timer};

/// Most rows of one statement: databases bound the number of parameters.
const ROWS: usize = 500;

/// Writes what differs.
pub(super) async fn difference<C: ConnectionTrait>(
    db: &C,
    before: &Case,
    after: &Case,
    registry: &Registry,
    now: Timestamp,
) -> Result<(), RunError> {
    items(db, before, after, registry, now).await?;
    let changed = changed(&before.instances, &after.instances);
    upsert(db, changed.map(rows::instance_row).collect::<Result<_, _>>()?).await?;
    tasks(db, before, after).await?;
    timers(db, before, after).await?;
    incidents(db, before, after).await
}

/// The entries of `after` that are new or differ.
fn changed<'a, T: PartialEq>(before: &'a BTreeMap<Id, T>, after: &'a BTreeMap<Id, T>) -> impl Iterator<Item = &'a T> {
    after.iter().filter(|(id, now)| before.get(id) != Some(now)).map(|(_, now)| now)
}

async fn items<C: ConnectionTrait>(
    db: &C,
    before: &Case,
    after: &Case,
    registry: &Registry,
    now: Timestamp,
) -> Result<(), RunError> {
    let changed: Vec<&Item> = changed(&before.items, &after.items).collect();
    let rows = changed.iter().map(|item| rows::item_row(item, registry, now)).collect::<Result<_, _>>()?;
    upsert(db, rows).await?;
    for item in changed {
        let has = rows::joins(item, registry);
        match before.items.get(&item.id).map(|had| rows::joins(had, registry)) {
            Some(had) if had == has => {}
            had => joins(db, &BTreeMap::from([(item.id.raw(), has)]), had.is_some()).await?,
        }
    }
    Ok(())
}

/// Writes the rows by which items are found, in the place of those that are `there`.
pub(super) async fn joins<C: ConnectionTrait>(
    db: &C,
    of: &BTreeMap<i64, rows::Joins>,
    there: bool,
) -> Result<(), DbErr> {
    if there {
        let ids = || of.keys().copied();
        item_unit::Entity::delete_many().filter(item_unit::Column::ItemId.is_in(ids())).exec(db).await?;
        item_person::Entity::delete_many().filter(item_person::Column::ItemId.is_in(ids())).exec(db).await?;
        item_category::Entity::delete_many().filter(item_category::Column::ItemId.is_in(ids())).exec(db).await?;
        item_source::Entity::delete_many().filter(item_source::Column::ItemId.is_in(ids())).exec(db).await?;
    }
    insert(db, of.iter().flat_map(|(id, joins)| joins.unit_rows(*id)).collect()).await?;
    insert(db, of.iter().flat_map(|(id, joins)| joins.person_rows(*id)).collect()).await?;
    insert(db, of.iter().flat_map(|(id, joins)| joins.category_rows(*id)).collect()).await?;
    insert(db, of.iter().flat_map(|(id, joins)| joins.source_rows(*id)).collect()).await
}

async fn tasks<C: ConnectionTrait>(db: &C, before: &Case, after: &Case) -> Result<(), RunError> {
    let mut rows = Vec::new();
    let mut candidates = Vec::new();
    for task in changed(&before.tasks, &after.tasks) {
        let instance = after.instances.get(&task.instance);
        let instance = instance.ok_or_else(|| RunError::Corrupt(format!("task {} has no instance", task.id)))?;
        rows.push(rows::task_row(task, &instance.workflow));
        let had = before.tasks.get(&task.id).map(|had| &had.candidates);
        if had == Some(&task.candidates) {
            continue;
        }
        if had.is_some() {
            task_candidate::Entity::delete_many()
                .filter(task_candidate::Column::TaskId.eq(task.id.raw()))
                .exec(db)
                .await?;
        }
        candidates.extend(
            task.candidates.iter().map(|person| task_candidate::Model { task_id: task.id.raw(), person_id: person.0 }),
        );
    }
    upsert(db, rows).await?;
    insert(db, candidates).await?;
    Ok(())
}

async fn timers<C: ConnectionTrait>(db: &C, before: &Case, after: &Case) -> Result<(), RunError> {
    let gone: Vec<i64> = before.timers.keys().filter(|id| !after.timers.contains_key(id)).map(|id| id.raw()).collect();
    if !gone.is_empty() {
        timer::Entity::delete_many().filter(timer::Column::Id.is_in(gone)).exec(db).await?;
    }
    let changed = changed(&before.timers, &after.timers);
    upsert(db, changed.map(rows::timer_row).collect::<Result<_, _>>()?).await?;
    Ok(())
}

async fn incidents<C: ConnectionTrait>(db: &C, before: &Case, after: &Case) -> Result<(), RunError> {
    let gone = before.incidents.keys().filter(|id| !after.incidents.contains_key(id));
    let gone: Vec<i64> = gone.map(|id| id.raw()).collect();
    if !gone.is_empty() {
        incident::Entity::delete_many().filter(incident::Column::Id.is_in(gone)).exec(db).await?;
    }
    let changed = changed(&before.incidents, &after.incidents);
    upsert(db, changed.map(rows::incident_row).collect::<Result<_, _>>()?).await.map_err(RunError::from)
}

/// Inserts rows whose keys are new.
pub(super) async fn insert<C, M, A>(db: &C, rows: Vec<M>) -> Result<(), DbErr>
where
    C: ConnectionTrait,
    M: IntoActiveModel<A>,
    A: ActiveModelTrait + Send,
{
    let mut rows = rows.into_iter().map(|row| row.into_active_model().reset_all()).peekable();
    while rows.peek().is_some() {
        let part: Vec<A> = rows.by_ref().take(ROWS).collect();
        A::Entity::insert_many(part).exec_without_returning(db).await?;
    }
    Ok(())
}

/// Inserts rows, or replaces what their keys hold.
pub(super) async fn upsert<C, M, A>(db: &C, rows: Vec<M>) -> Result<(), DbErr>
where
    C: ConnectionTrait,
    M: IntoActiveModel<A>,
    A: ActiveModelTrait + Send,
{
    let keys = || <A::Entity as EntityTrait>::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column);
    let is_key = |column: &<A::Entity as EntityTrait>::Column| {
        <A::Entity as EntityTrait>::PrimaryKey::from_column(*column).is_some()
    };
    let mut replace = OnConflict::columns(keys());
    replace.update_columns(<A::Entity as EntityTrait>::Column::iter().filter(|column| !is_key(column)));
    let mut rows = rows.into_iter().map(|row| row.into_active_model().reset_all()).peekable();
    while rows.peek().is_some() {
        let part: Vec<A> = rows.by_ref().take(ROWS).collect();
        A::Entity::insert_many(part).on_conflict(replace.clone()).exec_without_returning(db).await?;
    }
    Ok(())
}
