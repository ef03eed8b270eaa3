//! Items: created, changed, shown to people.

use serde_json::Value as Json;

use super::{Corrupt, corrupt, item_of, take, undo};
use crate::{
    case::{Case, Item, ItemState},
    event::Kind,
    id::Id,
    text::Name,
};

pub(super) fn apply(case: &mut Case, kind: &Kind) -> Result<(), Corrupt> {
    match kind {
        Kind::ItemCreated { item } => create(case, item),
        Kind::Reopened { item, .. } => item_of(case, *item).map(|_| ()),
        Kind::ItemChanged { item, field, before, after, causes } => {
            change(item_of(case, *item)?, field, after)?;
            undo::note(case, *item, field, (before, after), causes);
            Ok(())
        }
        Kind::Copied { item, people, .. } => {
            item_of(case, *item)?.participants.extend(people);
            Ok(())
        }
        _ => Ok(()),
    }
}

fn create(case: &mut Case, item: &Item) -> Result<(), Corrupt> {
    if case.items.contains_key(&item.id) {
        return Err(corrupt(format!("item {} is there already", item.id)));
    }
    if item.id != Id::root_item(case.root) {
        take(case, item.id)?;
    }
    case.items.insert(item.id, item.clone());
    Ok(())
}

fn change(item: &mut Item, field: &Name, after: &Json) -> Result<(), Corrupt> {
    let unfit = || corrupt(format!("item {}: `{field}` cannot be {after}", item.id));
    let date = || match after {
        Json::Null => Ok(None),
        other => other.as_str().and_then(crate::value::parse_date).map(Some).ok_or_else(unfit),
    };
    match field.as_str() {
        "state" => item.state = serde_json::from_value::<ItemState>(after.clone()).map_err(|_| unfit())?,
        "stage" => item.stage = after.as_str().map(Name::from),
        "next_due" => item.next_due = date()?,
        "suspended_on" => item.suspended_on = date()?,
        name => match after {
            Json::Null => drop(item.fields.shift_remove(name)),
            value => drop(item.fields.insert(name.to_owned(), value.clone())),
        },
    }
    Ok(())
}
