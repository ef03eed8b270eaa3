//! Published definitions: the truth is in the database; memory holds one immutable snapshot that is replaced as a whole.

mod base;
mod files;
mod in_force;
mod policies;
mod rules;

use std::{collections::BTreeMap, sync::Arc};

use docket_engine::{
    definition::registry::Registry,
    diagnostic::Diagnostic,
    id::PersonId,
    load::{Document, Loaded, load},
    source::File,
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, OnConflict},
};

pub(crate) use self::in_force::{MIGRATED, outdated, reload};
pub use self::{
    base::{Base, Change, Newer, Standing, standing},
    files::{read_folder, shipped},
    in_force::Stranded,
    policies::{PolicyFile, publish_policies, with_policies},
    rules::rows as casbin_rows,
};
use super::{
    generation, org,
    runner::{self, RunError},
};
use crate::{
    audit::{self, Act, Origin, What},
    db::{
        Write,
        entity::{casbin_rule, definition},
    },
    effects::templates::Templates,
    push::{News, Stale, announce},
    state::Shared,
};

/// Name of the generation of what is published.
const GENERATION: &str = "definitions";
/// The duty of the security administrator among those of posts.
pub const SECURITY: &str = "security";

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
    /// What is in force now.
    pub standing: Standing,
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
    /// What is published holds changes that the publisher does not know of.
    #[error("what is published has changed since")]
    Newer(Box<Newer>),
    /// Nobody would be security administrator any more.
    #[error("nobody would be security administrator any more")]
    LocksOut,
    /// Running instances could not go on.
    #[error("running instances could not go on with {} workflow versions", .0.len())]
    Strands(Vec<Stranded>),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Publishes `files` as the whole configuration, in one transaction, whatever was published before; takes effect on every node
/// without a restart.
///
/// # Errors
/// [`PublishError`]; nothing has changed then.
pub async fn publish(shared: &Shared, files: &[Arc<File>], by: Option<PersonId>) -> Result<Publication, PublishError> {
    let origin = Origin { who: by, ..Origin::system() };
    publish_over(shared, files, &origin, &Base::Any).await
}

/// As [`publish`], but refuses to overwrite what `base` does not know of.
///
/// # Errors
/// [`PublishError`]; nothing has changed then.
pub async fn publish_over(
    shared: &Shared,
    files: &[Arc<File>],
    origin: &Origin,
    base: &Base,
) -> Result<Publication, PublishError> {
    publish_for(shared, files, origin, "", base).await
}

/// As [`publish_over`], saying why.
async fn publish_for(
    shared: &Shared,
    files: &[Arc<File>],
    origin: &Origin,
    why: &str,
    base: &Base,
) -> Result<Publication, PublishError> {
    put_in_force(shared, files, (origin, why), base).await
}

/// What publishing `files` would do; nothing is written.
///
/// # Errors
/// [`PublishError::Faults`], [`PublishError::Strands`], and the database's own.
pub async fn plan(shared: &Shared, files: &[Arc<File>], base: &Base) -> Result<Plan, PublishError> {
    let (documents, _) = loaded(files).await?;
    let db = shared.db.snapshot().await?;
    let current = rows(&db, true).await?;
    let generation = generation::current(&db, GENERATION).await?;
    let mut plan = Plan { newer: base.unknown(&current, &documents, generation), ..Plan::default() };
    let known = by_key(current);
    for document in &documents {
        let key = (document.kind.to_owned(), document.name.to_string());
        match known.get(&key) {
            Some(row) if is_same(row, document)? => plan.publication.unchanged += 1,
            _ => plan.publication.published.push(key),
        }
    }
    plan.publication.withdrawn = known.keys().filter(|key| !holds(&documents, key)).cloned().collect();
    plan.publication.standing = standing(&db).await?;
    Ok(plan)
}

/// What publishing would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// What would be published and withdrawn, and what is in force.
    pub publication: Publication,
    /// Why it would be refused: changes that the publisher does not know of.
    pub newer: Option<Box<Newer>>,
}

/// The published definitions as files, and what stands, read at one moment. Documents that came from one file go into one.
///
/// # Errors
/// The database's own.
pub async fn export(shared: &Shared) -> Result<(Vec<File>, Standing), DbErr> {
    let db = shared.db.snapshot().await?;
    let standing = standing(&db).await?;
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    for row in rows(&db, true).await? {
        match files.get_mut(&row.path) {
            None => drop(files.insert(row.path, row.source)),
            Some(text) => {
                if !text.ends_with('\n') {
                    text.push('\n');
                }
                if !row.source.starts_with("---") {
                    text.push_str("---\n");
                }
                text.push_str(&row.source);
            }
        }
    }
    Ok((files.into_iter().map(|(path, text)| File { path, text }).collect(), standing))
}

/// Publishes `files` where nothing has been published yet; nodes that start at the same time do it once.
///
/// # Errors
/// As [`publish`].
pub(crate) async fn fill(shared: &Shared, files: &[Arc<File>]) -> Result<(), PublishError> {
    put_in_force(shared, files, (&Origin::system(), ""), &Base::Empty).await?;
    Ok(reload(shared).await?)
}

async fn loaded(files: &[Arc<File>]) -> Result<(Vec<Document>, Registry), PublishError> {
    let owned = files.to_vec();
    let loaded = tokio::task::spawn_blocking(move || load(&owned)).await;
    let Loaded { registry, documents, diagnostics, .. } =
        loaded.map_err(|error| PublishError::Unreadable(error.to_string()))?;
    registry.map(|registry| (documents, registry)).ok_or(PublishError::Faults(diagnostics))
}

