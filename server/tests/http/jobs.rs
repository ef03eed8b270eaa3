//! Timers and effects that fail are tried again later, then left for somebody to look at, and never lost.

use std::{sync::Arc, time::Duration};

use docket_engine::{
    effect::Effect,
    id::{Id, PersonId},
    source::File,
};
use docket_server::{
    app::{
        definitions,
        failing::{self, Counts, Failing, Which},
        runner,
    },
    db::entity::{command, outbox, root, timer},
    state::App,
};
use jiff::SignedDuration;
use sea_orm::{
    ActiveModelTrait as _,
    ActiveValue::{NotSet, Set},
    ColumnTrait as _, EntityTrait, PaginatorTrait as _, QueryFilter as _, QuerySelect as _,
};
use serde_json::json;

use super::{
    client::Client,
    installation::{Installation, MODULE, on_each_database},
};

/// How often a row is tried.
const ATTEMPTS: i32 = 10;

/// Waits until `reached` says so.
pub(crate) async fn until(what: &str, reached: impl AsyncFn() -> bool) {
    let waiting = async {
        while !reached().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), waiting).await.expect(what);
}

/// The rows that failed, as soon as there is one with this many attempts.
pub(crate) async fn failed(installation: &Installation, attempts: i32) -> Vec<Failing> {
    let list = async || failing::list(&installation.app).await.unwrap();
    until("the attempt", async || list().await.iter().any(|row| row.attempts == attempts)).await;
    list().await
}

/// Lets a row fail until it is left alone.
async fn use_up(installation: &Installation) -> Failing {
    for attempts in 1..=ATTEMPTS {
        let rows = failed(installation, attempts).await;
        assert_eq!(rows[0].next_attempt.is_none(), attempts == ATTEMPTS, "{rows:?}");
        let later = installation.app.now() + SignedDuration::from_mins(11);
        installation.app.move_clock(later).await.unwrap();
    }
    failed(installation, ATTEMPTS).await.remove(0)
}

pub(crate) async fn notice(installation: &Installation, root: i64, template: &str, to: i64) {
    let effect = Effect::Notify {
        template: template.into(),
        item: Id::root_item(root),
        task: None,
        to: vec![PersonId(to)],
        data: serde_json::Map::new(),
        causes: Vec::new(),
    };
    let row = outbox::ActiveModel {
        id: NotSet,
        root_id: Set(root),
        effect: Set(serde_json::to_string(&effect).unwrap()),
        created_at: Set(0),
        delivered_at: Set(None),
        attempts: Set(0),
        next_attempt_at: Set(None),
        last_error: Set(None),
        service: Set(None),
    };
    let write = installation.app.db.write().await.unwrap();
    outbox::Entity::insert(row).exec_without_returning(&*write).await.unwrap();
    write.commit().await.unwrap();
}

/// The shipped definitions with a template of plain text.
fn with_template(name: &str) -> Vec<Arc<File>> {
    let text = format!("template: {name}\ntitle: {{zh: 你好, en: Hello}}\nbody: {{zh: 你好, en: Hello}}\n");
    let template = Arc::new(File { path: format!("templates/{name}.yaml"), text });
    definitions::shipped().into_iter().chain([template]).collect()
}

#[test]
fn a_notice_without_its_template_waits_and_goes_out_once_when_it_is_tried_again() {
    on_each_database(async |installation: &Installation| {
        let app = &installation.app;
        let supervisor = installation.holder("supervisor").await;
        let me = supervisor.get("/me").await.ok()["person"]["id"].as_str().unwrap().parse().unwrap();
        let department = &installation.departments()[0];
        let root = installation.task_for(&supervisor, "一件事", department.unit).await.parse::<Id>().unwrap().root();
        definitions::publish(app, &with_template("present"), None).await.unwrap();
        notice(installation, root, "absent", me).await;
        let first = failed(installation, 1).await;
        assert_eq!(failing::counts(app).await.unwrap(), Counts { stuck: 0, retrying: 1 });
        assert!(first[0].next_attempt.unwrap() > app.now());
        // What comes after it on the same item keeps its place.
        notice(installation, root, "present", me).await;
        let stuck = use_up(installation).await;
        assert!(stuck.last_error.contains("absent"), "{stuck:?}");
        assert_eq!((stuck.item, stuck.title.as_deref()), (Id::root_item(root), Some("一件事")));
        let health = supervisor.get("/health").await.ok();
        assert_eq!((&health["stuck"], &health["retrying"]), (&json!(1), &json!(0)));
        let notices = async || supervisor.get("/notices").await.ok()["total"].as_u64().unwrap();
        until("what came after it", async || notices().await == 1).await;

        assert_eq!(failing::retry(app, &Which::One("effect/999999".to_owned())).await.unwrap(), 0);
        assert_eq!(failing::retry(app, &Which::One("timer".to_owned())).await.unwrap(), 0);
        let files: Vec<_> = with_template("present").into_iter().chain(with_template("absent").pop()).collect();
        definitions::publish(app, &files, None).await.unwrap();
        assert_eq!(failing::retry(app, &Which::One(stuck.id)).await.unwrap(), 1);
        until("the notice", async || notices().await == 2).await;
        assert_eq!(failing::counts(app).await.unwrap(), Counts { stuck: 0, retrying: 0 });
    });
}

