//! Steps at which people work one at a time: a task says beforehand that another is under way.

use serde_json::json;

use super::installation::{Installation, first_task, on_each_database};

const DESKS: &str = "\
form: matter
title: {zh: 事, en: Matter}
required: [title, unit]
properties:
  title: {type: string, title: {zh: 名称, en: Title}, x-field: title}
  unit: {type: string, title: {zh: 单位, en: Unit}, format: unit, x-field: lead_unit}
---
module: desks
title: {zh: 两道手续, en: Two desks}
kinds:
  matter: {title: {zh: 事, en: Matter}, form: matter, workflow: desks}
---
policy: desks
rules:
  - {role: supervisor, may: [read, create], on: matter}
---
workflow: desks
title: {zh: 两道手续, en: Two desks}
start: both
nodes:
  both: {fork: [check, count]}
  check:
    task: {zh: 核对, en: Check}
    assign: {post: [section_chief, handler], unit: item.unit}
    lock: desk
    outcomes: {approve: together}
  count:
    task: {zh: 清点, en: Count}
    assign: {post: department_head, unit: item.unit}
    lock: desk
    outcomes: {approve: together}
  together: {join: both, next: {end: done}}
";

#[test]
fn a_task_says_that_another_is_being_worked_at() {
    on_each_database(async |installation: &Installation| {
        installation.publish_beside(DESKS).await;
        let department = installation.departments().remove(0);
        let supervisor = installation.holder("supervisor").await;
        let fields = json!({"title": "一件事", "unit": department.unit.to_string()});
        supervisor.post("/items?module=desks&kind=matter", &json!({"fields": fields})).await.ok();
        let chief = installation.signed_in(&department.chief).await;
        let head = installation.signed_in(&department.head).await;
        let (check, count) = (first_task(&chief).await, first_task(&head).await);
        let seen = async || {
            let seen = head.get(&format!("/tasks/{count}")).await.ok();
            (seen["may"]["complete"].clone(), seen["occupied"].clone())
        };
        assert_eq!(seen().await, (json!(true), json!(null)));
        chief.post(&format!("/tasks/{check}/claim"), &json!({})).await.ok();
        assert_eq!(seen().await, (json!(false), json!("核对")));
        let approve = json!({"outcome": "approve", "form": {}});
        let problem = head.post(&format!("/tasks/{count}/complete"), &approve).await.problem(409, "occupied");
        assert!(problem["detail"].as_str().unwrap().contains("核对"), "{problem}");
        chief.post(&format!("/tasks/{check}/release"), &json!({})).await.ok();
        assert_eq!(seen().await, (json!(true), json!(null)));
        head.post(&format!("/tasks/{count}/complete"), &approve).await.ok();
        chief.post(&format!("/tasks/{check}/complete"), &approve).await.ok();
    });
}
