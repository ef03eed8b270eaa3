//! What is in force on this node: the published definitions, and the older versions of workflows on which instances run.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use docket_engine::{
    definition::registry::{Bound, Registry, Template},
    diagnostic::{Diagnostic, render},
    load::{load, load_version},
    source::File,
    text::{Language, Name, Text},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait as _, Query},
};

use super::{GENERATION, Published, rows};
use crate::{
    app::{generation, org},
    db::entity::{casbin_rule, definition, instance},
    effects::templates::Templates,
    state::Shared,
};

/// What the stored state of an instance holds whose migration can be taken back.
pub(crate) const MIGRATED: &str = "\"migrated\":{";
/// What the stored state of an instance holds that calls workflows pinned.
const PINNED: &str = "\"pinned\":{";
/// How many states are read at a time.
const STATES: u64 = 500;

/// A version of a workflow on which instances run and could not go on.
#[derive(Debug, Clone)]
pub struct Stranded {
    /// The workflow.
    pub workflow: String,
    /// Its version.
    pub version: String,
    /// How many instances run on it.
    pub running: u64,
    /// Why it would no longer load.
    pub faults: Vec<Diagnostic>,
}

/// Whether another node published something, or changed the organisation, since these generations.
///
/// # Errors
/// The database's own.
pub(crate) async fn outdated<C: ConnectionTrait>(
    db: &C,
    (definitions, organisation): (i64, i64),
) -> Result<bool, DbErr> {
    Ok(generation::current(db, GENERATION).await? != definitions
        || generation::current(db, org::GENERATION).await? != organisation)
}

/// Loads what is published on this node.
///
/// # Errors
/// The database's own, and definitions that no longer load.
pub(crate) async fn reload(shared: &Shared) -> Result<(), DbErr> {
    // One at a time: of two that overlap the one that read first could put back what the other has replaced.
    let _turn = shared.reloading.lock().await;
    let db = shared.db.snapshot().await?;
    let generation = generation::current(&db, GENERATION).await?;
    if generation == shared.published().generation {
        return Ok(());
    }
    let stored = Stored::read(&db).await?;
    let rules = casbin_rule::Entity::find().order_by_asc(casbin_rule::Column::Id).all(&db).await?;
    drop(db);
    let (registry, lost) = stored.load().await?;
    for lost in lost {
        let faults = render(&lost.faults, Language::En);
        tracing::error!(workflow = lost.workflow, version = lost.version, %faults, "an older version no longer loads");
    }
    let templates = Templates::compile(registry.templates.values().map(AsRef::as_ref)).map_err(DbErr::Custom)?;
    shared.set_published(Arc::new(Published { generation, registry: Arc::new(registry), rules, templates }));
    Ok(())
}

/// The versions on which instances run that load now, and would not with what this transaction has stored.
pub(super) async fn stranded<C: ConnectionTrait>(shared: &Shared, db: &C) -> Result<Vec<Stranded>, DbErr> {
    let (_, lost) = Stored::read(db).await?.load().await?;
    let before = shared.registry();
    let mut stranded = Vec::new();
    for lost in lost.into_iter().filter(|lost| before.versions.contains_key(lost.version.as_str())) {
        let running = instance::Entity::find()
            .filter(instance::Column::Version.eq(lost.version.as_str()))
            .filter(instance::Column::Ended.is_null())
            .count(db)
            .await?;
        if running > 0 {
            stranded.push(Stranded { running, ..lost });
        }
    }
    Ok(stranded)
}

/// The rows from which definitions load.
struct Stored {
    current: Vec<definition::Model>,
    /// Older versions of workflows that instances use.
    versions: Vec<definition::Model>,
    /// The older versions of forms that those use.
    forms: Vec<definition::Model>,
    /// What is no longer published, as it was last, and the organisation forms before the one in force.
    withdrawn: Vec<definition::Model>,
}

