//! Acting in somebody's name, stand-ins, and keeping duties apart (R17).

use docket_engine::id::UnitId;
use docket_server::{
    app::org,
    db::entity::{history, post_holding, session, task},
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    EntityTrait as _,
};
use serde_json::{Value as Json, json};

use super::{
    client::Client,
    installation::{Department, Installation, first_task, on_each_database},
};

async fn id_of(client: &Client) -> String {
    client.get("/me").await.ok()["person"]["id"].as_str().unwrap().to_owned()
}

/// A leader with a liaison officer.
struct Pair {
    leader: Client,
    leader_id: String,
    officer: Client,
    officer_id: String,
}

async fn pair(installation: &Installation) -> Pair {
    let (leader, officer) = (installation.signed_in("L006").await, installation.signed_in("K0148").await);
    let (leader_id, officer_id) = (id_of(&leader).await, id_of(&officer).await);
    Pair { leader, leader_id, officer, officer_id }
}

/// `person` holds one more post.
async fn give_post(installation: &Installation, person: &str, post: &str, unit: UnitId) {
    let app = &installation.app;
    let write = app.db.write().await.unwrap();
    let row = post_holding::ActiveModel {
        id: NotSet,
        person_id: Set(person.parse().unwrap()),
        post: Set(post.to_owned()),
        unit_id: Set(Some(unit.0)),
    };
    post_holding::Entity::insert(row).exec(&*write).await.unwrap();
    org::changed(app, &write).await.unwrap();
    write.commit().await.unwrap();
    org::reload(app).await.unwrap();
}

/// The client after it has chosen in whose name to act.
async fn act_for(client: &Client, person: Option<&str>) -> Client {
    let mut client = client.clone();
    let me = client.put("/me/acting", &json!({"person": person})).await.ok();
    client.take_token(&me);
    client
}

/// A report that waits for the first department's head, whom the leader is beside.
async fn waiting(installation: &Installation, leader_id: &str) -> (Department, Client) {
    let department = installation.departments().remove(0);
    give_post(installation, leader_id, "section_chief", department.unit).await;
    let supervisor = installation.holder("supervisor").await;
    installation.task_for(&supervisor, "一件事", department.unit).await;
    let handler = installation.signed_in(&department.handler).await;
    installation.move_clock(5, &handler, 1).await;
    let task = first_task(&handler).await;
    let body = json!({"outcome": "submit", "form": {"progress": "完成一半"}});
    handler.post(&format!("/tasks/{task}/complete"), &body).await.ok();
    (department, handler)
}

fn approve() -> Json {
    json!({"outcome": "approve", "form": {}})
}

#[test]
fn what_an_officer_does_in_a_leaders_name_is_the_leaders_and_both_are_recorded() {
    on_each_database(async |installation: &Installation| {
        let Pair { leader, leader_id, officer, officer_id } = pair(installation).await;
        waiting(installation, &leader_id).await;
        let me = officer.get("/me").await.ok();
        assert_eq!(me["may_act_for"].as_array().unwrap().iter().filter(|one| one["id"] == leader_id).count(), 1);
        assert_eq!(officer.get("/todo").await.ok()["total"], 0);
        officer.put("/me/acting", &json!({"person": officer_id})).await.problem(403, "forbidden");
        let acting = act_for(&officer, Some(&leader_id)).await;
        let me = acting.get("/me").await.ok();
        assert_eq!((&me["person"]["id"], &me["through"]["id"]), (&json!(leader_id), &json!(officer_id)));
        // Pages that were open before change nothing in the leader's name.
        let task = first_task(&acting).await;
        officer.post(&format!("/tasks/{task}/claim"), &json!({})).await.problem(403, "csrf");
        acting.post(&format!("/tasks/{task}/complete"), &approve()).await.ok();
        let row =
            task::Entity::find_by_id(task_number(&task)).one(installation.app.db.reader()).await.unwrap().unwrap();
        let number = |id: &str| Some(id.parse::<i64>().unwrap());
        assert_eq!((row.closed_by, row.closed_through), (number(&leader_id), number(&officer_id)));
        let rows = history::Entity::find().all(installation.app.db.reader()).await.unwrap();
        let both = |row: &history::Model| row.actor_id == number(&leader_id) && row.through_id == number(&officer_id);
        assert!(rows.iter().any(both));
        let deeds = leader.get("/me/in-my-name").await.ok();
        assert_eq!(deeds["total"], 1, "{deeds:#}");
        let deed = &deeds["rows"][0];
        assert_eq!((&deed["through"]["id"], &deed["item_title"]), (&json!(officer_id), &json!("一件事")));
        let item = acting.get(&format!("/tasks/{task}")).await.ok();
        assert_eq!(
            (&item["closed"]["by"]["id"], &item["closed"]["through"]["id"]),
            (&json!(leader_id), &json!(officer_id))
        );
        assert_eq!(acting.get("/done").await.ok()["total"], 1);
        let own = act_for(&acting, None).await;
        assert_eq!(own.get("/me").await.ok()["through"], Json::Null);
        assert_eq!(own.get("/done").await.ok()["total"], 1, "he did it");
    });
}

