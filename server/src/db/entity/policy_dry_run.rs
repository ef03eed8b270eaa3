//! What policies would change, as far as it has been computed.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "policy_dry_run")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub person_id: i64,
    pub begun_at: i64,
    pub heard_at: i64,
    #[sea_orm(column_type = "Text")]
    pub state: String,
    pub done: i64,
    pub total: i64,
    pub cancelled: bool,
    #[sea_orm(column_type = "Text")]
    pub report: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
