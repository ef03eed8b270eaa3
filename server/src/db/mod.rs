//! The database: SQLite (one file, one writer) or PostgreSQL (a pool).
//!
//! Invariants: every write goes through [`Db::write`], so that SQLite's write lock is taken when the transaction begins;
//! nothing uses LISTEN/NOTIFY or needs SERIALIZABLE; ON CONFLICT always names its target.

pub mod days;
pub mod entity;

use std::{sync::Arc, time::Duration};

use sea_orm::{
    AccessMode, ConnectOptions, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, IsolationLevel,
    RuntimeErr, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::settings::Settings;

/// The name of the SQLite file in the data folder.
pub const FILE: &str = "docket.sqlite";

/// How often creating the tables is tried again.
const MIGRATE_ATTEMPTS: u32 = 20;
/// How long to wait before it is tried again.
const MIGRATE_PAUSE: Duration = Duration::from_millis(250);

/// Connections to the one database.
#[derive(Debug, Clone)]
pub struct Db {
    reader: DatabaseConnection,
    writer: DatabaseConnection,
    /// SQLite has one writer; waiting here costs nothing, waiting for its lock polls.
    turn: Option<Arc<Mutex<()>>>,
}

/// A write transaction. Dropped without [`Write::commit`] it is rolled back.
#[derive(Debug)]
pub struct Write {
    transaction: DatabaseTransaction,
    _turn: Option<OwnedMutexGuard<()>>,
}

impl Db {
    /// Connects, to `settings.database_url` or to the file in the data folder, which is created where it does not exist.
    ///
    /// # Errors
    /// The database does not answer, or the folder can not be created.
    pub async fn connect(settings: &Settings) -> Result<Self, DbErr> {
        match &settings.database_url {
            Some(url) => Self::postgres(url, settings.connections).await,
            None => Self::sqlite(settings).await,
        }
    }

    async fn postgres(url: &str, connections: u32) -> Result<Self, DbErr> {
        let mut options = ConnectOptions::new(url);
        options.max_connections(connections.max(2)).acquire_timeout(Duration::from_secs(10)).sqlx_logging(false);
        let pool = Database::connect(options).await?;
        Ok(Self { reader: pool.clone(), writer: pool, turn: None })
    }

    async fn sqlite(settings: &Settings) -> Result<Self, DbErr> {
        std::fs::create_dir_all(&settings.data)
            .map_err(|error| DbErr::Conn(RuntimeErr::Internal(format!("{}: {error}", settings.data.display()))))?;
        let path = settings.data.join(FILE);
        let writer = Self::sqlite_pool(&path, 1).await?;
        let reader = Self::sqlite_pool(&path, settings.connections.max(2) - 1).await?;
        Ok(Self { reader, writer, turn: Some(Arc::new(Mutex::new(()))) })
    }

    async fn sqlite_pool(path: &std::path::Path, connections: u32) -> Result<DatabaseConnection, DbErr> {
        let path = path.to_owned();
        let mut options = ConnectOptions::new("sqlite::memory:");
        options
            .max_connections(connections)
            .acquire_timeout(Duration::from_secs(10))
            .sqlx_logging(false)
            .map_sqlx_sqlite_opts(move |options| {
                options
                    .in_memory(false)
                    .shared_cache(false)
                    .filename(&path)
                    .create_if_missing(true)
                    .foreign_keys(true)
                    .busy_timeout(Duration::from_secs(10))
                    .pragma("journal_mode", "WAL")
                    // FULL: an acknowledged commit is on the disk, also when the power fails.
                    .pragma("synchronous", "FULL")
                    .pragma("cache_size", "-16384")
            });
        Database::connect(options).await
    }

    /// Brings the tables up to date. Of processes that start at the same time one does it; the others try again until it has.
    ///
    /// # Errors
    /// The database's own.
    pub async fn migrate(&self) -> Result<(), DbErr> {
        use docket_migrations::MigratorTrait as _;
        let _turn = match &self.turn {
            Some(turn) => Some(turn.lock().await),
            None => None,
        };
        let mut attempt = 0;
        loop {
            match docket_migrations::Migrator::up(&self.writer, None).await {
                // Each migration is one transaction, so what another process was faster with is not half done.
                Err(error) if attempt < MIGRATE_ATTEMPTS => {
                    tracing::debug!(%error, attempt, "another process may be creating the tables");
                    attempt += 1;
                    tokio::time::sleep(MIGRATE_PAUSE).await;
                }
                done => return done,
            }
        }
    }

    /// For reading outside a transaction.
    #[must_use]
    pub const fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// Whether this is SQLite.
    #[must_use]
    pub fn is_sqlite(&self) -> bool {
        self.writer.get_database_backend() == DbBackend::Sqlite
    }

    /// Begins a write transaction: immediate on SQLite, read committed on PostgreSQL.
    ///
    /// # Errors
    /// The database does not answer, or another process has held SQLite's lock for ten seconds.
    pub async fn write(&self) -> Result<Write, DbErr> {
        let turn = match &self.turn {
            Some(turn) => Some(Arc::clone(turn).lock_owned().await),
            None => None,
        };
        let options = if self.is_sqlite() {
            TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..TransactionOptions::default()
            }
        } else {
            TransactionOptions { isolation_level: Some(IsolationLevel::ReadCommitted), ..TransactionOptions::default() }
        };
        Ok(Write { transaction: self.writer.begin_with_options(options).await?, _turn: turn })
    }

    /// Begins a transaction for reading, in which every query sees the same state. Dropped when done.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn snapshot(&self) -> Result<DatabaseTransaction, DbErr> {
        let options = if self.is_sqlite() {
            TransactionOptions::default()
        } else {
            TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                ..TransactionOptions::default()
            }
        };
        self.reader.begin_with_options(options).await
    }

    /// Closes all connections.
    ///
    /// # Errors
    /// The database's own.
    pub async fn close(&self) -> Result<(), DbErr> {
        self.reader.clone().close().await?;
        self.writer.clone().close().await
    }
}

impl Write {
    /// Commits.
    ///
    /// # Errors
    /// The database's own; whether it was committed is not known then.
    pub async fn commit(self) -> Result<(), DbErr> {
        self.transaction.commit().await
    }
}

impl std::ops::Deref for Write {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &DatabaseTransaction {
        &self.transaction
    }
}

/// Parts of `ids` that are small enough for one `IN (…)`: databases bound the number of parameters.
pub fn chunks(ids: &std::collections::BTreeSet<i64>) -> Vec<Vec<i64>> {
    let ids: Vec<i64> = ids.iter().copied().collect();
    ids.chunks(500).map(<[i64]>::to_vec).collect()
}

#[cfg(test)]
mod tests {
    use docket_migrations::{Migrator, MigratorTrait as _};
    use sea_orm::ConnectionTrait as _;

    use super::*;

    #[tokio::test]
    async fn tables_that_are_not_all_made_are_not_made_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::connect(&Settings::new(folder.path())).await.unwrap();
        // The last table can not be made, as where the process is killed before it.
        db.writer.execute_unprepared("CREATE TABLE change (id INTEGER)").await.unwrap();
        Migrator::up(&db.writer, None).await.unwrap_err();
        db.writer.execute_unprepared("DROP TABLE change").await.unwrap();
        db.migrate().await.unwrap();
        let write = db.write().await.unwrap();
        write.execute_unprepared("SELECT next_attempt_at FROM outbox").await.unwrap();
    }
}
