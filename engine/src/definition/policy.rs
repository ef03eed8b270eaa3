//! Access rules as an administrator writes them; the server hands them to Casbin (`DESIGN.md`, Access).

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
    /// True for a deny, which beats every allow.
    pub deny: bool,
}

/// A condition with its source text, which is what Casbin stores.
#[derive(Debug, Clone)]
pub struct Condition {
    /// As written.
    pub source: String,
    /// As checked.
    pub expr: Expr,
}
