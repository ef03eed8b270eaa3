//! `/demo/clock`: moves the clock, in a demo only.

use poem_openapi::{Object, OpenApi, payload::Json};

use super::{caller::Caller, input::Input};
use crate::{app, failure::Failure};

/// Where to move the clock.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct ClockInput {
    /// To this moment (RFC 3339).
    pub to: Option<String>,
    /// By this many days.
    pub days: Option<i32>,
}

/// Where the clock stands.
#[derive(Debug, Object)]
pub struct ClockView {
    /// Now (RFC 3339).
    pub now: String,
    /// Today in the deployment's zone.
    pub today: String,
}

/// The endpoint.
pub struct DemoApi;

#[OpenApi]
impl DemoApi {
    /// Move the clock forwards: one of `to` and `days`.
    #[oai(path = "/demo/clock", method = "post", operation_id = "move_clock")]
    async fn clock(&self, caller: Caller, input: Input<ClockInput>) -> Result<Json<ClockView>, Failure> {
        Ok(Json(app::me::move_clock(&caller, input.0).await?))
    }
}
