//! Groups over HTTP: who signs, who is added 加签 and left out 减签, what each sees, and what history says of it.

use serde_json::{Value as Json, json};

use super::{
    client::Client,
    installation::{Department, Installation, first_task, history_of, id_of, on_each_database},
};

/// Matters that several sign, at the same time or one by one.
const SIGNING: &str = "\
form: matter
title: {zh: 事, en: Matter}
required: [title, unit]
properties:
  title: {type: string, title: {zh: 名称, en: Title}, x-field: title}
  unit: {type: string, title: {zh: 单位, en: Unit}, format: unit, x-field: lead_unit}
---
form: opinion
title: {zh: 意见, en: Opinion}
required: [opinion]
properties:
  opinion: {type: string, title: {zh: 意见, en: Opinion}, maxLength: 200}
---
module: signing
title: {zh: 会签, en: Signing}
kinds:
  together: {title: {zh: 并行, en: Together}, form: matter, workflow: together}
  in-turns: {title: {zh: 依次, en: In turns}, form: matter, workflow: in-turns}
---
policy: signing
rules:
  - {role: supervisor, may: [read, create], on: together}
  - {role: supervisor, may: [read, create], on: in-turns}
---
workflow: together
title: {zh: 并行会签, en: Signing together}
start: sign
nodes:
  sign:
    task: {zh: 会签, en: Sign}
    each: {post: [section_chief, deputy_head], unit: item.unit}
    form: opinion
    allow: [add-signer, remove-signer, transfer]
    outcomes:
      return: {when: any, to: sign, requires: [comment], rest: stay}
      approve: {when: all, to: {end: good}}
---
workflow: in-turns
title: {zh: 依次会签, en: Signing in turns}
start: sign
nodes:
  sign:
    task: {zh: 签发, en: Sign}
    assign: {post: section_chief, unit: item.unit}
    allow: [add-signer, remove-signer]
    outcomes:
      approve: {end: good}
";

/// A matter of a kind for a department; gives its id.
async fn matter(installation: &Installation, kind: &str, department: &Department) -> (Client, String) {
    installation.publish_beside(SIGNING).await;
    let supervisor = installation.holder("supervisor").await;
    let fields = json!({"title": "一件事", "unit": department.unit.to_string()});
    let path = format!("/items?module=signing&kind={kind}");
    let item = supervisor.post(&path, &json!({"fields": fields})).await.ok();
    (supervisor, item["id"].as_str().unwrap().to_owned())
}

fn names(people: &Json) -> Vec<&str> {
    people.as_array().unwrap().iter().map(|person| person["name"].as_str().unwrap()).collect()
}

async fn name(client: &Client) -> String {
    client.get("/me").await.ok()["person"]["name"].as_str().unwrap().to_owned()
}

async fn seen(client: &Client, task: &str) -> Json {
    client.get(&format!("/tasks/{task}")).await.ok()
}

