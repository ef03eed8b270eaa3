//! Loads a case: the root item, what is open below it, and what the command names.

use std::collections::{BTreeMap, BTreeSet};

use docket_engine::{
    case::Case,
    command::Command,
    id::{Id, PersonId},
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};

use super::{RunError, rows};
use crate::db::{
    chunks,
    entity::{incident, instance, item, item_person, root, task, task_candidate, timer},
};

/// What a command names beside what is open: an ended one is loaded too, so that it can be refused precisely.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Named {
    item: Option<Id>,
    instance: Option<Id>,
    task: Option<Id>,
}

impl Named {
    pub(super) const fn task(task: Id) -> Self {
        Self { item: None, instance: None, task: Some(task) }
    }

    pub(super) const fn item(item: Id) -> Self {
        Self { item: Some(item), instance: None, task: None }
    }

    pub(super) const fn by(command: &Command) -> Self {
        let nothing = Self { item: None, instance: None, task: None };
        match command {
            Command::Claim { task } | Command::Release { task } | Command::Complete { task, .. } => {
                Self { task: Some(*task), ..nothing }
            }
            Command::TakeOffer { instance, .. }
            | Command::Migrate { instance, .. }
            | Command::MigrateBack { instance }
            | Command::MigrateConfirm { instance } => Self { instance: Some(*instance), ..nothing },
            Command::Edit { item, .. } | Command::Reopen { item, .. } => Self { item: Some(*item), ..nothing },
            Command::Transfer { task, .. }
            | Command::Delegate { task, .. }
            | Command::HandBack { task, .. }
            | Command::AddSigners { task, .. }
            | Command::RemoveSigner { task, .. }
            | Command::Return { task, .. }
            | Command::Copy { task, .. }
            | Command::Urge { task, .. }
            | Command::Withdraw { task, .. } => Self { task: Some(*task), ..nothing },
            Command::Create { .. }
            | Command::Message { .. }
            | Command::Answer { .. }
            | Command::Resolve { .. }
            | Command::FireTimer { .. }
            | Command::Reassign
            | Command::HandOver { .. } => nothing,
        }
    }
}

/// Loads what a command on `root` needs.
pub(super) async fn load<C: ConnectionTrait>(db: &C, root: &root::Model, named: Named) -> Result<Case, RunError> {
    let open_task = task::Column::State.eq(rows::OPEN);
    let tasks = task::Entity::find()
        .filter(task::Column::RootId.eq(root.id))
        .filter(with(open_task.into(), named.task.map(|id| task::Column::Id.eq(id.raw()))))
        .all(db)
        .await?;
    let mut wanted: BTreeSet<i64> = named.instance.into_iter().map(Id::raw).collect();
    wanted.extend(tasks.iter().map(|task| task.instance_id));
    let running =
        Condition::any().add(instance::Column::Ended.is_null()).add(instance::Column::Id.is_in(wanted.iter().copied()));
    let instances =
        instance::Entity::find().filter(instance::Column::RootId.eq(root.id)).filter(running).all(db).await?;
    let mut items: BTreeSet<i64> = instances.iter().map(|instance| instance.item_id).collect();
    items.extend(tasks.iter().map(|task| task.item_id));
    items.insert(Id::root_item(root.id).raw());
    items.extend(named.item.map(Id::raw));
    let items = with_ancestors(db, root.id, items).await?;
    let timers = timer::Entity::find().filter(timer::Column::RootId.eq(root.id)).all(db).await?;
    let incidents = incident::Entity::find().filter(incident::Column::RootId.eq(root.id)).all(db).await?;
    assemble(db, root, Rows { items, instances, tasks, timers, incidents }).await
}

/// Loads everything of `root`, what has ended too.
pub(super) async fn load_all<C: ConnectionTrait>(db: &C, root: &root::Model) -> Result<Case, RunError> {
    let all = Rows {
        items: item::Entity::find().filter(item::Column::RootId.eq(root.id)).all(db).await?,
        instances: instance::Entity::find().filter(instance::Column::RootId.eq(root.id)).all(db).await?,
        tasks: task::Entity::find().filter(task::Column::RootId.eq(root.id)).all(db).await?,
        timers: timer::Entity::find().filter(timer::Column::RootId.eq(root.id)).all(db).await?,
        incidents: incident::Entity::find().filter(incident::Column::RootId.eq(root.id)).all(db).await?,
    };
    assemble(db, root, all).await
}

