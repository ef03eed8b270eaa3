//! Running instances move to another version of their workflow, and back (issue 4, versions and migration).

use std::sync::Arc;

use docket_engine::{
    command::{Actor, Command},
    id::Id,
    migrate::{Mapping, Why},
    rejection::Rejection,
    source::File,
};
use docket_server::{
    app::{
        definitions,
        migrations::{self, Order, Outcome, Refused, Row, Which},
        runner::{self, Request},
    },
    audit::Origin,
    db::entity::audit,
    state::App,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::{Value as Json, json};

use super::{
    client::Client,
    installation::{Installation, first_task, on_each_database},
};

const WORKFLOW: &str = "progress-report";

fn changed(from: &str, to: &str) -> Vec<Arc<File>> {
    let files = definitions::shipped().into_iter().map(|file| {
        // With the scenarios, which name nodes too.
        if !file.path.starts_with("workflows/") {
            return file;
        }
        Arc::new(File { path: file.path.clone(), text: file.text.replace(from, to) })
    });
    files.collect()
}

fn order(pairs: &[(&str, &str)]) -> Order {
    let nodes: Mapping = pairs.iter().map(|(old, new)| ((*old).into(), (*new).into())).collect();
    Order { workflow: WORKFLOW.into(), to: None, nodes, item: None }
}

/// What would become of the instances.
async fn looked_at(app: &App, order: &Order) -> Vec<Row> {
    let route = migrations::route(app, order).await.unwrap();
    let which = Which::Elsewhere(&route.to.workflow.version);
    let found = migrations::find(app, order, which, None).await.unwrap();
    migrations::look(app, order, &route, &found).await.unwrap()
}

/// Moves all that can be moved.
async fn moved(app: &App, order: &Order) -> Vec<Outcome> {
    let route = migrations::route(app, order).await.unwrap();
    let which = Which::Elsewhere(&route.to.workflow.version);
    let found = migrations::find(app, order, which, None).await.unwrap();
    migrations::carry_out(app, order, &route, &Origin::system(), &found).await.unwrap()
}

/// Confirms all that can be, or takes it back.
async fn settled(app: &App, back: bool) -> Vec<Outcome> {
    let found = migrations::find(app, &order(&[]), Which::Open, None).await.unwrap();
    migrations::settle(app, &order(&[]), &Origin::system(), &found, back).await.unwrap()
}

/// How many running reports are on another version than the one in force.
async fn older(installation: &Installation) -> u64 {
    migrations::older(&installation.app).await.unwrap().get(WORKFLOW).copied().unwrap_or_default()
}

#[test]
fn a_report_moves_with_its_task_and_goes_back_until_it_is_confirmed() {
    on_each_database(async |installation: &Installation| {
        let (app, department) = (&installation.app, &installation.departments()[0]);
        let supervisor = installation.holder("supervisor").await;
        let root = installation.task_for(&supervisor, "一件事", department.unit).await;
        let root = root.parse::<Id>().unwrap().root();
        let handler = installation.signed_in(&department.handler).await;
        installation.move_clock(5, &handler, 1).await;
        let task = first_task(&handler).await;
        handler
            .post(&format!("/tasks/{task}/complete"), &json!({"outcome": "submit", "form": {"progress": "一半"}}))
            .await
            .ok();
        let chief = installation.signed_in(&department.chief).await;
        let task = first_task(&chief).await;
        definitions::publish(app, &changed("section-review", "first-review"), None).await.unwrap();
        assert_eq!(older(installation).await, 1);

        let rows = looked_at(app, &order(&[])).await;
        let Err(Rejection::Strands { stranded }) = &rows[0].fate else { panic!("{:?}", rows[0].fate) };
        assert_eq!((stranded[0].node.as_str(), &stranded[0].why), ("section-review", &Why::Gone));
        let refused = moved(app, &order(&[])).await;
        assert!(matches!(refused[0].refused, Some(Rejection::Strands { .. })), "{refused:?}");
        let unknown = migrations::route(app, &order(&[("section-reviw", "first-review")])).await;
        assert!(matches!(unknown, Err(Refused::Mapping(_))), "{unknown:?}");

        let mapped = order(&[("section-review", "first-review")]);
        let rows = looked_at(app, &mapped).await;
        let foreseen = rows[0].fate.as_ref().unwrap();
        assert_eq!((foreseen.shown.places[0].to.as_str(), foreseen.reversible), ("first-review", true));
        let done = moved(app, &mapped).await;
        assert!(done.iter().all(|outcome| outcome.refused.is_none()), "{done:?}");
        assert!(moved(app, &mapped).await.is_empty(), "again, nothing is left to do");
        assert_eq!((older(installation).await, first_task(&chief).await), (0, task.clone()), "the same task");
        runner::verify(app, root).await.unwrap();

        let back = settled(app, true).await;
        assert!(back[0].refused.is_none(), "{back:?}");
        assert_eq!((older(installation).await, first_task(&chief).await), (1, task.clone()));
        runner::verify(app, root).await.unwrap();

        moved(app, &mapped).await;
        let confirmed = settled(app, false).await;
        assert!(confirmed[0].refused.is_none(), "{confirmed:?}");
        assert!(settled(app, true).await.is_empty());
        chief.post(&format!("/tasks/{task}/complete"), &json!({"outcome": "approve", "form": {}})).await.ok();
        runner::verify(app, root).await.unwrap();
        // The version that nobody runs on any more is not loaded by the next publication.
        let left = rows[0].from.workflow.version.clone();
        definitions::publish(app, &changed("section-review", "second-review"), None).await.unwrap();
        assert!(!app.registry().versions.contains_key(&left));
    });
}

/// The answer to a part of a migration.
async fn post(client: &Client, verb: &str, body: Json) -> Json {
    client.post(&format!("/config/workflows/{WORKFLOW}/{verb}"), &body).await.ok()
}

#[test]
fn over_http_what_is_wrong_is_told_and_others_are_refused() {
    on_each_database(async |installation: &Installation| {
        let department = &installation.departments()[0];
        let supervisor = installation.holder("supervisor").await;
        let admin = installation.holder("system_admin").await;
        installation.task_for(&supervisor, "一件事", department.unit).await;
        let handler = installation.signed_in(&department.handler).await;
        installation.move_clock(5, &handler, 1).await;
        definitions::publish(&installation.app, &changed("draft", "writing"), None).await.unwrap();
        let plan = format!("/config/workflows/{WORKFLOW}/migration");
        for client in [&supervisor, &handler] {
            client.get(&plan).await.problem(403, "forbidden");
            for verb in ["migrate", "migrate-back", "migrate-confirm"] {
                client
                    .post(&format!("/config/workflows/{WORKFLOW}/{verb}"), &json!({}))
                    .await
                    .problem(403, "forbidden");
            }
        }
        admin.get("/config/workflows/nothing/migration").await.problem(404, "not-found");
        admin.get(&format!("{plan}?to=zzz")).await.problem(422, "invalid");
        admin.get(&format!("{plan}?map=draft")).await.problem(422, "invalid");
        let faults = admin.get(&format!("{plan}?map=drafft%3Dwriting&map=section-review%3Dwritting")).await.faults();
        let fault = |code: &str| ("/nodes".to_owned(), code.to_owned());
        assert_eq!(faults, [fault("unknown-new"), fault("unknown-old")]);
        admin.get(&format!("{plan}?per_page=1000")).await.problem(422, "invalid");

        let twice = json!({"nodes": [{"old": "draft", "new": "writing"}, {"old": "draft", "new": "x"}]});
        admin.post(&format!("/config/workflows/{WORKFLOW}/migrate"), &twice).await.problem(422, "invalid");
        admin
            .post(&format!("/config/workflows/{WORKFLOW}/migrate"), &json!({"after": "x"}))
            .await
            .problem(422, "invalid");
    });
}

#[test]
fn over_http_those_who_may_look_move_take_back_and_confirm() {
    on_each_database(async |installation: &Installation| {
        let (app, department) = (&installation.app, &installation.departments()[0]);
        let supervisor = installation.holder("supervisor").await;
        let admin = installation.holder("system_admin").await;
        let root = installation.task_for(&supervisor, "一件事", department.unit).await;
        let root = root.parse::<Id>().unwrap().root();
        let handler = installation.signed_in(&department.handler).await;
        installation.move_clock(5, &handler, 1).await;
        let task = first_task(&handler).await;
        definitions::publish(app, &changed("draft", "writing"), None).await.unwrap();

        let plan = format!("/config/workflows/{WORKFLOW}/migration");
        let map = format!("{plan}?map=draft%3Dwriting");
        let shown = admin.get(&plan).await.ok();
        assert_eq!((&shown["total"], &shown["rows"][0]["verdict"]), (&json!(1), &json!("stranded")));
        let reason = shown["rows"][0]["reasons"][0]["text"].as_str().unwrap();
        assert!(reason.contains("draft=新节点"), "{reason}");
        assert_eq!(shown["rows"][0]["title"], Json::Null, "what it is about is not his to read");
        let english = admin.in_english().get(&plan).await.ok();
        assert!(english["rows"][0]["reasons"][0]["text"].as_str().unwrap().contains("no such step"));
        let left = post(&admin, "migrate", json!({})).await;
        assert_eq!((&left["rows"][0]["state"], &left["next"]), (&json!("stranded"), &Json::Null));

        let shown = admin.get(&map).await.ok();
        let foreseen = &shown["rows"][0]["foreseen"];
        assert_eq!(shown["rows"][0]["verdict"], "movable");
        assert_eq!((&foreseen["places"][0]["to"], &foreseen["reversible"]), (&json!("writing"), &json!(true)));
        let fates = shown["plans"][0]["nodes"].as_array().unwrap();
        assert!(
            fates.iter().any(|node| node["node"] == "draft" && node["fate"] == "mapped" && node["to"] == "writing")
        );
        let nodes = json!({"nodes": [{"old": "draft", "new": "writing"}]});
        assert_eq!(post(&admin, "migrate-back", json!({})).await["rows"], json!([]), "nothing was migrated");
        let moved = post(&admin, "migrate", nodes.clone()).await;
        assert_eq!(moved["rows"][0]["state"], "moved");
        assert_eq!(first_task(&handler).await, task, "the same task");
        assert_eq!(admin.get(&plan).await.ok()["open"], 1);
        runner::verify(app, root).await.unwrap();

        let item = shown["rows"][0]["item"].clone();
        assert_eq!(post(&admin, "migrate-back", json!({"item": "1"})).await["rows"], json!([]), "another item");
        let back = post(&admin, "migrate-back", json!({"item": item})).await;
        assert_eq!(back["rows"][0]["state"], "back");
        runner::verify(app, root).await.unwrap();
        post(&admin, "migrate", nodes).await;
        let done = json!({"outcome": "submit", "form": {"progress": "一半"}});
        handler.post(&format!("/tasks/{task}/complete"), &done).await.ok();
        let late = post(&admin, "migrate-back", json!({})).await;
        assert_eq!(late["rows"][0]["state"], "refused");
        assert!(late["rows"][0]["reasons"][0]["text"].as_str().unwrap().contains("又有人办理"), "{late}");
        assert_eq!(post(&admin, "migrate-confirm", json!({})).await["rows"][0]["state"], "confirmed");
        assert_eq!(admin.get(&plan).await.ok()["open"], 0);
        runner::verify(app, root).await.unwrap();
        let log = audit::Entity::find().filter(audit::Column::Act.eq("migrated")).all(app.db.reader()).await.unwrap();
        let how = |row: &audit::Model| serde_json::from_str::<Json>(&row.detail).unwrap()["how"].clone();
        let admins = app.org().holders_anywhere("system_admin")[0].0;
        assert!(log.iter().all(|row| row.actor_id == Some(admins)), "{log:?}");
        assert_eq!(
            log.iter().map(how).collect::<Vec<_>>(),
            ["migrate", "migrate", "back", "migrate", "back", "confirm"],
            "each attempt stands in the administrators' log"
        );
        let history = supervisor.get(&format!("/items/{root}/history")).await.ok();
        let texts = history["entries"].to_string();
        assert!(texts.contains("换到另一个版本") || history["chain"] == "intact", "{texts}");
    });
}

#[test]
fn versions_that_are_called_pinned_stay_loaded_until_they_have_been_called() {
    on_each_database(async |installation: &Installation| {
        let app = &installation.app;
        let files = |outcomes: &str| {
            let text = format!(
                "form: matter\ntitle: 事\nrequired: [title]\nproperties:\n  title: {{type: string, title: 名称, x-field: title}}\n\
                 ---\nmodule: small\ntitle: 小\nkinds:\n  matter: {{title: 事, form: matter, workflow: main}}\n\
                 ---\nworkflow: main\ntitle: 主\nstart: first\nnodes:\n  \
                   first: {{task: 办, assign: {{post: supervisor}}, outcomes: {{submit: part}}}}\n  \
                   part: {{call: below, version: pinned, item: same, then: {{good: over}}}}\n  over: {{end: done}}\n\
                 ---\nworkflow: below\ntitle: 分\nstart: deal\nnodes:\n  \
                   deal: {{task: 办理, assign: {{post: supervisor}}, outcomes: {{{outcomes}}}}}\n"
            );
            let own = Arc::new(File { path: "workflows/small.yaml".into(), text });
            definitions::shipped().into_iter().chain([own]).collect::<Vec<_>>()
        };
        definitions::publish(app, &files("approve: {end: good}"), None).await.unwrap();
        let pinned = app.registry().workflows["below"].workflow.version.clone();
        let command = Command::Create {
            module: "small".into(),
            kind: "matter".into(),
            fields: serde_json::from_value(json!({"title": "甲"})).unwrap(),
            enter: None,
        };
        let created = runner::execute(app, Request::new(Actor::System, "create-pinned", None, command)).await.unwrap();
        definitions::publish(app, &files("approve: {end: good}, reject: {end: good}"), None).await.unwrap();
        assert_ne!(app.registry().workflows["below"].workflow.version, pinned);
        assert!(app.registry().versions.contains_key(&pinned), "nothing runs on it yet, but it will be called");
        let task = created.opened[0].task;
        let person = app.org().holders_anywhere("supervisor")[0];
        let done =
            Command::Complete { task, outcome: "submit".into(), form: serde_json::Map::new().into(), comment: None };
        let request = Request::new(Actor::Person(person), "submit-pinned", Some(created.root), done);
        let opened = runner::execute(app, request).await.unwrap().opened;
        assert_eq!(opened[0].version, pinned);
        runner::verify(app, created.root).await.unwrap();
    });
}
