//! Units of the organisation.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "unit")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    #[sea_orm(column_type = "Text")]
    pub aliases: String,
    pub parent_id: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub class: String,
    pub position: i64,
    #[sea_orm(column_type = "Text")]
    pub attributes: String,
    pub valid_from: Option<i32>,
    pub valid_to: Option<i32>,
    pub successor_id: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