struct Rows {
    items: Vec<item::Model>,
    instances: Vec<instance::Model>,
    tasks: Vec<task::Model>,
    timers: Vec<timer::Model>,
    incidents: Vec<incident::Model>,
}

fn with(condition: Condition, or: Option<sea_orm::sea_query::SimpleExpr>) -> Condition {
    match or {
        Some(or) => Condition::any().add(condition).add(or),
        None => condition,
    }
}

async fn with_ancestors<C: ConnectionTrait>(
    db: &C,
    root: i64,
    mut wanted: BTreeSet<i64>,
) -> Result<Vec<item::Model>, DbErr> {
    let mut found: BTreeMap<i64, item::Model> = BTreeMap::new();
    while !wanted.is_empty() {
        for part in chunks(&wanted) {
            let items = item::Entity::find()
                .filter(item::Column::RootId.eq(root))
                .filter(item::Column::Id.is_in(part))
                .all(db)
                .await?;
            found.extend(items.into_iter().map(|item| (item.id, item)));
        }
        let parents: BTreeSet<i64> =
            found.values().filter_map(|item| item.parent_id).filter(|parent| !found.contains_key(parent)).collect();
        // What was wanted and is not there must not be asked for again.
        wanted = parents.difference(&wanted).copied().collect();
    }
    Ok(found.into_values().collect())
}

async fn assemble<C: ConnectionTrait>(db: &C, root: &root::Model, all: Rows) -> Result<Case, RunError> {
    let mut participants = participants(db, all.items.iter().map(|item| item.id).collect()).await?;
    let mut candidates = candidates(db, all.tasks.iter().map(|task| task.id).collect()).await?;
    let mut case = Case::new(root.id);
    case.next = u32::try_from(root.sequence)
        .map_err(|error| RunError::Corrupt(format!("sequence of root {}: {error}", root.id)))?;
    for row in &all.items {
        let item = rows::read_item(row, participants.remove(&row.id).unwrap_or_default())?;
        case.items.insert(item.id, item);
    }
    for row in &all.instances {
        let instance = rows::read_instance(row)?;
        case.instances.insert(instance.id, instance);
    }
    for row in &all.tasks {
        let task = rows::read_task(row, candidates.remove(&row.id).unwrap_or_default())?;
        case.tasks.insert(task.id, task);
    }
    for row in &all.timers {
        let timer = rows::read_timer(row)?;
        case.timers.insert(timer.id, timer);
    }
    for row in &all.incidents {
        let incident = rows::read_incident(row)?;
        case.incidents.insert(incident.id, incident);
    }
    Ok(case)
}

async fn participants<C: ConnectionTrait>(
    db: &C,
    items: BTreeSet<i64>,
) -> Result<BTreeMap<i64, BTreeSet<PersonId>>, DbErr> {
    let mut people: BTreeMap<i64, BTreeSet<PersonId>> = BTreeMap::new();
    for part in chunks(&items) {
        let found = item_person::Entity::find()
            .filter(item_person::Column::ItemId.is_in(part))
            .filter(item_person::Column::Role.eq("participant"))
            .all(db)
            .await?;
        for row in found {
            people.entry(row.item_id).or_default().insert(PersonId(row.person_id));
        }
    }
    Ok(people)
}

async fn candidates<C: ConnectionTrait>(db: &C, tasks: BTreeSet<i64>) -> Result<BTreeMap<i64, Vec<PersonId>>, DbErr> {
    let mut people: BTreeMap<i64, Vec<PersonId>> = BTreeMap::new();
    for part in chunks(&tasks) {
        let found = task_candidate::Entity::find()
            .filter(task_candidate::Column::TaskId.is_in(part))
            .order_by_asc(task_candidate::Column::PersonId)
            .all(db)
            .await?;
        for row in found {
            people.entry(row.task_id).or_default().push(PersonId(row.person_id));
        }
    }
    Ok(people)
}
