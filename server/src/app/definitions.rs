//! Published definitions: the truth is in the database; memory holds one immutable snapshot that is replaced as a whole.

use std::{collections::BTreeMap, io::Read as _, path::Path, sync::Arc};

use docket_engine::{
    definition::registry::Registry,
    diagnostic::Diagnostic,
    id::PersonId,
    load::{Document, Loaded, load, load_version},
    source::File,
    text::Name,
};
use rust_embed::RustEmbed;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, OnConflict},
};

use super::{generation, org};
use crate::{
    db::entity::{casbin_rule, definition},
    effects::templates::Templates,
    push::{News, Stale, announce},
    state::Shared,
};

/// How much of a file is read, in bytes: one more than the engine takes, so that it can say that the file is too large.
const MAX_FILE: u64 = (1 << 20) + 1;
/// The folders of a configuration; where a folder has any of them, nothing else in it is read.
const FOLDERS: [&str; 7] = ["dictionaries", "forms", "modules", "organisation", "policies", "templates", "workflows"];
/// Name of the generation of what is published.
const GENERATION: &str = "definitions";

/// What is published, read in one transaction.
#[derive(Debug, Default)]
pub struct Published {
    /// Grows with every publication, on all nodes alike.
    pub generation: i64,
    /// The definitions.
    pub registry: Arc<Registry>,
    /// The Casbin rows of the policies.
    pub rules: Vec<casbin_rule::Model>,
    /// The notices' templates, compiled.
    pub templates: Templates,
}

/// What publishing did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Publication {
    /// Kind and name of what is new or changed.
    pub published: Vec<(String, String)>,
    /// Kind and name of what is no longer there.
    pub withdrawn: Vec<(String, String)>,
    /// How many stayed as they were.
    pub unchanged: usize,
}

/// Why nothing was published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The definitions have faults; all of them.
    #[error("{} faults in the configuration", .0.len())]
    Faults(Vec<Diagnostic>),
    /// The folder can not be read.
    #[error("{0}")]
    Unreadable(String),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// The configuration files below `folder`: every `.yaml` and `.yml`, sorted by path. Where the folder has the folders of a
/// configuration (`modules/`, `forms/`, …), only those are read: a project keeps other things beside them.
///
/// # Errors
/// [`PublishError::Unreadable`].
pub fn read_folder(folder: &Path) -> Result<Vec<Arc<File>>, PublishError> {
    let parts: Vec<&str> = FOLDERS.into_iter().filter(|part| folder.join(part).is_dir()).collect();
    let mut files = Vec::new();
    if parts.is_empty() {
        read_below(folder, "", &mut files)?;
    }
    for part in parts {
        read_below(&folder.join(part), part, &mut files)?;
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn read_below(folder: &Path, shown: &str, files: &mut Vec<Arc<File>>) -> Result<(), PublishError> {
    let unreadable = |error: std::io::Error| PublishError::Unreadable(format!("{}: {error}", folder.display()));
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()).filter(|name| !name.starts_with('.')) else {
            continue;
        };
        let shown = if shown.is_empty() { name.to_owned() } else { format!("{shown}/{name}") };
        if path.is_dir() {
            read_below(&path, &shown, files)?;
        } else if path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml") {
            files.push(read_file(&path, shown)?);
        }
    }
    Ok(())
}

/// Reads a file for the engine, which says what is wrong with it: where its bytes are no UTF-8, U+FFFD stands for them.
fn read_file(path: &Path, shown: String) -> Result<Arc<File>, PublishError> {
    let unreadable = |error: std::io::Error| PublishError::Unreadable(format!("{shown}: {error}"));
    let mut bytes = Vec::new();
    std::fs::File::open(path).map_err(unreadable)?.take(MAX_FILE).read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(Arc::new(File { path: shown, text: String::from_utf8_lossy(&bytes).into_owned() }))
}

macro_rules! embedded {
    ($($name:ident = $folder:literal),* $(,)?) => {
        $(
            #[derive(RustEmbed)]
            #[folder = $folder]
            struct $name;
        )*

        /// The shipped configuration, which the binary carries.
        #[must_use]
        pub fn shipped() -> Vec<Arc<File>> {
            let mut files = Vec::new();
            $(
                let folder = $folder.trim_start_matches("../");
                files.extend($name::iter().filter_map(|name| embedded_file(folder, &name, $name::get(&name)?)));
            )*
            files.sort_by(|a: &Arc<File>, b| a.path.cmp(&b.path));
            files
        }
    };
}

embedded! {
    Dictionaries = "../dictionaries",
    Forms = "../forms",
    Modules = "../modules",
    Organisation = "../organisation",
    Policies = "../policies",
    Templates_ = "../templates",
    Workflows = "../workflows",
}

