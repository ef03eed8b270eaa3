//! What groups, passing on, repeating timers and incidents need; the data of forms beside the state of their instance.

use sea_orm_migration::prelude::*;

use crate::columns::{below, big, flag, index, int, key, maybe, table, text};

/// Adds columns to instances, tasks and timers, and the table of open incidents.
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261125_000002_second"
    }
}

fn incident() -> TableCreateStatement {
    let mut incident = table(
        "incident",
        &mut [
            key(big("id")),
            big("root_id"),
            big("instance_id"),
            big("token"),
            text("node"),
            maybe(big("task_id")),
            text("cause"),
            big("opened_at"),
        ],
    );
    below(&mut incident, "root_id", "root");
    incident
}

#[expect(elided_lifetimes_in_paths, reason = "`async_trait` needs the signature as the trait writes it")]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite takes one column at a time.
        let columns = [
            ("instance", text("forms").default("{}").take()),
            ("instance", big("started_at").default(0).take()),
            ("task", maybe(int("member"))),
            ("task", maybe(big("owner_id"))),
            ("task", flag("passed").default(false).take()),
            ("task", flag("late").default(false).take()),
            ("timer", int("count").default(0).take()),
        ];
        for (name, mut column) in columns {
            manager.alter_table(Table::alter().table(name).add_column(&mut column).take()).await?;
        }
        manager.create_table(incident()).await?;
        manager.create_index(index("incident_root", "incident", &["root_id"])).await?;
        manager.create_index(index("incident_opened", "incident", &["opened_at"])).await
    }
}
