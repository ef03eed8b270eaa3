//! Other systems are asked from the outbox beside notices; a repeating timer knows its first time.

use sea_orm_migration::prelude::*;

use crate::columns::{big, index, maybe, text};

/// Adds which service a row of the outbox is for, and when a repeating timer was first due.
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261125_000004_services"
    }
}

#[expect(elided_lifetimes_in_paths, reason = "`async_trait` needs the signature as the trait writes it")]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut first = maybe(big("first_at"));
        manager.alter_table(Table::alter().table("timer").add_column(&mut first).to_owned()).await?;
        let mut service = maybe(text("service"));
        manager.alter_table(Table::alter().table("outbox").add_column(&mut service).to_owned()).await?;
        let mut asking = index("outbox_asking", "outbox", &["service", "id"]);
        sea_query::ConditionalStatement::and_where(&mut asking, Expr::col("delivered_at").is_null());
        manager.create_index(asking).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
