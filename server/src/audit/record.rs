//! Adding to the log.

use sea_orm::{
    ActiveModelTrait as _, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel as _, QueryFilter,
    QuerySelect, sea_query::Expr,
};
use serde_json::Value as Json;

use super::{Act, Hasher};
use crate::{
    app::runner::chain::canonical,
    db::entity::{audit, audit_head},
    state::Shared,
};

/// The one row of `audit_head`.
const HEAD: i64 = 1;
/// The longest detail, in bytes: what is longer is cut to its size, so that nobody can fill the log.
const MOST_DETAIL: usize = 4096;
/// The longest name of an object, in characters.
const MOST_OBJECT: usize = 200;

/// Records `act` in the transaction that carries it out. To be called last in it: from here until it ends nobody else records.
///
/// # Errors
/// The database's own; the act must not be carried out then.
pub async fn record<C: ConnectionTrait>(shared: &Shared, db: &C, act: Act) -> Result<(), DbErr> {
    let head = lock(db).await?;
    append(&shared.settings.security.audit.hasher, db, &head, row_of(act, shared.now().as_millisecond())).await
}

/// Records what changes nothing else, such as a refusal, in a transaction of its own.
///
/// # Errors
/// The database's own.
pub async fn recorded(shared: &Shared, act: Act) -> Result<(), DbErr> {
    let write = shared.db.write().await?;
    record(shared, &*write, act).await?;
    write.commit().await
}

/// Locks the end of the log until the transaction ends.
pub(super) async fn lock<C: ConnectionTrait>(db: &C) -> Result<audit_head::Model, DbErr> {
    let head = audit_head::Entity::find_by_id(HEAD).lock_exclusive().one(db).await?;
    head.ok_or_else(|| {
        DbErr::Custom("the head of the administrators' log is gone: run `docket audit verify`".to_owned())
    })
}

/// Adds `row` after `head`.
pub(super) async fn append<C: ConnectionTrait>(
    hasher: &Hasher,
    db: &C,
    head: &audit_head::Model,
    mut row: audit::Model,
) -> Result<(), DbErr> {
    row.sequence = head.length.saturating_add(1);
    hasher.name().clone_into(&mut row.algorithm);
    let hash = hasher.row(&head.head, &row);
    row.hash = hash.ok_or_else(|| DbErr::Custom(format!("no hash by {}", row.algorithm)))?;
    audit_head::Entity::update_many()
        .col_expr(audit_head::Column::Length, Expr::value(row.sequence))
        .col_expr(audit_head::Column::Head, Expr::value(row.hash.as_str()))
        .filter(audit_head::Column::Id.eq(HEAD))
        .exec(db)
        .await?;
    audit::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(db).await?;
    Ok(())
}

/// `act` as a row that has no place in the chain yet.
pub(super) fn row_of(act: Act, at: i64) -> audit::Model {
    let detail = canonical(&Json::Object(act.detail));
    let detail = if detail.len() > MOST_DETAIL { format!("{{\"bytes\":{}}}", detail.len()) } else { detail };
    let (object_kind, object) = match act.on {
        Some(object) => {
            let id: String = object.id.chars().filter(|c| !c.is_control()).take(MOST_OBJECT).collect();
            (Some(object.kind.to_owned()), Some(id))
        }
        None => (None, None),
    };
    audit::Model {
        sequence: 0,
        at,
        actor_id: act.origin.who.map(|person| person.0),
        for_id: act.origin.for_whom.map(|person| person.0),
        via: act.origin.via.code().to_owned(),
        address: act.origin.address.map(|address| address.to_string()),
        act: act.what.code().to_owned(),
        object_kind,
        object,
        detail,
        result: act.outcome.code().to_owned(),
        algorithm: String::new(),
        hash: String::new(),
    }
}
