//! Passing a task on, taking it back, urging, and what an administrator sees to.

use std::time::Duration;

use serde_json::{Value as Json, json};

use super::{
    client::Client,
    installation::{Installation, Report, first_task, id_of, on_each_database},
};

async fn submit(client: &Client, task: &str) {
    let body = json!({"outcome": "submit", "form": {"progress": "完成一半"}});
    client.post(&format!("/tasks/{task}/complete"), &body).await.ok();
}

/// Waits until `count` of what `path` lists is there.
async fn wait_for(installation: &Installation, client: &Client, path: &str, count: u64) -> Json {
    let mut news = installation.app.hub.subscribe();
    let reached = async {
        loop {
            let found = client.get(path).await.ok();
            if found["total"] == count {
                return found;
            }
            news.next().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), reached).await.expect("it comes")
}

#[test]
fn a_transferred_task_is_in_the_other_ones_list() {
    on_each_database(async |installation: &Installation| {
        let Report { department, handler, task, .. } = installation.report().await;
        let chief = installation.signed_in(&department.chief).await;
        let path = format!("/tasks/{task}/transfer");
        let seen = handler.get(&format!("/tasks/{task}")).await.ok();
        assert_eq!(seen["operations"]["transfer"], true);
        assert_eq!(seen["operations"]["delegate"], false, "the task does not allow it");
        let to = |id: &Json| json!({"to": id, "comment": "请您来填"});
        let (own, his) = (id_of(&handler).await, id_of(&chief).await);
        handler.post(&path, &to(&own)).await.problem(422, "not-possible");
        handler.post(&path, &to(&json!("nobody"))).await.problem(422, "invalid");
        handler.post(&path, &json!({})).await.problem(422, "invalid");
        handler.post(&format!("/tasks/{task}/delegate"), &to(&his)).await.problem(409, "not-allowed");
        let stranger = installation.signed_in(&installation.departments()[1].handler).await;
        stranger.post(&path, &to(&his)).await.problem(404, "not-found");
        chief.post(&path, &to(&own)).await.problem(403, "not-yours");
        let first = handler.post_once("transfer-key", &path, &to(&his)).await.ok();
        assert_eq!(first["task"], task);
        assert_eq!(handler.post_once("transfer-key", &path, &to(&his)).await.ok(), first, "the same answer again");
        assert_eq!(handler.get("/todo").await.ok()["total"], 0);
        assert_eq!(first_task(&chief).await, task);
        submit(&chief, &task).await;
    });
}

#[test]
fn a_delegated_task_is_handed_back_before_it_is_completed() {
    on_each_database(async |installation: &Installation| {
        let Report { department, handler, task, .. } = installation.report().await;
        submit(&handler, &task).await;
        let chief = installation.signed_in(&department.chief).await;
        let deputy = installation.signed_in(&department.deputy).await;
        let review = first_task(&chief).await;
        let path = |operation: &str| format!("/tasks/{review}/{operation}");
        let to = json!({"to": id_of(&deputy).await});
        chief.post(&path("delegate"), &to).await.ok();
        let approve = json!({"outcome": "approve", "form": {}});
        for person in [&chief, &deputy] {
            let problem = person.post(&path("complete"), &approve).await.problem(409, "delegated");
            assert_eq!(problem["by"]["id"], to["to"]);
            let seen = person.get(&format!("/tasks/{review}")).await.ok();
            assert_eq!((&seen["operations"]["hand_back"], &seen["may"]["complete"]), (&json!(true), &json!(false)));
            assert_eq!(seen["operations"]["delegated_by"]["id"], id_of(&chief).await);
        }
        handler.post(&path("hand-back"), &json!({})).await.problem(403, "not-yours");
        deputy.post(&path("hand-back"), &json!({"comment": "无误"})).await.ok();
        chief.post(&path("hand-back"), &json!({})).await.problem(409, "not-allowed");
        chief.post(&path("complete"), &approve).await.ok();
        let item = chief.get(&format!("/tasks/{review}")).await.ok()["item"]["id"].as_str().unwrap().to_owned();
        let history = chief.get(&format!("/items/{item}/history")).await.ok();
        let texts: Vec<&str> =
            history["entries"].as_array().unwrap().iter().filter_map(|entry| entry["text"].as_str()).collect();
        assert!(texts.iter().any(|text| text.contains("委托给")), "{texts:?}");
        assert!(texts.iter().any(|text| text.contains("交回")), "{texts:?}");
    });
}

