//! Running instances moved to another version of their workflow: looked at, moved, confirmed, taken back.
//!
//! Each instance is one command of its own. So whatever breaks off a migration, what was moved is moved, and starting it again
//! goes on with the rest. Nothing here holds more than one part of the instances at a time.

mod look;
mod run;
pub mod said;
pub mod web;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use docket_engine::{
    definition::registry::{Bound, Registry},
    id::Id,
    migrate::{Mapping, Plan, Unfit, plan},
    text::Name,
};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};

pub use self::{
    look::{Row, look},
    run::{Outcome, carry_out, settle},
};
use super::runner::RunError;
use crate::{app::definitions::MIGRATED, db::entity::instance, state::App};

/// How many instances are handled before the next ones are read.
pub const PART: u64 = 100;

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

/// Where an order leads, and how.
#[derive(Debug, Clone)]
pub struct Route {
    /// The version to come to.
    pub to: Arc<Bound>,
    /// The versions that instances run on, with the plan from each.
    pub plans: BTreeMap<Name, (Arc<Bound>, Plan)>,
}

/// A running instance, as it is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// The instance.
    pub instance: Id,
    /// Its item.
    pub item: Id,
}

/// Which running instances are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which<'n> {
    /// Those on another version than this one.
    Elsewhere(&'n Name),
    /// Those whose migration can be taken back.
    Open,
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

/// The version to come to, and the plan from each version that instances run on.
///
/// # Errors
/// [`Refused`].
pub async fn route(app: &App, order: &Order) -> Result<Route, Refused> {
    let registry = app.registry();
    let to = version(&registry, order)?;
    let versions: Vec<String> = meant(order, Which::Elsewhere(&to.workflow.version))
        .select_only()
        .column(instance::Column::Version)
        .distinct()
        .into_tuple()
        .all(app.db.reader())
        .await?;
    let versions = versions.into_iter().map(Name::from).collect();
    let plans = plans(&registry, &versions, &to, &order.nodes)?;
    Ok(Route { to, plans })
}

/// Refuses an order for a workflow that is not there.
///
/// # Errors
/// [`Refused::UnknownWorkflow`].
pub fn known(app: &App, order: &Order) -> Result<(), Refused> {
    version(&app.registry(), &Order { to: None, ..order.clone() }).map(drop)
}

/// How many instances are meant.
///
/// # Errors
/// The database's own.
pub async fn count(app: &App, order: &Order, which: Which<'_>) -> Result<u64, DbErr> {
    meant(order, which).count(app.db.reader()).await
}

/// The instances that are meant, by id, behind `after`, at most [`PART`].
///
/// # Errors
/// The database's own.
pub async fn find(app: &App, order: &Order, which: Which<'_>, after: Option<Id>) -> Result<Vec<Found>, DbErr> {
    let behind = match after {
        Some(after) => meant(order, which).filter(instance::Column::Id.gt(after.raw())),
        None => meant(order, which),
    };
    found(app, behind.limit(PART)).await
}

/// The rows of a page of the instances that are meant.
///
/// # Errors
/// The database's own.
pub async fn page(
    app: &App,
    order: &Order,
    which: Which<'_>,
    (offset, limit): (u64, u64),
) -> Result<Vec<Found>, DbErr> {
    found(app, meant(order, which).offset(offset).limit(limit)).await
}

async fn found(app: &App, meant: Select<instance::Entity>) -> Result<Vec<Found>, DbErr> {
    let rows: Vec<(i64, i64)> = meant
        .select_only()
        .columns([instance::Column::Id, instance::Column::ItemId])
        .order_by_asc(instance::Column::Id)
        .into_tuple()
        .all(app.db.reader())
        .await?;
    let found = |(instance, item)| Found { instance: Id::from_raw(instance), item: Id::from_raw(item) };
    Ok(rows.into_iter().map(found).collect())
}

fn meant(order: &Order, which: Which<'_>) -> Select<instance::Entity> {
    let mut all = instance::Entity::find()
        .filter(instance::Column::Workflow.eq(order.workflow.as_str()))
        .filter(instance::Column::Ended.is_null())
        .filter(match which {
            Which::Elsewhere(version) => instance::Column::Version.ne(version.as_str()),
            Which::Open => instance::Column::State.contains(MIGRATED),
        });
    if let Some(item) = order.item {
        all = all.filter(instance::Column::ItemId.eq(item.raw()));
    }
    all
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

/// What of a mapping a version has.
fn known_to(from: &Bound, nodes: &Mapping) -> Mapping {
    let known = nodes.iter().filter(|(old, _)| from.workflow.nodes.contains_key(*old));
    known.map(|(old, new)| (old.clone(), new.clone())).collect()
}

/// The plan from each version; of the mapping it takes what that version has. What none has is refused.
fn plans(
    registry: &Registry,
    versions: &BTreeSet<Name>,
    to: &Arc<Bound>,
    nodes: &Mapping,
) -> Result<BTreeMap<Name, (Arc<Bound>, Plan)>, Refused> {
    let mut plans = BTreeMap::new();
    let mut faults = Vec::new();
    for version in versions {
        let Some(from) = registry.versions.get(version) else {
            let message = format!("version {version} of `{}` does not load", to.workflow.name);
            return Err(Refused::Failed(RunError::Corrupt(message)));
        };
        match plan(from, to, &known_to(from, nodes)) {
            Ok(plan) => drop(plans.insert(version.clone(), (Arc::clone(from), plan))),
            Err(found) => faults.extend(found),
        }
    }
    let all: Vec<&Arc<Bound>> = versions.iter().filter_map(|version| registry.versions.get(version)).collect();
    let unknown =
        nodes.keys().filter(|old| !all.is_empty() && all.iter().all(|from| !from.workflow.nodes.contains_key(*old)));
    faults.extend(unknown.map(|node| Unfit::UnknownOld { node: node.clone() }));
    // Without instances to move, a mapping may still name what is not there.
    let missing = nodes.values().filter(|new| all.is_empty() && !to.workflow.nodes.contains_key(*new));
    faults.extend(missing.map(|node| Unfit::UnknownNew { node: node.clone() }));
    if faults.is_empty() { Ok(plans) } else { Err(Refused::Mapping(faults)) }
}