fn embedded_file(folder: &str, name: &str, file: rust_embed::EmbeddedFile) -> Option<Arc<File>> {
    let yaml = Path::new(name).extension().is_some_and(|ending| ending == "yaml" || ending == "yml");
    let text = String::from_utf8(file.data.into_owned()).ok().filter(|_| yaml)?;
    Some(Arc::new(File { path: format!("{folder}/{name}"), text }))
}

/// Publishes `files` as the whole configuration, in one transaction; takes effect on every node without a restart.
///
/// # Errors
/// [`PublishError`]; nothing has changed then.
pub async fn publish(shared: &Shared, files: &[Arc<File>], by: Option<PersonId>) -> Result<Publication, PublishError> {
    put_in_force(shared, files, by, false).await
}

/// Publishes `files` where nothing has been published yet; nodes that start at the same time do it once.
///
/// # Errors
/// As [`publish`].
pub(crate) async fn fill(shared: &Shared, files: &[Arc<File>]) -> Result<(), PublishError> {
    put_in_force(shared, files, None, true).await?;
    Ok(reload(shared).await?)
}

async fn put_in_force(
    shared: &Shared,
    files: &[Arc<File>],
    by: Option<PersonId>,
    only_first: bool,
) -> Result<Publication, PublishError> {
    let owned = files.to_vec();
    let loaded = tokio::task::spawn_blocking(move || load(&owned)).await;
    let Loaded { registry, documents, diagnostics, .. } =
        loaded.map_err(|error| PublishError::Unreadable(error.to_string()))?;
    let Some(registry) = registry else {
        return Err(PublishError::Faults(diagnostics));
    };
    let write = shared.db.write().await?;
    generation::lock(&*write, GENERATION).await?;
    if only_first && generation::current(&*write, GENERATION).await? != 0 {
        return Ok(Publication::default());
    }
    let publication = store(shared, &*write, &documents, by).await?;
    if publication.published.is_empty() && publication.withdrawn.is_empty() {
        return Ok(publication);
    }
    store_rules(&*write, &registry).await?;
    generation::next(&*write, GENERATION).await?;
    announce(&*write, &shared.node, &News::Definitions).await?;
    write.commit().await?;
    reload(shared).await?;
    org::reload(shared).await?;
    shared.hub.tell(Stale::everything());
    Ok(publication)
}

/// Writes what differs from what is published; versions that were published once stay for the instances that run on them.
async fn store<C: ConnectionTrait>(
    shared: &Shared,
    db: &C,
    documents: &[Document],
    by: Option<PersonId>,
) -> Result<Publication, PublishError> {
    let key = |kind: &str, name: &str| (kind.to_owned(), name.to_owned());
    let current: BTreeMap<(String, String), definition::Model> =
        rows(db, true).await?.into_iter().map(|row| (key(&row.kind, &row.name), row)).collect();
    let mut publication = Publication::default();
    for document in documents {
        let known = current.get(&key(document.kind, &document.name));
        let forms = serde_json::to_string(&document.forms).map_err(|error| DbErr::Custom(error.to_string()))?;
        let same =
            |row: &&definition::Model| row.version == document.version.as_str() && row.source == document.file.text;
        if known.filter(same).is_some_and(|row| row.forms == forms) {
            publication.unchanged += 1;
            continue;
        }
        retire(db, document.kind, &document.name).await?;
        let row = definition::ActiveModel {
            id: NotSet,
            kind: Set(document.kind.to_owned()),
            name: Set(document.name.to_string()),
            version: Set(document.version.to_string()),
            path: Set(document.file.path.clone()),
            source: Set(document.file.text.clone()),
            forms: Set(forms),
            published_at: Set(shared.now().as_millisecond()),
            published_by: Set(by.map(|person| person.0)),
            current: Set(true),
        };
        definition::Entity::insert(row).on_conflict(again()).exec_without_returning(db).await?;
        publication.published.push(key(document.kind, &document.name));
    }
    for (kind, name) in current.into_keys() {
        if !documents.iter().any(|document| document.kind == kind && document.name == *name) {
            retire(db, &kind, &name).await?;
            publication.withdrawn.push((kind, name));
        }
    }
    Ok(publication)
}

/// A version that was in force before is in force again.
fn again() -> OnConflict {
    let key = [definition::Column::Kind, definition::Column::Name, definition::Column::Version];
    let mut again = OnConflict::columns(key);
    again.update_columns([
        definition::Column::Path,
        definition::Column::Source,
        definition::Column::Forms,
        definition::Column::PublishedAt,
        definition::Column::PublishedBy,
        definition::Column::Current,
    ]);
    again
}

async fn retire<C: ConnectionTrait>(db: &C, kind: &str, name: &str) -> Result<(), DbErr> {
    definition::Entity::update_many()
        .col_expr(definition::Column::Current, Expr::value(false))
        .filter(definition::Column::Kind.eq(kind))
        .filter(definition::Column::Name.eq(name))
        .filter(definition::Column::Current.eq(true))
        .exec(db)
        .await?;
    Ok(())
}

