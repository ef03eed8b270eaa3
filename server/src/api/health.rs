//! `GET /health`: for load balancers and scripts. Says nothing about data but how much of it waits for an administrator.

use poem::web::Data;
use poem_openapi::{Object, OpenApi, payload::Json};

use crate::{app::failing, failure::Failure, state::App};

/// The process's own state.
#[derive(Debug, Object)]
pub struct Health {
    /// Always `ok` when it answers and the database does.
    pub status: String,
    /// Docket's version.
    pub version: String,
    /// Timers and effects that failed too often and wait for somebody: `docket jobs` lists them.
    pub stuck: u64,
    /// Timers and effects that failed and will be tried again.
    pub retrying: u64,
}

/// The endpoint.
pub struct HealthApi;

#[OpenApi]
impl HealthApi {
    /// Whether the process and its database answer.
    #[oai(path = "/health", method = "get", operation_id = "health")]
    async fn health(&self, app: Data<&App>) -> Result<Json<Health>, Failure> {
        let counts = failing::counts(&app).await?;
        Ok(Json(Health {
            status: "ok".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            stuck: counts.stuck,
            retrying: counts.retrying,
        }))
    }
}
