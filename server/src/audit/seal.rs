//! Sealing: the heads of the items' chains that have grown since they were last sealed, in one row of the log.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait as _, Query},
};

use super::{Act, Hasher, Origin, act::What, record};
use crate::{
    db::{
        chunks,
        entity::{root, seal_head},
    },
    state::Shared,
};

/// Heads that one seal covers at most: its transaction stays short.
const MOST: u64 = 5_000;

/// Seals what has grown; true where there may be more.
///
/// # Errors
/// The database's own.
pub async fn seal(shared: &Shared) -> Result<bool, DbErr> {
    let grown: Vec<i64> = grown().select_only().column(root::Column::Id).into_tuple().all(shared.db.reader()).await?;
    if grown.is_empty() {
        return Ok(false);
    }
    let write = shared.db.write().await?;
    let end = record::lock(&*write).await?;
    // Read again behind the lock: another node may have sealed some.
    let mut heads = Vec::with_capacity(grown.len());
    for some in chunks(&grown.iter().copied().collect()) {
        heads.extend(self::grown().filter(root::Column::Id.is_in(some)).all(&*write).await?);
    }
    if heads.is_empty() {
        return Ok(false);
    }
    let number = end.length.saturating_add(1);
    let rows: Vec<seal_head::Model> = heads
        .into_iter()
        .map(|root| seal_head::Model {
            root_id: root.id,
            length: root.chain_length,
            head: root.chain_head,
            seal: number,
        })
        .collect();
    insert(&*write, &rows).await?;
    let hasher = &shared.settings.security.audit.hasher;
    let digest = digest(hasher, hasher.name(), &rows).ok_or_else(|| DbErr::Custom("no hash for a seal".to_owned()))?;
    let act = Act::done(Origin::system(), What::Sealed).with("heads", rows.len()).with("digest", digest.as_str());
    record::append(hasher, &*write, &end, record::row_of(act, shared.now().as_millisecond())).await?;
    write.commit().await?;
    // The server's own log may be kept where this database's administrators can not change it.
    tracing::info!(seal = number, heads = rows.len(), digest, "the heads of chains are sealed");
    Ok(rows.len() as u64 >= MOST)
}

/// Roots whose chain has grown since it was sealed, in the order of their numbers.
fn grown() -> sea_orm::Select<root::Entity> {
    let mut sealed = Query::select();
    sealed
        .expr(Expr::val(1))
        .from(seal_head::Entity)
        .and_where(Expr::col((seal_head::Entity, seal_head::Column::RootId)).equals((root::Entity, root::Column::Id)))
        .and_where(
            Expr::col((seal_head::Entity, seal_head::Column::Length)).equals((root::Entity, root::Column::ChainLength)),
        );
    root::Entity::find()
        .filter(root::Column::ChainLength.gt(0))
        .filter(Expr::exists(sealed).not())
        .order_by_asc(root::Column::Id)
        .limit(MOST)
}

async fn insert<C: ConnectionTrait>(db: &C, rows: &[seal_head::Model]) -> Result<(), DbErr> {
    for some in rows.chunks(500) {
        let rows = some.iter().map(|row| seal_head::ActiveModel {
            root_id: Set(row.root_id),
            length: Set(row.length),
            head: Set(row.head.clone()),
            seal: Set(row.seal),
        });
        seal_head::Entity::insert_many(rows).exec_without_returning(db).await?;
    }
    Ok(())
}

/// The digest of the heads of one seal, which are in the order of their roots.
pub(super) fn digest(hasher: &Hasher, algorithm: &str, heads: &[seal_head::Model]) -> Option<String> {
    use std::fmt::Write as _;
    let lines = heads.iter().fold(String::new(), |mut lines, row| {
        // Writing into a `String` can not fail.
        let _ = writeln!(lines, "{}:{}:{}", row.root_id, row.length, row.head);
        lines
    });
    hasher.by_name(algorithm, &[lines.as_bytes()])
}
