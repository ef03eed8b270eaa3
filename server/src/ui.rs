//! The browser side, embedded: precompressed, cached for ever where a name carries a hash, and `index.html` for the client's
//! own routes.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use docket_engine::text::{Language, Text};
use poem::{
    Body, Request, Response,
    http::{HeaderMap, Method, StatusCode, header},
};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::{random, state::App};

#[derive(RustEmbed)]
#[folder = "../admin-ui/dist"]
#[allow_missing = true]
struct Built;

/// The page that the browser starts with.
const INDEX: &str = "index.html";

/// Answers a request for a page or an asset.
///
/// # Errors
/// Where the operating system gives no randomness.
pub fn serve(app: &App, request: &Request) -> poem::Result<Response> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok(Response::builder().status(StatusCode::METHOD_NOT_ALLOWED).finish());
    }
    let path = request.uri().path().trim_start_matches('/');
    let compressed = [".br", ".gz"].iter().any(|ending| path.ends_with(ending));
    match Built::get(path).filter(|_| path != INDEX && !compressed) {
        Some(file) => Ok(asset(path, file, request.headers())),
        // A file that is not there is not a page of the client's.
        None if path.rsplit('/').next().is_some_and(|name| name.contains('.')) && path != INDEX => {
            Ok(Response::builder().status(StatusCode::NOT_FOUND).finish())
        }
        None => page(app, request),
    }
}

fn asset(path: &str, file: EmbeddedFile, headers: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(file.metadata.sha256_hash()));
    let hashed = path.starts_with("assets/");
    let cache = if hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
    let answer = Response::builder()
        .header(header::CACHE_CONTROL, cache)
        .header(header::ETAG, tag.as_str())
        .header(header::VARY, "Accept-Encoding");
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known.is_some_and(|known| known.split(',').any(|one| one.trim() == tag)) {
        return answer.status(StatusCode::NOT_MODIFIED).finish();
    }
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let kind = if kind.type_() == "text" { format!("{kind}; charset=utf-8") } else { kind.to_string() };
    let answer = answer.header(header::CONTENT_TYPE, kind);
    for (encoding, ending) in [("br", ".br"), ("gzip", ".gz")] {
        if accepts(headers, encoding)
            && let Some(packed) = Built::get(&format!("{path}{ending}"))
        {
            return answer.header(header::CONTENT_ENCODING, encoding).body(Body::from_vec(packed.data.into_owned()));
        }
    }
    answer.body(Body::from_vec(file.data.into_owned()))
}

/// Whether the browser takes `encoding`.
fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepted.split(',').any(|one| {
        let mut parts = one.split(';').map(str::trim);
        parts.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding))
            && !parts.any(|weight| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

/// The first page, with a nonce of its own for the styles that the browser side adds.
fn page(app: &App, request: &Request) -> poem::Result<Response> {
    let nonce = random::token()?;
    let language = crate::api::language(request.headers());
    let html = match Built::get(INDEX) {
        Some(file) => String::from_utf8_lossy(&file.data)
            .replace("__CSP_NONCE__", &nonce)
            .replace("__DEMO__", if app.settings.demo { "true" } else { "false" })
            .replace("__SYSTEM_TITLE__", &escape(app.settings.web.title.get(language))),
        None => not_built(language),
    };
    Ok(Response::builder()
        .header(header::CONTENT_TYPE, "text/html; charset=utf-8")
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::CONTENT_SECURITY_POLICY, policy(&nonce))
        .body(Body::from_string(html)))
}

/// What a page may load and run: our own files, and styles that carry the page's nonce.
fn policy(nonce: &str) -> String {
    format!(
        "default-src 'self'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; \
         img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self'; object-src 'none'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

/// Where the binary was built without the browser side.
fn not_built(language: Language) -> String {
    let text = Text::new(
        "页面尚未构建：请在项目目录运行 <code>make ui</code>，再重新构建服务器。接口文档见 <a href=\"/api/docs\">/api/docs</a>。",
        "The browser side is not built: run <code>make ui</code> in the project, then build the server again. The interface is described at <a href=\"/api/docs\">/api/docs</a>.",
    );
    format!("<!doctype html><meta charset=\"utf-8\"><title>Docket</title><p>{}</p>\n", text.get(language))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_that_is_refused_is_not_used() {
        let headers = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, value.parse().unwrap());
            headers
        };
        assert!(accepts(&headers("gzip, deflate, br"), "br"));
        assert!(!accepts(&headers("gzip, br;q=0"), "br"));
        assert!(!accepts(&headers("identity"), "gzip"));
        assert!(!accepts(&HeaderMap::new(), "gzip"));
    }
}
