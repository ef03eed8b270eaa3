//! Versions of the access policies: who published them when and why; the last one is in force.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "policy_version")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub at: i64,
    pub by_id: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub why: String,
    #[sea_orm(column_type = "Text")]
    pub documents: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
