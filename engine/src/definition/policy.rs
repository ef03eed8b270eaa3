//! Access rules as an administrator writes them; the server hands them to Casbin (`DESIGN.md`, Access).

use std::collections::BTreeSet;

use crate::{expr::Expr, text::Name};

/// A policy document.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Its name.
    pub name: Name,
    /// Roles that include other roles: `(role, included)`.
    pub includes: Vec<(Name, Name)>,
    /// Its rules, in the written order.
    pub rules: Vec<Rule>,
}

/// One rule.
#[derive(Debug, Clone)]
pub struct Rule {
    /// The role that it is for; `anyone` for everybody signed in.
    pub role: Name,
    /// What it allows or denies: `read`, `create`, `import`, `export`, …
    pub may: Vec<Name>,
    /// The kind that it is about; `any` for all.
    pub on: Name,
    /// The condition over `subject`, `item` and `today`, in the SQL subset; absent means always.
    pub when: Option<Condition>,
    /// The fields of the item that it is about, by their names or the roles that they play; none where it is about the whole
    /// item. Only of rules about reading and exporting.
    pub fields: Option<BTreeSet<Name>>,
    /// True for a deny, which beats every allow.
    pub deny: bool,
}

/// The attributes of the platform that a rule may name among `fields`: those that come from what people wrote or did. What an
/// item is at all (its number, module, kind, state, year and when it was created) is seen by whoever sees the item.
pub const ATTRIBUTES: [&str; 4] = ["stage", "next_due", "suspended_on", "created_by"];

/// A condition with its source text, which is what Casbin stores.
#[derive(Debug, Clone)]
pub struct Condition {
    /// As written.
    pub source: String,
    /// As checked.
    pub expr: Expr,
}
