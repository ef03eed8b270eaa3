//! The security administrator's work on policies: check, dry run, publish, go back; and why somebody sees something.

use docket_server::{
    app::{
        definitions::{self, PolicyFile},
        policies::csv,
    },
    audit::Origin,
};
use serde_json::{Value as Json, json};

use super::{
    client::Client,
    installation::{Installation, MODULE, on_each_database},
};

async fn documents(security: &Client) -> (Json, i64) {
    let now = security.get("/access/policies").await.ok();
    (now["documents"].clone(), now["version"]["id"].as_i64().unwrap())
}

/// The documents in force with `from` replaced.
async fn changed(security: &Client, from: &str, to: &str) -> (Json, i64) {
    let (mut documents, base) = documents(security).await;
    let text = documents[0]["text"].as_str().unwrap();
    assert!(text.contains(from), "{text}");
    documents[0]["text"] = json!(text.replace(from, to));
    (documents, base)
}

const LEADERS: &str = "{role: district_leader, may: [read, export], on: task}";

#[test]
fn a_change_is_tried_published_and_taken_back() {
    on_each_database(async |installation: &Installation| {
        let security = installation.holder("security_admin").await;
        let leader = installation.holder("district_leader").await;
        let supervisor = installation.holder("supervisor").await;
        let unit = installation.departments()[0].unit;
        let first = installation.task_for(&supervisor, "一件事", unit).await;
        let mut monthly = Installation::fields("每月的事", unit);
        monthly["cycle"] = json!("month");
        Installation::create(&supervisor, &monthly).await;
        let (documents, base) = changed(
            &security,
            LEADERS,
            "{role: district_leader, may: [read, export], on: task, when: item.cycle == 'month', fields: [title, cycle]}",
        )
        .await;

        let run = security.post("/access/dry-runs", &json!({"documents": documents})).await.ok();
        let run = finished(&security, run["id"].as_i64().unwrap()).await;
        assert_eq!((&run["state"], &run["people_gaining"]), (&json!("done"), &json!(0)), "{run:#}");
        let lines = run["lines"].as_array().unwrap();
        let read = lines.iter().find(|line| line["action"] == "read").unwrap();
        assert_eq!((&read["kind"], &read["gained"], &read["lost"]), (&json!("task"), &json!(0), &json!(1)), "{run:#}");
        assert_eq!(read["lost_items"], json!([{"id": first, "title": first}]), "no business data by that duty");
        // Not a person's work is anybody else's.
        let path = format!("/access/dry-runs/{}", run["id"]);
        supervisor.get(&path).await.problem(403, "forbidden");

        assert_eq!(total(&leader).await, 2, "a dry run changes nothing");
        let body = json!({"documents": documents, "base": base, "why": "领导只看每月的"});
        let published = security.post("/access/publish", &body).await.ok();
        assert_eq!((&published["why"], &published["current"]), (&json!("领导只看每月的"), &json!(true)));
        assert_eq!(total(&leader).await, 1);
        security.post("/access/publish", &body).await.problem(409, "ledger-changed");

        let versions = security.get("/access/versions").await.ok();
        assert_eq!(versions["rows"].as_array().unwrap().len(), 2);
        let detail = security.get(&format!("/access/versions/{}", published["id"])).await.ok();
        assert_eq!((detail["added"].as_array().unwrap().len(), detail["removed"].as_array().unwrap().len()), (1, 1));
        assert_eq!(detail["added"][0]["fields"], json!(["cycle", "title"]));

        let restored = security.post(&format!("/access/versions/{base}/restore"), &json!({})).await.ok();
        assert!(restored["id"].as_i64() > published["id"].as_i64());
        assert_eq!(total(&leader).await, 2);
    });
}

async fn total(client: &Client) -> u64 {
    client.get(&format!("/items?module={MODULE}&kind=task")).await.ok()["total"].as_u64().unwrap()
}

