//! Open incidents: what needs an administrator.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "incident")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub root_id: i64,
    pub instance_id: i64,
    pub token: i64,
    #[sea_orm(column_type = "Text")]
    pub node: String,
    pub task_id: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub cause: String,
    pub opened_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
