//! A process that is killed while it asks another system, and the example of a message that the documentation gives.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::Command,
    sync::mpsc,
    time::Duration,
};

use docket_engine::id::Id;
use docket_server::{app::runner, settings::Settings, state::App};
use reqwest::Method;
use serde_json::{Value as Json, json};

use super::{
    command::on_each_database,
    database::Database,
    node::{Node, Person},
};

/// Base64 of 32 bytes.
const SECRET: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

const MATTERS: &str = "\
form: matter
title: {zh: 事, en: Matter}
properties:
  title: {type: string, title: {zh: 名称, en: Title}, x-field: title}
  number: {type: string, title: {zh: 档号, en: Number}, readOnly: true}
---
form: receipt
title: {zh: 回执, en: Receipt}
required: [number]
properties:
  number: {type: string, title: {zh: 档号, en: Number}, maxLength: 10}
---
module: matters
title: {zh: 事项, en: Matters}
kinds:
  asking: {title: {zh: 询问, en: Asking}, form: matter, workflow: asking}
  waiting: {title: {zh: 等待, en: Waiting}, form: matter, workflow: waiting}
---
policy: matters
rules:
  - {role: supervisor, may: [read, create], on: asking}
  - {role: supervisor, may: [read, create], on: waiting}
---
workflow: asking
title: {zh: 询问, en: Asking}
start: ask
nodes:
  ask:
    action: {http: {service: archive, path: /receipts, body: {title: item.title}, tries: 3, back-off: PT1M, form: receipt}}
    next: done
  done:
    action: {set: {item.number: forms.ask.number, item.state: done}}
    next: {end: good}
---
workflow: waiting
title: {zh: 等待, en: Waiting}
start: wait
nodes:
  wait: {wait: {message: filed}, form: receipt, next: done}
  done:
    action: {set: {item.number: forms.wait.number, item.state: done}}
    next: {end: good}
";

/// The shipped configuration with the matters beside it, and a file of services, in `folder`.
fn prepare(folder: &Path, services: &Json) -> (PathBuf, PathBuf) {
    let (config, file) = (folder.join("config"), folder.join("services.json"));
    let export = Command::new(env!("CARGO_BIN_EXE_docket"))
        .env_remove("DATABASE_URL")
        .env("DOCKET_DATA", folder.join("scratch"))
        .arg("export")
        .arg(&config)
        .output()
        .unwrap();
    assert!(export.status.success(), "{}", String::from_utf8_lossy(&export.stderr));
    std::fs::write(config.join("modules/beside.yaml"), MATTERS).unwrap();
    std::fs::write(&file, services.to_string()).unwrap();
    (config, file)
}

/// What starts a node over such a folder.
fn options<'a>(prepared: &'a (PathBuf, PathBuf), more: &[&'a str]) -> Vec<&'a str> {
    let (config, services) = (prepared.0.to_str().unwrap(), prepared.1.to_str().unwrap());
    [&["--config", config, "--services", services], more].concat()
}

/// A request that another system was sent: its id, and where the answer goes.
struct Asked {
    id: String,
    stream: TcpStream,
}

impl Asked {
    fn answer(mut self, body: &str) {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
        self.stream.write_all(head.as_bytes()).unwrap();
        self.stream.write_all(body.as_bytes()).unwrap();
    }
}

/// Another system that hands on what it is asked, and answers nothing by itself.
fn other_system() -> (String, mpsc::Receiver<Asked>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (sender, asked) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            if sender.send(read(stream.unwrap())).is_err() {
                return;
            }
        }
    });
    (address, asked)
}

