//! Who is away from when to when, and who stands in for him.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stand_in")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub person_id: i64,
    pub stand_in_id: i64,
    pub from_day: i32,
    pub to_day: i32,
    pub set_by: Option<i64>,
    pub set_at: i64,
    pub ended_at: Option<i64>,
    pub ended_by: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
