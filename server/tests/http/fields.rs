//! A field that a person may not see is absent on every surface, and can not be searched, filtered, sorted or grouped by (R3).

use docket_server::app::definitions;
use serde_json::{Value as Json, json};

use super::{
    client::Client,
    export::table,
    installation::{Installation, MODULE, first_task, on_each_database},
    visibility::with_policy,
};

const TITLE: &str = "机密标题";
const CONTENT: &str = "机密内容";
const PROGRESS: &str = "机密进展";
/// What is hidden of a task.
const HIDDEN: &str = "title, content, lead_unit, co_units, leader, category, source, cycle, due, next_due, progress";

/// The shipped policies with these rules added.
pub(crate) async fn publish(installation: &Installation, rules: &[&str]) {
    let added = ["rules:"].into_iter().chain(rules.iter().copied()).collect::<Vec<_>>().join("\n  - ");
    let files = with_policy("rules:", &added);
    definitions::publish(&installation.app, &files, None).await.unwrap();
}

/// A task with all that is hidden, and one that is shown.
async fn two(installation: &Installation) -> (String, String) {
    let supervisor = installation.holder("supervisor").await;
    let leader = installation.app.org().holders_anywhere("district_leader")[0].to_string();
    let unit = installation.departments()[0].unit;
    let mut fields = Installation::fields(TITLE, unit);
    let more = json!({"content": CONTENT, "leader": [leader], "source": ["民生实事"]});
    fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let hidden = Installation::create(&supervisor, &fields).await;
    let mut shown = Installation::fields("甲", installation.departments()[1].unit);
    shown["cycle"] = json!("month");
    (hidden, Installation::create(&supervisor, &shown).await)
}

