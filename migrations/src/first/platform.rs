//! Definitions, access rules, imports, settings, and news between nodes.

use sea_orm_migration::prelude::*;

use crate::columns::{big, flag, given, index, key, maybe, table, text, unique};

pub(super) fn tables() -> Vec<TableCreateStatement> {
    vec![definition(), casbin_rule(), import_batch(), setting(), change()]
}

pub(super) fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        unique("definition_version", "definition", &["kind", "name", "version"]),
        index("definition_current", "definition", &["current"]),
    ]
}

fn definition() -> TableCreateStatement {
    table(
        "definition",
        &mut [
            given("id"),
            text("kind"),
            text("name"),
            text("version"),
            text("path"),
            text("source"),
            text("forms"),
            big("published_at"),
            maybe(big("published_by")),
            flag("current"),
        ],
    )
}

fn casbin_rule() -> TableCreateStatement {
    table(
        "casbin_rule",
        &mut [given("id"), text("ptype"), text("v0"), text("v1"), text("v2"), text("v3"), text("v4"), text("v5")],
    )
}

fn import_batch() -> TableCreateStatement {
    table(
        "import_batch",
        &mut [
            given("id"),
            text("module"),
            text("kind"),
            maybe(big("actor_id")),
            text("file_name"),
            text("file_hash"),
            text("categories"),
            text("report"),
            text("state"),
            big("created_at"),
            maybe(big("committed_at")),
        ],
    )
}

fn setting() -> TableCreateStatement {
    table("setting", &mut [key(text("key")), text("value")])
}

fn change() -> TableCreateStatement {
    table("change", &mut [given("id"), text("node"), text("what")])
}
