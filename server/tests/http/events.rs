//! Server-sent events: what became stale, for whom, and until when.

use std::time::Duration;

use poem::http::{Method, header};
use serde_json::{Value as Json, json};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};

use super::{
    client::Client,
    installation::{Installation, first_task, on_each_database},
};

/// An open stream.
struct Stream(Lines<BufReader<std::pin::Pin<Box<dyn tokio::io::AsyncRead + Send>>>>);

impl Stream {
    async fn open(client: &Client) -> Self {
        let response = client.raw(Method::GET, "/api/events", None, None).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
        assert_eq!(response.headers()["X-Accel-Buffering"], "no");
        assert!(response.headers().get(header::CONTENT_ENCODING).is_none());
        let reader: std::pin::Pin<Box<dyn tokio::io::AsyncRead + Send>> =
            Box::pin(response.into_body().into_async_read());
        let mut stream = Self(BufReader::new(reader).lines());
        assert_eq!(stream.next().await, Some(("hello".to_owned(), json!({"what": []}))));
        stream
    }

    /// The next event; none once the stream has ended.
    async fn next(&mut self) -> Option<(String, Json)> {
        let event = async {
            let mut kind = String::new();
            while let Some(line) = self.0.next_line().await.unwrap() {
                if let Some(name) = line.strip_prefix("event: ") {
                    name.clone_into(&mut kind);
                } else if let Some(data) = line.strip_prefix("data: ") {
                    return Some((kind, serde_json::from_str(data).unwrap()));
                }
            }
            None
        };
        tokio::time::timeout(Duration::from_secs(20), event).await.expect("an event in time")
    }

    /// Reads on until something of `what` became stale.
    async fn until(&mut self, what: &str) {
        loop {
            let (kind, data) = self.next().await.expect("the stream goes on");
            assert_eq!(kind, "stale");
            if data["what"].as_array().unwrap().iter().any(|one| one == what) {
                return;
            }
        }
    }
}

#[test]
fn the_chief_hears_of_a_submission_and_sees_it_in_his_list() {
    on_each_database(async |installation: &Installation| {
        let department = &installation.departments()[0];
        let supervisor = installation.holder("supervisor").await;
        let item = installation.task_for(&supervisor, "一件事", department.unit).await;
        let handler = installation.signed_in(&department.handler).await;
        let chief = installation.signed_in(&department.chief).await;
        installation.move_clock(5, &handler, 1).await;
        let mut his = Stream::open(&chief).await;
        let mut supervisors = Stream::open(&supervisor).await;
        let task = first_task(&handler).await;
        let body = json!({"outcome": "submit", "form": {"progress": "完成一半"}});
        handler.post(&format!("/tasks/{task}/complete"), &body).await.ok();
        his.until("todo").await;
        assert_eq!(chief.get("/todo").await.ok()["total"], 1);
        // The stage of the task moved, which the supervisor sees; the report itself is not his to see yet.
        supervisors.until(&format!("item:{item}")).await;
    });
}

#[test]
fn who_resolves_incidents_hears_of_them_and_nobody_else() {
    on_each_database(async |installation: &Installation| {
        let org = installation.app.org();
        let nobody = |unit: &docket_engine::id::UnitId| {
            ["handler", "liaison"].iter().all(|post| org.holders(post, *unit).is_empty())
        };
        let unit = org.units().map(|unit| unit.id).find(nobody).expect("a unit without handlers");
        let supervisor = installation.holder("supervisor").await;
        let leader = installation.holder("district_leader").await;
        installation.task_for(&supervisor, "没有人办的事", unit).await;
        let mut news = installation.app.hub.subscribe();
        supervisor.post("/demo/clock", &json!({"days": 5})).await.ok();
        let incident = async {
            loop {
                let found = supervisor.get("/incidents").await.ok();
                if found["total"] == 1 {
                    return found["rows"][0].clone();
                }
                news.next().await;
            }
        };
        let incident = tokio::time::timeout(Duration::from_secs(30), incident).await.expect("an incident");
        let (mut resolves, mut reads) = (Stream::open(&supervisor).await, Stream::open(&leader).await);
        let path = format!("/incidents/{}/resolve", incident["id"].as_str().unwrap());
        supervisor.post(&path, &json!({"how": "skip", "outcome": "submit", "comment": "空缺"})).await.ok();
        resolves.until("incidents").await;
        let item = json!(format!("item:{}", incident["root"].as_str().unwrap()));
        let (_, told) = reads.next().await.expect("the stream goes on");
        let what = told["what"].as_array().unwrap();
        assert!(what.contains(&item) && !what.contains(&json!("incidents")), "{what:?}");
    });
}

#[test]
fn a_stream_ends_with_its_session_and_a_session_has_a_bounded_number() {
    on_each_database(async |installation: &Installation| {
        let code = &installation.departments()[0].handler;
        let client = installation.signed_in(code).await;
        let other = installation.signed_in(code).await;
        installation.stranger().get("/events").await.problem(401, "not-signed-in");
        let mut streams = Vec::new();
        for _ in 0..40 {
            streams.push(Stream::open(&client).await);
        }
        client.get("/events").await.problem(429, "too-many");
        let mut others = Stream::open(&other).await;
        streams.pop();
        client.delete("/session").await;
        for stream in &mut streams {
            assert_eq!(stream.next().await, None);
        }
        installation.app.move_clock("2026-03-02T10:00:00+08:00".parse().unwrap()).await.unwrap();
        assert_eq!(
            others.next().await.map(|(kind, _)| kind).as_deref(),
            Some("hello"),
            "another session's stream goes on"
        );
    });
}
