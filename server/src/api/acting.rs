//! `/me/acting`, `/me/in-my-name`: acting in somebody's name.

use poem_openapi::{
    Object, OpenApi,
    param::{Path, Query},
    payload::Json,
};

use super::{caller::Caller, input::Input, page::Page, session::Me, views::Ref};
use crate::{app, failure::Failure};

/// In whose name one may act, and who acts in one's own.
#[derive(Debug, Object)]
pub struct ActingView {
    /// In whose name the person who is signed in may act.
    pub may_act_for: Vec<Ref>,
    /// Who is meant to act in his name.
    pub through: Vec<ThroughView>,
}

/// Somebody who is meant to act in a person's name.
#[derive(Debug, Object)]
pub struct ThroughView {
    /// Who.
    pub person: Ref,
    /// Whether that person has ended it.
    pub ended: bool,
}

/// In whose name to act.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct ActingInput {
    /// Who; absent: for oneself.
    pub person: Option<String>,
}

/// A page of what was done in somebody's name.
#[derive(Debug, Object)]
pub struct DeedsPage {
    /// The deeds of this page, the newest first.
    pub rows: Vec<DeedView>,
    /// How many there are in all.
    pub total: u64,
}

/// Something that was done in somebody's name.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct DeedView {
    /// When.
    pub at: String,
    /// Who did it.
    pub through: Ref,
    /// The root item that it was about.
    pub item: String,
    /// The item's title; absent where the reader does not see it.
    pub item_title: Option<String>,
    /// What happened, as sentences.
    pub texts: Vec<String>,
}

/// The endpoints.
pub struct ActingApi;

#[OpenApi]
impl ActingApi {
    /// In whose name the person who is signed in may act, and who acts in his.
    #[oai(path = "/me/acting", method = "get", operation_id = "acting")]
    async fn acting(&self, caller: Caller) -> Json<ActingView> {
        Json(app::acting::view(&caller))
    }

    /// Act in somebody's name from now on, or for oneself again.
    ///
    /// The answer carries another token for changes: pages that show the other name change nothing any more.
    #[oai(path = "/me/acting", method = "put", operation_id = "act_for")]
    async fn act_for(&self, caller: Caller, input: Input<ActingInput>) -> Result<Json<Me>, Failure> {
        let person = input.0.person.map(|person| app::acting::person(&person, "/person")).transpose()?;
        Ok(Json(app::acting::choose(&caller, person).await?))
    }

    /// Somebody no longer acts in my name, from this moment on.
    #[oai(path = "/me/acting/:person", method = "delete", operation_id = "end_acting")]
    async fn end_acting(&self, caller: Caller, person: Path<String>) -> Result<Json<ActingView>, Failure> {
        let through = app::acting::person(&person, "/person").map_err(|_| Failure::NotFound)?;
        Ok(Json(app::acting::allow(&caller, through, false).await?))
    }

    /// Somebody whom I had stopped may act in my name again.
    #[oai(path = "/me/acting/:person/allow", method = "post", operation_id = "allow_acting")]
    async fn allow_acting(&self, caller: Caller, person: Path<String>) -> Result<Json<ActingView>, Failure> {
        let through = app::acting::person(&person, "/person").map_err(|_| Failure::NotFound)?;
        Ok(Json(app::acting::allow(&caller, through, true).await?))
    }

    /// What others did in my name, the newest first.
    #[oai(path = "/me/in-my-name", method = "get", operation_id = "in_my_name")]
    async fn in_my_name(
        &self,
        caller: Caller,
        /// From 1.
        page: Query<Option<u32>>,
        /// 1 to 100, 20 by default.
        per_page: Query<Option<u32>>,
    ) -> Result<Json<DeedsPage>, Failure> {
        Ok(Json(app::in_my_name::page(&caller, Page::new(page.0, per_page.0)?).await?))
    }
}
