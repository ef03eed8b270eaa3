//! Items read for people: only what their visibility lets through.

use std::collections::{BTreeMap, BTreeSet};

use docket_engine::{
    case::{Item, ItemState},
    definition::{
        form::{Form, WellKnown},
        module::{Colour, Kind, Light},
    },
    expr::scope,
    id::{Id, PersonId},
    text::Name,
    value::Value,
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, sea_query::ExprTrait as _};

use super::runner::rows;
use crate::{
    access::{Facts, Fields},
    api::caller::Caller,
    db::entity::{item, item_person},
    failure::Failure,
};

/// An item as a person sees it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The item as if what he may not see of it were not there.
    pub item: Item,
    /// The item as it is, for conditions and lights.
    whole: Item,
    /// The one above it, as it is.
    parent: Option<Item>,
    /// Which fields he sees; none where the item is not his to see.
    fields: Option<Fields>,
}

impl Entry {
    /// `whole` below `parent` as the caller sees it.
    #[must_use]
    pub fn of(caller: &Caller, whole: Item, parent: Option<Item>) -> Self {
        let fields = caller.visibility("read", &whole.kind).fields(&facts(caller, &whole, parent.as_ref()));
        let shown = fields.clone().unwrap_or_else(Fields::nothing);
        Self { item: shown.of_item(&whole, form_of(caller, &whole)), whole, parent, fields }
    }

    /// What conditions and lights know of it.
    #[must_use]
    pub fn facts<'a>(&'a self, caller: &'a Caller) -> Facts<'a> {
        facts(caller, &self.whole, self.parent.as_ref())
    }

    /// Whether a policy lets him read it.
    #[must_use]
    pub const fn is_seen(&self) -> bool {
        self.fields.is_some()
    }

    /// Which fields he sees.
    #[must_use]
    pub fn fields(&self) -> Fields {
        self.fields.clone().unwrap_or_else(Fields::nothing)
    }

    /// Whether it or the one above it is suspended.
    #[must_use]
    pub fn is_suspended(&self) -> bool {
        [Some(&self.whole), self.parent.as_ref()].into_iter().flatten().any(|item| item.state == ItemState::Suspended)
    }

    /// The item as it is: for commands, never for showing.
    #[must_use]
    pub const fn whole(&self) -> &Item {
        &self.whole
    }
}

/// What conditions and lights know of `item` below `parent`.
#[must_use]
pub fn facts<'a>(caller: &'a Caller, item: &'a Item, parent: Option<&'a Item>) -> Facts<'a> {
    Facts {
        item,
        parent,
        registry: &caller.published.registry,
        today: caller.app.today(),
        zone: caller.app.clock.zone(),
    }
}

/// The items with these ids, with their participants.
///
/// # Errors
/// The database's own, and rows that hold no item.
pub async fn items<C: ConnectionTrait>(db: &C, ids: &BTreeSet<i64>) -> Result<BTreeMap<Id, Item>, Failure> {
    let mut found = BTreeMap::new();
    for part in crate::db::chunks(ids) {
        let rows = item::Entity::find().filter(item::Column::Id.is_in(part)).all(db).await?;
        found.extend(with_participants(db, rows).await?.into_iter().map(|item| (item.id, item)));
    }
    Ok(found)
}

/// The items of `rows`, with their participants, in the same order.
///
/// # Errors
/// As [`items`].
pub async fn with_participants<C: ConnectionTrait>(db: &C, rows: Vec<item::Model>) -> Result<Vec<Item>, Failure> {
    let ids: BTreeSet<i64> = rows.iter().map(|row| row.id).collect();
    let mut people: BTreeMap<i64, BTreeSet<PersonId>> = BTreeMap::new();
    for part in crate::db::chunks(&ids) {
        let found = item_person::Entity::find()
            .filter(item_person::Column::ItemId.is_in(part))
            .filter(item_person::Column::Role.eq("participant"))
            .all(db)
            .await?;
        for row in found {
            people.entry(row.item_id).or_default().insert(PersonId(row.person_id));
        }
    }
    rows.iter()
        .map(|row| {
            rows::read_item(row, people.remove(&row.id).unwrap_or_default())
                .map_err(|error| Failure::internal(error.to_string()))
        })
        .collect()
}

/// One item that the caller may see.
///
/// # Errors
/// [`Failure::NotFound`] where it does not exist or is not his to see; the two are not told apart.
pub async fn visible(caller: &Caller, id: Id) -> Result<Entry, Failure> {
    let entry = any(caller, id).await?;
    if entry.is_seen() { Ok(entry) } else { Err(Failure::NotFound) }
}

