//! Acting in somebody's name, stand-ins, units with a validity, and open work that follows a changed organisation.

use sea_orm_migration::prelude::*;

use crate::columns::{below, big, given, index, int, maybe, primary, table, text};

/// Adds them.
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261125_000007_organisation"
    }
}

/// Who is away from when to when, and who stands in for him.
fn stand_in() -> TableCreateStatement {
    let mut stand_in = table(
        "stand_in",
        &mut [
            given("id"),
            big("person_id"),
            big("stand_in_id"),
            int("from_day"),
            int("to_day"),
            maybe(big("set_by")),
            big("set_at"),
            maybe(big("ended_at")),
            maybe(big("ended_by")),
        ],
    );
    below(&mut stand_in, "person_id", "person");
    stand_in
}

/// That somebody no longer acts in a person's name, because that person ended it.
fn acting_ended() -> TableCreateStatement {
    let mut ended = table("acting_ended", &mut [big("person_id"), big("through_id"), big("ended_at")]);
    primary(&mut ended, &["person_id", "through_id"]);
    below(&mut ended, "person_id", "person");
    ended
}

/// A change of the organisation that open work follows, item by item.
fn follow_up() -> TableCreateStatement {
    table(
        "follow_up",
        &mut [
            given("id"),
            text("work"),
            maybe(big("begun_by")),
            big("begun_at"),
            big("last_root"),
            big("done"),
            big("total"),
            big("failed"),
            maybe(text("last_error")),
            maybe(big("ended_at")),
        ],
    )
}

#[expect(elided_lifetimes_in_paths, reason = "`async_trait` needs the signature as the trait writes it")]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for made in [stand_in(), acting_ended(), follow_up()] {
            manager.create_table(made).await?;
        }
        for (changed, column) in
            [("history", "through_id"), ("task", "closed_through"), ("session", "acting_for"), ("unit", "successor_id")]
        {
            let mut column = maybe(big(column));
            manager.alter_table(Table::alter().table(changed).add_column(&mut column).to_owned()).await?;
        }
        for column in ["valid_from", "valid_to"] {
            let mut column = maybe(int(column));
            manager.alter_table(Table::alter().table("unit").add_column(&mut column).to_owned()).await?;
        }
        let mut through = index("history_through", "history", &["actor_id", "at"]);
        sea_query::ConditionalStatement::and_where(&mut through, Expr::col("through_id").is_not_null());
        manager.create_index(through).await?;
        let mut unfinished = index("follow_up_unfinished", "follow_up", &["id"]);
        sea_query::ConditionalStatement::and_where(&mut unfinished, Expr::col("ended_at").is_null());
        manager.create_index(unfinished).await?;
        manager.create_index(index("stand_in_person", "stand_in", &["person_id"])).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
