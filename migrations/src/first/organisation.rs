//! Units, people, posts, and signing in.

use sea_orm_migration::prelude::*;

use crate::columns::{below, big, flag, given, index, int, key, maybe, table, text, unique};

pub(super) fn tables() -> Vec<TableCreateStatement> {
    vec![unit(), person(), post_holding(), unit_group(), credential(), session()]
}

pub(super) fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        unique("unit_name", "unit", &["name"]),
        unique("unit_group_name", "unit_group", &["name"]),
        unique("person_code", "person", &["code"]),
        index("post_holding_person", "post_holding", &["person_id"]),
        index("session_person", "session", &["person_id"]),
    ]
}

fn unit() -> TableCreateStatement {
    table(
        "unit",
        &mut [
            given("id"),
            text("name"),
            text("aliases"),
            maybe(big("parent_id")),
            text("class"),
            big("position"),
            text("attributes"),
        ],
    )
}

fn person() -> TableCreateStatement {
    table(
        "person",
        &mut [
            given("id"),
            text("code"),
            text("name"),
            text("title"),
            maybe(text("phone")),
            text("attributes"),
            flag("active"),
        ],
    )
}

fn post_holding() -> TableCreateStatement {
    let mut holding = table("post_holding", &mut [given("id"), big("person_id"), text("post"), maybe(big("unit_id"))]);
    below(&mut holding, "person_id", "person");
    below(&mut holding, "unit_id", "unit");
    holding
}

fn unit_group() -> TableCreateStatement {
    table("unit_group", &mut [given("id"), text("name"), text("aliases"), text("members")])
}

fn credential() -> TableCreateStatement {
    let mut credential = table(
        "credential",
        &mut [
            key(big("person_id")),
            text("password_hash"),
            int("failures"),
            maybe(big("locked_until")),
            big("changed_at"),
        ],
    );
    below(&mut credential, "person_id", "person");
    credential
}

fn session() -> TableCreateStatement {
    let mut session = table(
        "session",
        &mut [
            key(text("token_hash")),
            big("person_id"),
            text("csrf"),
            big("created_at"),
            big("last_seen_at"),
            big("expires_at"),
        ],
    );
    below(&mut session, "person_id", "person");
    session
}
