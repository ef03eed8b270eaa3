//! The published rules, selected by Casbin: for each role, also through the roles that it includes.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use casbin::{CoreApi, DefaultModel, Enforcer, MemoryAdapter, MgmtApi, RbacApi};
use docket_engine::expr::Expr;

use super::{Subject, Visibility};
use crate::app::definitions::Published;

/// The Casbin model, as shipped.
const MODEL: &str = include_str!("../../../policies/model.conf");
/// The resource that stands for every kind.
const ANY: &str = "any";

/// One rule as Casbin selected it for a role.
#[derive(Debug, Clone)]
struct Rule {
    resource: String,
    action: String,
    condition: Option<Arc<Expr>>,
    deny: bool,
}

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
    pub fn visibility(&self, subject: &Subject, action: &str, kind: &str) -> Visibility {
        let mut visibility = Visibility { subject: subject.clone(), allow: Vec::new(), deny: Vec::new() };
        let selected = subject.roles.iter().filter_map(|role| self.by_role.get(role.as_str())).flatten();
        for rule in selected.filter(|rule| rule.action == action && (rule.resource == kind || rule.resource == ANY)) {
            let side = if rule.deny { &mut visibility.deny } else { &mut visibility.allow };
            if !side.contains(&rule.condition) {
                side.push(rule.condition.clone());
            }
        }
        visibility
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
    let [_, resource, action, condition, _, effect] = <[String; 6]>::try_from(row).map_err(RulesError::Incomplete)?;
    let condition = match condition.as_str() {
        "" => None,
        source => Some(conditions.get(source).map(Arc::clone).ok_or_else(|| RulesError::Condition(source.to_owned()))?),
    };
    Ok(Rule { resource, action, condition, deny: effect == "deny" })
}
