//! A browser without pages: keeps its cookie and sends its CSRF token.

use std::sync::Arc;

use poem::{
    Body, Endpoint as _, Request, Response,
    endpoint::BoxEndpoint,
    http::{HeaderMap, Method, StatusCode, header},
};
use serde_json::{Value as Json, json};

/// A client of one installation.
#[derive(Clone)]
pub(crate) struct Client {
    endpoint: Arc<BoxEndpoint<'static>>,
    cookie: Option<String>,
    csrf: Option<String>,
    language: &'static str,
    background: Option<(&'static str, &'static str)>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    /// The body as JSON; null where it is none.
    pub(crate) fn json(&self) -> Json {
        serde_json::from_slice(&self.bytes).unwrap_or(Json::Null)
    }

    /// The JSON of a request that went well.
    #[track_caller]
    pub(crate) fn ok(&self) -> Json {
        assert!(self.status.is_success(), "{}: {}", self.status, String::from_utf8_lossy(&self.bytes));
        self.json()
    }

    /// The problem of a request that was refused with this status and code.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, code: &str) -> Json {
        let problem = self.json();
        assert_eq!((self.status.as_u16(), problem["code"].as_str()), (status, Some(code)), "{problem:#}");
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json");
        problem
    }

    /// Pointer and code of every fault, sorted.
    #[track_caller]
    pub(crate) fn faults(&self) -> Vec<(String, String)> {
        let problem = self.problem(422, "invalid");
        let text = |json: &Json| json.as_str().unwrap().to_owned();
        let faults = problem["problems"].as_array().unwrap().iter();
        let mut faults: Vec<_> = faults.map(|fault| (text(&fault["pointer"]), text(&fault["code"]))).collect();
        faults.sort();
        faults
    }
}

impl Client {
    pub(crate) fn new(endpoint: Arc<BoxEndpoint<'static>>) -> Self {
        Self { endpoint, cookie: None, csrf: None, language: "zh-CN", background: None }
    }

    /// The same client, who reads English.
    pub(crate) fn in_english(&self) -> Self {
        Self { language: "en-GB, zh;q=0.5", ..self.clone() }
    }

    /// The same client, who sends no CSRF token.
    pub(crate) fn without_csrf(&self) -> Self {
        Self { csrf: None, ..self.clone() }
    }

    /// The same client, whose page asks by itself and says so by a header.
    pub(crate) fn in_background(&self, name: &'static str, value: &'static str) -> Self {
        Self { background: Some((name, value)), ..self.clone() }
    }

    pub(crate) async fn sign_in(&mut self, code: &str, password: &str) -> Answer {
        self.enter("/session", &json!({"code": code, "password": password})).await
    }

    /// One step of signing in: what comes back is the session from now on.
    pub(crate) async fn enter(&mut self, path: &str, body: &Json) -> Answer {
        let answer = self.post(path, body).await;
        if let Some(cookie) = answer.headers.get(header::SET_COOKIE) {
            self.cookie = Some(cookie.to_str().unwrap().split(';').next().unwrap().to_owned());
            self.csrf = answer.json()["csrf"].as_str().map(str::to_owned);
        }
        answer
    }

    /// The session's cookie, as it is sent.
    pub(crate) fn cookie(&self) -> &str {
        self.cookie.as_deref().unwrap_or_default()
    }

    /// Takes the token that `me` carries.
    pub(crate) fn take_token(&mut self, me: &Json) {
        self.csrf = me["csrf"].as_str().map(str::to_owned);
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Json) -> Answer {
        self.send(Method::POST, path, Some(body.to_string()), None).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Json) -> Answer {
        self.send(Method::PUT, path, Some(body.to_string()), None).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None, None).await
    }

    /// Uploads a file as a browser's form does.
    pub(crate) async fn upload(&self, path: &str, name: &str, bytes: &[u8]) -> Answer {
        const BOUNDARY: &str = "docket-test-boundary";
        let head =
            format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
        let body = [head.as_bytes(), bytes, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat();
        let mut request = Request::builder()
            .method(Method::POST)
            .uri_str(format!("/api{path}"))
            .header(header::ACCEPT_LANGUAGE, self.language)
            .content_type(&format!("multipart/form-data; boundary={BOUNDARY}"));
        if let (Some(cookie), Some(csrf)) = (&self.cookie, &self.csrf) {
            request = request.header(header::COOKIE, cookie).header("X-CSRF-Token", csrf);
        }
        let response = self.endpoint.get_response(request.body(Body::from_vec(body))).await;
        let (status, headers) = (response.status(), response.headers().clone());
        Answer { status, headers, bytes: response.into_body().into_vec().await.unwrap() }
    }

    /// Posts with an idempotency key.
    pub(crate) async fn post_once(&self, key: &str, path: &str, body: &Json) -> Answer {
        self.send(Method::POST, path, Some(body.to_string()), Some(key)).await
    }

    /// Posts `body` as it is with these headers, without a session.
    pub(crate) async fn post_with(&self, path: &str, body: impl Into<Vec<u8>>, headers: &[(&str, &str)]) -> Answer {
        let uri = format!("/api{path}");
        let mut request = Request::builder().method(Method::POST).uri_str(uri).content_type("application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.endpoint.get_response(request.body(Body::from_vec(body.into()))).await;
        let (status, headers) = (response.status(), response.headers().clone());
        Answer { status, headers, bytes: response.into_body().into_vec().await.unwrap() }
    }

    /// Sends `body` as it is.
    pub(crate) async fn post_raw(&self, path: &str, body: &str) -> Answer {
        self.send(Method::POST, path, Some(body.to_owned()), None).await
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<String>, key: Option<&str>) -> Answer {
        let response = self.raw(method, &format!("/api{path}"), body, key).await;
        let (status, headers) = (response.status(), response.headers().clone());
        Answer { status, headers, bytes: response.into_body().into_vec().await.unwrap() }
    }

    /// The response with its body unread, of any address.
    pub(crate) async fn raw(&self, method: Method, path: &str, body: Option<String>, key: Option<&str>) -> Response {
        let mut request =
            Request::builder().method(method).uri_str(path).header(header::ACCEPT_LANGUAGE, self.language);
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        if let Some(csrf) = &self.csrf {
            request = request.header("X-CSRF-Token", csrf);
        }
        if let Some((name, value)) = self.background {
            request = request.header(name, value);
        }
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        let request = match body {
            Some(body) => request.content_type("application/json").body(Body::from_string(body)),
            None => request.finish(),
        };
        self.endpoint.get_response(request).await
    }
}
