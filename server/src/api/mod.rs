//! HTTP: thin endpoints, wire types, and the one mapping of failures to statuses.
//!
//! Invariants: an endpoint that answers with data takes a [`caller::Caller`]; every body is bounded; nothing here reads the
//! database.

#![expect(
    clippy::unused_async,
    reason = "endpoints are async by the framework's macro, also where they wait for nothing"
)]

pub mod access;
pub mod acting;
pub mod audit;
pub mod caller;
pub mod cockpits;
pub mod cookie;
pub mod demo;
pub mod directory;
pub mod error;
pub mod events;
pub mod exports;
pub mod format;
pub mod health;
pub mod history;
pub mod imports;
pub mod incidents;
pub mod input;
pub mod items;
pub mod json;
pub mod messages;
pub mod migrations;
pub mod modules;
pub mod notices;
pub mod operations;
pub mod org;
pub mod page;
mod refusals;
pub mod security;
pub mod sent;
pub mod serve;
pub mod session;
pub mod signed;
pub mod stand_ins;
pub mod tasks;
pub mod todo;
pub mod upload;
pub mod views;

use std::net::IpAddr;

use docket_engine::text::Language;
use poem::{Request, http::HeaderMap};
use poem_openapi::{OpenApi, OpenApiService};

use crate::{app::sign_in::Client, failure::Failure, state::App};

/// All endpoints.
fn endpoints() -> impl OpenApi {
    (
        (
            session::SessionApi,
            todo::TodoApi,
            tasks::TasksApi,
            operations::OperationsApi,
            modules::ModulesApi,
            items::ItemsApi,
            history::HistoryApi,
        ),
        (
            exports::ExportsApi,
            cockpits::CockpitsApi,
            directory::DirectoryApi,
            notices::NoticesApi,
            incidents::IncidentsApi,
            migrations::MigrationsApi,
        ),
        (acting::ActingApi, stand_ins::StandInsApi, org::OrgApi),
        (
            events::EventsApi,
            demo::DemoApi,
            health::HealthApi,
            imports::ImportsApi,
            messages::MessagesApi,
            access::AccessApi,
        ),
        (security::SecurityApi, audit::AuditApi),
    )
}

/// The service of all endpoints below `/api`.
fn service() -> OpenApiService<impl OpenApi, ()> {
    OpenApiService::new(endpoints(), "Docket", env!("CARGO_PKG_VERSION")).server("/api")
}

/// The OpenAPI document, as JSON with a line break at its end.
#[must_use]
pub fn openapi() -> String {
    let mut document = service().spec();
    document.push('\n');
    document
}

/// The language that the reader prefers: English where it comes before Chinese, else Chinese.
#[must_use]
pub fn language(headers: &HeaderMap) -> Language {
    let header = headers.get("Accept-Language").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let first = header
        .split(',')
        .map(|part| part.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
        .find(|tag| tag.starts_with("zh") || tag.starts_with("en"));
    if first.is_some_and(|tag| tag.starts_with("en")) { Language::En } else { Language::Zh }
}

/// The address that `request` comes from: the one that the proxy in front added, where the settings trust it.
fn address(request: &Request) -> Option<IpAddr> {
    let trusted = request.data::<App>().is_some_and(|app| app.settings.web.trust_forwarded);
    let forwarded = || request.header("X-Forwarded-For")?.rsplit(',').next()?.trim().parse().ok();
    let direct = || request.remote_addr().as_socket_addr().map(std::net::SocketAddr::ip);
    if trusted { forwarded().or_else(direct) } else { direct() }
}

/// Where `request` comes from.
fn client(request: &Request) -> Client {
    Client { address: address(request), browser: request.header("User-Agent").map(str::to_owned) }
}

/// The process that serves `request`.
fn app(request: &Request) -> Result<App, Failure> {
    request.data::<App>().cloned().ok_or_else(|| Failure::internal("the application is not attached to the request"))
}