async fn put_in_force(
    shared: &Shared,
    files: &[Arc<File>],
    (origin, why): (&Origin, &str),
    base: &Base,
) -> Result<Publication, PublishError> {
    let (documents, registry) = loaded(files).await?;
    let (write, generation) = begin(shared).await?;
    if *base == Base::Empty && generation != 0 {
        return Ok(Publication::default());
    }
    let current = rows(&*write, true).await?;
    if let Some(newer) = base.unknown(&current, &documents, generation) {
        return Err(PublishError::Newer(newer));
    }
    let mut publication = store(shared, &*write, current, &documents, origin.who).await?;
    base::name_installation(&*write).await?;
    publication.standing = standing(&*write).await?;
    if publication.published.is_empty() && publication.withdrawn.is_empty() {
        write.commit().await?;
        return Ok(publication);
    }
    let stranded = in_force::stranded(shared, &*write).await?;
    if !stranded.is_empty() {
        return Err(PublishError::Strands(stranded));
    }
    let reindexed = runner::reindex(&*write, &shared.registry(), &registry).await;
    reindexed.map_err(|error| match error {
        RunError::Database(error) => error,
        other => DbErr::Custom(other.to_string()),
    })?;
    if locks_out(shared, &registry) {
        return Err(PublishError::LocksOut);
    }
    rules::store(&*write, &registry).await?;
    policies::record(&*write, shared, (origin.who, why)).await?;
    generation::next(&*write, GENERATION).await?;
    announce(&*write, &shared.node, &News::Definitions).await?;
    audit::record(shared, &*write, told(origin, why, &publication)).await?;
    write.commit().await?;
    reload(shared).await?;
    org::reload(shared).await?;
    shared.hub.tell(Stale::everything());
    shared.wake.nodes.notify_one();
    Ok(publication)
}

/// A publication as the log tells it: what was published and withdrawn, by kind and name.
fn told(origin: &Origin, why: &str, publication: &Publication) -> Act {
    let names = |keys: &[(String, String)]| -> Vec<String> {
        keys.iter().map(|(kind, name)| format!("{kind}/{name}")).collect()
    };
    Act::done(origin.clone(), What::Published)
        .with("published", names(&publication.published))
        .with("withdrawn", names(&publication.withdrawn))
        .with("why", why)
}

/// Whether nobody would hold the duty of the security administrator any more who holds it now: nobody could mend that.
fn locks_out(shared: &Shared, registry: &Registry) -> bool {
    let org = shared.org();
    let holders = |registry: &Registry| {
        let posts = registry.organisation.iter().flat_map(|form| &form.posts);
        let mut duties = posts.filter(|post| post.duty.as_ref().is_some_and(|duty| *duty == SECURITY));
        duties.any(|post| !org.holders_anywhere(&post.name).is_empty())
    };
    holders(&shared.registry()) && !holders(registry)
}

/// Begins the transaction of a publication, in which no other one and no command is under way; gives it with the generation in
/// force, which this node has loaded.
async fn begin(shared: &Shared) -> Result<(Write, i64), DbErr> {
    loop {
        let write = shared.db.write().await?;
        generation::lock(&*write, GENERATION).await?;
        generation::wait_for_commands(&*write).await?;
        let generation = generation::current(&*write, GENERATION).await?;
        if generation == shared.published().generation {
            return Ok((write, generation));
        }
        drop(write);
        reload(shared).await?;
    }
}

/// Kind and name.
type Key = (String, String);

fn by_key(rows: Vec<definition::Model>) -> BTreeMap<Key, definition::Model> {
    rows.into_iter().map(|row| ((row.kind.clone(), row.name.clone()), row)).collect()
}

fn holds(documents: &[Document], (kind, name): &Key) -> bool {
    documents.iter().any(|document| document.kind == kind && *document.name == **name)
}

fn forms_of(document: &Document) -> Result<String, DbErr> {
    serde_json::to_string(&document.forms).map_err(|error| DbErr::Custom(error.to_string()))
}

fn is_same(row: &definition::Model, document: &Document) -> Result<bool, DbErr> {
    let same = row.version == document.version.as_str() && row.source == document.file.text;
    Ok(same && row.forms == forms_of(document)?)
}

/// Writes what differs from what is published; versions that were published once stay for the instances that run on them.
async fn store<C: ConnectionTrait>(
    shared: &Shared,
    db: &C,
    current: Vec<definition::Model>,
    documents: &[Document],
    by: Option<PersonId>,
) -> Result<Publication, DbErr> {
    let current = by_key(current);
    let mut publication = Publication::default();
    for document in documents {
        let key = (document.kind.to_owned(), document.name.to_string());
        if let Some(row) = current.get(&key)
            && is_same(row, document)?
        {
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
            forms: Set(forms_of(document)?),
            published_at: Set(shared.now().as_millisecond()),
            published_by: Set(by.map(|person| person.0)),
            current: Set(true),
        };
        definition::Entity::insert(row).on_conflict(again()).exec_without_returning(db).await?;
        publication.published.push(key);
    }
    for key in current.into_keys().filter(|key| !holds(documents, key)) {
        retire(db, &key.0, &key.1).await?;
        publication.withdrawn.push(key);
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