/// One item, whoever asks: for what has its own rule, such as a task of its candidates.
///
/// # Errors
/// [`Failure::NotFound`] where it does not exist.
pub async fn any(caller: &Caller, id: Id) -> Result<Entry, Failure> {
    let db = caller.app.db.reader();
    let item = items(db, &BTreeSet::from([id.raw()])).await?.remove(&id).ok_or(Failure::NotFound)?;
    let parent = match item.parent {
        Some(parent) => items(db, &BTreeSet::from([parent.raw()])).await?.remove(&parent),
        None => None,
    };
    Ok(Entry::of(caller, item, parent))
}

/// The root items with these ids as the caller sees them.
///
/// # Errors
/// As [`items`].
pub async fn roots(caller: &Caller, ids: &BTreeSet<i64>) -> Result<BTreeMap<Id, Entry>, Failure> {
    let found = items(caller.app.db.reader(), ids).await?;
    Ok(found.into_iter().map(|(id, item)| (id, Entry::of(caller, item, None))).collect())
}

/// Whether the caller may read `item`, which lies below `parent`.
#[must_use]
pub fn sees(caller: &Caller, item: &Item, parent: Option<&Item>) -> bool {
    may(caller, "read", item, parent)
}

/// Whether a policy lets the caller do what `action` names with `item`, which lies below `parent`.
#[must_use]
pub fn may(caller: &Caller, action: &str, item: &Item, parent: Option<&Item>) -> bool {
    caller.visibility(action, &item.kind).sees(&facts(caller, item, parent))
}

/// Which items, of whatever kind, the caller may do `action` with; none where none at all.
#[must_use]
pub fn allowed(caller: &Caller, action: &str) -> Option<Condition> {
    let (today, backend) = (caller.app.today(), caller.app.db.reader().get_database_backend());
    let mut theirs = Condition::any();
    let mut some = false;
    for module in &caller.published.registry.modules {
        for kind in &module.kinds {
            let visibility = caller.visibility(action, &kind.name);
            if visibility.is_never() {
                continue;
            }
            some = true;
            theirs = theirs.add(
                item::Column::Module
                    .eq(module.name.as_str())
                    .and(item::Column::Kind.eq(kind.name.as_str()))
                    .and(visibility.condition(today, backend)),
            );
        }
    }
    some.then_some(theirs)
}

/// The kind of an item, as published now.
#[must_use]
pub fn kind_of<'a>(caller: &'a Caller, item: &Item) -> Option<&'a Kind> {
    caller.published.registry.kind(&item.module, &item.kind)
}

/// The form of an item, as published now.
#[must_use]
pub fn form_of<'a>(caller: &'a Caller, item: &Item) -> Option<&'a Form> {
    caller.published.registry.form_of(&item.module, &item.kind).map(std::convert::AsRef::as_ref)
}

/// The light of an item; none where no light's condition holds, or the caller may not see all that the lights read.
#[must_use]
pub fn light(caller: &Caller, entry: &Entry) -> Option<Colour> {
    let lights = &kind_of(caller, &entry.whole)?.lights;
    let fields = entry.fields();
    if !fields.are_whole() {
        let read = facts_of(lights);
        if !fields.shows_facts(form_of(caller, &entry.whole), read.iter().map(Name::as_str)) {
            return None;
        }
    }
    let facts = entry.facts(caller);
    lights.iter().find(|light| light.when.is_true(&facts.alone()) == Ok(true)).map(|light| light.colour)
}

/// The facts below `item` that lights read.
#[must_use]
pub fn facts_of(lights: &[Light]) -> BTreeSet<Name> {
    let reads = lights.iter().flat_map(|light| light.when.reads());
    reads
        .filter(|path| path.first().is_some_and(|first| *first == "item"))
        .filter_map(|path| path.get(1).cloned())
        .collect()
}

/// What a well-known field of an item holds.
#[must_use]
pub fn well_known(caller: &Caller, item: &Item, role: WellKnown) -> Value {
    scope::item_fact(item, form_of(caller, item), role.name())
}

/// An item's title: its title field; where it has none, its kind with the date for which it was made, or its number.
#[must_use]
pub fn title(caller: &Caller, item: &Item) -> String {
    if let Value::Text(title) = well_known(caller, item, WellKnown::Title) {
        return title;
    }
    let kind = kind_of(caller, item).map_or_else(|| item.kind.to_string(), |kind| caller.text(&kind.title));
    match well_known(caller, item, WellKnown::Due) {
        Value::Date(due) => format!("{kind} {due}"),
        _ => format!("{kind} {}", item.id),
    }
}
