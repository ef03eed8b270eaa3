//! Messages of other systems: known by their signature, taken once, held to what waits for them.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use docket_server::{app::runner, services::Services};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::SignedDuration;
use serde_json::{Value as Json, json};
use sha2::Sha256;

use super::{
    client::{Answer, Client},
    installation::{Installation, history_of, on_each_database_with},
};

const FINANCE: &[u8] = b"0123456789abcdef0123456789abcdef";
const ARCHIVE: &[u8] = b"fedcba9876543210fedcba9876543210";

const PAYING: &str = "\
form: matter
title: {zh: 事, en: Matter}
required: [title]
properties:
  title: {type: string, title: {zh: 名称, en: Title}, x-field: title}
  paid: {type: number, title: {zh: 已付, en: Paid}, readOnly: true}
---
form: receipt
title: {zh: 回单, en: Receipt}
required: [paid]
properties:
  paid: {type: number, title: {zh: 已付, en: Paid}, minimum: 0}
  note: {type: string, title: {zh: 附言, en: Note}, maxLength: 20}
---
module: paying
title: {zh: 付款, en: Paying}
kinds:
  matter: {title: {zh: 事, en: Matter}, form: matter, workflow: paying}
---
policy: paying
rules:
  - {role: supervisor, may: [read, create], on: matter}
---
workflow: paying
title: {zh: 付款, en: Paying}
start: wait
nodes:
  wait:
    wait: {message: paid, key: item.title}
    form: receipt
    next: entered
  entered:
    action: {set: {item.paid: forms.wait.paid}}
    next: later
  later:
    wait: {message: filed, keep: true}
    next: done
  done: {end: done, set: {item.state: done}}
";

fn services() -> Services {
    let finance = json!({"secret": STANDARD.encode(FINANCE), "messages": ["paid", "unheard"]});
    let archive = json!({"secret": STANDARD.encode(ARCHIVE), "messages": ["filed"]});
    Services::read(&json!({"finance": finance, "archive": archive}).to_string()).unwrap()
}

/// A message as a service sends it.
struct Message<'a> {
    secret: &'a [u8],
    id: &'a str,
    /// Seconds off the server's clock.
    off: i64,
    body: String,
}

fn message<'a>(secret: &'a [u8], id: &'a str, body: &Json) -> Message<'a> {
    Message { secret, id, off: 0, body: body.to_string() }
}

impl Message<'_> {
    async fn send(&self, installation: &Installation) -> Answer {
        let at = (installation.app.now() + SignedDuration::from_secs(self.off)).as_second().to_string();
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret).unwrap();
        mac.update(format!("{}.{at}.{}", self.id, self.body).as_bytes());
        let signature = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        let headers = [("webhook-id", self.id), ("webhook-timestamp", &at), ("webhook-signature", &signature)];
        installation.stranger().post_with("/messages", self.body.clone(), &headers).await
    }
}

async fn matter(installation: &Installation) -> (Client, String) {
    installation.publish_beside(PAYING).await;
    let supervisor = installation.holder("supervisor").await;
    let body = json!({"fields": {"title": "F-1"}});
    let item = supervisor.post("/items?module=paying&kind=matter", &body).await.ok();
    (supervisor, item["id"].as_str().unwrap().to_owned())
}

fn paid(item: &str, data: &Json) -> Json {
    json!({"name": "paid", "item": item, "key": "F-1", "data": data})
}

#[test]
fn a_signed_message_is_heard_once_and_moves_the_workflow() {
    on_each_database_with(services(), async |installation: &Installation| {
        let (supervisor, item) = matter(installation).await;
        let body = paid(&item, &json!({"paid": 1200.5, "note": "一季度"}));
        let first = message(FINANCE, "msg_1", &body).send(installation).await.ok();
        assert_eq!(first, json!({"id": "msg_1", "item": item}));
        let value = async || {
            let seen = supervisor.get(&format!("/items/{item}")).await.ok();
            let found = seen["values"].as_array().unwrap().iter().find(|value| value["name"] == "paid").cloned();
            (found.unwrap()["value"].clone(), seen["state"].clone())
        };
        assert_eq!(value().await.0, 1200.5);
        // Sent again, as whoever does not hear the answer does: the same answer, and nothing more happens.
        assert_eq!(message(FINANCE, "msg_1", &body).send(installation).await.ok(), first);
        let other = paid(&item, &json!({"paid": 7}));
        message(FINANCE, "msg_1", &other).send(installation).await.problem(422, "idempotency-mismatch");
        message(FINANCE, "msg_2", &body).send(installation).await.problem(409, "not-heard");
        // Another service's ids are its own.
        let filed = json!({"name": "filed", "item": item});
        message(ARCHIVE, "msg_1", &filed).send(installation).await.ok();
        assert_eq!(value().await, (json!(1200.5), json!("done")));
        let told = history_of(&supervisor, &item).await;
        assert_eq!(told.iter().filter(|text| text.contains("收到消息 paid（finance）")).count(), 1, "{told:?}");
        runner::verify(&installation.app, item.parse().unwrap()).await.unwrap();
    });
}

