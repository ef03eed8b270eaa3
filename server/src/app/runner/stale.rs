//! What one command made stale.

use std::collections::BTreeSet;

use docket_engine::{
    case::{Case, Task, TaskState},
    id::{Id, PersonId},
};

use crate::push::{ItemChange, Stale};

/// Compares a case before and after a command.
pub(super) fn between(before: &Case, after: &Case) -> Stale {
    let mut touched: BTreeSet<Id> =
        after.items.iter().filter(|(id, item)| before.items.get(id) != Some(item)).map(|(id, _)| *id).collect();
    let changed = touched.clone();
    let mut todo = BTreeSet::new();
    for (id, task) in &after.tasks {
        let had = before.tasks.get(id);
        if had != Some(task) {
            touched.insert(task.item);
            todo.extend(people(task));
            todo.extend(had.into_iter().flat_map(people));
        }
    }
    let faulty = faulty(before, after);
    touched.extend(&faulty);
    if !changed.is_empty() {
        // Lists of tasks show their item's title, unit, light and state.
        todo.extend(after.tasks.values().filter(|task| task.state == TaskState::Open).flat_map(people));
    }
    // A page shows what lies below its item and what may be done on it, so the items above are stale too.
    touched.insert(Id::root_item(after.root));
    let mut above: Vec<Id> = touched.iter().copied().collect();
    while let Some(id) = above.pop() {
        if let Some(parent) = after.items.get(&id).and_then(|item| item.parent)
            && touched.insert(parent)
        {
            above.push(parent);
        }
    }
    let items = touched.iter().filter_map(|id| {
        let now = after.items.get(id)?;
        Some(ItemChange {
            before: before.items.get(id).cloned(),
            after: now.clone(),
            parent: now.parent.and_then(|parent| after.items.get(&parent)).cloned(),
            changed: changed.contains(id),
            incidents: faulty.contains(id),
        })
    });
    Stale { items: items.collect(), todo, ..Stale::default() }
}

/// The items whose open incidents are others than before.
fn faulty(before: &Case, after: &Case) -> BTreeSet<Id> {
    let only_in = |one: &Case, other: &Case| -> Vec<Id> {
        let gone = one.incidents.values().filter(|incident| !other.incidents.contains_key(&incident.id));
        gone.filter_map(|incident| one.instances.get(&incident.instance).map(|instance| instance.item)).collect()
    };
    only_in(before, after).into_iter().chain(only_in(after, before)).collect()
}

fn people(task: &Task) -> impl Iterator<Item = PersonId> {
    task.candidates.iter().copied().chain(task.assignee)
}
