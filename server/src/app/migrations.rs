//! Running instances moved to another version of their workflow: looked at, moved, confirmed, taken back. Each instance is one
//! command of its own.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use docket_engine::{
    case::Case,
    command::{Actor, Command},
    definition::registry::{Bound, Registry},
    id::Id,
    migrate::{Mapping, Plan, Shown, Stranded, Unfit, check, plan},
    rejection::Rejection,
    text::Name,
};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::runner::{self, Request, RunError};
use crate::{
    app::definitions::MIGRATED,
    db::entity::{instance, item, root},
    state::App,
};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Order {
    /// The workflow.
    pub workflow: Name,
    /// The beginning of the version to come to; none: the one in force.
    pub to: Option<String>,
    /// Old and new nodes.
    pub nodes: Mapping,
    /// The instance on this item alone.
    pub item: Option<Id>,
}

/// Why nothing was looked at.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// There is no such workflow in force; there are these.
    #[error("there is no workflow of this name")]
    UnknownWorkflow(Vec<Name>),
    /// No version, or more than one, begins like this; there are these.
    #[error("not one version begins like this")]
    UnknownVersion(Vec<Name>),
    /// The mapping does not fit.
    #[error("the mapping does not fit")]
    Mapping(Vec<Unfit>),
    /// The database failed, or what it holds is damaged.
    #[error(transparent)]
    Failed(#[from] RunError),
}

impl From<DbErr> for Refused {
    fn from(error: DbErr) -> Self {
        Self::Failed(error.into())
    }
}

/// A running instance, and what becomes of it.
#[derive(Debug, Clone)]
pub struct Row {
    /// The instance.
    pub instance: Id,
    /// Its item.
    pub item: Id,
    /// The item's title, or that of its root item.
    pub title: Option<String>,
    /// The version that it runs on.
    pub from: Arc<Bound>,
    /// What becomes of it, or why it is stranded.
    pub fate: Result<Shown, Vec<Stranded>>,
    /// How many commands its root item has seen: part of the key, so that a repeated command is another one.
    root_version: i64,
}

/// All instances that would be moved, and to what.
#[derive(Debug, Clone)]
pub struct Survey {
    /// The version to come to.
    pub to: Arc<Bound>,
    /// The plans, one for each version that instances run on.
    pub plans: Vec<Plan>,
    /// The instances, by id.
    pub rows: Vec<Row>,
}

/// What came of the command on one instance.
#[derive(Debug)]
pub struct Outcome {
    /// The instance.
    pub instance: Id,
    /// Its item.
    pub item: Id,
    /// Why it was refused, if it was.
    pub refused: Option<Rejection>,
}

/// How many running instances of each workflow are on another version than the one in force, by workflow.
///
/// # Errors
/// The database's own.
pub async fn older(app: &App) -> Result<BTreeMap<String, u64>, DbErr> {
    let registry = app.registry();
    let counted: Vec<(String, String, i64)> = instance::Entity::find()
        .select_only()
        .columns([instance::Column::Workflow, instance::Column::Version])
        .column_as(instance::Column::Id.count(), "running")
        .filter(instance::Column::Ended.is_null())
        .group_by(instance::Column::Workflow)
        .group_by(instance::Column::Version)
        .into_tuple()
        .all(app.db.reader())
        .await?;
    let mut older: BTreeMap<String, u64> = BTreeMap::new();
    for (workflow, version, running) in counted {
        let in_force = registry.workflows.get(workflow.as_str());
        if in_force.is_none_or(|bound| *bound.workflow.version != *version) {
            *older.entry(workflow).or_default() += u64::try_from(running).unwrap_or_default();
        }
    }
    Ok(older)
}

/// What would become of each instance; nothing is written.
///
/// # Errors
/// [`Refused`].
pub async fn survey(app: &App, order: &Order) -> Result<Survey, Refused> {
    let registry = app.registry();
    let to = version(&registry, order)?;
    let target = to.workflow.version.clone();
    let found = running(order).filter(instance::Column::Version.ne(target.as_str())).all(app.db.reader()).await?;
    let versions: BTreeSet<Name> = found.iter().map(|row| Name::from(row.version.as_str())).collect();
    let plans = plans(&registry, &versions, &to, &order.nodes)?;
    let mut rows = Vec::with_capacity(found.len());
    let mut case: Option<Case> = None;
    for row in found {
        let Some((from, plan)) = plans.get(row.version.as_str()) else { continue };
        let loaded = match case.take().filter(|case| case.root == row.root_id) {
            Some(loaded) => loaded,
            None => runner::load(app, row.root_id).await?,
        };
        let id = Id::from_raw(row.id);
        // It may have ended since.
        if let Some(instance) = loaded.instances.get(&id) {
            rows.push(Row {
                instance: id,
                item: instance.item,
                title: title(app, instance.item).await?,
                from: Arc::clone(from),
                fate: check(&loaded, instance, plan, (from, &to), &registry),
                root_version: root_version(app, row.root_id).await?,
            });
        }
        case = Some(loaded);
    }
    Ok(Survey { to, plans: plans.into_values().map(|(_, plan)| plan).collect(), rows })
}

