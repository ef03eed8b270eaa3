//! `/me/stand-ins`, `/org/stand-ins`: who stands in for whom while he is away.

use poem_openapi::{
    ApiResponse, Object, OpenApi,
    param::{Path, Query},
    payload::Json,
};

use super::{caller::Caller, input::Input, page::Page, views::Ref};
use crate::{
    app::stand_ins::{self, Whose},
    failure::Failure,
};

/// A page of stand-ins.
#[derive(Debug, Object)]
pub struct StandInsPage {
    /// Those of this page.
    pub rows: Vec<StandInView>,
    /// How many there are in all.
    pub total: u64,
}

/// That somebody stands in for a person.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct StandInView {
    /// Its id.
    pub id: String,
    /// Who is away.
    pub person: Ref,
    /// Who stands in for him.
    pub stand_in: Ref,
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// Whether today is one of these days.
    pub now: bool,
    /// Who set it.
    pub set_by: Option<Ref>,
    /// When.
    pub set_at: String,
}

/// A stand-in to be set.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct StandInInput {
    /// Who is away; only for the system administrator, everybody else sets his own.
    pub person: Option<String>,
    /// Who stands in for him.
    pub stand_in: String,
    /// The first day, today or later.
    pub from: String,
    /// The last day.
    pub to: String,
}

/// The answer to ending something.
#[derive(ApiResponse)]
pub enum Ended {
    /// It has ended.
    #[oai(status = 204)]
    Done,
}

/// The endpoints.
pub struct StandInsApi;

#[OpenApi]
impl StandInsApi {
    /// My stand-ins, and for whom I stand in; what is not over, the next first.
    #[oai(path = "/me/stand-ins", method = "get", operation_id = "my_stand_ins")]
    async fn mine(
        &self,
        caller: Caller,
        /// From 1.
        page: Query<Option<u32>>,
        /// 1 to 100, 20 by default.
        per_page: Query<Option<u32>>,
    ) -> Result<Json<StandInsPage>, Failure> {
        Ok(Json(stand_ins::page(&caller, Whose::Own, Page::new(page.0, per_page.0)?).await?))
    }

    /// Somebody stands in for me.
    #[oai(path = "/me/stand-ins", method = "post", operation_id = "set_my_stand_in")]
    async fn set_mine(&self, caller: Caller, input: Input<StandInInput>) -> Result<Json<StandInView>, Failure> {
        Ok(Json(stand_ins::set(&caller, Whose::Own, &input.0).await?))
    }

    /// I am back: a stand-in of mine ends at once.
    #[oai(path = "/me/stand-ins/:id", method = "delete", operation_id = "end_my_stand_in")]
    async fn end_mine(&self, caller: Caller, id: Path<String>) -> Result<Ended, Failure> {
        stand_ins::end(&caller, Whose::Own, &id).await?;
        Ok(Ended::Done)
    }

    /// Everybody's stand-ins that are not over. For the system administrator.
    #[oai(path = "/org/stand-ins", method = "get", operation_id = "stand_ins")]
    async fn all(
        &self,
        caller: Caller,
        /// From 1.
        page: Query<Option<u32>>,
        /// 1 to 100, 20 by default.
        per_page: Query<Option<u32>>,
    ) -> Result<Json<StandInsPage>, Failure> {
        Ok(Json(stand_ins::page(&caller, Whose::All, Page::new(page.0, per_page.0)?).await?))
    }

    /// Somebody stands in for another one. For the system administrator.
    #[oai(path = "/org/stand-ins", method = "post", operation_id = "set_stand_in")]
    async fn set(&self, caller: Caller, input: Input<StandInInput>) -> Result<Json<StandInView>, Failure> {
        Ok(Json(stand_ins::set(&caller, Whose::All, &input.0).await?))
    }

    /// A stand-in ends at once. For the system administrator.
    #[oai(path = "/org/stand-ins/:id", method = "delete", operation_id = "end_stand_in")]
    async fn end(&self, caller: Caller, id: Path<String>) -> Result<Ended, Failure> {
        stand_ins::end(&caller, Whose::All, &id).await?;
        Ok(Ended::Done)
    }
}
