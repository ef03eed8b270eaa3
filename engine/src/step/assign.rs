//! Who may do something: posts in units, or the people that an expression gives.

use std::collections::BTreeSet;

use super::run::{Run, failed};
use crate::{
    case::Instance,
    definition::workflow::{Assign, Task},
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

    /// Who may do a task: whom `assign` means, else whom its fallbacks mean, and who stands in for them today; sorted.
    pub(super) fn doers_of(&self, instance: &Instance, node: &str, task: &Task) -> Result<Vec<PersonId>, Rejection> {
        let found = self.people(instance, node, &task.assign)?;
        self.or_fallback(instance, node, task, found)
    }

    /// These people, or where there are none whom the fallbacks mean; with who stands in for them today.
    pub(super) fn or_fallback(
        &self,
        instance: &Instance,
        node: &str,
        task: &Task,
        mut found: Vec<PersonId>,
    ) -> Result<Vec<PersonId>, Rejection> {
        for fallback in &task.fallback {
            if !found.is_empty() {
                break;
            }
            found = self.people(instance, node, fallback)?;
        }
        Ok(self.context.org.standing_in(found, || self.context.today()))
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
