//! What is written down of the interface: the OpenAPI document, and who gets what answer from every endpoint.

use std::{fmt::Write as _, path::PathBuf};

use poem::http::{Method, header};
use serde_json::{Value as Json, json};

use super::{
    client::{Answer, Client},
    installation::{Installation, MODULE, on_each_database},
};

fn file(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The document of the server as it is.
fn document() -> Json {
    serde_json::from_str(&docket_server::api::openapi()).unwrap()
}

#[test]
fn the_browser_side_has_the_document_of_this_server() {
    let kept = std::fs::read_to_string(file("../admin-ui/openapi.json")).unwrap();
    let kept: Json = serde_json::from_str(&kept).unwrap();
    assert_eq!(kept, document(), "write it anew with `make api`");
}

#[test]
fn the_document_and_a_page_to_try_it_are_served_without_signing_in_and_without_the_internet() {
    on_each_database(async |installation: &Installation| {
        let client = installation.stranger();
        assert_eq!(client.get("/openapi.json").await.ok(), document());
        assert_eq!(client.get("/health").await.ok()["status"], "ok");
        let page = client.get("/docs").await;
        let html = String::from_utf8(page.bytes).unwrap();
        let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
        assert_eq!(html.matches(&format!("<script nonce=\"{nonce}\"")).count(), 2);
        assert!(!html.contains("<link ") && html.contains("requestInterceptor"));
    });
}

#[test]
fn pages_carry_their_policy_and_what_is_not_there_is_not_found() {
    on_each_database(async |installation: &Installation| {
        let client = installation.stranger();
        for path in ["/", "/todo", "/items/1042?x=1", "/index.html"] {
            let page = client.raw(Method::GET, path, None, None).await;
            assert_eq!(page.status(), 200, "{path}");
            let policy = page.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
            assert!(policy.contains("frame-ancestors 'none'") && policy.contains("script-src 'self';"), "{policy}");
            assert_eq!(page.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
            let html = page.into_body().into_string().await.unwrap();
            assert!(!html.contains("__CSP_NONCE__") && html.contains("<!doctype html>"), "{html}");
        }
        assert_eq!(client.raw(Method::GET, "/assets/none.js", None, None).await.status(), 404);
        assert_eq!(client.raw(Method::POST, "/", None, None).await.status(), 405);
    });
}

/// One line for each endpoint: what a stranger, somebody without rights in the matter, and a supervisor are answered when they
/// send nothing that exists. An endpoint that forgets to ask who calls shows here.
#[test]
fn every_endpoint_asks_who_calls() {
    on_each_database(async |installation: &Installation| {
        let stranger = installation.stranger();
        let handler = installation.signed_in(&installation.departments()[0].handler).await;
        let supervisor = installation.holder("supervisor").await;
        let mut table = String::new();
        for (path, operations) in document()["paths"].as_object().unwrap() {
            for method in operations.as_object().unwrap().keys() {
                let method: Method = method.to_uppercase().parse().unwrap();
                if ends_sessions_or_streams(&method, path) {
                    continue;
                }
                let mut answers = Vec::new();
                for client in [&stranger, &handler, &supervisor] {
                    answers.push(told(&ask(client, &method, path).await));
                }
                writeln!(table, "{:<6} {path:<54} {}", method.as_str(), answers.join(" | ")).unwrap();
            }
        }
        let golden = file("tests/golden/endpoints.txt");
        if std::env::var_os("DOCKET_UPDATE_GOLDEN").is_some() {
            std::fs::write(&golden, &table).unwrap();
        }
        assert_eq!(
            std::fs::read_to_string(&golden).unwrap_or_default(),
            table,
            "DOCKET_UPDATE_GOLDEN=1 writes it anew"
        );
    });
}

/// Signing out and event streams have tests of their own.
fn ends_sessions_or_streams(method: &Method, path: &str) -> bool {
    path == "/events" || (path == "/session" && *method == Method::DELETE)
}

async fn ask(client: &Client, method: &Method, path: &str) -> Answer {
    let filled = path
        .replace("{module}", MODULE)
        .replace("{instance}", "1-1")
        .replace("{node}", "x")
        .replace("{offer}", "x")
        .replace("{workflow}", "x")
        .replace("{name}", "x")
        .replace("{id}", "1");
    let query = if ["/items", "/exports", "/imports"].contains(&path) {
        format!("?module={MODULE}&kind=task")
    } else {
        String::new()
    };
    let body = (*method != Method::GET).then(|| json!({}).to_string());
    client.send(method.clone(), &format!("{filled}{query}"), body, None).await
}

fn told(answer: &Answer) -> String {
    let code = answer.json()["code"].as_str().unwrap_or("ok").to_owned();
    format!("{} {code}", answer.status.as_u16())
}
