//! What others did in somebody's name, for that person to look through.

use std::collections::{BTreeMap, btree_map::Entry};

use docket_engine::id::{Id, PersonId};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, FromQueryResult, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
    sea_query::{Expr, ExprTrait as _, Order},
};

use super::{history, labels, ledger};
use crate::{
    api::{
        acting::{DeedView, DeedsPage},
        caller::Caller,
        history::HistoryEntry,
        page::Page,
    },
    clock::from_ms,
    db::entity::history as rows,
    failure::Failure,
};

/// One command that somebody gave in the caller's name.
#[derive(FromQueryResult)]
struct Deed {
    root_id: i64,
    through_id: i64,
    at: i64,
    sequence: i64,
}

/// What was done in the caller's name, the newest first.
///
/// # Errors
/// The database's own.
pub async fn page(caller: &Caller, page: Page) -> Result<DeedsPage, Failure> {
    let db = caller.app.db.reader();
    let deeds = rows::Entity::find()
        .select_only()
        .columns([rows::Column::RootId, rows::Column::ThroughId])
        .column_as(rows::Column::At.max(), "at")
        .column_as(rows::Column::Sequence.min(), "sequence")
        .filter(rows::Column::ActorId.eq(caller.person.id.0))
        .filter(rows::Column::ThroughId.is_not_null())
        .group_by(rows::Column::RootId)
        .group_by(rows::Column::CommandKey)
        .group_by(rows::Column::ThroughId);
    let total = deeds.clone().count(db).await?;
    let found = deeds
        .order_by(Expr::col(rows::Column::At).max(), Order::Desc)
        .order_by(rows::Column::RootId, Order::Desc)
        .order_by(Expr::col(rows::Column::Sequence).min(), Order::Desc)
        .offset(page.offset())
        .limit(page.limit())
        .into_model::<Deed>()
        .all(db)
        .await?;
    let mut told: BTreeMap<i64, Option<(String, Vec<HistoryEntry>)>> = BTreeMap::new();
    let mut shown = Vec::with_capacity(found.len());
    for deed in found {
        if let Entry::Vacant(vacant) = told.entry(deed.root_id) {
            vacant.insert(trail(caller, deed.root_id).await?);
        }
        let trail = told.get(&deed.root_id).and_then(Option::as_ref);
        // The trail tells the newest first, a deed is read from its beginning.
        let of_it =
            trail.into_iter().flat_map(|(_, entries)| entries.iter().rev().filter(|one| one.deed == deed.sequence));
        shown.push(DeedView {
            at: from_ms(deed.at).to_string(),
            through: labels::person(caller, PersonId(deed.through_id)),
            item: Id::root_item(deed.root_id).to_string(),
            item_title: trail.map(|(title, _)| title.clone()),
            texts: of_it.map(|entry| entry.text.clone()).collect(),
        });
    }
    Ok(DeedsPage { rows: shown, total })
}

/// The title of a root item and its trail; nothing where he does not see it.
async fn trail(caller: &Caller, root: i64) -> Result<Option<(String, Vec<HistoryEntry>)>, Failure> {
    let id = Id::root_item(root);
    match ledger::visible(caller, id).await {
        Ok(entry) => Ok(Some((ledger::title(caller, &entry.item), history::view(caller, id).await?.entries))),
        Err(Failure::NotFound) => Ok(None),
        Err(failure) => Err(failure),
    }
}
