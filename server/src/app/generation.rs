//! Numbers that grow with every change of something that nodes keep in memory.

use sea_orm::{ActiveValue::Set, ConnectionTrait, DbBackend, DbErr, EntityTrait, sea_query::OnConflict};

use crate::db::entity::setting;

fn key(of: &str) -> String {
    format!("generation.{of}")
}

/// The number now; 0 where nothing has changed yet.
pub(crate) async fn current<C: ConnectionTrait>(db: &C, of: &str) -> Result<i64, DbErr> {
    let row = setting::Entity::find_by_id(key(of)).one(db).await?;
    Ok(row.and_then(|row| row.value.parse().ok()).unwrap_or(0))
}

/// The next number, in the transaction of the change. Waits for whoever is changing the same thing.
pub(crate) async fn next<C: ConnectionTrait>(db: &C, of: &str) -> Result<(), DbErr> {
    lock(db, of).await?;
    let value = current(db, of).await?.saturating_add(1).to_string();
    put(db, &key(of), value).await
}

/// Waits for whoever is changing the same thing, until this transaction ends.
pub(crate) async fn lock<C: ConnectionTrait>(db: &C, of: &str) -> Result<(), DbErr> {
    let row = setting::ActiveModel { key: Set(key(of)), value: Set("0".to_owned()) };
    // Writing the key over itself locks its row, or waits for the row that another transaction is inserting.
    let lock = OnConflict::column(setting::Column::Key).update_column(setting::Column::Key).to_owned();
    setting::Entity::insert(row).on_conflict(lock).exec_without_returning(db).await?;
    Ok(())
}

/// The advisory lock of PostgreSQL between commands, which share it, and publications.
const COMMANDS: i64 = 0x646f_636b_6574;

/// Keeps publications out until this transaction ends: a command runs wholly before or wholly after each. SQLite has one writer.
pub(crate) async fn keep<C: ConnectionTrait>(db: &C) -> Result<(), DbErr> {
    advisory(db, "SELECT pg_advisory_xact_lock_shared").await
}

/// Waits for the commands under way, and keeps others out until this transaction ends.
pub(crate) async fn wait_for_commands<C: ConnectionTrait>(db: &C) -> Result<(), DbErr> {
    advisory(db, "SELECT pg_advisory_xact_lock").await
}

async fn advisory<C: ConnectionTrait>(db: &C, call: &str) -> Result<(), DbErr> {
    if db.get_database_backend() == DbBackend::Postgres {
        db.execute_unprepared(&format!("{call}({COMMANDS})")).await?;
    }
    Ok(())
}

/// Stores a setting.
pub(crate) async fn put<C: ConnectionTrait>(db: &C, key: &str, value: String) -> Result<(), DbErr> {
    let row = setting::ActiveModel { key: Set(key.to_owned()), value: Set(value) };
    let replace = OnConflict::column(setting::Column::Key).update_column(setting::Column::Value).to_owned();
    setting::Entity::insert(row).on_conflict(replace).exec_without_returning(db).await?;
    Ok(())
}
