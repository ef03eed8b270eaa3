//! What a withdrawn completion had made people hear: unsent notices are dropped, those who were told are named.

use docket_server::db::entity::outbox;
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::json;

use super::{
    client::Client,
    installation::{Installation, first_task, history_of, id_of, on_each_database},
    jobs::{notice, until},
};

const TELLING: &str = "\
form: matter
title: {zh: 事, en: Matter}
required: [title, unit]
properties:
  title: {type: string, title: {zh: 名称, en: Title}, x-field: title}
  unit: {type: string, title: {zh: 单位, en: Unit}, format: unit, x-field: lead_unit}
---
template: handed-in
title: {zh: 已报送, en: Handed in}
body: {zh: 已报送, en: Handed in}
---
module: telling
title: {zh: 告知, en: Telling}
kinds:
  matter: {title: {zh: 事, en: Matter}, form: matter, workflow: telling}
  outside: {title: {zh: 对外, en: Outside}, form: matter, workflow: outside}
---
policy: telling
rules:
  - {role: supervisor, may: [read, create], on: matter}
  - {role: supervisor, may: [read, create], on: outside}
---
workflow: telling
title: {zh: 告知, en: Telling}
start: write
nodes:
  write:
    task: {zh: 填报, en: Write}
    assign: {post: handler, unit: item.unit}
    withdraw: {within: PT1H}
    outcomes: {submit: tell}
  tell:
    action: {notify: handed-in, to: {post: section_chief, unit: item.unit}}
    next: review
  review:
    task: {zh: 审核, en: Review}
    assign: {post: section_chief, unit: item.unit}
    outcomes: {approve: {end: done}}
---
workflow: outside
title: {zh: 对外, en: Outside}
start: write
nodes:
  write:
    task: {zh: 填报, en: Write}
    assign: {post: handler, unit: item.unit}
    withdraw: {within: PT1H}
    outcomes: {submit: ask}
  ask:
    action: {http: {service: elsewhere, path: /matters, body: {title: item.title}}}
    next: {end: done}
";

struct Matter {
    supervisor: Client,
    handler: Client,
    chief: Client,
    item: String,
}

async fn matter(installation: &Installation, kind: &str) -> Matter {
    installation.publish_beside(TELLING).await;
    let department = installation.departments().remove(0);
    let supervisor = installation.holder("supervisor").await;
    let fields = json!({"title": "一件事", "unit": department.unit.to_string()});
    let path = format!("/items?module=telling&kind={kind}");
    let item = supervisor.post(&path, &json!({"fields": fields})).await.ok();
    Matter {
        supervisor,
        handler: installation.signed_in(&department.handler).await,
        chief: installation.signed_in(&department.chief).await,
        item: item["id"].as_str().unwrap().to_owned(),
    }
}

/// Completes the handler's task; gives it.
async fn submit(handler: &Client) -> String {
    let task = first_task(handler).await;
    handler.post(&format!("/tasks/{task}/complete"), &json!({"outcome": "submit", "form": {}})).await.ok();
    task
}

#[test]
fn whoever_has_been_told_is_named() {
    on_each_database(async |installation: &Installation| {
        let Matter { supervisor, handler, chief, item } = matter(installation, "matter").await;
        let task = submit(&handler).await;
        let told = async || chief.get("/notices").await.ok()["total"].as_u64().unwrap();
        until("the notice", async || told().await == 1).await;
        handler.post(&format!("/tasks/{task}/withdraw"), &json!({"comment": "有误"})).await.ok();
        let name = chief.get("/me").await.ok()["person"]["name"].as_str().unwrap().to_owned();
        let history = history_of(&supervisor, &item).await;
        assert!(history.contains(&format!("撤回“填报”，此前已通知{name}")), "{history:?}");
        // Submitted again, he is told again.
        submit(&handler).await;
        until("the second notice", async || told().await == 2).await;
    });
}

#[test]
fn what_has_not_left_is_dropped() {
    on_each_database(async |installation: &Installation| {
        let Matter { supervisor, handler, chief, item } = matter(installation, "matter").await;
        let root: i64 = item.parse().unwrap();
        // A notice that can not be sent keeps those after it waiting.
        let me = id_of(&supervisor).await.as_str().unwrap().parse().unwrap();
        notice(installation, root, "absent", me).await;
        let waiting = async || {
            let rows = outbox::Entity::find().filter(outbox::Column::RootId.eq(root));
            rows.filter(outbox::Column::DeliveredAt.is_null()).count(installation.app.db.reader()).await.unwrap()
        };
        let failed = async || {
            let rows = outbox::Entity::find().filter(outbox::Column::RootId.eq(root));
            rows.filter(outbox::Column::Attempts.gt(0)).count(installation.app.db.reader()).await.unwrap()
        };
        until("the failure", async || failed().await == 1).await;
        let task = submit(&handler).await;
        assert_eq!(waiting().await, 2);
        handler.post(&format!("/tasks/{task}/withdraw"), &json!({})).await.ok();
        assert_eq!(waiting().await, 1);
        assert_eq!(chief.get("/notices").await.ok()["total"], 0);
        let history = history_of(&supervisor, &item).await;
        assert!(history.contains(&"撤回“填报”".to_owned()), "{history:?}");
    });
}

#[test]
fn what_another_system_was_asked_is_not_taken_back() {
    on_each_database(async |installation: &Installation| {
        let Matter { handler, .. } = matter(installation, "outside").await;
        let task = submit(&handler).await;
        let seen = handler.get(&format!("/tasks/{task}")).await.ok();
        assert_eq!(seen["operations"]["withdraw_until"], json!(null));
        let problem = handler.post(&format!("/tasks/{task}/withdraw"), &json!({})).await.problem(409, "outside");
        assert!(problem["detail"].as_str().unwrap().contains("其他系统"), "{problem}");
    });
}
