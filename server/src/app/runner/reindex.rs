//! A publication may change which field of a form plays a well-known role: then the columns and rows by which items are found
//! are written anew, in its transaction, so that a list never disagrees with what one item says.

use std::collections::{BTreeMap, BTreeSet};

use docket_engine::{
    definition::{
        form::{FieldKind, WellKnown},
        registry::Registry,
    },
    id::PersonId,
    text::Name,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{RunError, rows, store};
use crate::{
    clock::from_ms,
    db::entity::{item, item_person},
};

/// Items that are rewritten at a time.
const PART: u64 = 500;

/// Rewrites what items of changed kinds are found by. No command may be under way.
pub(crate) async fn reindex<C: ConnectionTrait>(db: &C, before: &Registry, after: &Registry) -> Result<u64, RunError> {
    let mut rewritten = 0;
    for module in &after.modules {
        for kind in &module.kinds {
            let known = roles(before, &module.name, &kind.name);
            // Of a kind that is new, or was withdrawn for a while, nothing is known.
            if known.is_none() || known != roles(after, &module.name, &kind.name) {
                rewritten += rewrite(db, after, (&module.name, &kind.name)).await?;
            }
        }
    }
    Ok(rewritten)
}

/// Which field plays which role in the form of a kind.
fn roles(registry: &Registry, module: &str, kind: &str) -> Option<Vec<Option<(Name, FieldKind)>>> {
    let form = registry.form_of(module, kind)?;
    let field = |role| form.playing(role).map(|field| (field.name.clone(), field.kind.clone()));
    Some(WellKnown::ALL.into_iter().map(field).collect())
}

async fn rewrite<C: ConnectionTrait>(db: &C, registry: &Registry, kind: (&Name, &Name)) -> Result<u64, RunError> {
    let mut last = i64::MIN;
    let mut rewritten = 0;
    loop {
        let part = item::Entity::find()
            .filter(item::Column::Module.eq(kind.0.as_str()))
            .filter(item::Column::Kind.eq(kind.1.as_str()))
            .filter(item::Column::Id.gt(last))
            .order_by_asc(item::Column::Id)
            .limit(PART)
            .all(db)
            .await?;
        let Some(end) = part.last() else { return Ok(rewritten) };
        last = end.id;
        rewritten += u64::try_from(part.len()).unwrap_or(u64::MAX);
        write(db, registry, &part).await?;
    }
}

async fn write<C: ConnectionTrait>(db: &C, registry: &Registry, part: &[item::Model]) -> Result<(), RunError> {
    let mut people: BTreeMap<i64, BTreeSet<PersonId>> = BTreeMap::new();
    let found = item_person::Entity::find()
        .filter(item_person::Column::ItemId.is_in(part.iter().map(|row| row.id)))
        .filter(item_person::Column::Role.eq("participant"))
        .all(db)
        .await?;
    for row in found {
        people.entry(row.item_id).or_default().insert(PersonId(row.person_id));
    }
    let mut items = Vec::with_capacity(part.len());
    let mut joins = BTreeMap::new();
    for row in part {
        let item = rows::read_item(row, people.remove(&row.id).unwrap_or_default())?;
        joins.insert(row.id, rows::joins(&item, registry));
        items.push(rows::item_row(&item, registry, from_ms(row.updated_at))?);
    }
    store::upsert(db, items).await?;
    Ok(store::joins(db, &joins, true).await?)
}
