//! One process of `docket serve`, and a person signed in to it.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use reqwest::{Method, Response};
use serde_json::{Value as Json, json};

/// The module of these tests.
pub(crate) const MODULE: &str = "yiji-liangda-sanqu";
/// A supervisor of the demo organisation.
const SUPERVISOR: &str = "K0137";
/// The demo password.
const PASSWORD: &str = "docket-demo";

/// A running process; killed when it is dropped.
pub(crate) struct Node {
    child: Child,
    /// Its address, `http://…`.
    pub(crate) address: String,
}

impl Node {
    /// Starts a node over `data`, or over the PostgreSQL and Redis at these addresses.
    pub(crate) fn start(data: &Path, database: Option<&str>, redis: Option<&str>) -> Self {
        Self::with(data, database, redis, &["--now", "2026-03-02T09:00:00+08:00"])
    }

    /// As [`Node::start`], with these options beside.
    pub(crate) fn with(data: &Path, database: Option<&str>, redis: Option<&str>, more: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_docket"));
        command
            .args(["serve", "--demo", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .args(more)
            .env_remove("DATABASE_URL")
            .env_remove("REDIS_URL")
            .envs(database.map(|url| ("DATABASE_URL", url)))
            .envs(redis.map(|url| ("REDIS_URL", url)))
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines.next().unwrap().unwrap().strip_prefix("docket: ").unwrap().to_owned();
        // Whatever else it prints must not fill the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address }
    }

    /// Kills it as the machine would: nothing is finished, nothing is said.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // It may have been killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A signed-in supervisor; his session outlives the process.
#[derive(Clone)]
pub(crate) struct Person {
    client: reqwest::Client,
    cookie: String,
    csrf: String,
}

impl Person {
    pub(crate) async fn sign_in(node: &Node) -> Self {
        // The client wants to know how it would encrypt, even where it never does; who installed it first is all the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let body = json!({"code": SUPERVISOR, "password": PASSWORD}).to_string();
        let request = client.post(format!("{}/api/session", node.address)).header("Content-Type", "application/json");
        let answer = request.body(body).send().await.unwrap();
        let cookie = answer.headers()["Set-Cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        let me: Json = answer.json().await.unwrap();
        Self { client, cookie, csrf: me["csrf"].as_str().unwrap().to_owned() }
    }

    /// Sends a request; fails where the process does not answer.
    pub(crate) async fn send(
        &self,
        method: Method,
        url: String,
        key: Option<&str>,
        body: Option<&Json>,
    ) -> Result<Response, reqwest::Error> {
        let mut request =
            self.client.request(method, url).header("Cookie", &self.cookie).header("X-CSRF-Token", &self.csrf);
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        if let Some(body) = body {
            request = request.header("Content-Type", "application/json").body(body.to_string());
        }
        request.send().await
    }

    pub(crate) async fn get(&self, node: &Node, path: &str) -> Json {
        let answer = self.send(Method::GET, format!("{}/api{path}", node.address), None, None).await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.json().await.unwrap()
    }

    /// Creates the item with this title under this key; the id, or nothing where the process did not answer.
    pub(crate) async fn create(&self, address: &str, unit: &str, key: &str, title: &str) -> Option<String> {
        let fields =
            json!({"title": title, "lead_unit": unit, "category": ["一极"], "cycle": "week", "due": "2026-12-31"});
        let url = format!("{address}/api/items?module={MODULE}&kind=task");
        let answer = self.send(Method::POST, url, Some(key), Some(&json!({"fields": fields}))).await.ok()?;
        let status = answer.status();
        // An answer that breaks off is no answer.
        let item: Json = answer.json().await.ok()?;
        assert!(status.is_success(), "{key}: {status} {item}");
        Some(item["id"].as_str().unwrap().to_owned())
    }

    /// The id of some unit.
    pub(crate) async fn unit(&self, node: &Node) -> String {
        self.get(node, "/units?q=").await[0]["id"].as_str().unwrap().to_owned()
    }
}
