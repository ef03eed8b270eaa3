//! The plan: how the nodes of one version become those of another.

use std::collections::{BTreeMap, BTreeSet};

use super::{Difference, Fate, Mapping, Note, Plan, Unfit, check::same_event};
use crate::{
    definition::{
        registry::Bound,
        workflow::{CallItem, Goto, Node, NodeKind},
    },
    text::Name,
};

/// How the nodes of `from` become those of `to`: by their names, or as `mapping` says.
///
/// # Errors
/// All that is wrong with the mapping.
pub fn plan(from: &Bound, to: &Bound, mapping: &Mapping) -> Result<Plan, Vec<Unfit>> {
    let (old, new) = (&from.workflow, &to.workflow);
    if old.name != new.name {
        return Err(vec![Unfit::OtherWorkflow]);
    }
    if old.version == new.version {
        return Err(vec![Unfit::SameVersion]);
    }
    let mut faults = Vec::new();
    for (one, other) in mapping {
        if !old.nodes.contains_key(one) {
            faults.push(Unfit::UnknownOld { node: one.clone() });
        }
        if !new.nodes.contains_key(other) {
            faults.push(Unfit::UnknownNew { node: other.clone() });
        }
    }
    let mut nodes = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for (name, node) in &old.nodes {
        let target = mapping.get(name).unwrap_or(name);
        let fate = match new.nodes.get(target) {
            None => Fate::Gone,
            Some(there) if !alike(&node.kind, &there.kind) => Fate::OtherKind(target.clone()),
            Some(_) if target == name => Fate::Kept,
            Some(_) => Fate::Mapped(target.clone()),
        };
        if fate != Fate::Gone && !taken.insert(target) {
            faults.push(Unfit::Twice { node: target.clone() });
        }
        nodes.insert(name.clone(), fate);
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let (workflow, from_version, to_version) = (old.name.clone(), old.version.clone(), new.version.clone());
    let mut plan = Plan { workflow, from: from_version, to: to_version, nodes, notes: Vec::new() };
    plan.notes = notes(from, to, &plan);
    Ok(plan)
}

/// Whether a token at the one can stand at the other.
fn alike(one: &NodeKind, other: &NodeKind) -> bool {
    match (one, other) {
        (NodeKind::Task(one), NodeKind::Task(other)) => match (&one.group, &other.group) {
            (None, None) => true,
            (Some(one), Some(other)) => one.per_unit == other.per_unit && one.sequence == other.sequence,
            _ => false,
        },
        (NodeKind::Action(one), NodeKind::Action(other)) => one.http().is_some() == other.http().is_some(),
        (NodeKind::Call(one), NodeKind::Call(other)) => {
            let item = match (&one.item, &other.item) {
                (CallItem::Same, CallItem::Same) => true,
                (CallItem::New { kind: one, .. }, CallItem::New { kind: other, .. }) => one == other,
                _ => false,
            };
            let each = match (&one.each, &other.each) {
                (None, None) => true,
                (Some(one), Some(other)) => one.sequence == other.sequence,
                _ => false,
            };
            one.workflow == other.workflow && item && each
        }
        (NodeKind::Choose(_), NodeKind::Choose(_))
        | (NodeKind::Any(_), NodeKind::Any(_))
        | (NodeKind::Fork(_), NodeKind::Fork(_))
        | (NodeKind::Join(_), NodeKind::Join(_))
        | (NodeKind::Wait(_), NodeKind::Wait(_))
        | (NodeKind::Stage(_), NodeKind::Stage(_))
        | (NodeKind::End(_), NodeKind::End(_)) => true,
        _ => false,
    }
}

fn notes(from: &Bound, to: &Bound, plan: &Plan) -> Vec<Note> {
    let mut notes = Vec::new();
    for (name, node) in &from.workflow.nodes {
        let Some(there) = plan.target(name).and_then(|target| to.workflow.nodes.get(&target)) else { continue };
        let mut found = Vec::new();
        of_outcomes(node, there, plan, &mut found);
        if form_of(from, node) != form_of(to, there) {
            found.push(Difference::Form);
        }
        let lacks = |one: &Node, other: &Node| {
            one.boundary.iter().filter(|event| !other.boundary.iter().any(|known| same_event(event, known))).count()
        };
        let (new, gone) = (lacks(there, node), lacks(node, there));
        found.extend((new > 0).then_some(Difference::EventsNew(new)));
        found.extend((gone > 0).then_some(Difference::EventsGone(gone)));
        of_branches(node, there, plan, &mut found);
        notes.extend(found.into_iter().map(|what| Note { node: there.name.clone(), what }));
    }
    notes
}

fn form_of<'b>(bound: &'b Bound, node: &'b Node) -> Option<(&'b Name, Option<&'b Name>)> {
    let form = node.form()?;
    Some((form, bound.forms.get(form).map(|form| &form.version)))
}

fn of_outcomes(node: &Node, there: &Node, plan: &Plan, found: &mut Vec<Difference>) {
    let (NodeKind::Task(one), NodeKind::Task(other)) = (&node.kind, &there.kind) else { return };
    for outcome in &one.outcomes {
        match other.outcomes.iter().find(|known| known.name == outcome.name) {
            None => found.push(Difference::OutcomeGone(outcome.name.clone())),
            Some(known) => {
                let leads = match &outcome.to {
                    Goto::Node(to) => plan.target(to).map(Goto::Node),
                    other => Some(other.clone()),
                };
                if leads.as_ref() != Some(&known.to) {
                    found.push(Difference::OutcomeElsewhere(outcome.name.clone()));
                }
            }
        }
    }
    let new = other.outcomes.iter().filter(|known| !one.outcomes.iter().any(|outcome| outcome.name == known.name));
    found.extend(new.map(|outcome| Difference::OutcomeNew(outcome.name.clone())));
}

fn of_branches(node: &Node, there: &Node, plan: &Plan, found: &mut Vec<Difference>) {
    let (old, new) = (branches(&node.kind), branches(&there.kind));
    let mapped: Vec<Option<Name>> = old.iter().map(|first| renamed(plan, first)).collect();
    for (first, to) in old.iter().zip(&mapped) {
        if to.as_ref().is_none_or(|to| !new.contains(to)) {
            found.push(Difference::BranchGone(first.clone()));
        }
    }
    let fresh = new.iter().filter(|first| !mapped.iter().any(|to| to.as_ref() == Some(first)));
    found.extend(fresh.map(|first| Difference::BranchNew(first.clone())));
}

/// The first nodes of the branches of a `fork` or `any`, by their places.
pub(super) fn branches(kind: &NodeKind) -> Vec<Name> {
    match kind {
        NodeKind::Fork(branches) => branches.clone(),
        NodeKind::Any(choose) => {
            choose.branches.iter().map(|(_, to)| to.clone()).chain([choose.otherwise.clone()]).collect()
        }
        _ => Vec::new(),
    }
}

/// What has the place of a node, of whatever kind it is.
pub(super) fn renamed(plan: &Plan, node: &Name) -> Option<Name> {
    match plan.nodes.get(node)? {
        Fate::Kept => Some(node.clone()),
        Fate::Mapped(to) | Fate::OtherKind(to) => Some(to.clone()),
        Fate::Gone => None,
    }
}