impl Stored {
    async fn read<C: ConnectionTrait>(db: &C) -> Result<Self, DbErr> {
        let current = rows(db, true).await?;
        let used = Query::select()
            .expr(Expr::value(1))
            .from(instance::Entity)
            .and_where(
                Expr::col((instance::Entity, instance::Column::Version))
                    .equals((definition::Entity, definition::Column::Version)),
            )
            .to_owned();
        let named = named(db).await?;
        let versions = definition::Entity::find()
            .filter(definition::Column::Current.eq(false))
            .filter(definition::Column::Kind.eq("workflow"))
            .filter(Condition::any().add(Expr::exists(used)).add(definition::Column::Version.is_in(named)))
            .order_by_asc(definition::Column::Id)
            .all(db)
            .await?;
        let mut wanted = BTreeSet::new();
        for row in &versions {
            wanted.extend(forms_of(row)?.into_iter().map(|(_, version)| version));
        }
        let forms = of_versions(db, &wanted).await?;
        let withdrawn = withdrawn(db, &current).await?;
        Ok(Self { current, versions, forms, withdrawn })
    }

    /// The definitions, with the versions that no longer load.
    async fn load(self) -> Result<(Registry, Vec<Stranded>), DbErr> {
        let loaded = tokio::task::spawn_blocking(move || self.load_now()).await;
        loaded.map_err(|error| DbErr::Custom(error.to_string()))?
    }

    fn load_now(&self) -> Result<(Registry, Vec<Stranded>), DbErr> {
        let files: Vec<Arc<File>> = self.current.iter().map(file).collect();
        let loaded = load(&files);
        let mut registry = loaded.registry.ok_or_else(|| {
            let faults = render(&loaded.diagnostics, Language::En);
            DbErr::Custom(format!("the published definitions no longer load:\n{faults}"))
        })?;
        let mut lost = Vec::new();
        let mut with_withdrawn = None;
        for row in &self.versions {
            let version = Name::from(row.version.as_str());
            if registry.versions.contains_key(&version) {
                continue;
            }
            let bound = self.bind(row, &registry)?;
            // What an older version names and is no longer published matters when it is used, not before.
            let bound = match bound {
                Ok(bound) => Ok(bound),
                Err(_) => self.bind(row, with_withdrawn.get_or_insert_with(|| self.with_withdrawn(&registry)))?,
            };
            match bound {
                Ok(bound) => drop(registry.versions.insert(version, Arc::new(bound))),
                Err(faults) => {
                    let (workflow, version) = (row.name.clone(), row.version.clone());
                    lost.push(Stranded { workflow, version, running: 0, faults });
                }
            }
        }
        Ok((registry, lost))
    }

    fn bind(&self, row: &definition::Model, world: &Registry) -> Result<Result<Bound, Vec<Diagnostic>>, DbErr> {
        let wanted = forms_of(row)?;
        let forms = self.forms.iter().chain(&self.current).filter(|row| row.kind == "form");
        let forms: Vec<Arc<File>> =
            forms.filter(|row| wanted.contains(&(row.name.clone(), row.version.clone()))).map(file).collect();
        Ok(load_version(&file(row), &forms, world))
    }

    /// What is in force, with all that was withdrawn, as far as it still loads beside it.
    fn with_withdrawn(&self, registry: &Registry) -> Registry {
        let gone = || self.withdrawn.iter().filter(|row| row.kind != "organisation" && row.kind != "policy");
        let all: Vec<Arc<File>> = self.current.iter().chain(gone()).map(file).collect();
        let mut world = load(&all).registry.unwrap_or_else(|| registry.clone());
        for row in gone().filter(|row| row.kind == "template") {
            let name = Name::from(row.name.as_str());
            let template = Template { name: name.clone(), title: Text::same(""), body: Text::same("") };
            world.templates.entry(name).or_insert_with(|| Arc::new(template));
        }
        self.add_posts(&mut world);
        world
    }

    /// The posts of earlier organisation forms: whoever held one may still be meant.
    fn add_posts(&self, world: &mut Registry) {
        let Some(organisation) = &world.organisation else { return };
        let mut organisation = organisation.as_ref().clone();
        for row in self.withdrawn.iter().filter(|row| row.kind == "organisation") {
            let beside = self.current.iter().chain(&self.withdrawn).filter(|row| row.kind == "dictionary").map(file);
            let files: Vec<Arc<File>> = beside.chain([file(row)]).collect();
            let earlier = load(&files).registry.and_then(|registry| registry.organisation);
            for post in earlier.iter().flat_map(|earlier| &earlier.posts) {
                if organisation.posts.iter().all(|known| known.name != post.name) {
                    organisation.posts.push(post.clone());
                }
            }
        }
        world.organisation = Some(Arc::new(organisation));
    }
}

