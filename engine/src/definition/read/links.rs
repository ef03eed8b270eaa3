//! What kinds and workflows are to each other by way of calls: found once for all of them.

use std::collections::{BTreeMap, BTreeSet};

use super::world::World;
use crate::text::Name;

/// What follows from all kinds and workflows together.
#[derive(Debug, Clone)]
pub(super) struct Links {
    /// The kinds whose items run each workflow, by their places among all kinds.
    pub(super) runners: BTreeMap<Name, BTreeSet<usize>>,
    /// The errors that come out of each workflow.
    pub(super) errors: BTreeMap<Name, BTreeSet<Name>>,
}

impl Links {
    pub(super) fn of(world: &World) -> Self {
        Self { runners: runners(world), errors: errors(world) }
    }
}

fn runners(world: &World) -> BTreeMap<Name, BTreeSet<usize>> {
    let mut found: BTreeMap<Name, BTreeSet<usize>> = BTreeMap::new();
    let own = world.kinds.iter().enumerate().filter_map(|(index, kind)| Some((kind.workflow.clone()?, index)));
    let mut open: Vec<(Name, usize)> = own.collect();
    while let Some((running, index)) = open.pop() {
        if !found.entry(running.clone()).or_default().insert(index) {
            continue;
        }
        let Some(kind) = world.kinds.get(index) else { continue };
        for (called, new) in world.workflows.get(&running).into_iter().flat_map(|outline| &outline.calls) {
            let target = match new {
                None => Some(index),
                Some(new) => world.kinds.iter().position(|other| other.module == kind.module && other.name == *new),
            };
            open.extend(target.map(|index| (called.clone(), index)));
        }
    }
    found
}

/// Its own, and those of what it calls that it does not catch.
fn errors(world: &World) -> BTreeMap<Name, BTreeSet<Name>> {
    let mut callers: BTreeMap<&Name, BTreeSet<&Name>> = BTreeMap::new();
    for (name, outline) in &world.workflows {
        for catch in outline.catches.iter().filter(|catch| !catch.any) {
            callers.entry(&catch.workflow).or_default().insert(name);
        }
    }
    let own = world.workflows.iter().filter(|(_, outline)| !outline.errors.is_empty());
    let mut errors: BTreeMap<Name, BTreeSet<Name>> =
        own.map(|(name, outline)| (name.clone(), outline.errors.clone())).collect();
    let mut open: Vec<Name> = errors.keys().cloned().collect();
    while let Some(below) = open.pop() {
        let out = errors.get(&below).cloned().unwrap_or_default();
        for caller in callers.get(&below).into_iter().flatten() {
            let Some(outline) = world.workflows.get(*caller) else { continue };
            let catches = outline.catches.iter().filter(|catch| catch.workflow == below && !catch.any);
            let through: BTreeSet<Name> = catches.flat_map(|catch| out.difference(&catch.errors)).cloned().collect();
            if through.is_empty() {
                continue;
            }
            let here = errors.entry((*caller).clone()).or_default();
            let before = here.len();
            here.extend(through);
            if here.len() > before {
                open.push((*caller).clone());
            }
        }
    }
    errors
}
