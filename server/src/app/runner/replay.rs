//! A stored history, replayed, must give the stored state.

use std::{collections::BTreeMap, fmt::Debug};

use docket_engine::{apply::apply, case::Case, id::Id};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{RunError, case, chain};
use crate::db::entity::{history, root};

/// Verifies one root: its chain, and that its history gives its state.
pub(super) async fn verify<C: ConnectionTrait>(db: &C, root: i64) -> Result<(), RunError> {
    let row = root::Entity::find_by_id(root).one(db).await?;
    let row = row.ok_or(RunError::Rejected(docket_engine::rejection::Rejection::NotFound))?;
    let entries = history::Entity::find()
        .filter(history::Column::RootId.eq(root))
        .order_by_asc(history::Column::Sequence)
        .all(db)
        .await?;
    if !chain::intact(&entries, &row.chain_head, row.chain_length) {
        return Err(RunError::Corrupt(format!("the chain of root {root} is broken")));
    }
    let mut replayed = Case::new(root);
    for entry in &entries {
        apply(&mut replayed, &chain::read_event(entry)?).map_err(|corrupt| {
            RunError::Corrupt(format!("history {} of root {root}: {}", entry.sequence, corrupt.message))
        })?;
    }
    same(&replayed, &case::load_all(db, &row).await?)
}

fn same(replayed: &Case, stored: &Case) -> Result<(), RunError> {
    if replayed.next != stored.next {
        let numbers = (replayed.next, stored.next);
        return Err(RunError::Corrupt(format!("root {}: the next number differs: {numbers:?}", stored.root)));
    }
    each("item", &replayed.items, &stored.items)?;
    each("instance", &replayed.instances, &stored.instances)?;
    each("task", &replayed.tasks, &stored.tasks)?;
    each("timer", &replayed.timers, &stored.timers)
}

fn each<T: PartialEq + Debug>(
    what: &str,
    replayed: &BTreeMap<Id, T>,
    stored: &BTreeMap<Id, T>,
) -> Result<(), RunError> {
    for id in replayed.keys().chain(stored.keys()) {
        let (one, other) = (replayed.get(id), stored.get(id));
        if one != other {
            return Err(RunError::Corrupt(format!("{what} {id} differs: history gives {one:?}, stored is {other:?}")));
        }
    }
    Ok(())
}
