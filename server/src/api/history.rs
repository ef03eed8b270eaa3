//! `/items/{id}/history`: the trail, with the check of its chain.

use poem_openapi::{Enum, Object, OpenApi, param::Path, payload::Json};

use super::{caller::Caller, views::Ref};
use crate::{app, failure::Failure};

/// The trail of an item.
#[derive(Debug, Object)]
pub struct HistoryView {
    /// What happened, the newest first.
    pub entries: Vec<HistoryEntry>,
    /// Whether the chain of hashes holds.
    pub chain: Chain,
}

/// Whether the chain of hashes holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "lowercase")]
pub enum Chain {
    /// It does.
    Intact,
    /// The stored history was changed from outside.
    Broken,
}

/// One thing that happened.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct HistoryEntry {
    /// Its place in the root item's history.
    pub sequence: i64,
    /// The place of the first event of the command (a deed of a person, a date that came) that this belongs to: entries with
    /// the same number happened together.
    pub deed: i64,
    /// When.
    pub at: String,
    /// By whom; absent for the platform.
    pub by: Option<Ref>,
    /// Who did it in that person's name; absent where he did it himself.
    pub through: Option<Ref>,
    /// What, as a sentence.
    pub text: String,
    /// Before and after, a comment.
    pub detail: Option<String>,
    /// The item.
    pub item: String,
}

/// The endpoint.
pub struct HistoryApi;

#[OpenApi]
impl HistoryApi {
    /// The trail of an item.
    #[oai(path = "/items/:id/history", method = "get", operation_id = "history")]
    async fn history(&self, caller: Caller, id: Path<String>) -> Result<Json<HistoryView>, Failure> {
        Ok(Json(app::history::view(&caller, caller.id(&id)?).await?))
    }
}
