//! One item with what lies below it and what may be done now.

use std::{collections::BTreeSet, sync::Arc};

use docket_engine::{
    case::{Case, Item},
    definition::{
        form::{Form, WellKnown},
        workflow::{NodeKind, Offer, Requirement, Workflow},
    },
    id::{Id, PersonId},
    step::{self, OpenOffer},
    text::Name,
    value::Value,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Map;

use super::{
    entries, forms,
    items::OfferPlace,
    labels,
    ledger::{self, Entry},
    offer_effect, run, runner,
};
use crate::{
    api::{
        caller::Caller,
        items::{ChildView, ItemTask, ItemView, OfferView, StageState, StageView},
        json::JsonObject,
    },
    db::entity::item,
    failure::Failure,
};

/// The most children that are shown with an item; the list by `parent` shows all.
const MAX_CHILDREN: u64 = 100;

/// The item as the caller sees it.
///
/// # Errors
/// The database's own.
pub async fn view(caller: &Caller, entry: &Entry) -> Result<ItemView, Failure> {
    let case = runner::load(&caller.app, entry.item.id.root()).await.map_err(|error| run::refused(caller, error))?;
    let children = children(caller, entry.whole()).await?;
    Ok(ItemView {
        offers: offers(caller, &case, entry),
        reopen: entries::reopenable(caller, &case, entry),
        tasks: tasks(caller, &case, entry),
        children,
        ..bare(caller, entry)
    })
}

/// The item without what is open and what lies below it.
#[must_use]
pub fn bare(caller: &Caller, entry: &Entry) -> ItemView {
    let item = &entry.item;
    let module = caller.published.registry.module(&item.module);
    let kind = ledger::kind_of(caller, item);
    let lit = ledger::light(caller, entry);
    let due = match ledger::well_known(caller, item, WellKnown::Due) {
        Value::Date(due) => Some(due.to_string()),
        _ => None,
    };
    ItemView {
        id: item.id.to_string(),
        root: item.id.root().to_string(),
        parent: item.parent.map(|id| id.to_string()),
        module: item.module.to_string(),
        module_title: module.map_or_else(|| item.module.to_string(), |module| caller.text(&module.title)),
        kind: item.kind.to_string(),
        kind_title: kind.map_or_else(|| item.kind.to_string(), |kind| caller.text(&kind.title)),
        title: ledger::title(caller, item),
        light: kind.zip(lit).map(|(kind, lit)| labels::light(caller, kind, lit)),
        state: labels::state(item.state),
        state_title: caller.text(&labels::state_title(item.state)),
        stages: kind
            .filter(|_| entry.fields().shows_named(None, "stage"))
            .map(|kind| bar(caller, labels::stages(caller, kind), item.stage.as_ref()))
            .unwrap_or_default(),
        next_due: item.next_due.map(|date| date.to_string()),
        due,
        created_at: item.created_at.to_string(),
        created_by: item.created_by.map(|person| labels::person(caller, person)),
        values: ledger::form_of(caller, item)
            .map(|form| forms::shown(caller, form, &item.fields, &entry.fields()))
            .unwrap_or_default(),
        offers: Vec::new(),
        reopen: Vec::new(),
        tasks: Vec::new(),
        children: Vec::new(),
    }
}

/// The stage bar: what lies before the current stage is done.
fn bar(caller: &Caller, stages: &[(Name, docket_engine::text::Text)], current: Option<&Name>) -> Vec<StageView> {
    let here = stages.iter().position(|(name, _)| Some(name) == current);
    let state = |place: usize| match here {
        // The last stage has nothing after it: reaching it is being done.
        Some(here) if place == here && place + 1 == stages.len() => StageState::Done,
        Some(here) if place == here => StageState::Current,
        Some(here) if place < here => StageState::Done,
        _ => StageState::Ahead,
    };
    let views = stages.iter().enumerate();
    views
        .map(|(place, (name, title))| StageView {
            name: name.to_string(),
            title: caller.text(title),
            state: state(place),
        })
        .collect()
}

async fn children(caller: &Caller, parent: &Item) -> Result<Vec<ChildView>, Failure> {
    let db = caller.app.db.reader();
    let rows = item::Entity::find()
        .filter(item::Column::ParentId.eq(parent.id.raw()))
        .order_by_desc(item::Column::Id)
        .limit(MAX_CHILDREN)
        .all(db)
        .await?;
    let below = ledger::with_participants(db, rows).await?;
    let entries = below.into_iter().map(|child| Entry::of(caller, child, Some(parent.clone())));
    Ok(entries
        .filter(Entry::is_seen)
        .map(|entry| (entry.fields(), entry.item))
        .map(|(fields, child)| ChildView {
            id: child.id.to_string(),
            kind: child.kind.to_string(),
            kind_title: ledger::kind_of(caller, &child)
                .map_or_else(|| child.kind.to_string(), |kind| caller.text(&kind.title)),
            title: ledger::title(caller, &child),
            state: labels::state(child.state),
            state_title: caller.text(&labels::state_title(child.state)),
            created_at: child.created_at.to_string(),
            values: ledger::form_of(caller, &child)
                .map(|form| forms::shown_present(caller, form, &child.fields, &fields))
                .unwrap_or_default(),
        })
        .collect())
}

/// The open tasks of the item and of what lies below it, by the date by which they are due.
fn tasks(caller: &Caller, case: &Case, entry: &Entry) -> Vec<ItemTask> {
    let below = below(case, entry.item.id);
    // A task is due when its item is: the date is not told by another name.
    let dated = entry.fields().shows_named(None, "next_due");
    let open = case.tasks.values().filter(|task| task.state == docket_engine::case::TaskState::Open);
    let mut tasks: Vec<_> = open.filter(|task| below.contains(&task.item)).collect();
    tasks.sort_by_key(|task| (task.due.is_none(), task.due, task.id));
    tasks
        .into_iter()
        .map(|task| ItemTask {
            id: task.id.to_string(),
            title: node_title(caller, case, task.instance, &task.node),
            assignee: task.assignee.map(|person| labels::person(caller, person)),
            candidates: task.candidates.iter().map(|person| labels::person(caller, *person)).collect(),
            due: task.due.filter(|_| dated).map(|due| due.to_string()),
            mine: is_mine(&caller.doers, task.assignee, &task.candidates),
            delegated: task.owner == Some(caller.person.id),
            urge: may_urge(caller, case, task.item),
            late: task.late,
        })
        .collect()
}

/// Whether a policy lets the caller urge those who have to do with `item`.
fn may_urge(caller: &Caller, case: &Case, item: Id) -> bool {
    case.items.get(&item).is_some_and(|item| {
        let parent = item.parent.and_then(|parent| case.items.get(&parent));
        ledger::may(caller, "urge", item, parent)
    })
}

/// Whether a task is one of `doers`' to do: taken by one of them, or open to one of them and taken by nobody.
#[must_use]
pub fn is_mine(doers: &BTreeSet<PersonId>, assignee: Option<PersonId>, candidates: &[PersonId]) -> bool {
    assignee.map_or_else(|| candidates.iter().any(|person| doers.contains(person)), |person| doers.contains(&person))
}

/// `item` and every loaded item below it.
fn below(case: &Case, item: Id) -> BTreeSet<Id> {
    let mut below = BTreeSet::from([item]);
    // Ids grow downwards: an item is always younger than the one above it.
    for child in case.items.values() {
        if child.parent.is_some_and(|parent| below.contains(&parent)) {
            below.insert(child.id);
        }
    }
    below
}

/// A node's title, in the version that the instance runs on.
#[must_use]
pub fn node_title(caller: &Caller, case: &Case, instance: Id, node: &Name) -> String {
    let version = case.instances.get(&instance).map(|instance| &instance.version);
    let bound = version.and_then(|version| caller.published.registry.versions.get(version));
    let found = bound.and_then(|bound| bound.workflow.nodes.get(node));
    found.map_or_else(|| node.to_string(), |node| caller.text(&node.title))
}

fn offers(caller: &Caller, case: &Case, entry: &Entry) -> Vec<OfferView> {
    let context = caller.app.context(caller.actor());
    let open = step::open_offers(case, &context);
    open.into_iter()
        .filter(|open| open.item == entry.item.id)
        .filter_map(|open| offer(caller, case, entry, &open))
        .collect()
}

fn offer(caller: &Caller, case: &Case, entry: &Entry, open: &OpenOffer) -> Option<OfferView> {
    let (workflow, offer, form) = find(caller, case, open.instance, &open.node, &open.offer)?;
    let data = form.as_ref().map(|form| current(form, &entry.item)).unwrap_or_default();
    Some(OfferView {
        instance: open.instance.to_string(),
        node: open.node.to_string(),
        offer: open.offer.to_string(),
        title: caller.text(&offer.title),
        requires_comment: offer.requires.contains(&Requirement::Comment),
        form: form.as_ref().map(|form| forms::view(caller, form, &entry.fields())),
        data: JsonObject(data),
        effect: offer_effect::of(workflow, offer),
    })
}

/// What the item holds in the fields of `form`.
fn current(form: &Form, item: &Item) -> Map<String, serde_json::Value> {
    let fields = form.fields.iter().filter_map(|field| item.fields.get_key_value(field.name.as_str()));
    fields.map(|(name, value)| (name.clone(), value.clone())).collect()
}

type Found<'a> = (&'a Workflow, &'a Offer, Option<Arc<Form>>);

/// An offer with its form and its workflow, in the version that the instance runs on.
fn find<'a>(caller: &'a Caller, case: &Case, instance: Id, node: &str, offer: &str) -> Option<Found<'a>> {
    let version = &case.instances.get(&instance)?.version;
    let bound = caller.published.registry.versions.get(version)?;
    let NodeKind::Stage(stage) = &bound.workflow.nodes.get(node)?.kind else {
        return None;
    };
    let offer = stage.offers.iter().find(|candidate| candidate.name == *offer)?;
    let form = match &offer.form {
        Some(form) => Some(Arc::clone(bound.forms.get(form)?)),
        None => None,
    };
    Some((&bound.workflow, offer, form))
}

/// The form of the offer at `place`, if it has one.
///
/// # Errors
/// [`Failure::NotFound`] where there is no such offer.
pub async fn offer_form(caller: &Caller, place: &OfferPlace) -> Result<Option<Arc<Form>>, Failure> {
    let case = runner::load(&caller.app, place.item.root()).await.map_err(|error| run::refused(caller, error))?;
    let runs_on = case.instances.get(&place.instance).map(|instance| instance.item);
    if runs_on != Some(place.item) {
        return Err(Failure::NoSuchOutcome { expected: Vec::new() });
    }
    let found = find(caller, &case, place.instance, &place.node, &place.offer);
    found.map(|(_, _, form)| form).ok_or(Failure::NotFound)
}
