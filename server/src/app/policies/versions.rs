//! Drafts and versions of the policies.

use docket_engine::{
    definition::policy::Policy,
    id::PersonId,
    text::{Language, Text},
};
use sea_orm::{ActiveValue::Set, EntityTrait, QueryOrder, QuerySelect, sea_query::OnConflict};

use super::{candidate, files, include_views, require_security, rule_views};
use crate::{
    api::{
        access::{
            DocumentView, PoliciesView, PolicyDraftInput, PolicyDraftView, PublishInput, RuleView, VersionDetail,
            VersionView,
        },
        caller::Caller,
    },
    app::{
        definitions::{self, PolicyFile, PublishError},
        labels,
    },
    clock::from_ms,
    db::entity::{policy_draft, policy_version},
    failure::{Failure, Fault},
};

/// The longest reason, in characters.
const MOST_WHY: usize = 500;
/// How many versions are listed.
const MOST_VERSIONS: u64 = 200;

fn documents(stored: &str) -> Result<Vec<PolicyFile>, Failure> {
    serde_json::from_str(stored).map_err(Failure::internal)
}

fn views(files: Vec<PolicyFile>) -> Vec<DocumentView> {
    files.into_iter().map(|file| DocumentView { path: file.path, text: file.text }).collect()
}

async fn latest(caller: &Caller) -> Result<policy_version::Model, Failure> {
    let newest = policy_version::Entity::find().order_by_desc(policy_version::Column::Id);
    newest.one(caller.app.db.reader()).await?.ok_or(Failure::NotFound)
}

async fn version(caller: &Caller, id: i64) -> Result<policy_version::Model, Failure> {
    policy_version::Entity::find_by_id(id).one(caller.app.db.reader()).await?.ok_or(Failure::NotFound)
}

/// The policies in force.
///
/// # Errors
/// [`Failure::Forbidden`].
pub async fn in_force(caller: &Caller) -> Result<PoliciesView, Failure> {
    require_security(caller)?;
    let latest = latest(caller).await?;
    let policies: Vec<&Policy> = caller.published.registry.policies.values().map(AsRef::as_ref).collect();
    Ok(PoliciesView {
        documents: views(documents(&latest.documents)?),
        version: version_view(caller, &latest, latest.id),
        rules: rule_views(&policies),
        includes: include_views(&policies),
    })
}

fn version_view(caller: &Caller, row: &policy_version::Model, latest: i64) -> VersionView {
    VersionView {
        id: row.id,
        at: from_ms(row.at).to_string(),
        by: row.by_id.map(|person| labels::person(caller, PersonId(person))),
        why: row.why.clone(),
        current: row.id == latest,
    }
}

/// All versions, the newest first.
///
/// # Errors
/// [`Failure::Forbidden`].
pub async fn list(caller: &Caller) -> Result<Vec<VersionView>, Failure> {
    require_security(caller)?;
    let rows = policy_version::Entity::find().order_by_desc(policy_version::Column::Id).limit(MOST_VERSIONS);
    let rows = rows.all(caller.app.db.reader()).await?;
    let latest = rows.first().map_or(0, |row| row.id);
    Ok(rows.iter().map(|row| version_view(caller, row, latest)).collect())
}

/// One version, with what it changed of the one before.
///
/// # Errors
/// [`Failure::Forbidden`], [`Failure::NotFound`].
pub async fn detail(caller: &Caller, id: i64) -> Result<VersionDetail, Failure> {
    require_security(caller)?;
    let (row, latest) = (version(caller, id).await?, latest(caller).await?);
    let files = documents(&row.documents)?;
    let now = rules_of(caller, &files).await?;
    let before = match version(caller, id - 1).await {
        Ok(before) => rules_of(caller, &documents(&before.documents)?).await?,
        Err(Failure::NotFound) => Vec::new(),
        Err(failure) => return Err(failure),
    };
    Ok(VersionDetail {
        version: version_view(caller, &row, latest.id),
        documents: views(files),
        added: now.iter().filter(|rule| !before.contains(rule)).cloned().collect(),
        removed: before.into_iter().filter(|rule| !now.contains(rule)).collect(),
    })
}

/// The rules of a version, as far as it still loads with what is published now.
async fn rules_of(caller: &Caller, files: &[PolicyFile]) -> Result<Vec<RuleView>, Failure> {
    let candidate = candidate(&caller.app, files).await?;
    let policies = candidate.published.iter().flat_map(|published| published.registry.policies.values());
    Ok(rule_views(&policies.map(AsRef::as_ref).collect::<Vec<_>>()))
}

