//! Items that begin at a named step, and closed ones that are opened again there (R15).

use serde_json::{Value as Json, json};

use super::installation::{Installation, first_task, history_of, on_each_database};

const MATTERS: &str = "\
form: matter
title: {zh: 事, en: Matter}
required: [title, unit]
properties:
  title: {type: string, title: {zh: 名称, en: Title}, x-field: title}
  unit: {type: string, title: {zh: 单位, en: Unit}, format: unit, x-field: lead_unit}
  paper: {type: string, title: {zh: 纸质文号, en: Paper number}, readOnly: true}
---
form: paper
title: {zh: 补录, en: Recorded later}
required: [title, unit, paper]
properties:
  title: {type: string, title: {zh: 名称, en: Title}}
  unit: {type: string, title: {zh: 单位, en: Unit}, format: unit}
  paper: {type: string, title: {zh: 纸质文号, en: Paper number}}
---
module: matters
title: {zh: 事项, en: Matters}
kinds:
  matter:
    title: {zh: 事, en: Matter}
    form: matter
    workflow: matter
    enter: {last: {who: {post: supervisor}, form: paper}}
    reopen: {last: {who: {post: supervisor}}}
---
policy: matters
roles: {}
rules:
  - {role: supervisor, may: [read, create, enter, reopen], on: matter}
  - {role: member, may: [read, create, enter], on: matter, when: item.units.overlaps(subject.units)}
---
workflow: matter
title: {zh: 办理, en: Work}
start: first
nodes:
  first:
    task: {zh: 经办, en: Write}
    assign: {post: handler, unit: item.unit}
    outcomes: {submit: last}
  last:
    task: {zh: 签发, en: Sign}
    assign: {post: section_chief, unit: item.unit}
    allow: [return]
    outcomes: {approve: done}
  done: {end: done, set: {item.state: done}}
";

const PATH: &str = "/items?module=matters&kind=matter";

fn titles(steps: &Json) -> Vec<&str> {
    steps.as_array().unwrap().iter().map(|step| step["title"].as_str().unwrap()).collect()
}

#[test]
fn an_item_begins_at_a_named_step_for_those_who_may() {
    on_each_database(async |installation: &Installation| {
        installation.publish_beside(MATTERS).await;
        let department = installation.departments().remove(0);
        let supervisor = installation.holder("supervisor").await;
        let handler = installation.signed_in(&department.handler).await;
        let chief = installation.signed_in(&department.chief).await;
        let kind = async |client: &super::client::Client| client.get("/modules/matters").await.ok()["kinds"][0].clone();
        let his = kind(&supervisor).await;
        assert_eq!(titles(&his["enter"]), ["签发"]);
        assert_eq!(his["enter"][0]["form"]["name"], "paper");
        assert_eq!(kind(&handler).await["enter"], json!([]), "a policy lets him, the entry does not mean him");

        let unit = department.unit.to_string();
        let fields = json!({"title": "一件事", "unit": unit, "paper": "督〔2026〕1号"});
        let entered = |fields: &Json| json!({"fields": fields, "enter": "last"});
        supervisor.post(PATH, &json!({"fields": fields, "enter": "first"})).await.problem(422, "invalid");
        let without = json!({"title": "一件事", "unit": unit});
        let faults = supervisor.post(PATH, &entered(&without)).await.faults();
        assert_eq!(faults, [("/fields/paper".to_owned(), "required".to_owned())]);
        handler.post(PATH, &entered(&fields)).await.problem(403, "not-yours");
        let item = supervisor.post(PATH, &entered(&fields)).await.ok();
        assert_eq!(titles(&item["tasks"]), ["签发"]);
        assert!(item["values"].as_array().unwrap().iter().any(|value| value["text"] == "督〔2026〕1号"), "{item}");
        assert_eq!(chief.get("/todo").await.ok()["total"], 1);
    });
}

#[test]
fn who_may_create_some_items_may_not_create_others() {
    on_each_database(async |installation: &Installation| {
        installation.publish_beside(MATTERS).await;
        let departments = installation.departments();
        let handler = installation.signed_in(&departments[0].handler).await;
        let fields = |department: usize| json!({"fields": {"title": "一件事", "unit": departments[department].unit.to_string()}});
        handler.post(PATH, &fields(1)).await.problem(403, "forbidden");
        handler.post(PATH, &fields(0)).await.ok();
    });
}