fn task_number(task: &str) -> i64 {
    task.parse::<docket_engine::id::Id>().unwrap().raw()
}

#[test]
fn the_leader_ends_it_at_once_and_allows_it_again() {
    on_each_database(async |installation: &Installation| {
        let Pair { leader, leader_id, officer, officer_id } = pair(installation).await;
        waiting(installation, &leader_id).await;
        let acting = act_for(&officer, Some(&leader_id)).await;
        let task = first_task(&acting).await;
        // What concerns the person himself is not done in his name.
        acting.delete(&format!("/me/acting/{officer_id}")).await.problem(403, "only-himself");
        let stand_in = json!({"stand_in": officer_id, "from": "2026-03-09", "to": "2026-03-10"});
        acting.post("/me/stand-ins", &stand_in).await.problem(403, "only-himself");
        leader.delete("/me/acting/1").await.problem(404, "not-found");
        let view = leader.delete(&format!("/me/acting/{officer_id}")).await.ok();
        let his = |view: &Json| {
            view["through"].as_array().unwrap().iter().find(|one| one["person"]["id"] == officer_id).unwrap()["ended"]
                .clone()
        };
        assert_eq!(his(&view), true);
        acting.post(&format!("/tasks/{task}/complete"), &approve()).await.problem(403, "csrf");
        assert_eq!(acting.get("/todo").await.ok()["total"], 0, "he is himself again");
        let refreshed = act_for_with_token(&acting).await;
        refreshed.put("/me/acting", &json!({"person": leader_id})).await.problem(403, "forbidden");
        assert_eq!(his(&leader.post(&format!("/me/acting/{officer_id}/allow"), &json!({})).await.ok()), false);
        let again = act_for(&refreshed, Some(&leader_id)).await;
        again.post(&format!("/tasks/{task}/complete"), &approve()).await.ok();
        let rows = session::Entity::find().all(installation.app.db.reader()).await.unwrap();
        assert!(rows.iter().any(|row| row.acting_for == leader_id.parse().ok()));
    });
}

/// The client with the token that its session has by now.
async fn act_for_with_token(client: &Client) -> Client {
    let mut client = client.clone();
    let me = client.get("/me").await.ok();
    client.take_token(&me);
    client
}

#[test]
fn nobody_approves_his_own_report_by_a_detour() {
    on_each_database(async |installation: &Installation| {
        let Pair { leader, leader_id, officer, officer_id } = pair(installation).await;
        let department = installation.departments().remove(0);
        give_post(installation, &leader_id, "section_chief", department.unit).await;
        give_post(installation, &officer_id, "handler", department.unit).await;
        let supervisor = installation.holder("supervisor").await;
        installation.task_for(&supervisor, "一件事", department.unit).await;
        installation.move_clock(5, &officer, 1).await;
        let task = first_task(&officer).await;
        let body = json!({"outcome": "submit", "form": {"progress": "完成一半"}});
        officer.post(&format!("/tasks/{task}/complete"), &body).await.ok();
        let review = first_task(&leader).await;
        let path = |operation: &str| format!("/tasks/{review}/{operation}");
        for operation in ["transfer", "delegate"] {
            let problem = leader.post(&path(operation), &json!({"to": officer_id})).await.problem(409, "separated");
            assert!(problem["detail"].as_str().unwrap().contains("不能再办"), "{problem}");
        }
        // In the leader's name he sees it, and may not do it.
        let acting = act_for(&officer, Some(&leader_id)).await;
        let seen = acting.get(&format!("/tasks/{review}")).await.ok();
        assert_eq!((&seen["may"]["complete"], &seen["may"]["claim"]), (&json!(false), &json!(false)));
        acting.post(&path("complete"), &approve()).await.problem(409, "separated");
        acting.post(&path("claim"), &json!({})).await.problem(409, "separated");
        // Nor as his stand-in.
        let own = act_for(&acting, None).await;
        let away = json!({"stand_in": officer_id, "from": "2026-03-07", "to": "2026-03-09"});
        leader.post("/me/stand-ins", &away).await.ok();
        own.post(&path("complete"), &approve()).await.problem(409, "separated");
        leader.post(&path("complete"), &approve()).await.ok();
    });
}

