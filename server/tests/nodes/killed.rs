//! A process that is killed at any moment loses nothing that it acknowledged, and does nothing twice.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use docket_engine::id::Id;
use docket_server::{app::runner, settings::Settings, state::App};

use super::{
    database::Database,
    node::{MODULE, Node, Person},
};

/// How often the process is killed, on each database.
const KILLS: u32 = 50;
/// Requests at a time.
const WORKERS: u32 = 4;

#[test]
fn nothing_acknowledged_is_lost_and_nothing_happens_twice_on_sqlite() {
    runtime().block_on(kill_often(None));
}

#[test]
fn nothing_acknowledged_is_lost_and_nothing_happens_twice_on_postgresql() {
    runtime().block_on(async {
        let Some(database) = Database::create().await else {
            eprintln!("skipped: DOCKET_TEST_POSTGRES is not set");
            return;
        };
        kill_often(Some(&database.url)).await;
        database.remove().await;
    });
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// What the client knows of its commands.
#[derive(Default)]
struct Ledger {
    /// The item that each key was answered with.
    acknowledged: Mutex<BTreeMap<u32, String>>,
    /// Keys whose answer did not come.
    unsure: Mutex<Vec<u32>>,
    next: AtomicU32,
}

impl Ledger {
    /// The next key to send: first those that were not answered.
    fn take(&self) -> u32 {
        let unsure = self.unsure.lock().unwrap().pop();
        unsure.unwrap_or_else(|| self.next.fetch_add(1, Ordering::Relaxed))
    }
}

/// Sends commands until the process no longer answers.
async fn work(ledger: Arc<Ledger>, person: Person, address: String, unit: String, news: Arc<tokio::sync::Notify>) {
    loop {
        let number = ledger.take();
        let key = format!("command-{number}");
        let Some(item) = person.create(&address, &unit, &key, &title(number)).await else {
            ledger.unsure.lock().unwrap().push(number);
            return;
        };
        let before = ledger.acknowledged.lock().unwrap().insert(number, item.clone());
        assert!(before.is_none_or(|before| before == item), "{key} was answered in two ways");
        news.notify_one();
    }
}

fn title(number: u32) -> String {
    format!("第 {number} 件事")
}

async fn kill_often(database: Option<&str>) {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Arc::new(Ledger::default());
    let mut node = Node::start(folder.path(), database, None);
    let person = Person::sign_in(&node).await;
    let unit = person.unit(&node).await;
    for round in 0..KILLS {
        let news = Arc::new(tokio::sync::Notify::new());
        let mut workers = tokio::task::JoinSet::new();
        for _ in 0..WORKERS {
            let (ledger, person, news) = (Arc::clone(&ledger), person.clone(), Arc::clone(&news));
            workers.spawn(work(ledger, person, node.address.clone(), unit.clone(), news));
        }
        // Each time after another number of answers, while other requests are under way.
        for _ in 0..=(round * 7 % 5) {
            news.notified().await;
        }
        node.kill();
        while let Some(ended) = workers.join_next().await {
            ended.unwrap();
        }
        node = Node::start(folder.path(), database, None);
    }
    settle(&ledger, &person, &node, &unit).await;
    check(&ledger, &person, &node).await;
    node.kill();
    replays(folder.path(), database, &ledger).await;
}

/// Sends again what was not answered.
async fn settle(ledger: &Ledger, person: &Person, node: &Node, unit: &str) {
    let unsure = std::mem::take(&mut *ledger.unsure.lock().unwrap());
    for number in unsure {
        let item = person.create(&node.address, unit, &format!("command-{number}"), &title(number)).await.unwrap();
        ledger.acknowledged.lock().unwrap().insert(number, item);
    }
}

/// Every command has its one item, and there is no other.
async fn check(ledger: &Ledger, person: &Person, node: &Node) {
    let mut found = BTreeMap::new();
    for page in 1.. {
        let path = format!("/items?module={MODULE}&kind=task&sort=title&per_page=100&page={page}");
        let list = person.get(node, &path).await;
        let rows = list["rows"].as_array().unwrap();
        if rows.is_empty() {
            break;
        }
        for row in rows {
            let (title, id) = (row["title"].as_str().unwrap().to_owned(), row["id"].as_str().unwrap().to_owned());
            assert_eq!(found.insert(title.clone(), id), None, "{title} is there twice");
        }
    }
    let acknowledged = ledger.acknowledged.lock().unwrap();
    let expected: BTreeMap<String, String> =
        acknowledged.iter().map(|(number, item)| (title(*number), item.clone())).collect();
    assert!(acknowledged.len() >= KILLS as usize);
    assert_eq!(found, expected);
}

/// Every history is an unbroken chain that gives what is stored.
async fn replays(folder: &Path, database: Option<&str>, ledger: &Ledger) {
    let settings = Settings { demo: true, database_url: database.map(str::to_owned), ..Settings::new(folder) };
    let app = App::open(settings).await.unwrap();
    let items: Vec<String> = ledger.acknowledged.lock().unwrap().values().cloned().collect();
    for item in items {
        runner::verify(&app, item.parse::<Id>().unwrap().root()).await.unwrap();
    }
    app.db.close().await.unwrap();
}
