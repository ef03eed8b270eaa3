//! `docket migrate` over many instances: part by part, killed in between, started again, taken back, confirmed.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
};

use docket_engine::{
    command::{Actor, Command as Engine},
    id::Id,
    source::File,
};
use docket_server::{
    app::{
        definitions, organisation,
        runner::{self, Request},
    },
    settings::Settings,
    state::App,
};
use futures_util::{StreamExt as _, stream};
use serde_json::{Value as Json, json};

use super::{database::Database, node::MODULE};

const MAP: [&str; 3] = ["task-lifecycle", "--map", "underway=doing"];

/// With `DOCKET_MIGRATE_INSTANCES=10000` over as many instances as that, which takes minutes.
#[test]
fn a_migration_that_is_killed_goes_on_where_it_was_and_needs_no_more_memory_for_more_instances() {
    let count = std::env::var("DOCKET_MIGRATE_INSTANCES").map_or(350, |count| count.parse().unwrap());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        story(None, count).await;
        if let Some(database) = Database::create().await {
            story(Some(&database.url), count).await;
            database.remove().await;
        }
    });
}

/// One installation.
struct Place<'a> {
    folder: &'a Path,
    database: Option<&'a str>,
}

impl Place<'_> {
    async fn open(&self) -> App {
        let database_url = self.database.map(str::to_owned);
        App::open(Settings { demo: true, database_url, ..Settings::new(self.folder) }).await.unwrap()
    }

    fn start(&self, arguments: &[&str]) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_docket"));
        command.env_remove("DATABASE_URL").env_remove("REDIS_URL").envs(self.database.map(|url| ("DATABASE_URL", url)));
        command.env("DOCKET_DATA", self.folder).env("LC_ALL", "en");
        command.args(["migrate", "--json"]).args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap()
    }

    /// Kills the command once it has told so many times how far it has come.
    fn killed(&self, arguments: &[&str], lines: usize) {
        let mut child = self.start(arguments);
        let mut told = BufReader::new(child.stderr.take().unwrap()).lines();
        let out = child.stdout.take().unwrap();
        let rest = std::thread::spawn(move || BufReader::new(out).lines().for_each(drop));
        for _ in 0..lines {
            told.next().unwrap().unwrap();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        rest.join().unwrap();
    }

    /// The exit code, the last line, and the most memory that it had by the first and the last word of how far it had come.
    fn run(&self, arguments: &[&str]) -> (i32, Json, Option<(u64, u64)>) {
        let mut child = self.start(arguments);
        let (id, told) = (child.id(), BufReader::new(child.stderr.take().unwrap()).lines());
        let watch = std::thread::spawn(move || {
            let peaks: Vec<u64> = told.filter_map(|_| peak_kib(id)).collect();
            Some((*peaks.first()?, *peaks.last()?))
        });
        let last = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok).last();
        let code = child.wait().unwrap().code().unwrap();
        (code, serde_json::from_str(&last.unwrap_or_default()).unwrap_or_default(), watch.join().unwrap())
    }
}

/// The most memory that a process has had, in KiB.
fn peak_kib(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// An installation with so many running instances, and a newer definition in which their node has another name.
async fn prepare(place: &Place<'_>, count: usize) -> Vec<i64> {
    let app = place.open().await;
    organisation::seed_demo(&app, "correct horse").await.unwrap();
    let unit = app.org().units().map(|unit| unit.id).min().unwrap();
    let roots = stream::iter(0..count).map(|number| create(&app, number, unit.to_string())).buffered(8).collect().await;
    let files: Vec<Arc<File>> = definitions::shipped()
        .into_iter()
        .map(|file| {
            let workflow = file.path.starts_with("workflows/");
            let text = if workflow { file.text.replace("underway", "doing") } else { file.text.clone() };
            Arc::new(File { path: file.path.clone(), text })
        })
        .collect();
    definitions::publish(&app, &files, None).await.unwrap();
    app.db.close().await.unwrap();
    roots
}

async fn create(app: &App, number: usize, unit: String) -> i64 {
    let fields =
        json!({"title": format!("第 {number} 件事"), "lead_unit": unit, "category": ["一极"], "cycle": "week"});
    let fields = serde_json::from_value(fields).unwrap();
    let command = Engine::Create { module: MODULE.into(), kind: "task".into(), fields, enter: None };
    let request = Request::new(Actor::System, format!("create-{number}"), None, command);
    runner::execute(app, request).await.unwrap().root
}

async fn story(database: Option<&str>, count: usize) {
    let folder = tempfile::tempdir().unwrap();
    let place = Place { folder: folder.path(), database };
    let roots = prepare(&place, count).await;
    let (code, stranded, _) = place.run(&["task-lifecycle"]);
    assert_eq!((code, &stranded), (1, &json!({"moved": 0, "left": count})), "without a mapping");
    let (code, looked, memory) = place.run(&[MAP.as_slice(), &["--dry-run"]].concat());
    assert_eq!((code, &looked), (0, &json!({"movable": count, "left": 0})));
    bounded(memory, "--dry-run", count);
    place.killed(&MAP, 1);
    let began = std::time::Instant::now();
    let (code, rest, memory) = place.run(&MAP);
    let moved = usize::try_from(rest["moved"].as_u64().unwrap()).unwrap();
    assert!(code == 0 && moved > 0 && moved <= count - 100, "{rest}: what was moved before stays moved");
    eprintln!("{count} instances: {moved} moved in {:?}, {memory:?} KiB", began.elapsed());
    bounded(memory, "migrate", count);
    let (code, again, _) = place.run(&MAP);
    assert_eq!((code, &again), (0, &json!({"moved": 0, "left": 0})), "again, there is nothing to do");
    place.killed(&["task-lifecycle", "--back"], 1);
    let (code, back, _) = place.run(&["task-lifecycle", "--back"]);
    assert!(code == 0 && back["back"].as_u64().is_some_and(|back| back > 0), "{back}");
    let (code, again, _) = place.run(&MAP);
    assert_eq!((code, &again), (0, &json!({"moved": count, "left": 0})));
    // One goes back: both versions are in use.
    let one = Id::root_item(roots[0]).to_string();
    let (code, single, _) = place.run(&["task-lifecycle", "--back", "--item", &one]);
    assert_eq!((code, &single), (0, &json!({"back": 1, "left": 0})));
    place.killed(&["task-lifecycle", "--confirm"], 1);
    let (code, confirmed, _) = place.run(&["task-lifecycle", "--confirm"]);
    assert!(code == 0 && confirmed["confirmed"].as_u64().is_some_and(|rest| rest > 0), "{confirmed}");
    let (_, none, _) = place.run(&["task-lifecycle", "--back"]);
    assert_eq!(none, json!({"back": 0, "left": 0}));
    let app = place.open().await;
    for root in roots.iter().step_by(count / 100) {
        runner::verify(&app, *root).await.unwrap();
    }
    app.db.close().await.unwrap();
}

/// The page caches of SQLite, 16 MiB for each connection, may fill up meanwhile; nothing else grows.
const CACHES_KIB: u64 = 80 * 1024;

/// What is kept does not grow with what has been handled.
fn bounded(memory: Option<(u64, u64)>, what: &str, count: usize) {
    if let Some((first, last)) = memory {
        assert!(last < first + CACHES_KIB, "{what} of {count}: {first} KiB became {last} KiB");
    }
}
