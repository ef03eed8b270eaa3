//! Uploads over HTTP: a file, bounded; its report in the reader's language; the commit.

use docket_server::{api::serve, state::App};
use poem::{
    Body, Endpoint as _, Request,
    endpoint::BoxEndpoint,
    http::{Method, header},
};
use serde_json::{Value as Json, json};

use crate::support::{MODULE, PASSWORD, fixture, on_each_database, table};

const BOUNDARY: &str = "----a-boundary";

/// A signed-in browser.
struct Browser {
    endpoint: BoxEndpoint<'static>,
    cookie: String,
    csrf: String,
    language: &'static str,
}

/// Status and body of an answer.
type Answer = (u16, Json);

impl Browser {
    async fn sign_in(app: &App, code: &str) -> Self {
        let endpoint = serve::endpoint(app.clone());
        let body = json!({"code": code, "password": PASSWORD}).to_string();
        let request = Request::builder().method(Method::POST).uri_str("/api/session").content_type("application/json");
        let response = endpoint.get_response(request.body(Body::from_string(body))).await;
        let cookie = response.headers()[header::SET_COOKIE].to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        let me: Json = response.into_body().into_json().await.unwrap();
        Self { endpoint, cookie, csrf: me["csrf"].as_str().unwrap().to_owned(), language: "zh-CN" }
    }

    async fn send(&self, method: Method, path: &str, content_type: &str, body: Vec<u8>) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri_str(format!("/api{path}"))
            .header(header::COOKIE, &self.cookie)
            .header("X-CSRF-Token", &self.csrf)
            .header("Idempotency-Key", "the-only-commit")
            .header(header::ACCEPT_LANGUAGE, self.language)
            .content_type(content_type)
            .body(Body::from_vec(body));
        let response = self.endpoint.get_response(request).await;
        (response.status().as_u16(), response.into_body().into_json().await.unwrap_or_default())
    }

    async fn upload(&self, name: &str, bytes: &[u8]) -> Answer {
        self.upload_as("file", name, bytes).await
    }

    async fn upload_as(&self, field: &str, name: &str, bytes: &[u8]) -> Answer {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        let body = [head.as_bytes(), bytes, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat();
        let categories = "&category=一极&category=两大&category=三区";
        let path = format!("/imports?module={MODULE}&kind=task{}", encoded(categories));
        self.send(Method::POST, &path, &format!("multipart/form-data; boundary={BOUNDARY}"), body).await
    }
}

/// Percent-encodes what is not ASCII.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect::<Vec<_>>()
        .concat()
}

#[test]
fn a_file_is_uploaded_looked_at_and_committed() {
    on_each_database(async |app| {
        let browser = Browser::sign_in(&app, "K0137").await;
        let file = fixture("yiji-tasks.xlsx");
        let (status, preview) = browser.upload("任务 清单.xlsx", &file.bytes).await;
        assert_eq!(status, 200, "{preview:#}");
        assert_eq!((&preview["file_name"], &preview["sheet"]), (&json!("任务 清单.xlsx"), &json!("任务清单")));
        assert_eq!((&preview["state"], &preview["counts"]["new"]), (&json!("preview"), &json!(10)));
        let row = |view: &Json, number: u32| {
            view["rows"].as_array().unwrap().iter().find(|row| row["row"] == number).unwrap().clone()
        };
        assert_eq!(row(&preview, 13)["cells"][0]["code"], "no-year");
        assert_eq!(row(&preview, 6)["values"]["牵头单位"], "发展改革委");
        assert_eq!((&row(&preview, 6)["light"], &row(&preview, 12)["light"]), (&json!("green"), &json!("red")));
        let path = format!("/imports/{}", preview["id"].as_str().unwrap());
        assert_eq!(browser.send(Method::GET, &path, "application/json", Vec::new()).await, (200, preview));
        let body = json!({"accept": [9], "leave_out": [12]}).to_string().into_bytes();
        let commit =
            async || browser.send(Method::POST, &format!("{path}/commit"), "application/json", body.clone()).await;
        let (status, done) = commit().await;
        assert_eq!((status, &done["committed"]["created"]), (200, &json!(10)), "{done:#}");
        assert_eq!(commit().await, (200, done.clone()), "sent again, it gets the same answer");
        let item = row(&done, 9)["of_item"].as_str().unwrap().to_owned();
        let (status, item) = browser.send(Method::GET, &format!("/items/{item}"), "application/json", Vec::new()).await;
        assert_eq!((status, &item["title"]), (200, &json!("建设 青禾产业园一期。")));
    });
}

#[test]
fn what_is_no_file_of_a_sheet_is_told_in_the_readers_language() {
    on_each_database(async |app| {
        let mut browser = Browser::sign_in(&app, "K0137").await;
        browser.language = "en";
        let pdf = b"%PDF-1.7\n1 0 obj";
        for ((status, problem), expected, code, detail) in [
            (browser.upload("a.xlsx", pdf).await, 422, "unreadable-file", "not a spreadsheet"),
            (browser.upload("a.xlsx", b"").await, 422, "unreadable-file", "empty"),
            (
                browser.upload("gov-report.xlsx", &fixture("gov-report.xlsx").bytes).await,
                422,
                "unreadable-file",
                "lacks",
            ),
            (browser.upload("a.xlsx", &vec![b'P'; 21 << 20]).await, 413, "too-large", "20 MB"),
            (browser.upload_as("other", "a.xlsx", pdf).await, 422, "invalid", "choose a file"),
        ] {
            assert_eq!((status, &problem["code"]), (expected, &json!(code)), "{problem:#}");
            assert!(problem["detail"].as_str().unwrap().contains(detail), "{problem:#}");
        }
        let path = format!("/imports?module={MODULE}&kind=task");
        let (status, _) = browser.send(Method::POST, &path, "application/json", b"{}".to_vec()).await;
        assert_eq!(status, 415);
        let (status, _) = browser.send(Method::GET, "/imports/99", "application/json", Vec::new()).await;
        assert_eq!(status, 404);
    });
}

#[test]
fn whoever_may_not_import_is_told_so() {
    on_each_database(async |app| {
        let browser = Browser::sign_in(&app, "K0005").await;
        let (status, problem) = browser.upload("rows.csv", &table(&[("建设一期", "教委")]).bytes).await;
        assert_eq!((status, &problem["code"]), (403, &json!("forbidden")));
    });
}
