//! Short words for the column types that the schema uses; each means the same on both databases.

use sea_orm_migration::prelude::*;

pub(crate) fn table(name: &'static str, columns: &mut [ColumnDef]) -> TableCreateStatement {
    let mut table = Table::create();
    table.table(name);
    for column in columns {
        table.col(column);
    }
    table
}

/// A number given by the database.
pub(crate) fn given(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.big_integer().not_null().auto_increment().primary_key();
    column
}

/// The table's key, given by us.
pub(crate) fn key(mut column: ColumnDef) -> ColumnDef {
    column.primary_key();
    column
}

/// 64 bits: ids, milliseconds.
pub(crate) fn big(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.big_integer().not_null();
    column
}

/// 32 bits: days, small numbers.
pub(crate) fn int(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.integer().not_null();
    column
}

pub(crate) fn text(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.text().not_null();
    column
}

pub(crate) fn flag(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.boolean().not_null();
    column
}

/// May be absent.
pub(crate) fn maybe(mut column: ColumnDef) -> ColumnDef {
    column.null();
    column
}

/// A key of several columns.
pub(crate) fn primary(table: &mut TableCreateStatement, columns: &[&'static str]) {
    let mut index = Index::create();
    for column in columns {
        index.col(*column);
    }
    table.primary_key(&mut index);
}

/// `column` names a row of `other` and goes with it.
pub(crate) fn below(table: &mut TableCreateStatement, column: &'static str, other: &'static str) {
    let mut reference = ForeignKey::create();
    reference.from_col(column).to(other, "id").on_delete(ForeignKeyAction::Cascade);
    table.foreign_key(&mut reference);
}

/// An index; its columns are in the order in which the hot queries narrow down.
pub(crate) fn index(name: &'static str, table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(name).table(table);
    for column in columns {
        index.col(*column);
    }
    index
}

/// An index that keeps its columns unique together.
pub(crate) fn unique(name: &'static str, table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    index(name, table, columns).unique().take()
}