#[test]
fn signers_come_and_go_and_history_names_them() {
    on_each_database(async |installation: &Installation| {
        let departments = installation.departments();
        let (supervisor, item) = matter(installation, "together", &departments[0]).await;
        let chief = installation.signed_in(&departments[0].chief).await;
        let deputy = installation.signed_in(&departments[0].deputy).await;
        let guest = installation.signed_in(&departments[1].chief).await;
        let task = first_task(&chief).await;
        let operations = seen(&chief, &task).await["operations"].clone();
        assert_eq!(operations["add_signers"], json!(["beside"]));
        assert!(names(&operations["remove_signers"]).contains(&name(&deputy).await.as_str()), "{operations}");
        // Whoever only reads the item may neither add nor leave out.
        let read = seen(&supervisor, &task).await["operations"].clone();
        assert_eq!((&read["add_signers"], &read["remove_signers"]), (&json!([]), &json!([])));

        let (add, remove) = (format!("/tasks/{task}/add-signers"), format!("/tasks/{task}/remove-signer"));
        let with = |people: Json| json!({"people": people, "turn": "beside", "comment": "请一并审阅"});
        let id = id_of(&guest).await;
        supervisor.post(&add, &with(json!([id]))).await.problem(403, "not-yours");
        guest.post(&add, &with(json!([id]))).await.problem(404, "not-found");
        chief.post(&add, &with(json!([]))).await.problem(422, "invalid");
        chief.post(&add, &json!({"people": [id], "turn": "never"})).await.problem(422, "invalid");
        chief.post(&add, &json!({"people": [id], "turn": "before"})).await.problem(409, "not-allowed");
        chief.post(&add, &with(json!([id_of(&deputy).await]))).await.problem(422, "not-possible");
        let first = chief.post_once("add-signers-1", &add, &with(json!([id]))).await.ok();
        assert_eq!(first["next"], json!(["会签"]));
        assert_eq!(chief.post_once("add-signers-1", &add, &with(json!([id]))).await.ok(), first);
        assert_eq!(guest.get("/todo").await.ok()["total"], 1);

        // He is told nothing of what another wrote, also where a node's latest form is another's.
        let vote =
            |outcome: &str, opinion: &str| json!({"outcome": outcome, "form": {"opinion": opinion}, "comment": "意见"});
        chief.post(&format!("/tasks/{task}/complete"), &vote("approve", "科长的意见")).await.ok();
        let his = first_task(&guest).await;
        let signing = seen(&guest, &his).await;
        assert_eq!(signing["data"], json!({}));
        let member = |name: &str| {
            let members = signing["members"].as_array().unwrap();
            members.iter().find(|member| member["name"] == *name).unwrap().clone()
        };
        let signed = member(&name(&chief).await);
        assert_eq!((&signed["state"], &signed["outcome_title"]), (&json!("chosen"), &json!("同意")));
        assert_eq!((&signed["comment"], signed["at"].is_string()), (&json!("意见"), true));
        let mine = member(&name(&guest).await);
        assert_eq!((&mine["state"], &mine["mine"]), (&json!("open"), &json!(true)));
        assert_eq!(mine["added_by"]["name"], name(&chief).await);
        assert_eq!(member(&name(&deputy).await)["mine"], false);

        // Who added him may leave him out, although he has signed himself; a stranger and who only reads may not.
        let leave = json!({"person": id, "comment": "不再需要"});
        supervisor.post(&remove, &leave).await.problem(403, "not-yours");
        assert_eq!(names(&seen(&chief, &task).await["operations"]["remove_signers"]), [name(&guest).await]);
        chief.post(&remove, &json!({"person": id_of(&supervisor).await})).await.problem(422, "not-possible");
        chief.post(&remove, &leave).await.ok();
        assert_eq!(guest.get("/todo").await.ok()["total"], 0);
        let (guest, chief, deputy) = (name(&guest).await, name(&chief).await, name(&deputy).await);
        let told = history_of(&supervisor, &item).await;
        let tells = |text: String| assert!(told.contains(&text), "{text} in {told:?}");
        tells(format!("“会签”加签：{guest}"));
        tells(format!("“会签”减签：{guest}"));
        let all = told.iter().find(|text| text.starts_with("“会签”参与人：")).unwrap();
        assert!(all.contains(&chief) && all.contains(&deputy), "{told:?}");
        let english = history_of(&supervisor.in_english(), &item).await;
        assert!(english.contains(&format!("“Sign”: {guest} to sign as well")), "{english:?}");
        assert!(english.contains(&format!("“Sign”: {guest} need not sign")), "{english:?}");
    });
}

#[test]
fn of_a_single_task_others_sign_before_or_after() {
    on_each_database(async |installation: &Installation| {
        let departments = installation.departments();
        let (supervisor, item) = matter(installation, "in-turns", &departments[0]).await;
        let chief = installation.signed_in(&departments[0].chief).await;
        let guest = installation.signed_in(&departments[1].chief).await;
        let task = first_task(&chief).await;
        assert_eq!(seen(&chief, &task).await["operations"]["add_signers"], json!(["before", "after"]));
        let add = json!({"people": [id_of(&guest).await], "turn": "before"});
        chief.post(&format!("/tasks/{task}/add-signers"), &add).await.ok();
        assert_eq!(
            (chief.get("/todo").await.ok()["total"].clone(), guest.get("/todo").await.ok()["total"].clone()),
            (json!(0), json!(1))
        );
        let his = first_task(&guest).await;
        guest.post(&format!("/tasks/{his}/complete"), &json!({"outcome": "approve", "form": {}})).await.ok();
        let again = first_task(&chief).await;
        chief.post(&format!("/tasks/{again}/complete"), &json!({"outcome": "approve", "form": {}})).await.ok();
        let told = history_of(&supervisor, &item).await;
        let text = format!("“签发”前加签：{}", name(&guest).await);
        assert!(told.contains(&text), "{told:?}");
    });
}

#[test]
fn who_was_not_asked_in_time_may_still_comment_and_his_lists_say_so() {
    on_each_database(async |installation: &Installation| {
        let departments = installation.departments();
        let (supervisor, item) = matter(installation, "together", &departments[0]).await;
        let chief = installation.signed_in(&departments[0].chief).await;
        let deputy = installation.signed_in(&departments[0].deputy).await;
        let (task, late) = (first_task(&chief).await, first_task(&deputy).await);
        assert_eq!(deputy.get("/todo").await.ok()["rows"][0]["late"], false);
        let vote = json!({"outcome": "return", "form": {}, "comment": "重写"});
        chief.post(&format!("/tasks/{task}/complete"), &vote).await.ok();
        // The round is entered again, which closes what was late; of the second round nobody is late.
        let rows = deputy.get("/todo").await.ok()["rows"].clone();
        let states: Vec<&Json> = rows.as_array().unwrap().iter().map(|row| &row["late"]).collect();
        assert_eq!(states, [&json!(false)], "{rows}");
        assert_eq!(seen(&deputy, &late).await["state"], "cancelled");
        assert!(history_of(&supervisor, &item).await.iter().any(|text| text.contains("已有结果")));
    });
}
