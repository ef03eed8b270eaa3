//! What would become of each instance, tried on a copy.

use std::sync::Arc;

use docket_engine::{
    case::{Case, Item},
    command::Actor,
    definition::{form::WellKnown, registry::Bound},
    expr::scope,
    id::Id,
    migrate::{Foreseen, foresee},
    rejection::Rejection,
    value::Value,
};

use super::{Found, Order, Route, known_to};
use crate::{
    app::runner::{self, RunError},
    state::App,
};

/// A running instance, and what would become of it.
#[derive(Debug, Clone)]
pub struct Row {
    /// The instance.
    pub instance: Id,
    /// Its item.
    pub item: Item,
    /// The item above it.
    pub parent: Option<Item>,
    /// The item's title, or that of its root item.
    pub title: Option<String>,
    /// The version that it runs on.
    pub from: Arc<Bound>,
    /// What would become of it, or why it stays.
    pub fate: Result<Foreseen, Rejection>,
}

/// What would become of these instances; nothing is written. Those that have ended or moved since they were found are left out.
///
/// # Errors
/// The database's own, and stored data that is damaged.
pub async fn look(app: &App, order: &Order, route: &Route, found: &[Found]) -> Result<Vec<Row>, RunError> {
    let context = app.context(Actor::System);
    let to = &route.to.workflow.version;
    let mut rows = Vec::with_capacity(found.len());
    let mut case: Option<Case> = None;
    for Found { instance, .. } in found {
        let loaded = match case.take().filter(|case| case.root == instance.root()) {
            Some(loaded) => loaded,
            None => runner::load(app, instance.root()).await?,
        };
        let running = loaded.instances.get(instance).filter(|running| running.version != *to);
        let item = running.and_then(|running| loaded.items.get(&running.item));
        if let (Some(running), Some(item)) = (running, item)
            && let Some((from, _)) = route.plans.get(&running.version)
        {
            let root = loaded.root_item().filter(|root| root.id != item.id);
            rows.push(Row {
                instance: *instance,
                item: item.clone(),
                parent: item.parent.and_then(|parent| loaded.items.get(&parent)).cloned(),
                title: title(app, item).or_else(|| title(app, root?)),
                from: Arc::clone(from),
                fate: foresee(&loaded, *instance, to, &known_to(from, &order.nodes), &context),
            });
        }
        case = Some(loaded);
    }
    Ok(rows)
}

/// The title of an item, where it has one.
fn title(app: &App, item: &Item) -> Option<String> {
    let registry = app.registry();
    let form = registry.form_of(&item.module, &item.kind).map(AsRef::as_ref);
    match scope::item_fact(item, form, WellKnown::Title.name()) {
        Value::Text(title) => Some(title),
        _ => None,
    }
}
