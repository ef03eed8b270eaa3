//! Who sees and does what (`DESIGN.md`, Access).
//!
//! Casbin selects the rules by role, resource and action and never sees the item. Their conditions are joined in one place
//! ([`Visibility::joined`]) as *any allow and no deny*, and that one rule is evaluated for a single item or compiled to SQL
//! for many. Invariants: everything that reads items goes through a [`Visibility`]; whatever fails denies.

pub mod facts;
pub mod rules;
pub mod sql;
pub mod subject;

use std::sync::{Arc, Mutex, PoisonError};

use docket_engine::expr::Expr;
use jiff::civil::Date;
use sea_orm::{
    DbBackend,
    sea_query::{ExprTrait, SimpleExpr},
};

pub use self::{facts::Facts, rules::Rules, subject::Subject};
use crate::{app::definitions::Published, failure::Failure};

/// The rules in force, read from the published Casbin rows once for each generation.
#[derive(Debug, Default)]
pub struct Access {
    current: Mutex<Option<(i64, Arc<Rules>)>>,
}

impl Access {
    /// The rules of `published`. They are swapped as a whole: a request that holds them keeps them to its end.
    ///
    /// # Errors
    /// Where Casbin refuses the rows.
    pub async fn rules(&self, published: &Published) -> Result<Arc<Rules>, Failure> {
        if let Some(rules) = self.cached(published.generation) {
            return Ok(rules);
        }
        let rules = Arc::new(Rules::read(published).await.map_err(Failure::internal)?);
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if current.as_ref().is_none_or(|(generation, _)| *generation <= published.generation) {
            *current = Some((published.generation, Arc::clone(&rules)));
        }
        Ok(rules)
    }

    fn cached(&self, generation: i64) -> Option<Arc<Rules>> {
        let current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        current.as_ref().filter(|(cached, _)| *cached == generation).map(|(_, rules)| Arc::clone(rules))
    }
}

/// What one person may do (one action) with items of one kind.
#[derive(Debug, Clone)]
pub struct Visibility {
    subject: Subject,
    allow: Vec<Option<Arc<Expr>>>,
    deny: Vec<Option<Arc<Expr>>>,
}

/// A two-valued logic in which rules are joined: truth for one item, or a condition of SQL for many.
trait Logic: Sized {
    fn constant(value: bool) -> Self;
    fn and(self, other: Self) -> Self;
    fn or(self, other: Self) -> Self;
    fn not(self) -> Self;
}

impl Logic for bool {
    fn constant(value: bool) -> Self {
        value
    }
    fn and(self, other: Self) -> Self {
        self && other
    }
    fn or(self, other: Self) -> Self {
        self || other
    }
    fn not(self) -> Self {
        !self
    }
}

/// Nothing is folded away that SQL would have to know: a constant is kept apart, so that no database sees `1 = 1`.
enum Sql {
    Constant(bool),
    Condition(SimpleExpr),
}

impl Logic for Sql {
    fn constant(value: bool) -> Self {
        Self::Constant(value)
    }

    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Constant(true), rest) | (rest, Self::Constant(true)) => rest,
            (Self::Constant(false), _) | (_, Self::Constant(false)) => Self::Constant(false),
            (Self::Condition(a), Self::Condition(b)) => Self::Condition(ExprTrait::and(a, b)),
        }
    }

    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Constant(false), rest) | (rest, Self::Constant(false)) => rest,
            (Self::Constant(true), _) | (_, Self::Constant(true)) => Self::Constant(true),
            (Self::Condition(a), Self::Condition(b)) => Self::Condition(ExprTrait::or(a, b)),
        }
    }

    fn not(self) -> Self {
        match self {
            Self::Constant(value) => Self::Constant(!value),
            Self::Condition(condition) => Self::Condition(ExprTrait::not(condition)),
        }
    }
}

impl Visibility {
    /// The one place where rules are joined: any allow and no deny. `None` is a rule without a condition.
    fn joined<L: Logic>(&self, mut atom: impl FnMut(&Expr) -> L) -> L {
        let mut any = |rules: &[Option<Arc<Expr>>]| {
            rules.iter().fold(L::constant(false), |joined, rule| {
                joined.or(rule.as_ref().map_or_else(|| L::constant(true), |expr| atom(expr)))
            })
        };
        let allowed = any(&self.allow);
        let denied = any(&self.deny);
        allowed.and(denied.not())
    }

    /// Whether no rule allows anything, whatever the item.
    #[must_use]
    pub fn is_never(&self) -> bool {
        self.allow.is_empty() || self.deny.iter().any(Option::is_none)
    }

    /// Whether the item of `facts` is seen. A condition that fails is false as an allow and true as a deny.
    #[must_use]
    pub fn sees(&self, facts: &Facts<'_>) -> bool {
        if self.is_never() {
            return false;
        }
        let env = facts.for_subject(&self.subject);
        let mut failed = false;
        let seen = self.joined(|expr| {
            expr.is_true(&env).unwrap_or_else(|error| {
                tracing::error!(source = expr.source(), %error, "an access condition failed");
                failed = true;
                false
            })
        });
        seen && !failed
    }

    /// The same rule as a condition of SQL over the table `item`. Nothing is seen where a condition has no SQL form.
    #[must_use]
    pub fn condition(&self, today: Date, backend: DbBackend) -> SimpleExpr {
        let mut failed = false;
        let joined = self.joined(|expr| match sql::condition(expr, Some(&self.subject), today, backend) {
            Ok(condition) => Sql::Condition(condition),
            Err(error) => {
                tracing::error!(source = expr.source(), %error, "an access condition has no SQL form");
                failed = true;
                Sql::Constant(false)
            }
        });
        match joined {
            Sql::Condition(condition) if !failed => condition,
            Sql::Constant(true) if !failed => ExprTrait::eq(SimpleExpr::val(1), 1),
            _ => ExprTrait::eq(SimpleExpr::val(1), 0),
        }
    }
}
