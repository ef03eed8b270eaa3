//! Drafts: private, kept until the task is completed.

use serde_json::json;

use super::installation::{Installation, Report, on_each_database};

#[test]
fn a_draft_is_its_writers_own_and_goes_with_the_task() {
    on_each_database(async |installation: &Installation| {
        let Report { department, handler, task, .. } = installation.report().await;
        let liaison = installation.signed_in(&department.liaison).await;
        let (draft, view) = (format!("/tasks/{task}/draft"), format!("/tasks/{task}"));
        // As far as it is filled in: nothing is required of a draft.
        handler.put(&draft, &json!({"form": {"progress": "刚开始"}})).await.ok();
        let saved = handler.put(&draft, &json!({"form": {"progress": "写到一半"}})).await.ok();
        let seen = handler.get(&view).await.ok();
        assert_eq!((&seen["data"]["progress"], &seen["draft_saved_at"]), (&json!("写到一半"), &saved["saved_at"]));
        assert_eq!(liaison.get(&view).await.ok()["data"], json!({}));
        let large = json!({"form": {"progress": "长".repeat(100_000)}});
        handler.put(&draft, &large).await.problem(413, "too-large");
        let body = json!({"outcome": "submit", "form": {"progress": "写完了"}});
        liaison.post(&format!("/tasks/{task}/complete"), &body).await.ok();
        handler.put(&draft, &json!({"form": {}})).await.problem(409, "already-done");
        assert_eq!(handler.get(&view).await.ok()["data"]["progress"], "写完了");
    });
}
