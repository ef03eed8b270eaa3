//! Who sees and does what (`DESIGN.md`, Access).
//!
//! Casbin selects the rules by role, resource and action and never sees the item. Their conditions are joined in one place
//! (`visibility::RuleSet::joined`) as *any allow and no deny*, and that one rule is evaluated for a single item or compiled to
//! SQL for many; for one of its fields likewise. Invariants: everything that reads items goes through a [`Visibility`], and what it
//! shows of them through its [`Fields`]; whatever fails denies.

pub mod duty;
pub mod facts;
pub mod fields;
pub mod rules;
pub mod sql;
pub mod subject;
mod visibility;

use std::sync::{Arc, Mutex, PoisonError};

pub use self::{
    duty::{Console, Duty},
    facts::Facts,
    fields::{Fields, Naming},
    rules::Rules,
    subject::Subject,
    visibility::{Mask, Visibility},
};
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