/// Moves every instance of a survey that is not stranded, each as a command of its own.
///
/// # Errors
/// [`RunError`], where the database fails; what was moved before stays moved.
pub async fn carry_out(app: &App, survey: &Survey, nodes: &Mapping) -> Result<Vec<Outcome>, RunError> {
    let version = &survey.to.workflow.version;
    let mut outcomes = Vec::new();
    for row in survey.rows.iter().filter(|row| row.fate.is_ok()) {
        let known = |(old, _): &(&Name, &Name)| row.from.workflow.nodes.contains_key(*old);
        let nodes = nodes.iter().filter(known).map(|(old, new)| (old.clone(), new.clone())).collect();
        let command = Command::Migrate { instance: row.instance, version: version.clone(), nodes };
        let key = format!("migrate/{}/{version}/{}", row.instance, row.root_version);
        outcomes.push(one(app, (row.instance, row.item), key, command).await?);
    }
    Ok(outcomes)
}

/// Confirms, or with `back` takes back, the migrations of a workflow's instances that can still be taken back.
///
/// # Errors
/// [`Refused`]; what was done before stays done.
pub async fn settle(app: &App, order: &Order, back: bool) -> Result<Vec<Outcome>, Refused> {
    version(&app.registry(), &Order { to: None, ..order.clone() })?;
    let found = running(order).filter(instance::Column::State.contains(MIGRATED)).all(app.db.reader()).await?;
    let mut outcomes = Vec::with_capacity(found.len());
    for row in found {
        let instance = Id::from_raw(row.id);
        let (word, command) = if back {
            ("back", Command::MigrateBack { instance })
        } else {
            ("confirm", Command::MigrateConfirm { instance })
        };
        let key = format!("migrate-{word}/{instance}/{}", root_version(app, row.root_id).await?);
        outcomes.push(one(app, (instance, Id::from_raw(row.item_id)), key, command).await?);
    }
    Ok(outcomes)
}

async fn one(app: &App, (instance, item): (Id, Id), key: String, command: Command) -> Result<Outcome, RunError> {
    let request = Request::new(Actor::System, key, Some(instance.root()), command);
    match runner::execute(app, request).await {
        Ok(_) => Ok(Outcome { instance, item, refused: None }),
        Err(RunError::Rejected(rejection)) => Ok(Outcome { instance, item, refused: Some(rejection) }),
        Err(error) => Err(error),
    }
}

fn running(order: &Order) -> Select<instance::Entity> {
    let all = instance::Entity::find()
        .filter(instance::Column::Workflow.eq(order.workflow.as_str()))
        .filter(instance::Column::Ended.is_null())
        .order_by_asc(instance::Column::Id);
    match order.item {
        Some(item) => all.filter(instance::Column::ItemId.eq(item.raw())),
        None => all,
    }
}

/// The version that is asked for.
fn version(registry: &Registry, order: &Order) -> Result<Arc<Bound>, Refused> {
    let Some(in_force) = registry.workflows.get(&order.workflow) else {
        return Err(Refused::UnknownWorkflow(registry.workflows.keys().cloned().collect()));
    };
    let Some(wanted) = &order.to else { return Ok(Arc::clone(in_force)) };
    let all: Vec<&Arc<Bound>> =
        registry.versions.values().filter(|bound| bound.workflow.name == order.workflow).collect();
    let mut fitting = all.iter().filter(|bound| bound.workflow.version.starts_with(wanted.as_str()));
    match (fitting.next(), fitting.next()) {
        (Some(one), None) => Ok(Arc::clone(one)),
        _ => Err(Refused::UnknownVersion(all.iter().map(|bound| bound.workflow.version.clone()).collect())),
    }
}

type Plans = BTreeMap<Name, (Arc<Bound>, Plan)>;

/// The plan from each version; of the mapping it takes what that version has. What none has is refused.
fn plans(registry: &Registry, versions: &BTreeSet<Name>, to: &Arc<Bound>, nodes: &Mapping) -> Result<Plans, Refused> {
    let mut plans = Plans::new();
    let mut faults = Vec::new();
    for version in versions {
        let Some(from) = registry.versions.get(version) else {
            let message = format!("version {version} of `{}` does not load", to.workflow.name);
            return Err(Refused::Failed(RunError::Corrupt(message)));
        };
        let known = nodes.iter().filter(|(old, _)| from.workflow.nodes.contains_key(*old));
        let mapping: Mapping = known.map(|(old, new)| (old.clone(), new.clone())).collect();
        match plan(from, to, &mapping) {
            Ok(plan) => drop(plans.insert(version.clone(), (Arc::clone(from), plan))),
            Err(found) => faults.extend(found),
        }
    }
    let all: Vec<&Arc<Bound>> = versions.iter().filter_map(|version| registry.versions.get(version)).collect();
    let unknown =
        nodes.keys().filter(|old| !all.is_empty() && all.iter().all(|from| !from.workflow.nodes.contains_key(*old)));
    faults.extend(unknown.map(|node| Unfit::UnknownOld { node: node.clone() }));
    if faults.is_empty() { Ok(plans) } else { Err(Refused::Mapping(faults)) }
}

/// The title of an item, or where it has none of its root item.
async fn title(app: &App, id: Id) -> Result<Option<String>, DbErr> {
    for id in [id, Id::root_item(id.root())] {
        let row = item::Entity::find_by_id(id.raw()).one(app.db.reader()).await?;
        if let Some(title) = row.and_then(|row| row.title) {
            return Ok(Some(title));
        }
    }
    Ok(None)
}

async fn root_version(app: &App, root: i64) -> Result<i64, DbErr> {
    let row = root::Entity::find_by_id(root).one(app.db.reader()).await?;
    Ok(row.map_or(0, |row| row.version))
}
