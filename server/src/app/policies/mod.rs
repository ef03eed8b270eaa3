//! Access policies as the security administrator works on them: draft, check, dry run, publish, go back.

pub mod csv;
pub mod dry_run;
pub mod explain;
pub mod runs;
pub mod versions;

use std::{collections::BTreeSet, sync::Arc};

use docket_engine::{
    definition::policy::{Policy, Rule},
    diagnostic::{Diagnostic, Severity},
    load::load,
    text::Text,
};

use super::definitions::{self, PolicyFile, Published, SECURITY};
use crate::{
    access::Rules,
    api::{
        access::{CheckView, DocumentInput, FaultView, IncludeView, RuleView},
        caller::Caller,
    },
    app::definitions::casbin_rows,
    db::entity::casbin_rule,
    effects::templates::Templates,
    failure::{Failure, Fault},
    state::Shared,
};

/// Most policy documents.
const MOST_DOCUMENTS: usize = 50;
/// Most text of all policy documents together, in bytes.
const MOST_TEXT: usize = 1 << 20;

/// Refuses who has not the duty of the security administrator.
///
/// # Errors
/// [`Failure::Forbidden`].
pub fn require_security(caller: &Caller) -> Result<(), Failure> {
    if is_security(caller) { Ok(()) } else { Err(Failure::Forbidden) }
}

/// Whether the caller has the duty of the security administrator. It comes from a post, never from a rule: no rule can take it away.
#[must_use]
pub fn is_security(caller: &Caller) -> bool {
    duties(caller).iter().any(|duty| duty == SECURITY)
}

/// The duties of administration that the caller's posts are.
#[must_use]
pub fn duties(caller: &Caller) -> Vec<String> {
    // Nobody has a duty of administration in another one's name.
    if caller.through.is_some() {
        return Vec::new();
    }
    let org = caller.app.org();
    let form = caller.published.registry.organisation.as_ref();
    let duty = |post: &str| form.and_then(|form| form.post(post)).and_then(|post| post.duty.as_ref());
    let duties: BTreeSet<String> =
        org.holdings_of(caller.person.id).filter_map(|holding| duty(&holding.post)).map(ToString::to_string).collect();
    duties.into_iter().collect()
}

/// The documents that were sent, bounded.
///
/// # Errors
/// [`Failure::Invalid`].
pub fn files(sent: Vec<DocumentInput>) -> Result<Vec<PolicyFile>, Failure> {
    if sent.is_empty() || sent.len() > MOST_DOCUMENTS {
        let message = Text::new("权限文档应为 1 至 50 个", "there are 1 to 50 policy documents");
        return Err(Failure::invalid("/documents", "count", message));
    }
    if sent.iter().map(|document| document.text.len()).sum::<usize>() > MOST_TEXT {
        return Err(Failure::TooLarge(Text::new("权限文档超过 1 MB", "the policy documents are larger than 1 MB")));
    }
    let mut faults = Vec::new();
    for (place, document) in sent.iter().enumerate() {
        if !is_path(&document.path) {
            let message = Text::new("路径应写成 policies/名称.yaml", "write the path as policies/NAME.yaml");
            faults.push(Fault::new(format!("/documents/{place}/path"), "path", message));
        }
    }
    if !faults.is_empty() {
        return Err(Failure::Invalid(faults));
    }
    Ok(sent.into_iter().map(|document| PolicyFile { path: document.path, text: document.text }).collect())
}

/// A relative path of plain names that ends as YAML does.
fn is_path(path: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty() && !part.starts_with('.') && !part.chars().any(|letter| letter.is_control() || letter == '\\')
    };
    path.len() <= 200 && path.split('/').all(plain) && matches!(path.rsplit_once('.'), Some((_, "yaml" | "yml")))
}

/// Policies, read against everything else that is published.
pub struct Candidate {
    /// Definitions with these policies; none where there are faults.
    pub published: Option<Published>,
    /// What is wrong, and warnings.
    pub faults: Vec<Diagnostic>,
}

