//! Items on the ledger that rows may repeat or change: found by the normalised form of their title, in all modules.

use std::collections::BTreeSet;

use docket_engine::{definition::registry::Registry, id::Id};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};

use crate::{db::entity::item, import::verdict::Known};

/// How many keys one query asks for: databases bound the number of parameters.
const AT_ONCE: usize = 500;

/// The items whose title has one of these keys, without cancelled ones and kinds that have no identity.
pub(super) async fn known<C: ConnectionTrait>(
    db: &C,
    registry: &Registry,
    keys: &BTreeSet<String>,
) -> Result<Vec<Known>, DbErr> {
    let keys: Vec<&String> = keys.iter().collect();
    let mut known = Vec::new();
    for some in keys.chunks(AT_ONCE) {
        let rows = item::Entity::find()
            .filter(item::Column::TitleKey.is_in(some.iter().copied()))
            .filter(item::Column::State.ne("cancelled"))
            .order_by_asc(item::Column::Id)
            .all(db)
            .await?;
        for row in rows {
            let has_identity = registry.kind(&row.module, &row.kind).is_none_or(|kind| kind.identity.is_some());
            if has_identity {
                known.push(of(row)?);
            }
        }
    }
    Ok(known)
}

fn of(row: item::Model) -> Result<Known, DbErr> {
    let fields = serde_json::from_str(&row.data).map_err(|error| DbErr::Custom(format!("item {}: {error}", row.id)))?;
    Ok(Known {
        id: Id::from_raw(row.id),
        module: row.module.into(),
        kind: row.kind.into(),
        title: row.title.unwrap_or_default(),
        fields,
        done: row.state == "done",
    })
}
