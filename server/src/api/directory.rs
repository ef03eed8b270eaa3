//! `/units` and `/people`: search for pickers.

use poem_openapi::{Object, OpenApi, param::Query, payload::Json};

use super::caller::Caller;
use crate::app;

/// A unit that was found.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
pub struct UnitFound {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The units above it and itself, joined by ` / `.
    pub path: String,
    /// Its class.
    pub class: String,
}

/// A person who was found.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct PersonFound {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The title of office.
    pub title: String,
    /// The unit.
    pub unit: Option<String>,
}

/// The endpoints.
pub struct DirectoryApi;

#[OpenApi]
impl DirectoryApi {
    /// Units by name, alias, pinyin or pinyin initials; at most 50.
    #[oai(path = "/units", method = "get", operation_id = "units")]
    async fn units(
        &self,
        caller: Caller,
        q: Query<Option<String>>,
        /// Only these, to name ids that stand in an address.
        #[oai(default)]
        id: Query<Vec<String>>,
    ) -> Json<Vec<UnitFound>> {
        Json(app::units::search(&caller, q.0.as_deref().unwrap_or_default(), &id))
    }

    /// People by name, staff number, pinyin or pinyin initials; at most 50.
    #[oai(path = "/people", method = "get", operation_id = "people")]
    async fn people(
        &self,
        caller: Caller,
        q: Query<Option<String>>,
        /// Only these, to name ids that stand in an address.
        #[oai(default)]
        id: Query<Vec<String>>,
    ) -> Json<Vec<PersonFound>> {
        Json(app::people::search(&caller, q.0.as_deref().unwrap_or_default(), &id))
    }
}
