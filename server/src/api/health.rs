//! `GET /health`: for load balancers and scripts. Says nothing about data.

use poem_openapi::{Object, OpenApi, payload::Json};

/// The process's own state.
#[derive(Debug, Object)]
pub struct Health {
    /// Always `ok` when it answers.
    pub status: String,
    /// Docket's version.
    pub version: String,
}

/// The endpoint.
pub struct HealthApi;

#[OpenApi]
impl HealthApi {
    /// Whether the process answers.
    #[oai(path = "/health", method = "get", operation_id = "health")]
    async fn health(&self) -> Json<Health> {
        Json(Health { status: "ok".into(), version: env!("CARGO_PKG_VERSION").into() })
    }
}
