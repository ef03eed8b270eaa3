//! An installation with the shipped configuration and the demo organisation, on each database, with its jobs running.

use std::{path::Path, sync::Arc, time::Duration};

use docket_engine::{
    id::{PersonId, UnitId},
    org::Person,
    source::File,
};
use docket_server::{
    api::serve,
    app::{definitions, organisation},
    jobs::Jobs,
    security::Security,
    services::Services,
    settings::{Settings, Web},
    state::App,
};
use poem::endpoint::BoxEndpoint;
use sea_orm::{ConnectionTrait, Database};
use serde_json::{Value as Json, json};

use super::client::Client;

/// The module of these tests.
pub(crate) const MODULE: &str = "yiji-liangda-sanqu";
/// Everybody's password.
pub(crate) const PASSWORD: &str = "correct horse";
/// When these tests begin: a Monday.
pub(crate) const BEGIN: &str = "2026-03-02T09:00:00+08:00";

/// One installation.
pub(crate) struct Installation {
    pub(crate) app: App,
    endpoint: Arc<BoxEndpoint<'static>>,
}

/// Runs `test` on an installation of its own, once for each database.
pub(crate) fn on_each_database(test: impl AsyncFn(&Installation)) {
    on_each(&|_| {}, test);
}

/// As [`on_each_database`], with other systems to ask.
pub(crate) fn on_each_database_with(services: Services, test: impl AsyncFn(&Installation)) {
    on_each(&move |settings| settings.services = services.clone(), test);
}

/// As [`on_each_database`], with these security settings.
pub(crate) fn on_each_database_secured(security: &Json, test: impl AsyncFn(&Installation)) {
    let security = Security::read(&security.to_string()).unwrap();
    on_each(&move |settings| settings.security = security.clone(), test);
}

#[expect(clippy::needless_pass_by_value, reason = "a closure reads better at the calls than a reference to one")]
fn on_each(set: &dyn Fn(&mut Settings), test: impl AsyncFn(&Installation)) {
    let test = &test;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        run(settings(folder.path(), None, set), test).await;
        if let Ok(server) = std::env::var("DOCKET_TEST_POSTGRES") {
            let (database, url) = create_database(&server).await;
            let folder = tempfile::tempdir().unwrap();
            run(settings(folder.path(), Some(url), set), test).await;
            drop_database(&server, &database).await;
        }
    });
}

async fn run(settings: Settings, test: &impl AsyncFn(&Installation)) {
    let app = App::open(settings).await.unwrap();
    assert!(organisation::seed_demo(&app, PASSWORD).await.unwrap());
    let jobs = Jobs::start(&app);
    let endpoint = Arc::new(serve::endpoint(app.clone()));
    test(&Installation { app: app.clone(), endpoint }).await;
    jobs.stop().await;
    app.db.close().await.unwrap();
}

fn settings(folder: &Path, database_url: Option<String>, set: &dyn Fn(&mut Settings)) -> Settings {
    // Cheap hashes: what is tested here is not how long they take.
    let web = Web { hash_memory_kib: 8, hash_passes: 1, ..Web::default() };
    let now = Some(BEGIN.parse().unwrap());
    let mut settings = Settings { demo: true, now, database_url, web, ..Settings::new(folder) };
    settings.security = Security::demonstration();
    set(&mut settings);
    settings
}

async fn create_database(server: &str) -> (String, String) {
    use std::hash::{BuildHasher as _, RandomState};
    let name = format!("http_{}_{}", std::process::id(), RandomState::new().hash_one(0));
    let db = Database::connect(server).await.unwrap();
    db.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    db.close().await.unwrap();
    let base = server.rsplit_once('/').unwrap().0;
    (name.clone(), format!("{base}/{name}"))
}

async fn drop_database(server: &str, name: &str) {
    let db = Database::connect(server).await.unwrap();
    db.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
    db.close().await.unwrap();
}

/// A unit in which every step of the approval has somebody, with those people.
pub(crate) struct Department {
    pub(crate) unit: UnitId,
    pub(crate) handler: String,
    pub(crate) liaison: String,
    pub(crate) chief: String,
    pub(crate) deputy: String,
    pub(crate) head: String,
}

/// A report to write in the first department, and who has to do with it.
pub(crate) struct Report {
    pub(crate) department: Department,
    pub(crate) supervisor: Client,
    pub(crate) handler: Client,
    pub(crate) task: String,
}

