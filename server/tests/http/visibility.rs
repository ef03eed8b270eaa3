//! Who sees what, and that list, single item, count, cockpit, export and push change alike when a rule does.

use std::sync::Arc;

use docket_engine::{id::Id, source::File};
use docket_server::{
    api::caller::Caller,
    app::{definitions, ledger, sessions},
};
use serde_json::Value as Json;

use super::{
    client::Client,
    export::table,
    installation::{Installation, MODULE, on_each_database},
};

/// What one person sees of one item, by every way in which items are read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "one for each way in which items are read")]
struct Seen {
    list: bool,
    item: bool,
    history: bool,
    count: u64,
    cockpit: u64,
    export: Option<usize>,
    push: bool,
}

impl Seen {
    const NOTHING: Self =
        Self { list: false, item: false, history: false, count: 0, cockpit: 0, export: Some(0), push: false };

    const fn one() -> Self {
        Self { list: true, item: true, history: true, count: 1, cockpit: 1, export: Some(1), push: true }
    }

    /// As far as who may not export sees it.
    const fn without_export(self) -> Self {
        Self { export: None, ..self }
    }

    async fn by(installation: &Installation, client: &Client, item: &str) -> Self {
        let query = format!("module={MODULE}&kind=task");
        let list = client.get(&format!("/items?{query}")).await.ok();
        let cockpit = client.get(&format!("/cockpits/{MODULE}")).await.ok();
        let sum = cockpit["charts"].get(0).map_or(0, |chart| chart["sum"]["total"].as_u64().unwrap());
        let export = client.get(&format!("/exports?{query}")).await;
        Self {
            list: list["rows"].as_array().unwrap().iter().any(|row| row["id"] == item),
            item: client.get(&format!("/items/{item}")).await.status.is_success(),
            history: client.get(&format!("/items/{item}/history")).await.status.is_success(),
            count: list["total"].as_u64().unwrap(),
            cockpit: sum,
            export: export.status.is_success().then(|| table(&export.bytes).len() - 1),
            push: hears(installation, client, item).await,
        }
    }
}

/// Whether a stream of this person would tell of the item.
async fn hears(installation: &Installation, client: &Client, item: &str) -> bool {
    let me = client.get("/me").await.ok();
    let person = installation.app.org().people().find(|one| me["person"]["id"] == one.id.to_string()).unwrap().id;
    let session = sessions::Session {
        token_hash: String::new(),
        person,
        csrf: String::new(),
        name: String::new(),
        stage: sessions::Stage::Whole,
        acting_for: None,
    };
    let caller = Caller::new(installation.app.clone(), session, docket_engine::text::Language::Zh).await.unwrap();
    let entry = ledger::any(&caller, item.parse::<Id>().unwrap()).await.unwrap();
    ledger::sees(&caller, entry.whole(), None)
}

#[test]
fn a_head_sees_his_units_items_a_leader_all_and_a_stranger_none() {
    on_each_database(async |installation: &Installation| {
        let departments = installation.departments();
        let supervisor = installation.holder("supervisor").await;
        let item = installation.task_for(&supervisor, "一件事", departments[0].unit).await;
        let head = installation.signed_in(&departments[0].head).await;
        let handler = installation.signed_in(&departments[0].handler).await;
        let other_head = installation.signed_in(&departments[1].head).await;
        let leader = installation.holder("district_leader").await;
        for (who, client, seen) in [
            ("supervisor", &supervisor, Seen::one()),
            ("head", &head, Seen::one()),
            ("leader", &leader, Seen::one()),
            ("handler", &handler, Seen::one().without_export()),
            ("another head", &other_head, Seen::NOTHING),
        ] {
            assert_eq!(Seen::by(installation, client, &item).await, seen, "{who}");
        }
        // A co-operating unit sees it too.
        let mut fields = Installation::fields("两家的事", departments[0].unit);
        fields["co_units"] = serde_json::json!([departments[1].unit.to_string()]);
        let shared = Installation::create(&supervisor, &fields).await;
        assert_eq!(Seen::by(installation, &other_head, &shared).await, Seen::one());
    });
}

#[test]
fn who_may_not_create_import_or_administer_is_refused() {
    on_each_database(async |installation: &Installation| {
        let department = &installation.departments()[0];
        let path = format!("/items?module={MODULE}&kind=task");
        let body = serde_json::json!({"fields": Installation::fields("一件事", department.unit)});
        for code in [&department.head, &department.handler] {
            let client = installation.signed_in(code).await;
            client.post(&path, &body).await.problem(403, "forbidden");
        }
        // An administrator sees no business data by that duty (I2).
        let administrator = installation.holder("system_admin").await;
        assert_eq!(
            administrator.get("/me").await.ok()["modules"].as_array().unwrap().len(),
            kinds_of_anyone(installation)
        );
        assert_eq!(administrator.get(&path).await.ok()["total"], 0);
    });
}

/// Modules that the rule for anyone shows in the menu.
fn kinds_of_anyone(installation: &Installation) -> usize {
    let registry = installation.app.registry();
    let any = registry.policies.values().flat_map(|policy| &policy.rules).any(|rule| rule.role == "anyone");
    if any { registry.modules.len() } else { 0 }
}

/// The shipped definitions with `from` replaced by `to` in the policies.
pub(crate) fn with_policy(from: &str, to: &str) -> Vec<Arc<File>> {
    let mut changed = false;
    let files = definitions::shipped()
        .into_iter()
        .map(|file| {
            if !file.path.starts_with("policies/") || !file.text.contains(from) {
                return file;
            }
            changed = true;
            Arc::new(File { path: file.path.clone(), text: file.text.replace(from, to) })
        })
        .collect();
    assert!(changed, "no policy says `{from}`");
    files
}

#[test]
fn one_changed_rule_changes_list_item_count_cockpit_export_and_push_alike() {
    on_each_database(async |installation: &Installation| {
        let departments = installation.departments();
        let supervisor = installation.holder("supervisor").await;
        let item = installation.task_for(&supervisor, "一件事", departments[0].unit).await;
        let head = installation.signed_in(&departments[0].head).await;
        let leader = installation.holder("district_leader").await;
        assert_eq!(Seen::by(installation, &head, &item).await, Seen::one());
        assert_eq!(Seen::by(installation, &leader, &item).await, Seen::one());

        // Units see only what is done, and so do leaders.
        let rule = |role: &str, when: &str| format!("{{role: {role}, may_not: [read], on: task, when: \"{when}\"}}");
        let denied = format!(
            "rules:\n  - {}\n  - {}",
            rule("member", "item.state == 'open'"),
            rule("district_leader", "item.lead_unit in item.units"),
        );
        definitions::publish(&installation.app, &with_policy("rules:", &denied), None).await.unwrap();
        assert_eq!(Seen::by(installation, &head, &item).await, Seen::NOTHING);
        assert_eq!(Seen::by(installation, &leader, &item).await, Seen::NOTHING);
        assert_eq!(Seen::by(installation, &supervisor, &item).await, Seen::one());

        definitions::publish(&installation.app, &definitions::shipped(), None).await.unwrap();
        assert_eq!(Seen::by(installation, &head, &item).await, Seen::one());
        let list: Json = head.get(&format!("/items?module={MODULE}&kind=task")).await.ok();
        assert_eq!(list["total"], 1);
    });
}
