//! Steps that nobody could do: which post of which unit has no holder, and what would happen then.
//!
//! A step is looked at in every unit in force, because a field of an item may name any of them. Where people are given by an
//! expression, only a run can tell; such steps are not looked at.

use jiff::civil::Date;

use crate::{
    definition::{
        registry::{Bound, Registry},
        workflow::{Act, Assign, Node, NodeKind, Task},
    },
    id::{PersonId, UnitId},
    org::Org,
    text::Name,
};

/// A step without anybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The workflow.
    pub workflow: Name,
    /// The node.
    pub node: Name,
    /// The posts that nobody holds, any of which would do.
    pub posts: Vec<Name>,
    /// In which unit; none where the posts are of no unit.
    pub unit: Option<UnitId>,
    /// What would happen.
    pub then: Then,
}

/// What happens at a step without anybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Then {
    /// These people do it as the definition's fallback; nobody where only the run can tell who they are.
    Fallback(Vec<PersonId>),
    /// It waits with an incident; later the definition gives it to these people.
    Superior(Vec<PersonId>),
    /// It waits with an incident for an administrator.
    Incident,
}

/// All gaps of the workflows in force, by workflow, node and unit.
#[must_use]
pub fn gaps(registry: &Registry, org: &Org, today: Date) -> Vec<Gap> {
    let mut units: Vec<_> = org.units().filter(|unit| unit.is_in_force(today)).collect();
    units.sort_by_key(|unit| (unit.order, unit.id));
    let units: Vec<UnitId> = units.iter().map(|unit| unit.id).collect();
    registry.workflows.values().flat_map(|bound| of_workflow(bound, org, &units)).collect()
}

fn of_workflow(bound: &Bound, org: &Org, units: &[UnitId]) -> Vec<Gap> {
    let mut found = Vec::new();
    for node in bound.workflow.nodes.values() {
        let NodeKind::Task(task) = &node.kind else { continue };
        let Assign::Post { posts, unit } = &task.assign else { continue };
        // A group without members ends with its outcome for that.
        let ends_empty = task.group.as_ref().is_some_and(|group| group.empty.is_some());
        if ends_empty || is_passed_over(bound, node, task) {
            continue;
        }
        let places: Vec<Option<UnitId>> =
            if unit.is_some() { units.iter().copied().map(Some).collect() } else { vec![None] };
        for unit in places.into_iter().filter(|unit| holders(org, posts, *unit).is_empty()) {
            let then = then(org, node, task, unit);
            let (workflow, node) = (bound.workflow.name.clone(), node.name.clone());
            found.push(Gap { workflow, node, posts: posts.clone(), unit, then });
        }
    }
    found
}

fn holders(org: &Org, posts: &[Name], unit: Option<UnitId>) -> Vec<PersonId> {
    let all = posts.iter().flat_map(|post| match unit {
        Some(unit) => org.holders(post, unit).to_vec(),
        None => org.holders_anywhere(post),
    });
    let mut all: Vec<PersonId> = all.collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn then(org: &Org, node: &Node, task: &Task, unit: Option<UnitId>) -> Then {
    for fallback in &task.fallback {
        match meant(org, task, fallback, unit) {
            None => return Then::Fallback(Vec::new()),
            Some(people) if !people.is_empty() => return Then::Fallback(people),
            Some(_) => {}
        }
    }
    let acts = node.boundary.iter().flat_map(|boundary| &boundary.acts);
    let to = acts.filter_map(|act| if let Act::Reassign(to) = act { Some(to) } else { None }).flatten();
    for assign in to {
        match meant(org, task, assign, unit) {
            Some(people) if people.is_empty() => {}
            people => return Then::Superior(people.unwrap_or_default()),
        }
    }
    Then::Incident
}

/// Whom an assignment means for the unit of a task; none where only the run can tell.
fn meant(org: &Org, task: &Task, assign: &Assign, unit: Option<UnitId>) -> Option<Vec<PersonId>> {
    let same = |one: &Assign| match (one, &task.assign) {
        (Assign::Post { unit: Some(one), .. }, Assign::Post { unit: Some(other), .. }) => {
            one.source() == other.source()
        }
        _ => false,
    };
    match assign {
        Assign::Post { posts, unit: None } => Some(holders(org, posts, None)),
        Assign::Post { posts, .. } if same(assign) => Some(holders(org, posts, unit)),
        Assign::Post { .. } | Assign::Person(_) => None,
    }
}

/// Whether a `choose` before the step leads past it where its post is vacant: `vacant('POST', UNIT)`.
fn is_passed_over(bound: &Bound, node: &Node, task: &Task) -> bool {
    let Assign::Post { posts, unit: Some(unit) } = &task.assign else { return false };
    let [post] = posts.as_slice() else { return false };
    let guard = format!("vacant('{post}', {})", unit.source());
    bound.workflow.nodes.values().any(|before| match &before.kind {
        NodeKind::Choose(choose) => {
            choose.otherwise == node.name
                && choose.branches.iter().any(|(when, to)| when.source() == guard && *to != node.name)
        }
        _ => false,
    })
}