#[test]
fn a_stand_in_does_the_tasks_of_whoever_is_away_from_the_first_day_to_the_last() {
    on_each_database(async |installation: &Installation| {
        let department = installation.departments().remove(0);
        let handler = installation.signed_in(&department.handler).await;
        let other = installation.signed_in(&installation.departments()[1].chief).await;
        let (handler_id, other_id) = (id_of(&handler).await, id_of(&other).await);
        let stand_in = |from: &str, to: &str| json!({"stand_in": other_id, "from": from, "to": to});
        for (body, pointer) in [
            (json!({"stand_in": handler_id, "from": "2026-03-05", "to": "2026-03-08"}), "/stand_in"),
            (json!({"stand_in": "12345", "from": "2026-03-05", "to": "2026-03-08"}), "/stand_in"),
            (json!({"stand_in": "x", "from": "2026-03-05", "to": "2026-03-08"}), "/stand_in"),
            (stand_in("2026-03-01", "2026-03-08"), "/from"),
            (stand_in("morgen", "2026-03-08"), "/from"),
            (stand_in("2026-03-05", "2026-03-04"), "/to"),
            (stand_in("2026-03-05", "2028-03-04"), "/to"),
            (json!({"person": handler_id, "stand_in": other_id, "from": "2026-03-05", "to": "2026-03-08"}), "/person"),
        ] {
            let faults = handler.post("/me/stand-ins", &body).await.faults();
            assert_eq!(faults[0].0, pointer, "{body}");
        }
        let set = handler.post("/me/stand-ins", &stand_in("2026-03-07", "2026-03-08")).await.ok();
        assert_eq!((&set["now"], &set["person"]["id"]), (&json!(false), &json!(handler_id)));
        let supervisor = installation.holder("supervisor").await;
        installation.task_for(&supervisor, "一件事", department.unit).await;
        installation.move_clock(4, &handler, 1).await;
        let task = first_task(&handler).await;
        let path = |operation: &str| format!("/tasks/{task}/{operation}");
        handler.post(&path("claim"), &json!({})).await.ok();
        assert_eq!(other.get("/todo").await.ok()["total"], 0, "not yet");
        other.get(&format!("/tasks/{task}")).await.problem(404, "not-found");
        supervisor.post("/demo/clock", &json!({"days": 1})).await.ok();
        assert_eq!(first_task(&other).await, task, "a task that he had already");
        assert_eq!(other.get("/me/stand-ins").await.ok()["rows"][0]["now"], true);
        supervisor.post("/demo/clock", &json!({"days": 2})).await.ok();
        assert_eq!(other.get("/todo").await.ok()["total"], 0, "over");
        // The system administrator sets one, sees all, and ends it.
        let administrator = installation.holder("system_admin").await;
        let body = json!({"person": handler_id, "stand_in": other_id, "from": "2026-03-09", "to": "2026-03-20"});
        handler.post("/org/stand-ins", &body).await.problem(403, "forbidden");
        handler.get("/org/stand-ins").await.problem(403, "forbidden");
        let set = administrator.post("/org/stand-ins", &body).await.ok();
        assert_eq!(administrator.get("/org/stand-ins").await.ok()["total"], 1);
        let seen = other.get(&format!("/tasks/{task}")).await.ok();
        assert_eq!(seen["may"]["complete"], true);
        other.delete(&format!("/me/stand-ins/{}", set["id"].as_str().unwrap())).await.problem(404, "not-found");
        administrator.delete(&format!("/org/stand-ins/{}", set["id"].as_str().unwrap())).await.ok();
        other.get(&format!("/tasks/{task}")).await.problem(404, "not-found");
        handler.post("/me/stand-ins", &stand_in("2026-03-09", "2026-03-20")).await.ok();
        let body = json!({"outcome": "submit", "form": {"progress": "完成一半"}});
        other.post(&path("complete"), &body).await.ok();
        let row =
            task::Entity::find_by_id(task_number(&task)).one(installation.app.db.reader()).await.unwrap().unwrap();
        assert_eq!(row.closed_by, other_id.parse().ok());
    });
}
