//! Heads of items' chains that a row of the log seals.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "seal_head")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub root_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub length: i64,
    #[sea_orm(column_type = "Text")]
    pub head: String,
    pub seal: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