/// Reads a request to its end.
fn read(stream: TcpStream) -> Asked {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut id, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim().split_once(": ") else {
            if line.trim().is_empty() {
                break;
            }
            continue;
        };
        match name.to_lowercase().as_str() {
            "webhook-id" => value.clone_into(&mut id),
            "content-length" => length = value.parse().unwrap(),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    Asked { id, stream }
}

fn next(asked: &mpsc::Receiver<Asked>) -> Asked {
    asked.recv_timeout(Duration::from_secs(30)).expect("a question")
}

/// Creates a matter of a kind; gives its id.
async fn create(person: &Person, node: &Node, kind: &str) -> String {
    let url = format!("{}/api/items?module=matters&kind={kind}", node.address);
    let body = json!({"fields": {"title": "一件事"}});
    let answer = person.send(Method::POST, url, None, Some(&body)).await.unwrap();
    let item: Json = answer.json().await.unwrap();
    item["id"].as_str().unwrap_or_else(|| panic!("{item}")).to_owned()
}

/// The state of an item and the number that another system gave it.
async fn seen(person: &Person, node: &Node, item: &str) -> (Json, Json) {
    let seen = person.get(node, &format!("/items/{item}")).await;
    let number = seen["values"].as_array().unwrap().iter().find(|value| value["name"] == "number");
    (seen["state"].clone(), number.unwrap()["value"].clone())
}

async fn until_done(person: &Person, node: &Node, item: &str) {
    let done = async {
        while seen(person, node, item).await.0 != "done" {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), done).await.expect("it is done");
}

async fn move_clock(person: &Person, node: &Node, to: &str) {
    let url = format!("{}/api/demo/clock", node.address);
    let answer = person.send(Method::POST, url, None, Some(&json!({"to": to}))).await.unwrap();
    assert!(answer.status().is_success());
}

async fn killed_while_asking(database: Option<&str>) {
    let folder = tempfile::tempdir().unwrap();
    let (address, asked) = other_system();
    let service = json!({"url": address, "secret": SECRET, "timeout_s": 10, "allow_http": true, "allow_private": true});
    let prepared = prepare(folder.path(), &json!({"archive": service}));
    let data = folder.path().join("data");
    let start = || Node::with(&data, database, None, &options(&prepared, &["--now", "2026-03-02T09:00:00+08:00"]));
    let node = start();
    let person = Person::sign_in(&node).await;
    let item = create(&person, &node, "asking").await;
    // The other system has got the question when the process dies; whether it did anything nobody knows.
    let first = next(&asked);
    node.kill();
    let id = first.id.clone();
    drop(first);
    let node = start();
    assert_eq!(seen(&person, &node, &item).await, (json!("open"), Json::Null), "nothing is lost");
    // Till its lease has passed another node might still be asking.
    move_clock(&person, &node, "2026-03-02T09:01:00+08:00").await;
    let again = next(&asked);
    assert_eq!(again.id, id, "the same key, by which the other system knows it again");
    again.answer(r#"{"number": "D-7"}"#);
    until_done(&person, &node, &item).await;
    node.kill();
    let node = start();
    move_clock(&person, &node, "2026-03-03T09:00:00+08:00").await;
    assert_eq!(seen(&person, &node, &item).await, (json!("done"), json!("D-7")));
    assert!(asked.try_recv().is_err(), "nothing happens twice");
    node.kill();
    let settings = Settings { demo: true, database_url: database.map(str::to_owned), ..Settings::new(&data) };
    let app = App::open(settings).await.unwrap();
    runner::verify(&app, item.parse::<Id>().unwrap().root()).await.unwrap();
    app.db.close().await.unwrap();
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

#[test]
fn a_question_survives_the_process_that_asked_it() {
    runtime().block_on(async {
        killed_while_asking(None).await;
        if let Some(database) = Database::create().await {
            killed_while_asking(Some(&database.url)).await;
            database.remove().await;
        }
    });
}

/// The script of docs/operations.md, as it stands there.
fn documented() -> String {
    let text = include_str!("../../../docs/operations.md");
    let section = text.split("## Messages from other systems").nth(1).expect("the section");
    section.split("```sh\n").nth(1).and_then(|rest| rest.split("```").next()).expect("the example").to_owned()
}

#[test]
fn the_documented_example_of_a_message_is_taken() {
    let absent = |program: &str| Command::new(program).arg("--help").output().is_err();
    if absent("curl") || absent("openssl") {
        eprintln!("skipped: curl and openssl are not here");
        return;
    }
    on_each_database(|place| {
        let folder = tempfile::tempdir().unwrap();
        let service = json!({"secret": SECRET, "messages": ["filed"]});
        let prepared = prepare(folder.path(), &json!({"archive": service}));
        let node = Node::with(&folder.path().join("data"), place.database(), None, &options(&prepared, &[]));
        runtime().block_on(async {
            let person = Person::sign_in(&node).await;
            let item = create(&person, &node, "waiting").await;
            let output = Command::new("sh")
                .args(["-euc", &documented()])
                .envs([("DOCKET", node.address.as_str()), ("SECRET", SECRET), ("ITEM", item.as_str())])
                .output()
                .unwrap();
            let told = String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success(), "{told} {}", String::from_utf8_lossy(&output.stderr));
            let answer: Json = serde_json::from_str(&told).unwrap();
            assert_eq!(answer["item"], item.as_str());
            assert_eq!(seen(&person, &node, &item).await, (json!("done"), json!("D-7")));
        });
    });
}
