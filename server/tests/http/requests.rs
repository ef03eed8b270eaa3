//! Requests that are wrong: each says where and what to do.

use serde_json::json;

use super::installation::{Installation, MODULE, on_each_database};

#[test]
fn wrong_json_wrong_types_missing_and_unknown_fields_are_told_by_their_places() {
    on_each_database(async |installation: &Installation| {
        let client = installation.stranger();
        let problem = client.post_raw("/session", "{\"code\": 1,\n}").await.problem(400, "malformed");
        assert!(problem["detail"].as_str().unwrap().contains("第 2 行"), "{problem}");
        client.post_raw("/session", "").await.problem(400, "malformed");
        let faults = client.post("/session", &json!({"code": 7, "pasword": "x"})).await.faults();
        let fault = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
        assert_eq!(
            faults,
            [fault("/code", "type"), fault("/password", "required"), fault("/pasword", "unknown-field")]
        );
        assert_eq!(client.post("/session", &json!([])).await.faults(), [fault("", "type")]);
    });
}

#[test]
fn bodies_are_bounded_in_size_and_depth() {
    on_each_database(async |installation: &Installation| {
        let supervisor = installation.holder("supervisor").await;
        let path = format!("/items?module={MODULE}&kind=task");
        let large = json!({"fields": {"title": "长".repeat(500_000)}});
        supervisor.post(&path, &large).await.problem(413, "too-large");
        let deep = format!("{{\"fields\": {{\"title\": {}1{}}}}}", "[".repeat(60), "]".repeat(60));
        assert_eq!(supervisor.post_raw(&path, &deep).await.faults()[0].1, "depth");
        let endless = format!("{}1", "[".repeat(100_000));
        supervisor.post_raw(&path, &endless).await.problem(400, "malformed");
    });
}

#[test]
fn an_item_is_held_to_its_form() {
    on_each_database(async |installation: &Installation| {
        let supervisor = installation.holder("supervisor").await;
        let path = format!("/items?module={MODULE}&kind=task");
        let create = async |fields| supervisor.post(&path, &json!({"fields": fields})).await;
        let fault = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
        let unit = installation.departments()[0].unit.to_string();
        assert_eq!(
            create(json!({})).await.faults(),
            ["category", "cycle", "lead_unit", "title"].map(|name| fault(&format!("/fields/{name}"), "required"))
        );
        let wrong = json!({
            "title": "长".repeat(201), "lead_unit": "999999", "category": ["一极", "无此分类"], "cycle": "week",
            "due": "2026-02-30", "progress": "x", "nothing": 1, "co_units": [unit, 7], "leader": ["0"],
        });
        assert_eq!(
            create(wrong).await.faults(),
            [
                fault("/fields/category/1", "unknown-entry"),
                fault("/fields/co_units/1", "type"),
                fault("/fields/due", "format"),
                fault("/fields/leader/0", "unknown-person"),
                fault("/fields/lead_unit", "unknown-unit"),
                fault("/fields/nothing", "unknown-field"),
                fault("/fields/progress", "read-only"),
                fault("/fields/title", "too-long"),
            ]
            .to_vec()
            .tap_sorted()
        );
        let answer = create(json!({"title": " \u{3000}", "lead_unit": unit, "category": [], "cycle": "week"})).await;
        assert_eq!(answer.faults(), [fault("/fields/category", "required"), fault("/fields/title", "required")]);
    });
}

#[test]
fn pages_keys_and_filters_are_checked() {
    on_each_database(async |installation: &Installation| {
        let supervisor = installation.holder("supervisor").await;
        let list = async |query: &str| supervisor.get(&format!("/items?module={MODULE}&kind=task{query}")).await;
        for (query, pointer) in [
            ("&page=0", "/page"),
            ("&per_page=101", "/per_page"),
            ("&per_page=0", "/per_page"),
            ("&page=501&per_page=20", "/page"),
            ("&page=x", "/page"),
            ("&light=purple", "/light"),
            ("&state=lost", "/state"),
            ("&leader=me", "/leader"),
            ("&lead_unit=x", "/lead_unit"),
            ("&unit=x", "/unit"),
            ("&parent=x", "/parent"),
            ("&sort=content", "/sort"),
        ] {
            assert_eq!(list(query).await.faults()[0].0, pointer, "{query}");
        }
        list("&page=500&per_page=20").await.ok();
        let answer =
            supervisor.post_once("short", &format!("/items?module={MODULE}&kind=task"), &json!({"fields": {}})).await;
        assert_eq!(answer.faults()[0].0, "/Idempotency-Key");
        supervisor.get("/items?module=none&kind=task").await.problem(404, "not-found");
        supervisor.get("/items/not-an-id").await.problem(404, "not-found");
        supervisor.get("/nowhere").await.problem(404, "not-found");
        supervisor.delete("/me").await.problem(405, "method");
    });
}

trait Sorted {
    fn tap_sorted(self) -> Self;
}

impl<T: Ord> Sorted for Vec<T> {
    fn tap_sorted(mut self) -> Self {
        self.sort();
        self
    }
}
