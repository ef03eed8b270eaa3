//! Access policies have versions, drafts and dry runs.

use sea_orm_migration::prelude::*;

use crate::columns::{big, flag, given, index, key, maybe, table, text};

/// Adds who published which policies when and why, what a person is working on, and what a draft would change.
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261125_000006_policies"
    }
}

#[expect(elided_lifetimes_in_paths, reason = "`async_trait` needs the signature as the trait writes it")]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let version =
            table("policy_version", &mut [given("id"), big("at"), maybe(big("by_id")), text("why"), text("documents")]);
        manager.create_table(version).await?;
        let draft =
            table("policy_draft", &mut [key(big("person_id")), big("base"), text("documents"), big("saved_at")]);
        manager.create_table(draft).await?;
        let run = table(
            "policy_dry_run",
            &mut [
                given("id"),
                big("person_id"),
                big("begun_at"),
                big("heard_at"),
                text("state"),
                big("done"),
                big("total"),
                flag("cancelled"),
                text("report"),
            ],
        );
        manager.create_table(run).await?;
        manager.create_index(index("policy_dry_run_begun", "policy_dry_run", &["begun_at"])).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