impl Installation {
    /// A task has been handed out to the first department, and its first report is to be written.
    pub(crate) async fn report(&self) -> Report {
        let department = self.departments().remove(0);
        let supervisor = self.holder("supervisor").await;
        self.task_for(&supervisor, "一件事", department.unit).await;
        let handler = self.signed_in(&department.handler).await;
        self.move_clock(5, &handler, 1).await;
        let task = first_task(&handler).await;
        Report { department, supervisor, handler, task }
    }

    /// A client who has not signed in.
    pub(crate) fn stranger(&self) -> Client {
        Client::new(Arc::clone(&self.endpoint))
    }

    /// A client signed in as the person with this staff number.
    pub(crate) async fn signed_in(&self, code: &str) -> Client {
        let mut client = self.stranger();
        client.sign_in(code, PASSWORD).await.ok();
        client
    }

    /// The deputy heads of a unit, all of whom sign its reports.
    pub(crate) async fn deputies(&self, unit: UnitId) -> Vec<Client> {
        let mut signed_in = Vec::new();
        for person in self.app.org().holders("deputy_head", unit) {
            signed_in.push(self.signed_in(&self.person(*person).code).await);
        }
        signed_in
    }

    /// A client signed in as the first holder of a post of the whole district.
    pub(crate) async fn holder(&self, post: &str) -> Client {
        let person = self.app.org().holders_anywhere(post)[0];
        self.signed_in(&self.person(person).code).await
    }

    pub(crate) fn person(&self, id: PersonId) -> Person {
        self.app.org().person(id).unwrap().clone()
    }

    /// Fully staffed units, in the organisation's order.
    pub(crate) fn departments(&self) -> Vec<Department> {
        let org = self.app.org();
        let mut units: Vec<_> = org.units().collect();
        units.sort_by_key(|unit| (unit.order, unit.id));
        let code = |post: &str, unit| Some(self.person(*org.holders(post, unit).first()?).code);
        let department = |unit| {
            Some(Department {
                unit,
                handler: code("handler", unit)?,
                liaison: code("liaison", unit)?,
                chief: code("section_chief", unit)?,
                deputy: code("deputy_head", unit)?,
                head: code("department_head", unit)?,
            })
        };
        units.into_iter().filter_map(|unit| department(unit.id)).collect()
    }

    /// Publishes documents beside the shipped ones.
    pub(crate) async fn publish_beside(&self, text: impl Into<String>) {
        let file = File { path: "beside.yaml".into(), text: text.into() };
        let files: Vec<_> = definitions::shipped().into_iter().chain([Arc::new(file)]).collect();
        definitions::publish(&self.app, &files, None).await.unwrap();
    }

    /// The fields of a task that `unit` leads.
    pub(crate) fn fields(title: &str, unit: UnitId) -> Json {
        json!({
            "title": title, "lead_unit": unit.to_string(), "category": ["一极"], "cycle": "week", "due": "2026-12-31",
        })
    }

    /// A supervisor creates a task that `unit` leads; gives its id.
    pub(crate) async fn task_for(&self, supervisor: &Client, title: &str, unit: UnitId) -> String {
        Self::create(supervisor, &Self::fields(title, unit)).await
    }

    /// A supervisor creates a task of these fields; gives its id.
    pub(crate) async fn create(supervisor: &Client, fields: &Json) -> String {
        let path = format!("/items?module={MODULE}&kind=task");
        let item = supervisor.post(&path, &json!({"fields": fields})).await.ok();
        item["id"].as_str().unwrap().to_owned()
    }

    /// Moves the clock and waits until `person` has `tasks` tasks to do: the timers have fired then.
    pub(crate) async fn move_clock(&self, days: i32, person: &Client, tasks: u64) {
        let mut news = self.app.hub.subscribe();
        let supervisor = self.holder("supervisor").await;
        supervisor.post("/demo/clock", &json!({"days": days})).await.ok();
        let reached = async {
            while person.get("/todo").await.ok()["total"] != tasks {
                news.next().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), reached).await.expect("the timers fire");
    }
}

/// A person's id by his own account.
pub(crate) async fn id_of(client: &Client) -> Json {
    client.get("/me").await.ok()["person"]["id"].clone()
}

/// The texts of an item's history, the earliest first.
pub(crate) async fn history_of(client: &Client, item: &str) -> Vec<String> {
    let history = client.get(&format!("/items/{item}/history")).await.ok();
    assert_eq!(history["chain"], "intact");
    let entries = history["entries"].as_array().unwrap().iter().rev();
    entries.map(|entry| entry["text"].as_str().unwrap().to_owned()).collect()
}

/// The first task of a person's list.
pub(crate) async fn first_task(person: &Client) -> String {
    person.get("/todo").await.ok()["rows"][0]["task"].as_str().expect("a task to do").to_owned()
}
