//! What fails is tried again later, and found without reading every row; versions in use are found by index.

use sea_orm_migration::prelude::*;

use crate::columns::{big, index, maybe};

/// Adds when a failed timer or effect is tried next, and indexes.
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261125_000003_attempts"
    }
}

#[expect(elided_lifetimes_in_paths, reason = "`async_trait` needs the signature as the trait writes it")]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["timer", "outbox"] {
            let mut next = maybe(big("next_attempt_at"));
            let alter = Table::alter().table(table).add_column(&mut next).to_owned();
            manager.alter_table(alter).await?;
        }
        let mut failing = index("timer_failing", "timer", &["attempts"]);
        sea_query::ConditionalStatement::and_where(&mut failing, Expr::col("attempts").gt(0));
        manager.create_index(failing).await?;
        manager.create_index(index("instance_version", "instance", &["version"])).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
