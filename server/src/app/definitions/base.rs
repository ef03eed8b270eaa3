//! What a publisher knows of what is published: he may replace that, and nothing newer.

use std::collections::{BTreeMap, BTreeSet};

use docket_engine::load::Document;
use jiff::Timestamp;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait};

use crate::{
    app::{
        generation,
        runner::chain::{canonical, sha256},
    },
    clock::from_ms,
    db::entity::{definition, setting},
    random,
};

/// The setting with the name of this installation among others to which the same folder is published.
const INSTALLATION: &str = "installation";
/// The generation of what fills an empty database.
const FIRST: i64 = 1;

/// What a publisher knows of what is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Base {
    /// Whatever is published is replaced.
    Any,
    /// Only an empty database is filled.
    Empty,
    /// Nothing: only what filled the empty database, and has been left as it was since, is replaced.
    Nothing,
    /// The texts with which he was last in step, by `kind/name`, as their hashes.
    Texts(BTreeMap<String, String>),
    /// All of it, as long as it is exactly this ([`Standing::digest`]).
    Exactly(String),
}

/// What is in force.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// The installation's own name; none before its first publication.
    pub installation: Option<String>,
    /// One hash over all of it, 16 hexadecimal digits.
    pub digest: String,
    /// The hash of each document's text, by `kind/name`.
    pub texts: BTreeMap<String, String>,
}

/// Why a publication would undo what its publisher does not know of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newer {
    /// The digest of what is in force.
    pub digest: String,
    /// The documents that would be put back; none where a digest was expected and is another.
    pub documents: Vec<(String, Change)>,
}

/// What happened to a document since its publisher was last in step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It was published, in this version for the first time at this moment.
    Published(Timestamp),
    /// It was withdrawn.
    Withdrawn,
}

/// What is in force now.
///
/// # Errors
/// The database's own.
pub async fn standing<C: ConnectionTrait>(db: &C) -> Result<Standing, DbErr> {
    let texts = texts(&super::rows(db, true).await?);
    let installation = setting::Entity::find_by_id(INSTALLATION).one(db).await?;
    Ok(Standing { installation: installation.map(|row| row.value), digest: digest(&texts), texts })
}

/// Gives the installation its name, once.
pub(super) async fn name_installation<C: ConnectionTrait>(db: &C) -> Result<(), DbErr> {
    if setting::Entity::find_by_id(INSTALLATION).one(db).await?.is_none() {
        let name = random::token().map_err(|failure| DbErr::Custom(failure.to_string()))?;
        generation::put(db, INSTALLATION, name).await?;
    }
    Ok(())
}

fn key(kind: &str, name: &str) -> String {
    format!("{kind}/{name}")
}

fn hash(text: &str) -> String {
    sha256(&[text.as_bytes()])
}

fn texts(rows: &[definition::Model]) -> BTreeMap<String, String> {
    rows.iter().map(|row| (key(&row.kind, &row.name), hash(&row.source))).collect()
}

fn digest(texts: &BTreeMap<String, String>) -> String {
    let json = serde_json::to_value(texts).unwrap_or_default();
    hash(&canonical(&json)).chars().take(16).collect()
}

impl Base {
    /// What of `current` would be undone by `documents` without being known; none where nothing would.
    pub(super) fn unknown(
        &self,
        current: &[definition::Model],
        documents: &[Document],
        generation: i64,
    ) -> Option<Box<Newer>> {
        let there = texts(current);
        let nothing = BTreeMap::new();
        let known = match self {
            Self::Any | Self::Empty => return None,
            Self::Exactly(expected) => {
                let digest = digest(&there);
                return (*expected != digest).then(|| Box::new(Newer { digest, documents: Vec::new() }));
            }
            Self::Nothing if generation <= FIRST => return None,
            Self::Nothing => &nothing,
            Self::Texts(known) => known,
        };
        let wanted: BTreeMap<String, String> =
            documents.iter().map(|document| (key(document.kind, &document.name), hash(&document.file.text))).collect();
        let when: BTreeMap<String, Timestamp> =
            current.iter().map(|row| (key(&row.kind, &row.name), from_ms(row.published_at))).collect();
        let keys: BTreeSet<&String> = there.keys().chain(wanted.keys()).collect();
        // Changed since, and not to what is about to be published.
        let undone =
            keys.into_iter().filter(|key| there.get(*key) != known.get(*key) && there.get(*key) != wanted.get(*key));
        let documents: Vec<(String, Change)> = undone
            .map(|key| (key.clone(), when.get(key).map_or(Change::Withdrawn, |at| Change::Published(*at))))
            .collect();
        (!documents.is_empty()).then(|| Box::new(Newer { digest: digest(&there), documents }))
    }
}