/// The caller's draft; what is in force where he has none.
///
/// # Errors
/// [`Failure::Forbidden`].
pub async fn draft(caller: &Caller) -> Result<PolicyDraftView, Failure> {
    require_security(caller)?;
    let latest = latest(caller).await?;
    let row = policy_draft::Entity::find_by_id(caller.person.id.0).one(caller.app.db.reader()).await?;
    Ok(match row {
        Some(row) => PolicyDraftView {
            documents: views(documents(&row.documents)?),
            base: row.base,
            outdated: row.base != latest.id,
            saved_at: Some(from_ms(row.saved_at).to_string()),
        },
        None => PolicyDraftView {
            documents: views(documents(&latest.documents)?),
            base: latest.id,
            outdated: false,
            saved_at: None,
        },
    })
}

/// Keeps the caller's draft, whatever is wrong with it.
///
/// # Errors
/// [`Failure::Forbidden`], [`Failure::Invalid`].
pub async fn save_draft(caller: &Caller, input: PolicyDraftInput) -> Result<PolicyDraftView, Failure> {
    require_security(caller)?;
    let text = serde_json::to_string(&files(input.documents)?).map_err(Failure::internal)?;
    let row = policy_draft::ActiveModel {
        person_id: Set(caller.person.id.0),
        base: Set(input.base),
        documents: Set(text),
        saved_at: Set(caller.app.now().as_millisecond()),
    };
    let replace = OnConflict::column(policy_draft::Column::PersonId)
        .update_columns([policy_draft::Column::Base, policy_draft::Column::Documents, policy_draft::Column::SavedAt])
        .to_owned();
    let write = caller.app.db.write().await?;
    policy_draft::Entity::insert(row).on_conflict(replace).exec_without_returning(&*write).await?;
    write.commit().await?;
    draft(caller).await
}

/// Drops the caller's draft.
///
/// # Errors
/// [`Failure::Forbidden`].
pub async fn drop_draft(caller: &Caller) -> Result<(), Failure> {
    require_security(caller)?;
    let write = caller.app.db.write().await?;
    policy_draft::Entity::delete_by_id(caller.person.id.0).exec(&*write).await?;
    Ok(write.commit().await?)
}

/// Publishes policies: a new version, with who and why. On faults the old ones stay in force.
///
/// # Errors
/// [`Failure::Forbidden`], [`Failure::Invalid`] with every fault, [`Failure::LedgerChanged`] where another version is in force than
/// the one on which these are based.
pub async fn publish(caller: &Caller, input: PublishInput) -> Result<VersionView, Failure> {
    require_security(caller)?;
    let files = files(input.documents)?;
    if latest(caller).await?.id != input.base {
        return Err(newer());
    }
    put(caller, &files, input.why).await
}

/// Puts an earlier version in force again, as a new one.
///
/// # Errors
/// As [`publish`].
pub async fn restore(caller: &Caller, id: i64, why: String) -> Result<VersionView, Failure> {
    require_security(caller)?;
    let files = documents(&version(caller, id).await?.documents)?;
    let why = if why.trim().is_empty() {
        caller.text(&Text::new(format!("恢复第 {id} 版"), format!("version {id} again")))
    } else {
        why
    };
    put(caller, &files, why).await
}

async fn put(caller: &Caller, files: &[PolicyFile], why: String) -> Result<VersionView, Failure> {
    let why = why.trim().to_owned();
    if why.is_empty() || why.chars().count() > MOST_WHY {
        let message = Text::new("请写明修改原因，最多 500 字", "say why, in at most 500 characters");
        return Err(Failure::invalid("/why", "required", message));
    }
    let published = definitions::publish_policies(&caller.app, files, &caller.origin(), &why).await;
    published.map_err(|error| refused(caller, error))?;
    drop_draft(caller).await?;
    let latest = latest(caller).await?;
    Ok(version_view(caller, &latest, latest.id))
}

fn newer() -> Failure {
    Failure::LedgerChanged(Text::new(
        "在您编辑期间已有新的版本发布。请对照新版本重新修改",
        "another version was published while you were editing. Compare with it and edit again",
    ))
}

fn refused(caller: &Caller, error: PublishError) -> Failure {
    match error {
        PublishError::Faults(diagnostics) => {
            let faults = diagnostics.iter().map(|fault| {
                let place = super::fault_view(caller, fault);
                let at = format!("{}:{}:{}", place.path, place.line, place.column);
                let said = |language: Language| {
                    let help = fault.help.as_ref().map_or("", |help| help.get(language));
                    format!("{at} [{}] {} {help}", fault.code, fault.message.get(language))
                };
                Fault::new("/documents".to_owned(), fault.code, Text::new(said(Language::Zh), said(Language::En)))
            });
            Failure::Invalid(faults.collect())
        }
        PublishError::Newer(_) => newer(),
        PublishError::LocksOut => Failure::invalid(
            "/documents",
            "locks-out",
            Text::new("没有人再担任安全管理员", "nobody would be security administrator any more"),
        ),
        other => Failure::internal(other),
    }
}
