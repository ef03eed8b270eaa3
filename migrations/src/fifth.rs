//! The administrators' log, the seals of all chains, and what signing in needs.

use sea_orm_migration::prelude::*;

use crate::columns::{below, big, flag, given, index, key, maybe, primary, table, text};

/// Adds the tables of the log and of second factors, and what a session is known by.
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261125_000005_audit_and_sign_in"
    }
}

/// One act of an administrator, one sign-in, one refusal; chained.
fn audit() -> TableCreateStatement {
    table(
        "audit",
        &mut [
            key(big("sequence")),
            big("at"),
            maybe(big("actor_id")),
            maybe(big("for_id")),
            text("via"),
            maybe(text("address")),
            text("act"),
            maybe(text("object_kind")),
            maybe(text("object")),
            text("detail"),
            text("result"),
            text("algorithm"),
            text("hash"),
        ],
    )
}

/// Where the chain of the log ends: one row, which whoever adds to it locks.
fn audit_head() -> TableCreateStatement {
    table("audit_head", &mut [key(big("id")), big("length"), text("head")])
}

/// The heads of the items' chains that a seal covers; a seal is a row of the log.
fn seal_head() -> TableCreateStatement {
    let mut seal_head = table("seal_head", &mut [big("root_id"), big("length"), text("head"), big("seal")]);
    primary(&mut seal_head, &["root_id", "length"]);
    seal_head
}

fn password_before() -> TableCreateStatement {
    let columns = &mut [given("id"), big("person_id"), text("password_hash"), big("at")];
    let mut password = table("password_before", columns);
    below(&mut password, "person_id", "person");
    password
}

fn second_factor() -> TableCreateStatement {
    let columns = &mut [key(big("person_id")), text("secret"), maybe(big("confirmed_at")), big("last_step")];
    let mut factor = table("second_factor", columns);
    below(&mut factor, "person_id", "person");
    factor
}

fn recovery_code() -> TableCreateStatement {
    let mut code = table("recovery_code", &mut [big("person_id"), text("code_hash")]);
    primary(&mut code, &["person_id", "code_hash"]);
    below(&mut code, "person_id", "person");
    code
}

#[expect(elided_lifetimes_in_paths, reason = "`async_trait` needs the signature as the trait writes it")]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [audit(), audit_head(), seal_head(), password_before(), second_factor(), recovery_code()] {
            manager.create_table(table).await?;
        }
        let mut first = Query::insert();
        let genesis = "0".repeat(64);
        first.into_table("audit_head").columns(["id", "length", "head"]).values_panic([
            1.into(),
            0.into(),
            genesis.into(),
        ]);
        manager.execute(first).await?;
        // Whoever is signed in signs in again: a session is known by more from now on.
        manager.execute(Query::delete().from_table("session").take()).await?;
        let columns = [
            ("credential", flag("must_change").default(false).take()),
            ("session", text("name").default("").take()),
            ("session", text("stage").default("full").take()),
            ("session", maybe(text("address"))),
            ("session", maybe(text("browser"))),
        ];
        for (name, mut column) in columns {
            manager.alter_table(Table::alter().table(name).add_column(&mut column).take()).await?;
        }
        for index in [
            index("audit_at", "audit", &["at"]),
            index("audit_act", "audit", &["act", "sequence"]),
            index("audit_actor", "audit", &["actor_id", "sequence"]),
            index("seal_head_seal", "seal_head", &["seal"]),
            index("password_before_person", "password_before", &["person_id", "id"]),
        ] {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
