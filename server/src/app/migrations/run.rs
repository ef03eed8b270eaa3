//! Moves, confirms and takes back: each instance by a command of its own, several at a time.

use std::collections::BTreeMap;

use docket_engine::{
    command::{Actor, Command},
    id::Id,
    rejection::Rejection,
};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};

use super::{Found, Order, Route, known_to};
use crate::{
    app::runner::{self, Request, RunError},
    audit::{self, Act, Origin, What},
    db::entity::{instance, root},
    state::App,
};

/// How many commands are under way at a time: the database commits those that wait together.
const AT_A_TIME: usize = 8;

/// What came of the command on one instance.
#[derive(Debug)]
pub struct Outcome {
    /// The instance.
    pub instance: Id,
    /// Its item.
    pub item: Id,
    /// The version that it was on before, where it was to be moved.
    pub from: Option<String>,
    /// Why it was refused, if it was.
    pub refused: Option<Rejection>,
}

/// Moves these instances. One that has been moved meanwhile is left out; so the same call again does nothing more.
///
/// # Errors
/// [`RunError`], where the database fails; what was moved before stays moved.
pub async fn carry_out(
    app: &App,
    order: &Order,
    route: &Route,
    origin: &Origin,
    found: &[Found],
) -> Result<Vec<Outcome>, RunError> {
    let version = &route.to.workflow.version;
    let (roots, versions) = (roots(app, found).await?, versions(app, found).await?);
    let commands = found.iter().filter_map(|found| {
        let from = versions.get(&found.instance.raw()).filter(|from| **from != **version)?;
        let (bound, _) = route.plans.get(from.as_str())?;
        let (instance, nodes) = (found.instance, known_to(bound, &order.nodes));
        let key = format!("migrate/{instance}/{version}/{}", roots.get(&instance.root())?);
        Some((*found, Some(from.clone()), key, Command::Migrate { instance, version: version.clone(), nodes }))
    });
    let act = Act::done(origin.clone(), What::Migrated).with("how", "migrate").with("to", version.as_str());
    all(app, order, act, commands.collect()).await
}

/// Confirms, or with `back` takes back, the migrations of these instances.
///
/// # Errors
/// [`RunError`], where the database fails; what was done before stays done.
pub async fn settle(
    app: &App,
    order: &Order,
    origin: &Origin,
    found: &[Found],
    back: bool,
) -> Result<Vec<Outcome>, RunError> {
    let roots = roots(app, found).await?;
    let commands = found.iter().filter_map(|found| {
        let (instance, root_version) = (found.instance, roots.get(&found.instance.root())?);
        Some(if back {
            (*found, None, format!("migrate-back/{instance}/{root_version}"), Command::MigrateBack { instance })
        } else {
            (*found, None, format!("migrate-confirm/{instance}/{root_version}"), Command::MigrateConfirm { instance })
        })
    });
    let act = Act::done(origin.clone(), What::Migrated).with("how", if back { "back" } else { "confirm" });
    all(app, order, act, commands.collect()).await
}

type Commanded = (Found, Option<String>, String, Command);

/// Carries the commands out. The administrators' log says beforehand which, so that nothing is done without a word there; what
/// came of each stands in the history of its item.
async fn all(app: &App, order: &Order, act: Act, commands: Vec<Commanded>) -> Result<Vec<Outcome>, RunError> {
    let (Some((first, ..)), Some((last, ..))) = (commands.first(), commands.last()) else { return Ok(Vec::new()) };
    let actor = act.origin.who.map_or(Actor::System, Actor::Person);
    let act = act
        .with("workflow", order.workflow.as_str())
        .with("instances", commands.len())
        .with("first", first.instance.to_string())
        .with("last", last.instance.to_string());
    audit::recorded(app, act).await?;
    stream::iter(commands).map(|command| one(app, &actor, command)).buffered(AT_A_TIME).try_collect().await
}

async fn one(app: &App, actor: &Actor, (found, from, key, command): Commanded) -> Result<Outcome, RunError> {
    let Found { instance, item } = found;
    let request = Request::new(actor.clone(), key, Some(instance.root()), command);
    let refused = match runner::execute(app, request).await {
        Ok(_) => None,
        Err(RunError::Rejected(rejection)) => Some(rejection),
        Err(error) => return Err(error),
    };
    Ok(Outcome { instance, item, from, refused })
}

/// How many commands the root items have seen: part of the keys, so that what is done, taken back and done again is carried
/// out again, and what two do at the same time once.
async fn roots(app: &App, found: &[Found]) -> Result<BTreeMap<i64, i64>, DbErr> {
    let rows: Vec<(i64, i64)> = root::Entity::find()
        .select_only()
        .columns([root::Column::Id, root::Column::Version])
        .filter(root::Column::Id.is_in(found.iter().map(|found| found.instance.root())))
        .into_tuple()
        .all(app.db.reader())
        .await?;
    Ok(rows.into_iter().collect())
}

/// The versions that instances are on now.
async fn versions(app: &App, found: &[Found]) -> Result<BTreeMap<i64, String>, DbErr> {
    let rows: Vec<(i64, String)> = instance::Entity::find()
        .select_only()
        .columns([instance::Column::Id, instance::Column::Version])
        .filter(instance::Column::Id.is_in(found.iter().map(|found| found.instance.raw())))
        .into_tuple()
        .all(app.db.reader())
        .await?;
    Ok(rows.into_iter().collect())
}
