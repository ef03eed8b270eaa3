//! The published rules, selected by Casbin: for each role, also through the roles that it includes.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use casbin::{CoreApi, DefaultModel, Enforcer, MemoryAdapter, MgmtApi, RbacApi};
use docket_engine::{expr::Expr, text::Name};

use super::{
    Subject, Visibility,
    visibility::{Grant, RuleSet},
};
use crate::app::definitions::Published;

/// The Casbin model, as shipped.
const MODEL: &str = include_str!("../../../policies/model.conf");
/// The resource that stands for every kind.
const ANY: &str = "any";

/// One rule as Casbin selected it for a role.
#[derive(Debug, Clone)]
struct Rule {
    /// The role for which it is written.
    role: String,
    resource: String,
    action: String,
    grant: Grant,
    deny: bool,
}

/// What stands in a row for all fields, and between several.
pub(crate) const ALL_FIELDS: &str = "*";
/// Between the fields of a row.
pub(crate) const BETWEEN_FIELDS: char = '|';

/// The rules in force, by role.
#[derive(Debug, Default)]
pub struct Rules {
    by_role: BTreeMap<String, Vec<Rule>>,
}

/// Why the published rows are no rules.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// Casbin refuses them.
    #[error(transparent)]
    Casbin(#[from] casbin::Error),
    /// A row's condition is not one of the published policies'.
    #[error("the access condition `{0}` is not published")]
    Condition(String),
    /// A row has too few columns.
    #[error("an access rule is incomplete: {0:?}")]
    Incomplete(Vec<String>),
}

impl Rules {
    /// Reads the rows of `published` through Casbin.
    ///
    /// # Errors
    /// [`RulesError`]: nothing is in force then, rather than some of it.
    pub async fn read(published: &Published) -> Result<Self, RulesError> {
        let conditions = conditions(published);
        let mut policies: BTreeSet<Vec<String>> = BTreeSet::new();
        let mut includes: BTreeSet<Vec<String>> = BTreeSet::new();
        for row in &published.rules {
            let columns = [&row.v0, &row.v1, &row.v2, &row.v3, &row.v4, &row.v5];
            if row.ptype == "g" {
                includes.insert(columns.into_iter().take(2).cloned().collect());
            } else {
                policies.insert(columns.into_iter().cloned().collect());
            }
        }
        let roles: BTreeSet<String> =
            policies.iter().filter_map(|row| row.first()).chain(includes.iter().flatten()).cloned().collect();
        let mut enforcer = Enforcer::new(DefaultModel::from_str(MODEL).await?, MemoryAdapter::default()).await?;
        enforcer.add_policies(policies.into_iter().collect()).await?;
        enforcer.add_grouping_policies(includes.into_iter().collect()).await?;
        let mut by_role = BTreeMap::new();
        for role in roles {
            let rows = enforcer.get_implicit_permissions_for_user(&role, None);
            let selected = rows.into_iter().map(|row| rule(row, &conditions)).collect::<Result<Vec<_>, _>>()?;
            by_role.insert(role, selected);
        }
        Ok(Self { by_role })
    }

    /// What `subject` may do (`action`) with items of `kind`. Names are compared exactly.
    #[must_use]
    pub fn visibility(&self, subject: &Arc<Subject>, action: &str, kind: &str) -> Visibility {
        let mut rules = RuleSet::default();
        let selected = subject.roles.iter().filter_map(|role| self.by_role.get(role.as_str())).flatten();
        for rule in selected.filter(|rule| rule.action == action && (rule.resource == kind || rule.resource == ANY)) {
            let side = if rule.deny { &mut rules.deny } else { &mut rules.allow };
            if !side.contains(&rule.grant) {
                side.push(rule.grant.clone());
            }
        }
        Visibility::new(Arc::clone(subject), rules)
    }
}

/// A rule that could decide, for people who ask why.
#[derive(Debug, Clone)]
pub struct Candidate<'a> {
    /// The role for which it is written.
    pub role: &'a str,
    /// Whether the subject has that role, or one that includes it.
    pub has_role: bool,
    /// The kind that it is about, or `any`.
    pub on: &'a str,
    /// Its condition; none where it always holds.
    pub condition: Option<&'a Expr>,
    /// The fields that it is about; none where it is about the whole item.
    pub fields: Option<&'a BTreeSet<Name>>,
    /// Whether it is a deny.
    pub deny: bool,
}

impl Rules {
    /// Every rule about `action` with items of `kind`, whoever's it is.
    #[must_use]
    pub fn candidates(&self, subject: &Subject, action: &str, kind: &str) -> Vec<Candidate<'_>> {
        let mut has: BTreeSet<&str> = BTreeSet::new();
        for rules in subject.roles.iter().filter_map(|role| self.by_role.get(role.as_str())) {
            has.extend(rules.iter().map(|rule| rule.role.as_str()));
        }
        let own = self.by_role.iter().flat_map(|(role, rules)| rules.iter().filter(move |rule| rule.role == *role));
        own.filter(|rule| rule.action == action && (rule.resource == kind || rule.resource == ANY))
            .map(|rule| Candidate {
                role: &rule.role,
                has_role: has.contains(rule.role.as_str()),
                on: &rule.resource,
                condition: rule.grant.condition.as_deref(),
                fields: rule.grant.fields.as_deref(),
                deny: rule.deny,
            })
            .collect()
    }
}

/// The published conditions by their source text.
fn conditions(published: &Published) -> BTreeMap<&str, Arc<Expr>> {
    published
        .registry
        .policies
        .values()
        .flat_map(|policy| &policy.rules)
        .filter_map(|rule| rule.when.as_ref())
        .map(|condition| (condition.source.as_str(), Arc::new(condition.expr.clone())))
        .collect()
}

fn rule(row: Vec<String>, conditions: &BTreeMap<&str, Arc<Expr>>) -> Result<Rule, RulesError> {
    let [role, resource, action, condition, fields, effect] =
        <[String; 6]>::try_from(row).map_err(RulesError::Incomplete)?;
    let condition = match condition.as_str() {
        "" => None,
        source => Some(conditions.get(source).map(Arc::clone).ok_or_else(|| RulesError::Condition(source.to_owned()))?),
    };
    let fields = match fields.as_str() {
        ALL_FIELDS => None,
        names => Some(Arc::new(names.split(BETWEEN_FIELDS).map(Name::from).collect())),
    };
    Ok(Rule { role, resource, action, grant: Grant { condition, fields }, deny: effect == "deny" })
}
