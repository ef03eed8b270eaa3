//! Roots and items with the rows by which they are found.

use sea_orm_migration::prelude::*;

use crate::columns::{below, big, given, index, int, key, maybe, primary, table, text};

pub(super) fn tables() -> Vec<TableCreateStatement> {
    vec![root(), item(), item_unit(), item_person(), item_category(), item_source()]
}

pub(super) fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("item_root", "item", &["root_id"]),
        index("item_parent", "item", &["parent_id"]),
        index("item_list", "item", &["module", "kind", "state", "next_due"]),
        index("item_title_key", "item", &["title_key"]),
        index("item_lead_unit", "item", &["lead_unit_id"]),
        index("item_unit_unit", "item_unit", &["unit_id", "item_id"]),
        index("item_person_person", "item_person", &["person_id", "item_id"]),
        index("item_category_category", "item_category", &["category", "item_id"]),
        index("item_source_source", "item_source", &["source", "item_id"]),
    ]
}

fn root() -> TableCreateStatement {
    table(
        "root",
        &mut [given("id"), big("version"), text("chain_head"), big("chain_length"), int("sequence"), big("created_at")],
    )
}

fn item() -> TableCreateStatement {
    let mut item = table(
        "item",
        &mut [
            key(big("id")),
            big("root_id"),
            maybe(big("parent_id")),
            text("module"),
            text("kind"),
            text("state"),
            maybe(text("stage")),
            maybe(text("title")),
            maybe(text("title_key")),
            maybe(big("lead_unit_id")),
            maybe(int("due")),
            maybe(int("next_due")),
            maybe(text("cycle")),
            maybe(int("suspended_on")),
            int("year"),
            big("created_at"),
            maybe(big("created_by")),
            big("updated_at"),
            text("data"),
        ],
    );
    below(&mut item, "root_id", "root");
    item
}

fn item_unit() -> TableCreateStatement {
    let mut units = table("item_unit", &mut [big("item_id"), big("unit_id"), text("role")]);
    primary(&mut units, &["item_id", "unit_id", "role"]);
    below(&mut units, "item_id", "item");
    units
}

fn item_person() -> TableCreateStatement {
    let mut people = table("item_person", &mut [big("item_id"), big("person_id"), text("role")]);
    primary(&mut people, &["item_id", "person_id", "role"]);
    below(&mut people, "item_id", "item");
    people
}

fn item_category() -> TableCreateStatement {
    let mut categories = table("item_category", &mut [big("item_id"), text("category")]);
    primary(&mut categories, &["item_id", "category"]);
    below(&mut categories, "item_id", "item");
    categories
}

fn item_source() -> TableCreateStatement {
    let mut sources = table("item_source", &mut [big("item_id"), int("position"), text("source")]);
    primary(&mut sources, &["item_id", "position"]);
    below(&mut sources, "item_id", "item");
    sources
}
