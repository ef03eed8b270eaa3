//! `/cockpits/{module}`: counts by leader and by unit.

use poem_openapi::{Object, OpenApi, param::Path, param::Query, payload::Json};

use super::caller::Caller;
use crate::{app, failure::Failure};

/// A module's cockpit.
#[derive(Debug, Object)]
pub struct CockpitView {
    /// The day by which lights were computed.
    pub today: String,
    /// When it was counted (RFC 3339).
    pub as_of: String,
    /// The rule of the lights, in a sentence.
    pub rule: String,
    /// Its charts.
    pub charts: Vec<ChartView>,
}

/// One chart.
#[derive(Debug, Object)]
pub struct ChartView {
    /// The kind that is counted.
    pub kind: String,
    /// The kind's title.
    pub kind_title: String,
    /// The chart's title.
    pub title: String,
    /// The filter of the list that a row's `key` belongs to: `leader` or `lead_unit`.
    pub by: String,
    /// A row for each leader or unit that has items; items without one in a row without a key.
    pub rows: Vec<CountRow>,
    /// Every item once.
    pub sum: CountRow,
}

/// One row of counts.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct CountRow {
    /// The value for the list's filter; absent for items without one.
    pub key: Option<String>,
    /// The name.
    pub name: String,
    /// All.
    pub total: u64,
    /// Green and yellow.
    pub normal: u64,
    /// Yellow, as part of normal.
    pub near: u64,
    /// Red.
    pub overdue: u64,
    /// Blue.
    pub done: u64,
    /// Grey.
    pub suspended: u64,
}

/// The endpoint.
pub struct CockpitsApi;

#[OpenApi]
impl CockpitsApi {
    /// A module's cockpit under the reader's visibility.
    #[oai(path = "/cockpits/:module", method = "get", operation_id = "cockpit")]
    async fn cockpit(
        &self,
        caller: Caller,
        module: Path<String>,
        /// Only these lead units.
        #[oai(default)]
        unit: Query<Vec<String>>,
    ) -> Result<Json<CockpitView>, Failure> {
        Ok(Json(app::cockpits::view(&caller, &module, &unit).await?))
    }
}