async fn list(client: &Client, query: &str) -> (u64, Vec<String>) {
    let list = client.get(&format!("/items?module={MODULE}&kind=task{query}")).await.ok();
    let ids = list["rows"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect();
    (list["total"].as_u64().unwrap(), ids)
}

fn assert_silent(what: &str, text: &str, secrets: &[&str]) {
    for secret in secrets {
        assert!(!text.contains(secret), "{what} tells `{secret}`: {text}");
    }
}

/// Hidden of every task, or of those of one cycle: then each query must ask row by row.
const WAYS: [&str; 2] = ["", ", when: \"item.cycle == 'week'\""];

#[test]
fn hidden_fields_are_absent_from_items_lists_exports_cockpits_and_history() {
    on_each_database(async |installation: &Installation| {
        let (hidden, shown) = two(installation).await;
        let leader = installation.holder("district_leader").await;
        let unit = installation.departments()[0].unit;
        let unit_name = installation.app.org().unit(unit).unwrap().name.clone();
        let secrets = [TITLE, CONTENT, unit_name.as_str(), "一极\"", "民生实事", "2026-12-31"];
        assert!(leader.get(&format!("/items/{hidden}")).await.ok()["title"] == TITLE);
        for when in WAYS {
            publish(
                installation,
                &[&format!("{{role: district_leader, may_not: [read], on: task, fields: [{HIDDEN}]{when}}}")],
            )
            .await;
            let item = leader.get(&format!("/items/{hidden}")).await.ok();
            assert_silent("the item", &item.to_string(), &secrets);
            let names: Vec<&str> =
                item["values"].as_array().unwrap().iter().map(|value| value["name"].as_str().unwrap()).collect();
            assert!(!names.contains(&"content") && names.contains(&"remark"), "{names:?}");
            assert_eq!((&item["light"], &item["next_due"], &item["due"]), (&Json::Null, &Json::Null, &Json::Null));

            let rows = leader.get(&format!("/items?module={MODULE}&kind=task")).await.ok()["rows"].clone();
            let row = rows.as_array().unwrap().iter().find(|row| row["id"] == hidden.as_str()).unwrap().clone();
            assert_silent("the list", &row.to_string(), &secrets);
            assert!(row["cells"].get("lead_unit").is_none(), "{row}");
            assert_silent(
                "history",
                &leader.get(&format!("/items/{hidden}/history")).await.ok().to_string(),
                &secrets[..4],
            );
            filters_find_nothing(&leader, installation, &hidden).await;
            assert_silent("cockpit", &cockpit_of(&leader, &unit.to_string()).await, &[&unit_name]);

            let export = leader.get(&format!("/exports?module={MODULE}&kind=task")).await;
            let cells = format!("{:?}", table(&export.bytes));
            assert_silent("the export", &cells, &[TITLE, CONTENT, &unit_name, "民生实事"]);
        }
        // A column that no item of his shows is not offered.
        publish(installation, &[&format!("{{role: anyone, may_not: [read], on: task, fields: [{HIDDEN}]}}")]).await;
        let view = leader.get(&format!("/modules/{MODULE}")).await.ok();
        let task = view["kinds"].as_array().unwrap().iter().find(|kind| kind["name"] == "task").unwrap().clone();
        assert_eq!((&task["list"]["columns"], &task["list"]["filters"]), (&json!([]), &json!(["state"])));
        publish(
            installation,
            &[&format!("{{role: district_leader, may_not: [read], on: task, fields: [{HIDDEN}]{}}}", WAYS[1])],
        )
        .await;
        // The other task was shown whole all the while that only those of a cycle were hidden.
        assert_eq!(leader.get(&format!("/items/{shown}")).await.ok()["title"], "甲");
        assert_eq!(list(&leader, "&q=甲").await, (1, vec![shown]));
        definitions::publish(&installation.app, &definitions::shipped(), None).await.unwrap();
        assert_eq!(list(&leader, "&q=机密").await.0, 1);
    });
}

/// The rows of the cockpit that are about `unit`.
async fn cockpit_of(client: &Client, unit: &str) -> String {
    let cockpit = client.get(&format!("/cockpits/{MODULE}")).await.ok();
    let charts = cockpit["charts"].as_array().unwrap();
    let about = |row: &&Json| row["key"] == unit;
    let rows: Vec<String> = charts
        .iter()
        .flat_map(|chart| chart["rows"].as_array().unwrap())
        .filter(about)
        .map(ToString::to_string)
        .collect();
    rows.concat()
}

async fn filters_find_nothing(leader: &Client, installation: &Installation, hidden: &str) {
    let unit = installation.departments()[0].unit;
    let person = installation.app.org().holders_anywhere("district_leader")[0];
    for query in [
        "&q=机密".to_owned(),
        "&category=一极&q=机密".to_owned(),
        format!("&lead_unit={unit}"),
        format!("&unit={unit}"),
        format!("&leader={person}"),
        "&cycle=week".to_owned(),
        "&source=民生实事".to_owned(),
        "&light=green&cycle=week".to_owned(),
    ] {
        let (_, ids) = list(leader, &query).await;
        assert!(!ids.contains(&hidden.to_owned()), "{query}");
    }
    for query in ["&lead_unit=none", "&leader=none"] {
        assert!(list(leader, query).await.1.contains(&hidden.to_owned()), "{query}");
    }
    // Absent values come last, whichever way they are sorted.
    for sort in ["title", "-title", "lead_unit", "-lead_unit", "next_due", "-due", "light"] {
        let (_, ids) = list(leader, &format!("&sort={sort}")).await;
        assert_eq!(ids.len(), 2, "{sort}");
        assert_eq!(ids[1], last_when_hidden(leader, hidden, &ids).await, "{sort}");
    }
}

/// Where only one of the two is hidden it comes last; where both are, the younger one does.
async fn last_when_hidden(leader: &Client, hidden: &str, ids: &[String]) -> String {
    let other = ids.iter().find(|id| *id != hidden).unwrap();
    let both = leader.get(&format!("/items/{other}")).await.ok()["title"] != "甲";
    if both { ids.iter().max_by_key(|id| id.parse::<i64>().unwrap()).unwrap().clone() } else { hidden.to_owned() }
}

#[test]
fn a_list_of_fields_shows_only_these_and_columns_nobody_shows_are_gone() {
    on_each_database(async |installation: &Installation| {
        let (hidden, _) = two(installation).await;
        let files = with_policy(
            "{role: district_leader, may: [read, export], on: task}",
            "{role: district_leader, may: [read, export], on: task, fields: [title, stage]}",
        );
        definitions::publish(&installation.app, &files, None).await.unwrap();
        let leaders = installation.app.org().holders_anywhere("district_leader");
        let leader = installation.signed_in(&installation.person(leaders[1]).code).await;
        let item = leader.get(&format!("/items/{hidden}")).await.ok();
        assert_eq!(item["title"], TITLE);
        let names: Vec<&str> =
            item["values"].as_array().unwrap().iter().map(|value| value["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["title"]);
        let export = leader.get(&format!("/exports?module={MODULE}&kind=task")).await;
        let rows = table(&export.bytes);
        assert!(rows.iter().all(|row| row.len() == 1), "{rows:?}");
        // Reading whole and exporting some gives some.
        let files = with_policy(
            "{role: district_leader, may: [read, export], on: task}",
            "{role: district_leader, may: [read], on: task}\n  - {role: district_leader, may: export, on: task, fields: title}",
        );
        definitions::publish(&installation.app, &files, None).await.unwrap();
        assert_eq!(leader.get(&format!("/items/{hidden}")).await.ok()["due"], "2026-12-31");
        let export = leader.get(&format!("/exports?module={MODULE}&kind=task")).await;
        assert!(table(&export.bytes).iter().all(|row| row.len() == 1));
    });
}

#[test]
fn tasks_children_to_dos_and_notices_keep_silent_too() {
    on_each_database(async |installation: &Installation| {
        let (hidden, _) = two(installation).await;
        let department = &installation.departments()[0];
        let handler = installation.signed_in(&department.handler).await;
        let chief = installation.signed_in(&department.chief).await;
        publish(
            installation,
            &[
                &format!("{{role: member, may_not: [read], on: task, fields: [{HIDDEN}]}}"),
                "{role: member, may_not: [read], on: report, fields: [progress, due]}",
            ],
        )
        .await;
        installation.move_clock(5, &handler, 1).await;
        assert_silent("to-do", &handler.get("/todo").await.ok().to_string(), &[TITLE]);
        let task = first_task(&handler).await;
        let view = handler.get(&format!("/tasks/{task}")).await.ok();
        assert_silent("the task", &view.to_string(), &[TITLE, CONTENT]);
        // Whoever is to fill it in is asked for all of it.
        assert_eq!(view["form"]["fields"][0]["name"], "progress");
        let body = json!({"outcome": "submit", "form": {"progress": PROGRESS, "problems": "可见问题"}});
        handler.post(&format!("/tasks/{task}/complete"), &body).await.ok();

        let review = first_task(&chief).await;
        let view = chief.get(&format!("/tasks/{review}")).await.ok();
        assert_silent("what was filled in earlier", &view.to_string(), &[PROGRESS, TITLE]);
        assert!(view.to_string().contains("可见问题"), "{view}");
        let item = chief.get(&format!("/items/{hidden}")).await.ok();
        assert!(!item["children"].as_array().unwrap().is_empty(), "{item}");
        assert_silent("the children", &item.to_string(), &[PROGRESS, TITLE]);
        assert_silent(
            "history",
            &chief.get(&format!("/items/{hidden}/history")).await.ok().to_string(),
            &[PROGRESS, TITLE, CONTENT],
        );
        assert_silent("notices", &handler.get("/notices").await.ok().to_string(), &[TITLE]);
        assert_silent("notices", &chief.get("/notices").await.ok().to_string(), &[TITLE]);
        assert_silent("done", &handler.get("/done").await.ok().to_string(), &[TITLE]);
    });
}

#[test]
fn an_offers_form_leaves_out_what_is_hidden_and_keeps_it() {
    on_each_database(async |installation: &Installation| {
        let (hidden, _) = two(installation).await;
        let supervisor = installation.holder("supervisor").await;
        publish(installation, &["{role: supervisor, may_not: [read], on: task, fields: [content]}"]).await;
        let item = supervisor.get(&format!("/items/{hidden}")).await.ok();
        let offers = item["offers"].as_array().unwrap();
        let edit = offers.iter().find(|offer| offer["form"]["fields"].to_string().contains("\"title\"")).unwrap();
        assert!(!edit["form"].to_string().contains("content"), "{edit}");
        assert!(edit["data"].get("content").is_none());
        let place = |name: &str| edit[name].as_str().unwrap().to_owned();
        let path = format!("/items/{hidden}/offers/{}/{}/{}", place("instance"), place("node"), place("offer"));
        let mut form = edit["data"].clone();
        form["content"] = json!("改写");
        let sent = json!({"form": form, "comment": "x"});
        supervisor.post(&path, &sent).await.problem(422, "invalid");
        form.as_object_mut().unwrap().remove("content");
        form["title"] = json!("新标题");
        supervisor.post(&path, &json!({"form": form, "comment": "x"})).await.ok();
        definitions::publish(&installation.app, &definitions::shipped(), None).await.unwrap();
        let item = supervisor.get(&format!("/items/{hidden}")).await.ok();
        let value = |name: &str| {
            let values = item["values"].as_array().unwrap();
            values.iter().find(|value| value["name"] == name).unwrap()["value"].clone()
        };
        assert_eq!((value("title"), value("content")), (json!("新标题"), json!(CONTENT)));
    });
}
