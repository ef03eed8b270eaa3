//! `/notices`: what the platform told the reader.

use poem_openapi::{
    ApiResponse, Object, OpenApi,
    param::{Path, Query},
    payload::Json,
};

use super::{caller::Caller, page::Page};
use crate::{app, failure::Failure};

/// A page of notices.
#[derive(Debug, Object)]
pub struct NoticePage {
    /// The notices of this page, the newest first.
    pub rows: Vec<NoticeView>,
    /// How many there are in all.
    pub total: u64,
    /// How many are not read.
    pub unread: u64,
}

/// A notice.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct NoticeView {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: String,
    /// The item that it is about.
    pub item: Option<String>,
    /// The task that it is about.
    pub task: Option<String>,
    /// When it was written.
    pub created_at: String,
    /// Whether the reader has read it.
    pub read: bool,
}

/// Nothing to say.
#[derive(ApiResponse)]
pub enum Done {
    /// Done.
    #[oai(status = 204)]
    Done,
}

/// The endpoints.
pub struct NoticesApi;

#[OpenApi]
impl NoticesApi {
    /// My notices.
    #[oai(path = "/notices", method = "get", operation_id = "notices")]
    async fn notices(
        &self,
        caller: Caller,
        /// From 1.
        page: Query<Option<u32>>,
        /// 1 to 100, 20 by default.
        per_page: Query<Option<u32>>,
    ) -> Result<Json<NoticePage>, Failure> {
        Ok(Json(app::notices::list(&caller, Page::new(page.0, per_page.0)?).await?))
    }

    /// Mark one notice as read.
    #[oai(path = "/notices/:id/read", method = "post", operation_id = "read_notice")]
    async fn read(&self, caller: Caller, id: Path<String>) -> Result<Done, Failure> {
        app::notices::read(&caller, id.parse().map_err(|_| Failure::NotFound)?).await?;
        Ok(Done::Done)
    }

    /// Mark all notices as read.
    #[oai(path = "/notices/read-all", method = "post", operation_id = "read_all_notices")]
    async fn read_all(&self, caller: Caller) -> Result<Done, Failure> {
        app::notices::read_all(&caller).await?;
        Ok(Done::Done)
    }
}
