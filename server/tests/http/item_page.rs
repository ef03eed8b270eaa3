//! What the page of an item says that may be done there.

use std::sync::Arc;

use docket_engine::source::File;
use docket_server::app::definitions;
use serde_json::{Value as Json, json};

use super::{
    client::Client,
    installation::{Installation, on_each_database},
};

const PLANS: &str = "\
form: plan
title: {zh: 方案, en: Plan}
properties:
  title: {type: string, title: {zh: 名称, en: Title}, x-field: title}
---
module: plans
title: {zh: 方案, en: Plans}
kinds:
  plan: {title: {zh: 方案, en: Plan}, form: plan, workflow: plan}
---
workflow: plan
title: {zh: 方案, en: Plan}
start: open
nodes:
  open:
    stage: {zh: 办理, en: Open}
    offers:
      note:   {zh: 备注, en: Note, who: {post: supervisor}, form: plan, set: form}
      drop:   {zh: 作废, en: Drop, who: {post: supervisor}, to: dropped}
      stop:   {zh: 终止, en: Stop, who: {post: supervisor}, to: stopped}
      refuse: {zh: 不予办理, en: Refuse, who: {post: supervisor}, set: {item.state: cancelled}, to: ended}
      carry:  {zh: 转入, en: Carry over, who: {post: supervisor}, to: look, keep: children}
  look:
    task: {zh: 看, en: Look}
    assign: {post: supervisor}
    outcomes: {done: {zh: 完成, en: Done, to: ended}}
  dropped:
    action: {set: {item.state: cancelled}}
    next: ended
  stopped: {end: stopped, how: cancel}
  ended: {end: ended}
---
policy: plans
rules:
  - {role: supervisor, may: [read, create], on: plan}
";

fn effects(item: &Json) -> Vec<(&str, &str)> {
    let offers = item["offers"].as_array().unwrap();
    offers.iter().map(|offer| (offer["offer"].as_str().unwrap(), offer["effect"].as_str().unwrap())).collect()
}

async fn item(client: &Client, id: &str) -> Json {
    client.get(&format!("/items/{id}")).await.ok()
}

#[test]
fn offers_say_what_becomes_of_the_open_work() {
    on_each_database(async |installation: &Installation| {
        let supervisor = installation.holder("supervisor").await;
        let task = installation.task_for(&supervisor, "一件事", installation.departments()[0].unit).await;
        let seen = item(&supervisor, &task).await;
        assert_eq!(effects(&seen), [("edit", "goes_on"), ("suspend", "pauses"), ("finish", "ends")]);
        let offer = seen["offers"].as_array().unwrap().iter().find(|offer| offer["offer"] == "suspend").unwrap();
        let path = format!("/items/{task}/offers/{}/underway/suspend", offer["instance"].as_str().unwrap());
        let paused = supervisor.post(&path, &json!({"form": {"suspension_reason": "等待批复"}})).await.ok();
        assert_eq!(effects(&paused), [("resume", "goes_on")]);

        let file = File { path: "plans.yaml".into(), text: PLANS.into() };
        let files: Vec<_> = definitions::shipped().into_iter().chain([Arc::new(file)]).collect();
        definitions::publish(&installation.app, &files, None).await.unwrap();
        let created = supervisor.post("/items?module=plans&kind=plan", &json!({"fields": {"title": "甲"}})).await.ok();
        assert_eq!(
            effects(&created),
            [
                ("note", "goes_on"),
                ("drop", "cancels"),
                ("stop", "cancels"),
                ("refuse", "cancels"),
                ("carry", "goes_on"),
            ]
        );
    });
}

#[test]
fn who_may_urge_is_told_so_at_each_open_step() {
    on_each_database(async |installation: &Installation| {
        let department = installation.departments().remove(0);
        let supervisor = installation.holder("supervisor").await;
        let task = installation.task_for(&supervisor, "一件事", department.unit).await;
        let handler = installation.signed_in(&department.handler).await;
        installation.move_clock(5, &handler, 1).await;
        let urge = |item: Json| item["tasks"][0]["urge"].clone();
        assert_eq!(urge(item(&supervisor, &task).await), true);
        assert_eq!(urge(item(&handler, &task).await), false);
    });
}