#[test]
fn a_task_goes_back_to_an_earlier_step_and_straight_back_from_there() {
    on_each_database(async |installation: &Installation| {
        installation.publish_beside(MATTERS).await;
        let department = installation.departments().remove(0);
        let handler = installation.signed_in(&department.handler).await;
        let chief = installation.signed_in(&department.chief).await;
        let fields = json!({"title": "一件事", "unit": department.unit.to_string()});
        handler.post(PATH, &json!({"fields": fields})).await.ok();
        let submit = async || {
            let task = first_task(&handler).await;
            handler.post(&format!("/tasks/{task}/complete"), &json!({"outcome": "submit", "form": {}})).await.ok();
        };
        submit().await;
        let task = first_task(&chief).await;
        let path = format!("/tasks/{task}/return");
        let seen = chief.get(&format!("/tasks/{task}")).await.ok();
        assert_eq!(seen["operations"]["return_to"], json!([{"node": "first", "title": "经办"}]));
        let back = |to: &str, comment: &str| json!({"to": to, "straight": true, "comment": comment});
        let faults = chief.post(&path, &back("first", " ")).await.faults();
        assert_eq!(faults, [("/comment".to_owned(), "required".to_owned())]);
        chief.post(&path, &back("last", "再看")).await.problem(409, "not-earlier");
        handler.post(&path, &back("first", "再看")).await.problem(403, "not-yours");
        chief.post(&path, &back("first", "请补充")).await.ok();
        assert_eq!(chief.get("/todo").await.ok()["total"], 0);
        let done = chief.get("/done").await.ok();
        assert_eq!(done["rows"][0]["outcome_title"], "退回");
        submit().await;
        assert_eq!(chief.get("/todo").await.ok()["total"], 1);
    });
}

#[test]
fn a_closed_item_is_opened_again_with_a_reason() {
    on_each_database(async |installation: &Installation| {
        installation.publish_beside(MATTERS).await;
        let department = installation.departments().remove(0);
        let supervisor = installation.holder("supervisor").await;
        let handler = installation.signed_in(&department.handler).await;
        let chief = installation.signed_in(&department.chief).await;
        let fields = json!({"title": "一件事", "unit": department.unit.to_string(), "paper": "督1"});
        let item = supervisor.post(PATH, &json!({"fields": fields, "enter": "last"})).await.ok();
        assert_eq!(item["reopen"], json!([]), "it is open");
        let id = item["id"].as_str().unwrap();
        let (view, path) = (format!("/items/{id}"), format!("/items/{id}/reopen"));
        let reopen = json!({"node": "last", "comment": "数字有误"});
        supervisor.post(&path, &reopen).await.problem(409, "not-allowed");
        let sign = async || {
            let task = first_task(&chief).await;
            chief.post(&format!("/tasks/{task}/complete"), &json!({"outcome": "approve", "form": {}})).await.ok();
        };
        sign().await;

        let closed = supervisor.get(&view).await.ok();
        assert_eq!((&closed["state"], titles(&closed["reopen"])), (&json!("done"), vec!["签发"]));
        assert_eq!(handler.get(&view).await.ok()["reopen"], json!([]));
        handler.post(&path, &reopen).await.problem(403, "forbidden");
        let stranger = installation.signed_in(&installation.departments()[1].handler).await;
        stranger.post(&path, &reopen).await.problem(404, "not-found");
        let faults = supervisor.post(&path, &json!({"node": "last", "comment": " "})).await.faults();
        assert_eq!(faults, [("/comment".to_owned(), "required".to_owned())]);
        supervisor.post(&path, &json!({"node": "first", "comment": "再来"})).await.problem(409, "not-allowed");
        let again = supervisor.post_once("reopen-key", &path, &reopen).await.ok();
        assert_eq!((&again["state"], titles(&again["tasks"])), (&json!("open"), vec!["签发"]));
        assert_eq!(supervisor.post_once("reopen-key", &path, &reopen).await.ok()["tasks"], again["tasks"]);
        let told = history_of(&supervisor, id).await;
        assert!(told.contains(&"从“签发”重新打开".to_owned()), "{told:?}");
        sign().await;
        assert_eq!(supervisor.get(&view).await.ok()["state"], "done");
    });
}
