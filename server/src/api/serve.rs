//! The whole of HTTP as one endpoint: the API with its document, the browser side, and what every answer carries.

use std::{sync::Arc, time::Duration};

use poem::{
    Endpoint, EndpointExt, IntoResponse, Middleware, Request, Response, Route,
    endpoint::{BoxEndpoint, make_sync},
    http::{HeaderName, HeaderValue, header},
    middleware::CatchPanic,
    web::Html,
};

use super::{error::Problems, refusals::Refusals, service};
use crate::{failure::Failure, random, state::App, ui};

/// How long a request may take to its answer; streams answer at once and then go on.
const TIMEOUT: Duration = Duration::from_mins(2);

/// Everything that `app` serves.
#[must_use]
pub fn endpoint(app: App) -> BoxEndpoint<'static> {
    let service = service();
    let document: Arc<str> = super::openapi().into();
    let page: Arc<str> = service.swagger_ui_html().into();
    let api = Route::new()
        .at("/openapi.json", make_sync(move |_| json(&document)))
        .at("/docs", make_sync(move |_| docs(&page)))
        .nest("/", service);
    let pages = make_sync(|request: Request| ui::serve(&super::app(&request)?, &request));
    Route::new()
        .nest("/api", api)
        .nest("/", pages)
        .with(Timeout)
        .with(CatchPanic::new().with_handler(|_| "internal error".to_owned()))
        .with(Refusals)
        .with(Problems)
        .with(Headers)
        .data(app)
        .boxed()
}

fn json(document: &str) -> Response {
    Response::builder().content_type("application/json").body(document.to_owned())
}

/// The page to try the API: it embeds its scripts, so it needs no internet, and a policy of its own.
fn docs(page: &str) -> poem::Result<Response> {
    let nonce = random::token()?;
    let tag = format!("<script nonce=\"{nonce}\"");
    // The page has two scripts of its own: the bundle, and what starts it. The bundle's text has such tags too.
    let page = page.replacen("<script charset", &format!("{tag} charset"), 1);
    let page = match page.rfind("<script>") {
        Some(at) => {
            let (before, after) = page.split_at(at);
            let after = after.replacen("<script>", &format!("{tag}>"), 1).replacen("deepLinking: true,", TRY_IT, 1);
            format!("{before}{after}")
        }
        None => page,
    };
    let policy = format!(
        "default-src 'self'; script-src 'nonce-{nonce}'; style-src 'unsafe-inline'; img-src 'self' data:; \
         connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
    );
    let answer = Html(page).with_header(header::CONTENT_SECURITY_POLICY, policy);
    Ok(answer.into_response())
}

/// Whatever is tried carries the session's CSRF token.
const TRY_IT: &str = "deepLinking: true, requestInterceptor: async (request) => { \
    const me = await fetch('/api/me'); \
    if (me.ok) { request.headers['X-CSRF-Token'] = (await me.json()).csrf; } \
    return request; },";

/// Ends what takes too long.
struct Timeout;

struct TimeoutEndpoint<E>(E);

impl<E: Endpoint> Middleware<E> for Timeout {
    type Output = TimeoutEndpoint<E>;

    fn transform(&self, endpoint: E) -> Self::Output {
        TimeoutEndpoint(endpoint)
    }
}

impl<E: Endpoint> Endpoint for TimeoutEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let Ok(answer) = tokio::time::timeout(TIMEOUT, self.0.call(request)).await else {
            return Err(Failure::Busy.into());
        };
        answer.map(IntoResponse::into_response)
    }
}

/// What every answer carries.
struct Headers;

struct HeadersEndpoint<E>(E);

impl<E: Endpoint> Middleware<E> for Headers {
    type Output = HeadersEndpoint<E>;

    fn transform(&self, endpoint: E) -> Self::Output {
        HeadersEndpoint(endpoint)
    }
}

impl<E: Endpoint> Endpoint for HeadersEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let api = request.uri().path().starts_with("/api");
        let mut response = self.0.call(request).await?.into_response();
        let headers = response.headers_mut();
        let always: [(HeaderName, &'static str); 4] = [
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::REFERRER_POLICY, "same-origin"),
            (header::X_FRAME_OPTIONS, "DENY"),
            (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        ];
        for (name, value) in always {
            headers.insert(name, HeaderValue::from_static(value));
        }
        if api {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
        headers
            .entry(header::CONTENT_SECURITY_POLICY)
            .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
        Ok(response)
    }
}
