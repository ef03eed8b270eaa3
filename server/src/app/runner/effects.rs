//! What a command sends out is written to the outbox in its transaction; what it takes back is dropped there.

use docket_engine::{effect::Effect, id::Id};
use jiff::Timestamp;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
};

use super::RunError;
use crate::db::entity::outbox;

/// Writes the effects of a command on `root`; true where something is to leave.
pub(super) async fn write<C: ConnectionTrait>(
    db: &C,
    root: i64,
    effects: &[Effect],
    now: Timestamp,
) -> Result<bool, RunError> {
    let mut leaves = false;
    for effect in effects {
        if let Effect::Recall { task } = effect {
            recall(db, root, *task).await?;
            continue;
        }
        let service = match effect {
            Effect::Ask { service, .. } => Some(service.to_string()),
            Effect::Notify { .. } | Effect::Recall { .. } => None,
        };
        let effect = serde_json::to_string(effect).map_err(|error| RunError::Corrupt(format!("effect: {error}")))?;
        outbox::Entity::insert(outbox::ActiveModel {
            id: NotSet,
            root_id: Set(root),
            effect: Set(effect),
            created_at: Set(now.as_millisecond()),
            delivered_at: Set(None),
            attempts: Set(0),
            next_attempt_at: Set(None),
            last_error: Set(None),
            service: Set(service),
        })
        .exec_without_returning(db)
        .await?;
        leaves = true;
    }
    Ok(leaves)
}

/// Drops the notices that a completion caused and that have not left yet: it was taken back.
async fn recall<C: ConnectionTrait>(db: &C, root: i64, task: Id) -> Result<(), RunError> {
    let waiting = outbox::Entity::find()
        .filter(outbox::Column::RootId.eq(root))
        .filter(outbox::Column::DeliveredAt.is_null())
        .filter(outbox::Column::Service.is_null())
        .all(db)
        .await?;
    let mut dropped = Vec::new();
    for row in waiting {
        let effect = serde_json::from_str(&row.effect);
        let effect: Effect = effect.map_err(|error| RunError::Corrupt(format!("effect {}: {error}", row.id)))?;
        if matches!(&effect, Effect::Notify { causes, .. } if causes.contains(&task)) {
            dropped.push(row.id);
        }
    }
    if !dropped.is_empty() {
        // One that is just leaving has been marked by the transaction that takes it, for which this waits.
        outbox::Entity::delete_many()
            .filter(outbox::Column::Id.is_in(dropped))
            .filter(outbox::Column::DeliveredAt.is_null())
            .exec(db)
            .await?;
    }
    Ok(())
}
