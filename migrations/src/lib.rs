//! The tables of `docs/architecture.md` (Storage), one set of migrations for SQLite and PostgreSQL.
//!
//! Invariant: a released migration never changes; first expand, later contract.

use sea_orm_migration::prelude::*;

pub use sea_orm_migration::MigratorTrait;

mod columns;
mod eighth;
mod fifth;
mod first;
mod fourth;
mod second;
mod seventh;
mod sixth;
mod third;

/// All migrations in order.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(first::Migration),
            Box::new(second::Migration),
            Box::new(third::Migration),
            Box::new(fourth::Migration),
            Box::new(fifth::Migration),
            Box::new(sixth::Migration),
            Box::new(eighth::Migration),
            Box::new(seventh::Migration),
        ]
    }
}
