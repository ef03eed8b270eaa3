//! Installations with the shipped configuration and the demo organisation.

use std::path::Path;

use docket_engine::id::PersonId;
use docket_server::{
    app::{
        imports::{Order, Upload},
        organisation,
    },
    db::entity::item,
    settings::{Settings, Web},
    state::App,
};
use sea_orm::{ColumnTrait, ConnectionTrait, Database, EntityTrait, QueryFilter, QueryOrder};

/// The module that the tests import into.
pub(crate) const MODULE: &str = "yiji-liangda-sanqu";

/// Everybody's password.
pub(crate) const PASSWORD: &str = "correct horse";

/// Runs `test` on an installation of its own with the demo organisation, once for each database.
pub(crate) fn on_each_database(test: impl AsyncFn(App)) {
    on_each_empty_database(async |app| {
        assert!(organisation::seed_demo(&app, PASSWORD).await.unwrap());
        test(app).await;
    });
}

/// Runs `test` on an installation without an organisation, once for each database.
pub(crate) fn on_each_empty_database(test: impl AsyncFn(App)) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        test(App::open(settings(folder.path(), None)).await.unwrap()).await;
        if let Ok(server) = std::env::var("DOCKET_TEST_POSTGRES") {
            let (database, url) = create_database(&server).await;
            let folder = tempfile::tempdir().unwrap();
            let app = App::open(settings(folder.path(), Some(url))).await.unwrap();
            test(app.clone()).await;
            app.db.close().await.unwrap();
            drop_database(&server, &database).await;
        }
    });
}

fn settings(folder: &Path, database_url: Option<String>) -> Settings {
    let now = "2026-11-25T09:00:00+08:00".parse().unwrap();
    // Cheap hashes: what is tested here is not how long they take.
    let web = Web { hash_memory_kib: 8, hash_passes: 1, ..Web::default() };
    Settings { demo: true, now: Some(now), database_url, web, ..Settings::new(folder) }
}

/// A database of its own for one test.
async fn create_database(server: &str) -> (String, String) {
    let name = format!("import_{}_{}", std::process::id(), random());
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

fn random() -> u32 {
    use std::hash::{BuildHasher as _, RandomState};
    u32::try_from(RandomState::new().hash_one(0) >> 32).unwrap()
}

/// The person with this staff number.
pub(crate) fn person(app: &App, code: &str) -> PersonId {
    app.org().people().find(|person| person.code == code).unwrap().id
}

/// A file of `tests/fixtures`.
pub(crate) fn fixture(name: &str) -> Upload {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
    Upload { name: name.to_owned(), bytes: std::fs::read(path).unwrap() }
}

/// An import of all categories.
pub(crate) fn order() -> Order {
    let categories = ["一极", "两大", "三区"].map(str::to_owned).to_vec();
    Order { module: MODULE.to_owned(), kind: "task".to_owned(), categories }
}

/// A text table with one row: the title, and the lead unit.
pub(crate) fn table(rows: &[(&str, &str)]) -> Upload {
    let mut lines = vec!["任务名称,牵头单位,事项分类,反馈周期,完成时限".to_owned()];
    lines.extend(rows.iter().map(|(title, unit)| format!("{title},{unit},一极,按周,2026-12-31")));
    Upload { name: "rows.csv".to_owned(), bytes: lines.join("\n").into_bytes() }
}

/// The items of the ledger that lie below no other, in the order of their ids.
pub(crate) async fn items(app: &App) -> Vec<item::Model> {
    let items = item::Entity::find().filter(item::Column::ParentId.is_null()).order_by_asc(item::Column::Id);
    items.all(app.db.reader()).await.unwrap()
}