/// What one node works at does not hold up the others: on SQLite there is one writer at a time anyway.
#[test]
fn a_timer_whose_item_is_held_does_not_hold_up_the_others() {
    on_each_database(async |installation: &Installation| {
        let app = &installation.app;
        if app.db.is_sqlite() {
            return;
        }
        let departments = installation.departments();
        let supervisor = installation.holder("supervisor").await;
        let held = installation.task_for(&supervisor, "甲", departments[0].unit).await.parse::<Id>().unwrap().root();
        installation.task_for(&supervisor, "乙", departments[1].unit).await;
        let first = installation.signed_in(&departments[0].handler).await;
        let second = installation.signed_in(&departments[1].handler).await;
        let write = app.db.write().await.unwrap();
        root::Entity::find_by_id(held).lock_exclusive().one(&*write).await.unwrap().unwrap();
        supervisor.post("/demo/clock", &json!({"days": 5})).await.ok();
        let tasks = async |client: &Client| client.get("/todo").await.ok()["total"].as_u64().unwrap();
        until("the other timer", async || tasks(&second).await == 1).await;
        assert_eq!(tasks(&first).await, 0);
        write.commit().await.unwrap();
        until("the held timer", async || tasks(&first).await == 1).await;
        assert_eq!(failing::counts(app).await.unwrap(), Counts { stuck: 0, retrying: 0 });
    });
}

/// Keys are kept for a number of days; what they did stays.
#[test]
fn keys_of_commands_go_when_they_are_old() {
    on_each_database(async |installation: &Installation| {
        let app = &installation.app;
        let supervisor = installation.holder("supervisor").await;
        let department = &installation.departments()[0];
        let path = format!("/items?module={MODULE}&kind=task");
        let body = json!({"fields": Installation::fields("一件事", department.unit)});
        let create = async || supervisor.post_once("create-key", &path, &body).await.ok()["id"].clone();
        let item = create().await;
        let keys = async || command::Entity::find().count(app.db.reader()).await.unwrap();
        let later = async |days: i64| supervisor.post("/demo/clock", &json!({"days": days})).await.ok();
        later(89).await;
        until("the timers of these days", async || failing_or_due(app).await == 0).await;
        assert_eq!(create().await, item, "the same answer after 89 days");
        let before = keys().await;
        later(2).await;
        until("the old keys are gone", async || {
            command::Entity::find_by_id(scoped_key(&supervisor).await).one(app.db.reader()).await.unwrap().is_none()
        })
        .await;
        assert!(before > 0);
        let root = item.as_str().unwrap().parse::<Id>().unwrap().root();
        runner::verify(app, root).await.unwrap();
    });
}

/// Timers that are due and have not fired.
async fn failing_or_due(app: &App) -> u64 {
    timer::Entity::find()
        .filter(timer::Column::DueAt.lte(app.now().as_millisecond()))
        .count(app.db.reader())
        .await
        .unwrap()
}

/// The key of the item's creation as it is stored.
async fn scoped_key(supervisor: &Client) -> String {
    format!("{}/create-key", supervisor.get("/me").await.ok()["person"]["id"].as_str().unwrap())
}

#[test]
fn a_timer_for_which_nothing_waits_is_left_for_somebody_to_look_at() {
    on_each_database(async |installation: &Installation| {
        let app = &installation.app;
        let supervisor = installation.holder("supervisor").await;
        let department = &installation.departments()[0];
        let root = installation.task_for(&supervisor, "一件事", department.unit).await.parse::<Id>().unwrap().root();
        let row = timer::Model {
            id: Id::below(root, 900).raw(),
            root_id: root,
            instance_id: Id::below(root, 901).raw(),
            token: 0,
            purpose: r#""every""#.to_owned(),
            due_at: 0,
            paused: false,
            attempts: 0,
            next_attempt_at: None,
            last_error: None,
            count: 0,
            first_at: None,
        };
        let write = app.db.write().await.unwrap();
        timer::Entity::insert(timer::ActiveModel::from(row).reset_all()).exec_without_returning(&*write).await.unwrap();
        write.commit().await.unwrap();
        app.wake.timers.notify_one();
        let stuck = use_up(installation).await;
        assert_eq!(stuck.id, format!("timer/{}", Id::below(root, 900)));
        assert!(!stuck.last_error.is_empty());
        assert_eq!(failing::retry(app, &Which::All).await.unwrap(), 1);
        assert_eq!(failed(installation, 1).await.len(), 1);
    });
}