/// What of an instance's stored state names versions.
#[derive(serde::Deserialize)]
struct Names {
    #[serde(default)]
    pinned: BTreeMap<String, String>,
    migrated: Option<Before>,
}

/// What it was before it was migrated.
#[derive(serde::Deserialize)]
struct Before {
    version: String,
    #[serde(default)]
    pinned: BTreeMap<String, String>,
}

/// The versions that running instances name in their state: those to which they can still go back, and those of the workflows
/// that they call pinned.
async fn named<C: ConnectionTrait>(db: &C) -> Result<BTreeSet<String>, DbErr> {
    let state = instance::Column::State;
    let (mut versions, mut after) = (BTreeSet::new(), i64::MIN);
    loop {
        let states: Vec<(i64, String)> = instance::Entity::find()
            .select_only()
            .columns([instance::Column::Id, state])
            .filter(instance::Column::Ended.is_null())
            .filter(Condition::any().add(state.contains(MIGRATED)).add(state.contains(PINNED)))
            .filter(instance::Column::Id.gt(after))
            .order_by_asc(instance::Column::Id)
            .limit(STATES)
            .into_tuple()
            .all(db)
            .await?;
        let Some((last, _)) = states.last() else { return Ok(versions) };
        after = *last;
        for (id, state) in &states {
            let names: Names = serde_json::from_str(state)
                .map_err(|error| DbErr::Custom(format!("state of instance {id}: {error}")))?;
            versions.extend(names.pinned.into_values());
            if let Some(Before { version, pinned }) = names.migrated {
                versions.insert(version);
                versions.extend(pinned.into_values());
            }
        }
    }
}

fn file(row: &definition::Model) -> Arc<File> {
    Arc::new(File { path: row.path.clone(), text: row.source.clone() })
}

/// The names and versions of the forms that a workflow uses.
fn forms_of(row: &definition::Model) -> Result<Vec<(String, String)>, DbErr> {
    serde_json::from_str(&row.forms).map_err(|error| DbErr::Custom(error.to_string()))
}

/// The forms of these versions that are no longer in force.
async fn of_versions<C: ConnectionTrait>(db: &C, versions: &BTreeSet<String>) -> Result<Vec<definition::Model>, DbErr> {
    let versions: Vec<&String> = versions.iter().collect();
    let mut found = Vec::new();
    for part in versions.chunks(500) {
        let forms = definition::Entity::find()
            .filter(definition::Column::Kind.eq("form"))
            .filter(definition::Column::Current.eq(false))
            .filter(definition::Column::Version.is_in(part.iter().copied()))
            .all(db)
            .await?;
        found.extend(forms);
    }
    Ok(found)
}

/// What is not in `current`, as it was published last, and every earlier organisation form, newest first.
async fn withdrawn<C: ConnectionTrait>(db: &C, current: &[definition::Model]) -> Result<Vec<definition::Model>, DbErr> {
    let there: BTreeSet<(&str, &str)> = current.iter().map(|row| (row.kind.as_str(), row.name.as_str())).collect();
    let older: Vec<(i64, String, String)> = definition::Entity::find()
        .select_only()
        .columns([definition::Column::Id, definition::Column::Kind, definition::Column::Name])
        .filter(definition::Column::Current.eq(false))
        .order_by_asc(definition::Column::PublishedAt)
        .order_by_asc(definition::Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    let mut ids = BTreeSet::new();
    let mut last: BTreeMap<(String, String), i64> = BTreeMap::new();
    for (id, kind, name) in older {
        if kind == "organisation" {
            ids.insert(id);
        } else if !there.contains(&(kind.as_str(), name.as_str())) {
            last.insert((kind, name), id);
        }
    }
    ids.extend(last.into_values());
    let mut found = Vec::new();
    for part in crate::db::chunks(&ids) {
        let condition = Condition::all().add(definition::Column::Id.is_in(part));
        found.extend(definition::Entity::find().filter(condition).all(db).await?);
    }
    found.sort_by_key(|row| std::cmp::Reverse((row.published_at, row.id)));
    Ok(found)
}
