//! People's tasks: what lists query.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "task")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub root_id: i64,
    pub instance_id: i64,
    pub item_id: i64,
    #[sea_orm(column_type = "Text")]
    pub workflow: String,
    #[sea_orm(column_type = "Text")]
    pub node: String,
    pub token: i64,
    #[sea_orm(column_type = "Text")]
    pub state: String,
    pub assignee_id: Option<i64>,
    pub due: Option<i32>,
    pub opened_at: i64,
    pub closed_at: Option<i64>,
    pub closed_by: Option<i64>,
    pub closed_through: Option<i64>,
    #[sea_orm(column_type = "Text", nullable)]
    pub outcome: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub comment: Option<String>,
    pub member: Option<i32>,
    pub owner_id: Option<i64>,
    pub passed: bool,
    pub late: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