/// Reads `policies` against what is published, without publishing them.
///
/// # Errors
/// The database's own.
pub async fn candidate(shared: &Shared, policies: &[PolicyFile]) -> Result<Candidate, Failure> {
    let (files, _) = definitions::with_policies(shared, policies).await?;
    let paths: Vec<String> = policies.iter().map(|file| file.path.clone()).collect();
    let loaded = tokio::task::spawn_blocking(move || load(&files)).await.map_err(Failure::internal)?;
    let of_these = |fault: &Diagnostic| paths.contains(&fault.place.file.path);
    let faults = loaded.diagnostics.into_iter().filter(|fault| fault.severity == Severity::Error || of_these(fault));
    let published = loaded.registry.map(|registry| {
        let rows = casbin_rows(registry.policies.values().map(AsRef::as_ref)).into_iter().zip(1..);
        let rules = rows.map(|((ptype, columns), id)| {
            let [v0, v1, v2, v3, v4, v5] = columns;
            casbin_rule::Model { id, ptype: ptype.to_owned(), v0, v1, v2, v3, v4, v5 }
        });
        let rules = rules.collect();
        Published { generation: 0, registry: Arc::new(registry), rules, templates: Templates::default() }
    });
    Ok(Candidate { published, faults: faults.collect() })
}

/// The rules of `published`, for deciding by them.
///
/// # Errors
/// Where Casbin refuses them.
pub async fn rules(published: &Published) -> Result<Rules, Failure> {
    Rules::read(published).await.map_err(Failure::internal)
}

/// What is wrong with `sent`, and its rules where nothing is.
///
/// # Errors
/// [`Failure::Forbidden`], [`Failure::Invalid`], and the database's own.
pub async fn check(caller: &Caller, sent: Vec<DocumentInput>) -> Result<CheckView, Failure> {
    require_security(caller)?;
    let candidate = candidate(&caller.app, &files(sent)?).await?;
    let policies = candidate.published.iter().flat_map(|published| published.registry.policies.values());
    let policies: Vec<&Policy> = policies.map(AsRef::as_ref).collect();
    Ok(CheckView {
        faults: candidate.faults.iter().map(|fault| fault_view(caller, fault)).collect(),
        rules: rule_views(&policies),
        includes: include_views(&policies),
    })
}

/// A fault as people see it.
#[must_use]
pub fn fault_view(caller: &Caller, fault: &Diagnostic) -> FaultView {
    let position = fault.place.start();
    FaultView {
        path: fault.place.file.path.clone(),
        line: u32::try_from(position.line).unwrap_or(u32::MAX),
        column: u32::try_from(position.column).unwrap_or(u32::MAX),
        error: fault.severity == Severity::Error,
        code: fault.code.to_owned(),
        message: caller.text(&fault.message),
        help: fault.help.as_ref().map(|help| caller.text(help)),
    }
}

/// All rules, in the written order.
#[must_use]
pub fn rule_views(policies: &[&Policy]) -> Vec<RuleView> {
    let rules = policies.iter().flat_map(|policy| policy.rules.iter().map(|rule| (policy.name.as_str(), rule)));
    rules.map(|(policy, rule)| rule_view(policy, rule)).collect()
}

fn rule_view(policy: &str, rule: &Rule) -> RuleView {
    RuleView {
        policy: policy.to_owned(),
        role: rule.role.to_string(),
        actions: rule.may.iter().map(ToString::to_string).collect(),
        on: rule.on.to_string(),
        when: rule.when.as_ref().map(|when| when.source.clone()),
        fields: rule.fields.as_ref().map(|fields| fields.iter().map(ToString::to_string).collect()),
        deny: rule.deny,
    }
}

/// All inclusions.
#[must_use]
pub fn include_views(policies: &[&Policy]) -> Vec<IncludeView> {
    let includes = policies.iter().flat_map(|policy| &policy.includes);
    includes.map(|(role, included)| IncludeView { role: role.to_string(), included: included.to_string() }).collect()
}
