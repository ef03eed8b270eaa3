//! What each recipient of a notice may read of it: a notice says no more of an item than its page would.

use std::{collections::BTreeSet, sync::Arc};

use docket_engine::{
    case::Item,
    id::{Id, PersonId},
};
use sea_orm::ConnectionTrait;
use serde_json::{Map, Value as Json};

use crate::{
    access::{Facts, Fields, Rules, Subject},
    app::{definitions::Published, ledger},
    state::App,
};

/// What stands in a notice for what its reader may not see.
const HIDDEN: &str = "…";

/// The data of a notice about `item`, by those of `to` who may read the same of it.
pub(super) async fn by_reader<C: ConnectionTrait>(
    app: &App,
    db: &C,
    item: Id,
    data: &Map<String, Json>,
    to: &[PersonId],
) -> Result<Vec<(Map<String, Json>, Vec<PersonId>)>, String> {
    let published = app.published();
    let rules = app.access.rules(&published).await.map_err(|failure| failure.to_string())?;
    let about = About::load(app, db, &published, item).await?;
    let org = app.org();
    let mut groups: Vec<(Map<String, Json>, Vec<PersonId>)> = Vec::new();
    for person in to {
        let subject = Arc::new(Subject::of(&org, *person));
        let masked = about.masked(&rules, &subject, data);
        match groups.iter_mut().find(|(same, _)| *same == masked) {
            Some((_, people)) => people.push(*person),
            None => groups.push((masked, vec![*person])),
        }
    }
    Ok(groups)
}

/// The items of which a notice speaks.
struct About<'a> {
    app: &'a App,
    published: &'a Published,
    item: Option<(Item, Option<Item>)>,
    root: Option<Item>,
}

impl<'a> About<'a> {
    async fn load<C: ConnectionTrait>(
        app: &'a App,
        db: &C,
        published: &'a Published,
        item: Id,
    ) -> Result<Self, String> {
        let text = |failure: crate::failure::Failure| failure.to_string();
        let root = Id::root_item(item.root());
        let found = ledger::items(db, &BTreeSet::from([item.raw(), root.raw()])).await.map_err(text)?;
        let about = found.get(&item).cloned();
        let parent = match about.as_ref().and_then(|item| item.parent) {
            Some(parent) => ledger::items(db, &BTreeSet::from([parent.raw()])).await.map_err(text)?.remove(&parent),
            None => None,
        };
        Ok(Self { app, published, item: about.map(|item| (item, parent)), root: found.get(&root).cloned() })
    }

    fn fields(&self, rules: &Rules, subject: &Arc<Subject>, item: Option<&Item>, parent: Option<&Item>) -> Fields {
        let Some(item) = item else { return Fields::nothing() };
        let registry = &self.published.registry;
        let facts = Facts { item, parent, registry, today: self.app.today(), zone: self.app.clock.zone() };
        rules.visibility(subject, "read", &item.kind).fields(&facts).unwrap_or_else(Fields::nothing)
    }

    fn masked(&self, rules: &Rules, subject: &Arc<Subject>, data: &Map<String, Json>) -> Map<String, Json> {
        let item = self.item.as_ref().map(|(item, _)| item);
        let parent = self.item.as_ref().and_then(|(_, parent)| parent.as_ref());
        let of_item = self.fields(rules, subject, item, parent);
        let of_root = self.fields(rules, subject, self.root.as_ref(), None);
        let mut masked = data.clone();
        for (name, of, fields) in [("item", item, &of_item), ("root", self.root.as_ref(), &of_root)] {
            if let Some(Json::Object(shown)) = masked.get_mut(name) {
                self.hide(shown, of, fields);
            }
        }
        if !of_item.shows_named(None, "next_due")
            && let Some(due) = masked.get_mut("due")
        {
            *due = HIDDEN.into();
        }
        masked
    }

    fn hide(&self, shown: &mut Map<String, Json>, item: Option<&Item>, fields: &Fields) {
        let form = item.and_then(|item| self.published.registry.form_of(&item.module, &item.kind)).map(AsRef::as_ref);
        for (name, value) in shown.iter_mut() {
            if !fields.are_whole() && !fields.shows_facts(form, [name.as_str()]) {
                *value = HIDDEN.into();
            }
        }
    }
}