#[test]
fn what_was_submitted_is_taken_back_within_half_an_hour() {
    on_each_database(async |installation: &Installation| {
        let Report { department, handler, task, .. } = installation.report().await;
        let path = format!("/tasks/{task}/withdraw");
        handler.post(&path, &json!({})).await.problem(409, "not-allowed");
        submit(&handler, &task).await;
        let chief = installation.signed_in(&department.chief).await;
        let review = first_task(&chief).await;
        chief.post(&format!("/tasks/{review}/complete"), &json!({"outcome": "approve", "form": {}})).await.ok();
        let seen = handler.get(&format!("/tasks/{task}")).await.ok();
        assert_eq!(seen["operations"]["withdraw_seconds"], 1800);
        assert_eq!(seen["operations"]["withdraw_until"], "2026-03-07T01:30:00Z");
        let others = chief.get(&format!("/tasks/{task}")).await.ok();
        assert_eq!(others["operations"]["withdraw_until"], Json::Null);
        chief.post(&path, &json!({})).await.problem(403, "not-yours");
        let answer = handler.post(&path, &json!({"comment": "数字有误"})).await.ok();
        assert_eq!(answer["next"], json!(["填报进展"]));
        let again = first_task(&handler).await;
        assert_ne!(again, task);
        assert_eq!(handler.get(&format!("/tasks/{again}")).await.ok()["data"]["progress"], "完成一半");
        let deputy = installation.signed_in(&department.deputy).await;
        assert_eq!(deputy.get("/todo").await.ok()["total"], 0, "what it led to is gone");
        handler.post(&path, &json!({})).await.problem(409, "too-late");
    });
}

#[test]
fn copies_and_urging_tell_people() {
    on_each_database(async |installation: &Installation| {
        let Report { department, supervisor, handler, task } = installation.report().await;
        let head = installation.signed_in(&department.head).await;
        let before = head.get("/notices").await.ok()["total"].as_u64().unwrap();
        let copy = json!({"people": [id_of(&head).await], "comment": "供参考"});
        handler.post(&format!("/tasks/{task}/copy"), &copy).await.ok();
        handler.post(&format!("/tasks/{task}/copy"), &json!({"people": []})).await.problem(422, "invalid");
        let notices = wait_for(installation, &head, "/notices", before + 1).await;
        assert_eq!(notices["rows"][0]["title"], "【抄送】一件事");
        assert!(notices["rows"][0]["body"].as_str().unwrap().contains("供参考"));
        let urge = format!("/tasks/{task}/urge");
        head.post(&urge, &json!({})).await.problem(403, "forbidden");
        let before = handler.get("/notices").await.ok()["total"].as_u64().unwrap();
        // The supervisor does not see a report before it is accepted; he may urge it all the same.
        supervisor.get(&format!("/tasks/{task}")).await.problem(404, "not-found");
        supervisor.post(&urge, &json!({"comment": "请今天报"})).await.ok();
        let notices = wait_for(installation, &handler, "/notices", before + 1).await;
        assert_eq!(notices["rows"][0]["title"], "【催办】一件事：填报进展");
        let stranger = installation.signed_in(&installation.departments()[1].handler).await;
        stranger.post(&urge, &json!({})).await.problem(404, "not-found");
    });
}

#[test]
fn a_step_that_nobody_can_do_is_seen_and_resolved() {
    on_each_database(async |installation: &Installation| {
        let org = installation.app.org();
        let mut units: Vec<_> = org.units().map(|unit| unit.id).collect();
        units.sort_unstable();
        let nobody = |unit: &docket_engine::id::UnitId| {
            ["handler", "liaison"].iter().all(|post| org.holders(post, *unit).is_empty())
        };
        let unit = units.into_iter().find(nobody).expect("a unit without handlers");
        let supervisor = installation.holder("supervisor").await;
        installation.task_for(&supervisor, "没有人办的事", unit).await;
        assert_eq!(supervisor.get("/incidents").await.ok()["total"], 0);
        supervisor.post("/demo/clock", &json!({"days": 5})).await.ok();
        let found = wait_for(installation, &supervisor, "/incidents", 1).await["rows"][0].clone();
        assert_eq!((&found["cause"], &found["node_title"]), (&json!("nobody"), &json!("填报进展")));
        assert_eq!(found["item_title"], "没有人办的事");
        assert_eq!(found["outcomes"], json!([{"node": "submit", "title": "提交"}]));
        let path = format!("/incidents/{}/resolve", found["id"].as_str().unwrap());
        let handler = installation.signed_in(&installation.departments()[0].handler).await;
        assert_eq!(handler.get("/incidents").await.ok()["total"], 0);
        let reassign = json!({"how": "reassign", "people": [id_of(&handler).await]});
        handler.post(&path, &reassign).await.problem(404, "not-found");
        supervisor.post("/incidents/1-999/resolve", &reassign).await.problem(404, "not-found");
        supervisor.post(&path, &json!({"how": "reassign"})).await.problem(422, "invalid");
        supervisor.post(&path, &json!({"how": "skip", "outcome": "submit"})).await.problem(422, "invalid");
        let jump = json!({"how": "jump", "node": "nowhere", "comment": "空缺"});
        supervisor.post(&path, &jump).await.problem(409, "not-resolved");
        supervisor.post(&path, &reassign).await.ok();
        assert_eq!(supervisor.get("/incidents").await.ok()["total"], 0);
        assert_eq!(handler.get("/todo").await.ok()["total"], 1);
        supervisor.post(&path, &reassign).await.problem(404, "not-found");
    });
}
