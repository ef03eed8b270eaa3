//! Commands are removed when they are old.

use sea_orm_migration::prelude::*;

use crate::columns::index;

/// Adds the index by which old commands are found.
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261125_000008_old_commands"
    }
}

#[expect(elided_lifetimes_in_paths, reason = "`async_trait` needs the signature as the trait writes it")]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_index(index("command_at", "command", &["at"])).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
