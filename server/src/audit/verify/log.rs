//! The chain of the log, and the digests of its seals.

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value as Json;

use super::{Chain, Fault, Report};
use crate::{
    audit::{Hasher, act::What, chain::EMPTY, seal},
    db::entity::{audit, audit_head, seal_head},
};

/// Rows read at a time.
const PAGE: u64 = 1_000;

/// Checks the log and the digests of its seals.
pub(super) async fn check<C: ConnectionTrait>(db: &C, hasher: &Hasher, report: &mut Report) -> Result<(), DbErr> {
    let (mut last, mut hash) = anchor(db).await?;
    let mut whole = true;
    loop {
        let page = audit::Entity::find()
            .filter(audit::Column::Sequence.gt(last))
            .order_by_asc(audit::Column::Sequence)
            .limit(PAGE)
            .all(db)
            .await?;
        if page.is_empty() {
            break;
        }
        for row in page {
            report.rows += 1;
            let fault = fault(hasher, (last, &hash), &row);
            if let Some(fault) = fault.filter(|_| whole) {
                report.add(Chain::Log, row.sequence, fault);
                whole = false;
            }
            if row.act == What::Sealed.code() {
                sealed(db, hasher, &row, report).await?;
            }
            (last, hash) = (row.sequence, row.hash);
        }
    }
    let head = audit_head::Entity::find().one(db).await?;
    let ends = head.is_some_and(|head| head.length == last && head.head == hash);
    if whole && !ends {
        report.add(Chain::Log, last, Fault::End);
    }
    report.end = (last, hash);
    Ok(())
}

fn fault(hasher: &Hasher, before: (i64, &str), row: &audit::Model) -> Option<Fault> {
    if row.sequence != before.0 + 1 {
        return Some(Fault::Gap);
    }
    match hasher.row(before.1, row) {
        None => Some(Fault::Unreadable),
        Some(hash) if hash == row.hash => None,
        Some(_) => Some(Fault::Changed),
    }
}

/// Number and hash of the row before the first that is kept: the newest row about removal names it.
async fn anchor<C: ConnectionTrait>(db: &C) -> Result<(i64, String), DbErr> {
    let trimmed = audit::Entity::find()
        .filter(audit::Column::Act.eq(What::Trimmed.code()))
        .order_by_desc(audit::Column::Sequence)
        .one(db)
        .await?;
    let named = trimmed.and_then(|row| {
        let detail: Json = serde_json::from_str(&row.detail).ok()?;
        Some((detail.get("through")?.as_i64()?, detail.get("hash")?.as_str()?.to_owned()))
    });
    Ok(named.unwrap_or_else(|| (0, EMPTY.to_owned())))
}

/// Whether the heads of a seal are those that were sealed.
async fn sealed<C: ConnectionTrait>(
    db: &C,
    hasher: &Hasher,
    row: &audit::Model,
    report: &mut Report,
) -> Result<(), DbErr> {
    report.seals += 1;
    let heads = seal_head::Entity::find()
        .filter(seal_head::Column::Seal.eq(row.sequence))
        .order_by_asc(seal_head::Column::RootId)
        .all(db)
        .await?;
    let digest = seal::digest(hasher, &row.algorithm, &heads);
    let said: Option<String> = serde_json::from_str(&row.detail)
        .ok()
        .and_then(|detail: Json| Some(detail.get("digest")?.as_str()?.to_owned()));
    if digest.is_none() {
        report.add(Chain::Seal(row.sequence), 0, Fault::Unreadable);
    } else if digest != said {
        report.add(Chain::Seal(row.sequence), heads.first().map_or(0, |head| head.root_id), Fault::Changed);
    }
    Ok(())
}