/// A dry run, once it has ended.
async fn finished(security: &Client, id: i64) -> Json {
    let ended = async {
        loop {
            let run = security.get(&format!("/access/dry-runs/{id}")).await.ok();
            if run["state"] != "running" {
                return run;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), ended).await.unwrap()
}

#[test]
fn what_is_wrong_is_told_with_its_place_and_the_old_policy_stays() {
    on_each_database(async |installation: &Installation| {
        let security = installation.holder("security_admin").await;
        let leader = installation.holder("district_leader").await;
        let supervisor = installation.holder("supervisor").await;
        installation.task_for(&supervisor, "一件事", installation.departments()[0].unit).await;
        for (to, code) in [
            ("{role: district_leder, may: [read, export], on: task}", "unknown-role"),
            ("{role: district_leader, may: [raed], on: task}", "unknown-word"),
            ("{role: district_leader, may: [read], on: tsak}", "unknown-kind"),
            ("{role: district_leader, may: [read], on: task, fields: [titel]}", "unknown-field"),
            ("{role: district_leader, may: [read, urge], on: task, fields: [title]}", "fields-of-no-reading"),
            ("{role: district_leader, may: [read], on: task, when: item.colour == 'red'}", "unknown-fact"),
            ("{role: district_leader, may: [read], on: task, when: size(item.units) > 1}", "not-in-sql-subset"),
            ("{role: supervisor, may: [urge], on: any}", "duplicate-rule"),
            ("{role: district_leader, may: [read], on: task", "yaml-syntax"),
        ] {
            let (documents, base) = changed(&security, LEADERS, to).await;
            let checked = security.post("/access/check", &json!({"documents": documents})).await.ok();
            let faults = checked["faults"].as_array().unwrap();
            let fault = faults.iter().find(|fault| fault["code"] == code);
            assert!(fault.is_some_and(|fault| fault["line"].as_u64() > Some(1)), "{code}: {checked:#}");
            let body = json!({"documents": documents, "base": base, "why": "x"});
            let faults = security.post("/access/publish", &body).await.faults();
            assert!(faults.iter().any(|(_, found)| found == code), "{code}: {faults:?}");
            let run = security.post("/access/dry-runs", &json!({"documents": documents})).await.ok();
            assert_eq!(run["state"], "refused");
        }
        let circle =
            changed(&security, "department_head: [member]", "department_head: [member]\n  member: [department_head]")
                .await;
        let checked = security.post("/access/check", &json!({"documents": circle.0})).await.ok();
        assert_eq!(checked["faults"][0]["code"], "role-includes-itself");
        let (documents, base) = documents(&security).await;
        for body in [
            json!({"documents": [], "base": base, "why": "x"}),
            json!({"documents": documents, "base": base, "why": " "}),
            json!({"documents": [{"path": "../x.yaml", "text": ""}], "base": base, "why": "x"}),
        ] {
            security.post("/access/publish", &body).await.problem(422, "invalid");
        }
        assert_eq!(total(&leader).await, 1);
        assert_eq!(security.get("/access/versions").await.ok()["rows"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn only_the_security_administrator_works_on_policies_and_his_draft_is_his_own() {
    on_each_database(async |installation: &Installation| {
        let security = installation.holder("security_admin").await;
        for post in ["system_admin", "audit_admin", "supervisor", "district_leader"] {
            let other = installation.holder(post).await;
            for path in ["/access/policies", "/access/draft", "/access/versions", "/access/versions/1", "/access/csv"] {
                other.get(path).await.problem(403, "forbidden");
            }
            let body = json!({"documents": [], "base": 1, "why": "x"});
            other.post("/access/publish", &body).await.problem(403, "forbidden");
            assert!(!other.get("/me").await.ok()["duties"].to_string().contains("security"));
        }
        assert_eq!(security.get("/me").await.ok()["duties"], json!(["security"]));
        let (documents, base) = changed(&security, LEADERS, "").await;
        let body = json!({"documents": documents, "base": base});
        assert!(security.put("/access/draft", &body).await.ok()["saved_at"].is_string());
        assert_eq!(security.get("/access/draft").await.ok()["documents"], documents);
        assert!(security.delete("/access/draft").await.status.is_success());
        assert!(security.get("/access/draft").await.ok().get("saved_at").is_none());
    });
}

#[test]
fn an_organisation_without_a_security_administrator_is_refused() {
    on_each_database(async |installation: &Installation| {
        let files: Vec<_> = definitions::shipped()
            .into_iter()
            .map(|file| {
                let text = file.text.replace(", duty: security}", "}");
                std::sync::Arc::new(docket_engine::source::File { path: file.path.clone(), text })
            })
            .collect();
        let refused = definitions::publish(&installation.app, &files, None).await.unwrap_err();
        assert!(matches!(refused, definitions::PublishError::LocksOut), "{refused}");
    });
}

#[test]
fn rules_are_written_as_casbins_csv_and_read_back() {
    on_each_database(async |installation: &Installation| {
        let security = installation.holder("security_admin").await;
        let (documents, base) = changed(
            &security,
            LEADERS,
            "{role: district_leader, may: [read, export], on: task, fields: [title, lead_unit], when: \"item.title != 'a, \\\"b\\\"' && item.state in ['open', 'done']\"}",
        )
        .await;
        security.post("/access/publish", &json!({"documents": documents, "base": base, "why": "x"})).await.ok();
        let text = String::from_utf8(security.get("/access/csv").await.bytes).unwrap();
        assert!(text.contains("g, department_head, member\n"), "{text}");
        let document = csv::document("district", &text).unwrap();
        let file = PolicyFile { path: "policies/district.yaml".to_owned(), text: document };
        definitions::publish_policies(&installation.app, &[file], &Origin::system(), "").await.unwrap();
        let sorted = |text: &str| {
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            lines.sort();
            lines
        };
        assert_eq!(sorted(&csv::written(&installation.app.published().rules)), sorted(&text));
        let refused = csv::document("x", "p, member, task, read\n").unwrap_err();
        assert_eq!(refused.line, 1);
    });
}

#[test]
fn an_explanation_names_the_rule_that_decided_or_what_the_closest_lacked() {
    on_each_database(async |installation: &Installation| {
        let departments = installation.departments();
        let supervisor = installation.holder("supervisor").await;
        let security = installation.holder("security_admin").await;
        let item = installation.task_for(&supervisor, "一件事", departments[0].unit).await;
        let head = installation.signed_in(&departments[0].head).await;
        let other = installation.signed_in(&departments[1].head).await;
        let own = head.get(&format!("/access/explain?item={item}")).await.ok();
        assert_eq!(own["allowed"], true);
        assert!(own["summary"].as_str().unwrap().contains("item.units.overlaps(subject.units)"), "{own:#}");
        // Of what he does not see he is not told that it is there.
        other.get(&format!("/access/explain?item={item}")).await.problem(404, "not-found");
        let me = other.get("/me").await.ok()["person"]["id"].as_str().unwrap().to_owned();
        head.get(&format!("/access/explain?item={item}&person={me}")).await.problem(403, "forbidden");
        let path = format!("/access/explain?item={item}&person={me}");
        let why = security.get(&path).await.ok();
        assert_eq!(why["allowed"], false);
        let closest = &why["rules"][0];
        assert_eq!(closest["lacking"].as_array().unwrap().len(), 1, "{why:#}");
        assert!(why["summary"].as_str().unwrap().contains("不满足"), "{why:#}");
        let english = security.in_english().get(&path).await.ok();
        assert!(english["summary"].as_str().unwrap().contains("It lacks"), "{english:#}");
        let export = security.get(&format!("{path}&action=create")).await.ok();
        assert_eq!((&export["allowed"], &export["rules"][0]["has_role"]), (&json!(false), &json!(false)));
        security.get("/access/explain?item=999999").await.problem(404, "not-found");
    });
}