async fn rows<C: ConnectionTrait>(db: &C, current: bool) -> Result<Vec<definition::Model>, DbErr> {
    definition::Entity::find()
        .filter(definition::Column::Current.eq(current))
        .order_by_asc(definition::Column::Id)
        .all(db)
        .await
}

/// The policies as Casbin rows, in the place of those before.
async fn store_rules<C: ConnectionTrait>(db: &C, registry: &Registry) -> Result<(), DbErr> {
    casbin_rule::Entity::delete_many().exec(db).await?;
    let mut rows = Vec::new();
    for policy in registry.policies.values() {
        rows.extend(policy.includes.iter().map(|(role, included)| casbin_row("g", [role, included, "", "", "", ""])));
        for rule in &policy.rules {
            let effect = if rule.deny { "deny" } else { "allow" };
            let condition = rule.when.as_ref().map_or("", |condition| condition.source.as_str());
            rows.extend(
                rule.may.iter().map(|may| casbin_row("p", [&rule.role, &rule.on, may, condition, "*", effect])),
            );
        }
    }
    if !rows.is_empty() {
        casbin_rule::Entity::insert_many(rows).exec_without_returning(db).await?;
    }
    Ok(())
}

fn casbin_row(ptype: &str, columns: [&str; 6]) -> casbin_rule::ActiveModel {
    let [v0, v1, v2, v3, v4, v5] = columns.map(|text| Set(text.to_owned()));
    casbin_rule::ActiveModel { id: NotSet, ptype: Set(ptype.to_owned()), v0, v1, v2, v3, v4, v5 }
}

/// Whether another node published something, or changed the organisation, that this one has not loaded.
///
/// # Errors
/// The database's own.
pub(crate) async fn outdated<C: ConnectionTrait>(shared: &Shared, db: &C) -> Result<bool, DbErr> {
    let definitions = generation::current(db, GENERATION).await?;
    let organisation = generation::current(db, org::GENERATION).await?;
    Ok(definitions != shared.published().generation || organisation != shared.organisation().generation)
}

/// Loads what is published on this node.
///
/// # Errors
/// The database's own, and definitions that no longer load.
pub(crate) async fn reload(shared: &Shared) -> Result<(), DbErr> {
    let db = shared.db.snapshot().await?;
    let generation = generation::current(&db, GENERATION).await?;
    if generation == shared.published().generation {
        return Ok(());
    }
    let current = rows(&db, true).await?;
    let older = rows(&db, false).await?;
    let rules = casbin_rule::Entity::find().order_by_asc(casbin_rule::Column::Id).all(&db).await?;
    drop(db);
    let registry = tokio::task::spawn_blocking(move || read(&current, &older)).await;
    let registry = registry.map_err(|error| DbErr::Custom(error.to_string()))??;
    let templates = Templates::compile(registry.templates.values().map(AsRef::as_ref)).map_err(DbErr::Custom)?;
    shared.set_published(Arc::new(Published { generation, registry: Arc::new(registry), rules, templates }));
    Ok(())
}

fn file(row: &definition::Model) -> Arc<File> {
    Arc::new(File { path: row.path.clone(), text: row.source.clone() })
}

/// The definitions in force, with every older version of a workflow that still loads.
fn read(current: &[definition::Model], older: &[definition::Model]) -> Result<Registry, DbErr> {
    let files: Vec<Arc<File>> = current.iter().map(file).collect();
    let loaded = load(&files);
    let mut registry = loaded.registry.ok_or_else(|| {
        let faults = docket_engine::diagnostic::render(&loaded.diagnostics, docket_engine::text::Language::En);
        DbErr::Custom(format!("the published definitions no longer load:\n{faults}"))
    })?;
    let all = || older.iter().chain(current);
    for row in older.iter().filter(|row| row.kind == "workflow") {
        let version = Name::from(row.version.as_str());
        if registry.versions.contains_key(&version) {
            continue;
        }
        let wanted: Vec<(String, String)> =
            serde_json::from_str(&row.forms).map_err(|error| DbErr::Custom(error.to_string()))?;
        let forms: Vec<Arc<File>> = wanted
            .iter()
            .filter_map(|(name, version)| {
                all().find(|row| row.kind == "form" && row.name == *name && row.version == *version).map(file)
            })
            .collect();
        match load_version(&file(row), &forms, &registry) {
            Ok(bound) => drop(registry.versions.insert(version, Arc::new(bound))),
            Err(faults) => {
                let faults = docket_engine::diagnostic::render(&faults, docket_engine::text::Language::En);
                tracing::error!(workflow = row.name, version = row.version, %faults, "an older version no longer loads");
            }
        }
    }
    Ok(registry)
}
