//! Who may do something: posts in units, or the people that an expression gives.

use std::collections::BTreeSet;

use super::{
    group::At,
    run::{Run, failed},
};
use crate::{
    case::Instance,
    definition::workflow::Assign,
    expr::Env,
    id::{PersonId, UnitId},
    rejection::Rejection,
    value::Value,
};

impl Run<'_> {
    /// The active people whom `assign` means at `node`, sorted.
    pub(super) fn people(&self, instance: &Instance, node: &str, assign: &Assign) -> Result<Vec<PersonId>, Rejection> {
        let facts = self.facts_of(instance)?;
        self.people_in((&instance.workflow, node), assign, &facts)
    }

    /// Who may do a task: whom `assign` means, else whom its fallbacks mean; without those from whom it is kept apart; sorted.
    pub(super) fn doers_of(&self, at: At<'_>) -> Result<Vec<PersonId>, Rejection> {
        let found = self.people(self.instance(at.instance)?, &at.node.name, &at.task.assign)?;
        self.or_fallback(at, found)
    }

    /// These people, or where there are none whom the fallbacks mean; without those from whom the task is kept apart.
    pub(super) fn or_fallback(&self, at: At<'_>, mut found: Vec<PersonId>) -> Result<Vec<PersonId>, Rejection> {
        let barred = self.barred(at);
        found.retain(|person| !barred.contains(person));
        for fallback in &at.task.fallback {
            if !found.is_empty() {
                break;
            }
            found = self.people(self.instance(at.instance)?, &at.node.name, fallback)?;
            found.retain(|person| !barred.contains(person));
        }
        Ok(found)
    }

    /// As [`Run::people`], with facts of its own.
    pub(super) fn people_in(
        &self,
        (workflow, node): (&str, &str),
        assign: &Assign,
        facts: &dyn Env,
    ) -> Result<Vec<PersonId>, Rejection> {
        let org = &self.context.org;
        let mut found = BTreeSet::new();
        match assign {
            Assign::Person(expr) => {
                let value = expr.eval(facts).map_err(|error| failed(workflow, node, error.message))?;
                found.extend(each(value).into_iter().filter_map(|value| match value {
                    Value::Person(person) => Some(person),
                    _ => None,
                }));
                found.retain(|person| org.person(*person).is_some_and(|person| person.active));
            }
            Assign::Post { posts, unit: None } => {
                found.extend(posts.iter().flat_map(|post| org.holders_anywhere(post)));
            }
            Assign::Post { posts, unit: Some(unit) } => {
                let units = unit.eval(facts).map_err(|error| failed(workflow, node, error.message))?;
                if let ([post], Value::Unit(unit)) = (posts.as_slice(), &units) {
                    return Ok(org.holders(post, *unit).to_vec());
                }
                let units: BTreeSet<UnitId> = each(units)
                    .into_iter()
                    .filter_map(|value| match value {
                        Value::Unit(unit) => Some(unit),
                        _ => None,
                    })
                    .collect();
                for unit in units {
                    found.extend(posts.iter().flat_map(|post| org.holders(post, unit)));
                }
            }
        }
        Ok(found.into_iter().collect())
    }
}

fn each(value: Value) -> Vec<Value> {
    match value {
        Value::List(all) => all,
        one => vec![one],
    }
}