#[test]
fn a_message_is_kept_for_what_will_wait_for_it() {
    on_each_database_with(services(), async |installation: &Installation| {
        let (supervisor, item) = matter(installation).await;
        message(ARCHIVE, "early", &json!({"name": "filed", "item": item})).send(installation).await.ok();
        assert_eq!(supervisor.get(&format!("/items/{item}")).await.ok()["state"], "open");
        message(FINANCE, "msg_1", &paid(&item, &json!({"paid": 1}))).send(installation).await.ok();
        assert_eq!(supervisor.get(&format!("/items/{item}")).await.ok()["state"], "done");
    });
}

#[test]
fn whoever_has_not_signed_learns_nothing() {
    on_each_database_with(services(), async |installation: &Installation| {
        let (supervisor, item) = matter(installation).await;
        let body = paid(&item, &json!({"paid": 1}));
        let sent = message(FINANCE, "msg_1", &body);
        let mut told = Vec::new();
        told.push(message(b"a secret that nobody here knows..", "msg_1", &body).send(installation).await);
        for off in [-301, 301] {
            told.push(Message { off, ..message(FINANCE, "msg_1", &body) }.send(installation).await);
        }
        told.push(message(FINANCE, "msg.1", &body).send(installation).await);
        // What is wrong with the body, and whether there is such an item or message, is not told either.
        for body in [json!({"name": "none", "item": "999"}), json!([]), json!({"surprise": 1})] {
            told.push(message(b"a secret that nobody here knows..", "msg_1", &body).send(installation).await);
        }
        let stranger = installation.stranger();
        told.push(stranger.post_with("/messages", sent.body.clone(), &[]).await);
        told.push(stranger.post_with("/messages", "{", &[("webhook-id", "msg_1")]).await);
        told.push(supervisor.post("/messages", &body).await);
        let first = told[0].problem(401, "unsigned");
        for answer in &told {
            assert_eq!(answer.problem(401, "unsigned"), first);
        }
        let large = "长".repeat(30_000);
        message(FINANCE, "msg_2", &paid(&item, &json!({"paid": 1, "note": large})))
            .send(installation)
            .await
            .problem(413, "too-large");
        sent.send(installation).await.ok();
    });
}

#[test]
fn a_service_is_told_what_is_wrong_with_its_message() {
    on_each_database_with(services(), async |installation: &Installation| {
        let (_, item) = matter(installation).await;
        let fault = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
        let faults = async |id: &str, body: &Json| message(FINANCE, id, body).send(installation).await.faults();
        let filed = json!({"name": "filed", "item": item});
        assert_eq!(faults("m1", &filed).await, [fault("/name", "not-allowed")]);
        let wrong = paid(&item, &json!({"paid": "much", "note": "长".repeat(21), "more": 1}));
        assert_eq!(
            faults("m2", &wrong).await,
            [fault("/data/more", "unknown-field"), fault("/data/note", "too-long"), fault("/data/paid", "type")]
        );
        assert_eq!(faults("m3", &paid(&item, &json!({}))).await, [fault("/data/paid", "required")]);
        assert_eq!(faults("m4", &json!({"name": "paid"})).await, [fault("/item", "required")]);
        let elsewhere = json!({"name": "paid", "item": item, "key": "F-2", "data": {"paid": 1}});
        message(FINANCE, "m5", &elsewhere).send(installation).await.problem(409, "not-heard");
        let unheard = json!({"name": "unheard", "item": item});
        message(FINANCE, "m6", &unheard).send(installation).await.problem(409, "not-heard");
        for nowhere in ["999", "1-77", "x"] {
            message(FINANCE, "m7", &paid(nowhere, &json!({"paid": 1})))
                .send(installation)
                .await
                .problem(404, "not-found");
        }
        // What was refused has not used its id up.
        message(FINANCE, "m2", &paid(&item, &json!({"paid": 2}))).send(installation).await.ok();
    });
}
