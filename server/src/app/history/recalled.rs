//! Who had heard of a completion before it was taken back: what has left can not be called back.

use std::collections::{BTreeMap, BTreeSet};

use docket_engine::{
    effect::Effect,
    id::{Id, PersonId},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{db::entity::outbox, failure::Failure};

/// The people who got a notice because of a completion, by its task.
pub(super) async fn told<C: ConnectionTrait>(db: &C, root: i64) -> Result<BTreeMap<Id, Vec<PersonId>>, Failure> {
    let sent = outbox::Entity::find()
        .filter(outbox::Column::RootId.eq(root))
        .filter(outbox::Column::DeliveredAt.is_not_null())
        .filter(outbox::Column::Service.is_null())
        .filter(outbox::Column::Effect.contains("\"causes\""))
        .order_by_asc(outbox::Column::Id)
        .all(db)
        .await?;
    let mut told: BTreeMap<Id, BTreeSet<PersonId>> = BTreeMap::new();
    for row in sent {
        let effect: Effect = serde_json::from_str(&row.effect).map_err(Failure::internal)?;
        let Effect::Notify { causes, to, .. } = effect else { continue };
        for task in causes {
            told.entry(task).or_default().extend(&to);
        }
    }
    Ok(told.into_iter().map(|(task, people)| (task, people.into_iter().collect())).collect())
}
