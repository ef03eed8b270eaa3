//! PostgreSQL databases of a test's own.

use std::hash::{BuildHasher as _, RandomState};

use sea_orm::{ConnectionTrait as _, Database as Connection};

/// A database that is dropped by [`Database::remove`].
pub(crate) struct Database {
    server: String,
    name: String,
    /// Its address.
    pub(crate) url: String,
}

impl Database {
    /// A new one on the server that the environment names; none where it names none.
    pub(crate) async fn create() -> Option<Self> {
        let server = std::env::var("DOCKET_TEST_POSTGRES").ok()?;
        let name = format!("nodes_{}_{}", std::process::id(), RandomState::new().hash_one(0));
        let db = Connection::connect(&server).await.unwrap();
        db.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
        db.close().await.unwrap();
        let url = format!("{}/{name}", server.rsplit_once('/').unwrap().0);
        Some(Self { server, name, url })
    }

    pub(crate) async fn remove(self) {
        let db = Connection::connect(&self.server).await.unwrap();
        db.execute_unprepared(&format!("DROP DATABASE {} WITH (FORCE)", self.name)).await.unwrap();
        db.close().await.unwrap();
    }
}
