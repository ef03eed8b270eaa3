//! The chains of all items, root by root, with the heads that were sealed.

use std::collections::BTreeMap;

use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Chain, Fault, Report};
use crate::{
    app::runner::chain::{GENESIS, follows},
    db::entity::{history, root, seal_head},
};

/// Roots that are read at a time.
const ROOTS: u64 = 200;
/// Entries that are read at a time.
const ENTRIES: u64 = 2_000;

/// How far a root's chain has been read.
struct Walk {
    root: root::Model,
    length: i64,
    head: String,
    whole: bool,
    /// What was sealed of it: the head by the length.
    sealed: BTreeMap<i64, (String, i64)>,
}

/// Checks every item's chain, and that what was sealed is still there.
pub(super) async fn check<C: ConnectionTrait>(db: &C, report: &mut Report) -> Result<(), DbErr> {
    let mut after = 0;
    loop {
        let roots = root::Entity::find()
            .filter(root::Column::Id.gt(after))
            .order_by_asc(root::Column::Id)
            .limit(ROOTS)
            .all(db)
            .await?;
        let last = roots.last().map(|root| root.id);
        // Behind the last root there may still be seals of roots that were removed.
        some(db, (after, last.unwrap_or(i64::MAX)), roots, report).await?;
        match last {
            Some(last) => after = last,
            None => return Ok(()),
        }
    }
}

/// Checks the roots `roots`, which are all with an id above `range.0` and up to `range.1`.
async fn some<C: ConnectionTrait>(
    db: &C,
    range: (i64, i64),
    roots: Vec<root::Model>,
    report: &mut Report,
) -> Result<(), DbErr> {
    let mut walks: BTreeMap<i64, Walk> = roots.into_iter().map(|root| (root.id, Walk::new(root))).collect();
    let seals = seal_head::Entity::find()
        .filter(seal_head::Column::RootId.gt(range.0))
        .filter(seal_head::Column::RootId.lte(range.1))
        .all(db)
        .await?;
    let mut removed = None;
    for seal in seals {
        match walks.get_mut(&seal.root_id) {
            Some(walk) => drop(walk.sealed.insert(seal.length, (seal.head, seal.seal))),
            None if removed.replace(seal.root_id) == Some(seal.root_id) => {}
            None => report.add(Chain::Seal(seal.seal), seal.root_id, Fault::Removed),
        }
    }
    entries(db, range, &mut walks, report).await?;
    for walk in walks.into_values() {
        walk.end(report);
    }
    Ok(())
}

async fn entries<C: ConnectionTrait>(
    db: &C,
    range: (i64, i64),
    walks: &mut BTreeMap<i64, Walk>,
    report: &mut Report,
) -> Result<(), DbErr> {
    let mut at = (range.0, i64::MAX);
    loop {
        let behind = Condition::any()
            .add(history::Column::RootId.gt(at.0))
            .add(Condition::all().add(history::Column::RootId.eq(at.0)).add(history::Column::Sequence.gt(at.1)));
        let page = history::Entity::find()
            .filter(behind)
            .filter(history::Column::RootId.lte(range.1))
            .order_by_asc(history::Column::RootId)
            .order_by_asc(history::Column::Sequence)
            .limit(ENTRIES)
            .all(db)
            .await?;
        let Some(last) = page.last() else { return Ok(()) };
        at = (last.root_id, last.sequence);
        for row in &page {
            report.entries += 1;
            if let Some(walk) = walks.get_mut(&row.root_id) {
                walk.read(row, report);
            }
        }
    }
}

impl Walk {
    fn new(root: root::Model) -> Self {
        Self { root, length: 0, head: GENESIS.to_owned(), whole: true, sealed: BTreeMap::new() }
    }

    fn read(&mut self, row: &history::Model, report: &mut Report) {
        if self.whole && row.sequence != self.length + 1 {
            self.broken(row.sequence, Fault::Gap, report);
        } else if self.whole && !follows(&self.head, row) {
            self.broken(row.sequence, Fault::Changed, report);
        }
        if self.sealed.remove(&row.sequence).is_some_and(|(head, _)| head != row.hash) {
            self.broken(row.sequence, Fault::Changed, report);
        }
        self.length = row.sequence;
        self.head.clone_from(&row.hash);
    }

    fn end(mut self, report: &mut Report) {
        report.items += 1;
        if self.whole && (self.length != self.root.chain_length || self.head != self.root.chain_head) {
            self.broken(self.length, Fault::End, report);
        }
        // A chain that was written anew ends earlier than what was sealed of it.
        if let Some((length, _)) = self.sealed.pop_first() {
            self.broken(length, Fault::Removed, report);
        }
    }

    /// The first fault of a chain is told.
    fn broken(&mut self, row: i64, fault: Fault, report: &mut Report) {
        if std::mem::replace(&mut self.whole, false) {
            report.add(Chain::Item(self.root.id), row, fault);
        }
    }
}
