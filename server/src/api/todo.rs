//! `/todo` and `/done`: a person's own tasks.

use poem_openapi::{Object, OpenApi, param::Query, payload::Json};

use super::{
    caller::Caller,
    page::Page,
    views::{LightView, Ref},
};
use crate::{app, failure::Failure};

/// A page of tasks.
#[derive(Debug, Object)]
pub struct TodoPage {
    /// The tasks of this page.
    pub rows: Vec<TodoRow>,
    /// How many there are in all.
    pub total: u64,
}

/// One task of a list.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct TodoRow {
    /// The task.
    pub task: String,
    /// What is to be done.
    pub node_title: String,
    /// In which workflow.
    pub workflow_title: String,
    /// The item that the task is about.
    pub item: String,
    /// The root item that it lies below.
    pub root: String,
    /// The root item's title.
    pub item_title: String,
    /// The module.
    pub module: String,
    /// Its title.
    pub module_title: String,
    /// The root item's lead unit.
    pub lead_unit: Option<Ref>,
    /// The day by which the task is due.
    pub due: Option<String>,
    /// The root item's light.
    pub light: Option<LightView>,
    /// When it was opened.
    pub opened_at: String,
    /// Who has taken it.
    pub assignee: Option<Ref>,
    /// How many people may take it.
    pub candidates: u32,
    /// Whether the reader has taken it.
    pub mine: bool,
    /// Whether its group has ended without it: it stays for a comment, from which nothing follows.
    pub late: bool,
    /// What it ended with.
    pub outcome: Option<String>,
    /// The outcome's title.
    pub outcome_title: Option<String>,
    /// When it was closed.
    pub closed_at: Option<String>,
}

/// The endpoints.
pub struct TodoApi;

#[OpenApi]
impl TodoApi {
    /// My open tasks: taken by me, or open to me and taken by nobody. The nearest date first.
    #[oai(path = "/todo", method = "get", operation_id = "todo")]
    async fn todo(
        &self,
        caller: Caller,
        /// From 1.
        page: Query<Option<u32>>,
        /// 1 to 100, 20 by default.
        per_page: Query<Option<u32>>,
    ) -> Result<Json<TodoPage>, Failure> {
        Ok(Json(app::todo::open(&caller, Page::new(page.0, per_page.0)?).await?))
    }

    /// Tasks that I completed, the newest first.
    #[oai(path = "/done", method = "get", operation_id = "done")]
    async fn done(
        &self,
        caller: Caller,
        /// From 1.
        page: Query<Option<u32>>,
        /// 1 to 100, 20 by default.
        per_page: Query<Option<u32>>,
    ) -> Result<Json<TodoPage>, Failure> {
        Ok(Json(app::todo::done(&caller, Page::new(page.0, per_page.0)?).await?))
    }
}
