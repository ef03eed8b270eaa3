//! A task that several people may do, done once.

use docket_server::app::runner;
use serde_json::json;

use super::{
    client::Client,
    installation::{Installation, Report, on_each_database},
};

/// A report to write, with the handler and the liaison who may.
async fn report(installation: &Installation) -> (Client, Client, String) {
    let Report { department, handler, task, .. } = installation.report().await;
    let liaison = installation.signed_in(&department.liaison).await;
    (handler, liaison, task)
}

#[test]
fn the_first_to_take_it_has_it_until_he_gives_it_back() {
    on_each_database(async |installation: &Installation| {
        let (handler, liaison, task) = report(installation).await;
        let path = |operation: &str| format!("/tasks/{task}/{operation}");
        let open = handler.get(&format!("/tasks/{task}")).await.ok();
        assert_eq!(open["may"], json!({"claim": true, "release": false, "complete": true, "save_draft": true}));
        let taken = handler.post(&path("claim"), &json!({})).await.ok();
        assert_eq!(taken["may"], json!({"claim": false, "release": true, "complete": true, "save_draft": true}));
        let problem = liaison.post(&path("claim"), &json!({})).await.problem(409, "taken");
        assert_eq!(problem["by"]["name"], taken["assignee"]["name"]);
        liaison.post(&path("complete"), &json!({"outcome": "submit", "form": {}})).await.problem(409, "taken");
        assert_eq!(liaison.get("/todo").await.ok()["total"], 0);
        handler.post(&path("release"), &json!({})).await.ok();
        assert_eq!(liaison.get("/todo").await.ok()["total"], 1);
    });
}

#[test]
fn completing_it_again_with_the_same_key_gives_the_same_answer_and_with_another_says_who_did_it() {
    on_each_database(async |installation: &Installation| {
        let (handler, liaison, task) = report(installation).await;
        let path = format!("/tasks/{task}/complete");
        let body = json!({"outcome": "submit", "form": {"progress": "完成一半"}});
        let first = handler.post_once("key-number-1", &path, &body).await.ok();
        assert_eq!(handler.post_once("key-number-1", &path, &body).await.ok(), first);
        let other = json!({"outcome": "submit", "form": {"progress": "完成全部"}});
        handler.post_once("key-number-1", &path, &other).await.problem(422, "idempotency-mismatch");
        for person in [&handler, &liaison] {
            let problem = person.post_once("key-number-2", &path, &body).await.problem(409, "already-done");
            assert_eq!(problem["at"], "2026-03-07T01:00:00Z");
            assert_eq!(problem["by"]["name"], handler.get("/me").await.ok()["person"]["name"]);
        }
    });
}

#[test]
fn of_two_at_once_one_succeeds_and_the_other_is_told_who_did_it() {
    on_each_database(async |installation: &Installation| {
        let (handler, liaison, task) = report(installation).await;
        let path = format!("/tasks/{task}/complete");
        let body = json!({"outcome": "submit", "form": {"progress": "完成一半"}});
        let (one, other) = tokio::join!(handler.post(&path, &body), liaison.post(&path, &body));
        let (winner, loser) = if one.status.is_success() { (one, other) } else { (other, one) };
        winner.ok();
        let problem = loser.problem(409, "already-done");
        assert!(problem["by"]["name"].is_string() && problem["at"].is_string(), "{problem}");
        let chief = installation.signed_in(&installation.departments()[0].chief).await;
        assert_eq!(chief.get("/todo").await.ok()["total"], 1);
    });
}

#[test]
fn who_may_not_is_told_so_and_who_may_not_see_it_finds_nothing() {
    on_each_database(async |installation: &Installation| {
        let (handler, _, task) = report(installation).await;
        let departments = installation.departments();
        let body = json!({"outcome": "submit", "form": {"progress": "完成一半"}});
        let chief = installation.signed_in(&departments[0].chief).await;
        let path = format!("/tasks/{task}/complete");
        chief.post(&path, &body).await.problem(403, "not-yours");
        chief.post(&format!("/tasks/{task}/claim"), &json!({})).await.problem(403, "not-yours");
        let seen = chief.get(&format!("/tasks/{task}")).await.ok();
        assert_eq!(seen["may"], json!({"claim": false, "release": false, "complete": false, "save_draft": false}));
        let stranger = installation.signed_in(&departments[1].handler).await;
        for answer in [
            stranger.get(&format!("/tasks/{task}")).await,
            stranger.post(&path, &body).await,
            stranger.put(&format!("/tasks/{task}/draft"), &json!({"form": {}})).await,
        ] {
            answer.problem(404, "not-found");
        }
        let problem = handler.post(&path, &json!({"outcome": "approve", "form": {"progress": "完成"}})).await;
        problem.problem(409, "no-such-outcome");
    });
}

#[test]
fn a_form_that_is_not_right_is_told_by_its_places_and_nothing_happens() {
    on_each_database(async |installation: &Installation| {
        let (handler, _, task) = report(installation).await;
        let form = json!({"percent": 101, "problems": 7, "period_due": "2026-03-09", "what": "?"});
        let answer =
            handler.post(&format!("/tasks/{task}/complete"), &json!({"outcome": "submit", "form": form})).await;
        let fault = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
        assert_eq!(
            answer.faults(),
            [
                fault("/form/percent", "too-large"),
                fault("/form/period_due", "read-only"),
                fault("/form/problems", "type"),
                fault("/form/progress", "required"),
                fault("/form/what", "unknown-field"),
            ]
        );
        assert_eq!(handler.get("/todo").await.ok()["total"], 1);
    });
}

#[test]
fn a_comment_with_a_character_that_can_not_be_stored_leaves_history_and_state_alike() {
    on_each_database(async |installation: &Installation| {
        let (handler, _, task) = report(installation).await;
        let body = json!({"outcome": "submit", "form": {"progress": "完成一半"}, "comment": "请\u{0}审\u{0}"});
        handler.post(&format!("/tasks/{task}/complete"), &body).await.ok();
        let root = task.split('-').next().unwrap().parse().unwrap();
        runner::verify(&installation.app, root).await.unwrap();
    });
}
