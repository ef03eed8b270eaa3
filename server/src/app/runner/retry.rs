//! Which failures of the database pass when a transaction is tried again. Trying again is always safe here: the key tells
//! whether an attempt was committed.

use std::time::Duration;

use sea_orm::{DbErr, RuntimeErr, sqlx};

/// Attempts at one transaction.
pub(crate) const ATTEMPTS: u32 = 6;

/// How long to wait after attempt `attempt` (from 0): 20 ms, doubled each time.
pub(crate) const fn pause(attempt: u32) -> Duration {
    Duration::from_millis(20 << attempt)
}

/// Whether `error` may pass.
pub(crate) fn passes(error: &DbErr) -> bool {
    let (DbErr::Conn(RuntimeErr::SqlxError(error))
    | DbErr::Exec(RuntimeErr::SqlxError(error))
    | DbErr::Query(RuntimeErr::SqlxError(error))) = error
    else {
        return matches!(error, DbErr::ConnectionAcquire(_));
    };
    match error.as_ref() {
        sqlx::Error::Database(error) => match error.code().as_deref() {
            // PostgreSQL: serialization failure, deadlock, lock not available, and a server that is going away or coming up.
            Some("40001" | "40P01" | "55P03" | "57P01" | "57P02" | "57P03") => true,
            // SQLite: the low byte is SQLITE_BUSY or SQLITE_LOCKED.
            Some(code) => code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6)) && code.len() < 5,
            None => false,
        },
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut => true,
        _ => false,
    }
}
