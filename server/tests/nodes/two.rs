//! Two nodes on one database wake each other's streams, with Redis and without.

use std::time::Duration;

use futures_util::StreamExt as _;
use reqwest::Method;

use super::{
    database::Database,
    node::{Node, Person},
};

#[test]
fn what_one_node_does_the_other_ones_streams_tell() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let redis = std::env::var("DOCKET_TEST_REDIS").ok();
        for redis in [None, redis.as_deref()] {
            let Some(database) = Database::create().await else {
                eprintln!("skipped: DOCKET_TEST_POSTGRES is not set");
                return;
            };
            told(&database.url, redis).await;
            database.remove().await;
        }
    });
}

async fn told(database: &str, redis: Option<&str>) {
    let folder = tempfile::tempdir().unwrap();
    // Both find the database empty, at the same time.
    let (one, other) = std::thread::scope(|scope| {
        let starting = scope.spawn(|| Node::start(folder.path(), Some(database), redis));
        (Node::start(folder.path(), Some(database), redis), starting.join().unwrap())
    });
    let person = Person::sign_in(&one).await;
    // The session is the same on both: nodes share nothing but the database.
    let stream = person.send(Method::GET, format!("{}/api/events", other.address), None, None).await.unwrap();
    assert!(stream.status().is_success());
    let mut bytes = stream.bytes_stream();
    let mut heard = String::new();
    let unit = person.unit(&one).await;
    let listening = async {
        let mut item = None;
        while let Some(part) = bytes.next().await {
            heard.push_str(&String::from_utf8_lossy(&part.unwrap()));
            if item.is_none() && heard.contains("event: hello") {
                item = person.create(&one.address, &unit, "the-only-one", "一件事").await;
            }
            if heard.contains("\"items\"") && item.as_ref().is_some_and(|id| heard.contains(&format!("item:{id}"))) {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), listening).await.expect("the other node hears of it");
    let list = person.get(&other, "/todo").await;
    assert_eq!(list["total"], 0);
}
