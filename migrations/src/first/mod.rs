//! The first schema.

mod flow;
mod ledger;
mod organisation;
mod platform;

use sea_orm_migration::prelude::*;

/// Creates every table.
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261125_000001_first"
    }
}

#[expect(elided_lifetimes_in_paths, reason = "`async_trait` needs the signature as the trait writes it")]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for part in [ledger::tables(), flow::tables(), organisation::tables(), platform::tables()] {
            for table in part {
                manager.create_table(table).await?;
            }
        }
        for part in [ledger::indexes(), flow::indexes(), organisation::indexes(), platform::indexes()] {
            for index in part {
                manager.create_index(index).await?;
            }
        }
        Ok(())
    }

    // SQLite too: what a killed process leaves is all of it or nothing.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
