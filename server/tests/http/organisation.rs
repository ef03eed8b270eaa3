//! The organisation's console: units, people, export and import with a preview, gaps, leaving (R3, R12, R17, R28).

use std::time::Duration;

use docket_engine::id::UnitId;
use docket_server::db::entity::follow_up;
use poem::http::header;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::{Value as Json, json};

use super::{
    client::Client,
    installation::{Installation, first_task, on_each_database},
};

/// Waits until all open work has followed the organisation.
async fn followed(installation: &Installation) {
    let app = &installation.app;
    let done = async {
        loop {
            let open = follow_up::Entity::find()
                .filter(follow_up::Column::EndedAt.is_null())
                .filter(follow_up::Column::BegunAt.lte(app.now().as_millisecond()));
            if open.one(app.db.reader()).await.unwrap().is_none() {
                return;
            }
            app.wake.follow_ups.notify_one();
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), done).await.expect("open work follows");
}

/// Of a row: sheet, number, and column and code of each note.
type Told = (String, u64, Vec<(String, String)>);

/// A workbook of these sheets.
fn workbook(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    for (name, rows) in sheets {
        let sheet = workbook.add_worksheet().set_name(*name).unwrap();
        for (row, cells) in (0..).zip(*rows) {
            for (column, text) in (0..).zip(*cells).filter(|(_, text)| !text.is_empty()) {
                sheet.write_string(row, column, *text).unwrap();
            }
        }
    }
    workbook.save_to_buffer().unwrap()
}

async fn preview(administrator: &Client, bytes: &[u8]) -> Json {
    administrator.upload("/org/imports", "organisation.xlsx", bytes).await.ok()
}

async fn import(administrator: &Client, bytes: &[u8]) -> Json {
    let seen = preview(administrator, bytes).await;
    let path = format!("/org/imports?generation={}", seen["generation"].as_str().unwrap());
    administrator.upload(&path, "organisation.xlsx", bytes).await.ok()
}

#[test]
fn what_is_exported_changes_nothing_when_it_is_imported_again() {
    on_each_database(async |installation: &Installation| {
        let administrator = installation.holder("system_admin").await;
        let exported = administrator.get("/org/export").await;
        assert!(exported.status.is_success());
        assert!(exported.headers[header::CONTENT_DISPOSITION].to_str().unwrap().contains(".xlsx"));
        let seen = preview(&administrator, &exported.bytes).await;
        let counts = &seen["counts"];
        assert_eq!(
            (&counts["new"], &counts["changed"], &counts["refused"]),
            (&json!(0), &json!(0), &json!(0)),
            "{seen:#}"
        );
        assert!(counts["unchanged"].as_u64().unwrap() > 180);
        assert_eq!((&seen["imported"], &seen["rows"]), (&json!(false), &json!([])));
        let before = installation.app.org();
        assert_eq!(import(&administrator, &exported.bytes).await["imported"], true);
        assert_eq!(*installation.app.org(), *before);
        followed(installation).await;
    });
}

#[test]
fn a_preview_tells_every_row_and_what_was_seen_is_what_is_imported() {
    on_each_database(async |installation: &Installation| {
        let administrator = installation.holder("system_admin").await;
        let bad = workbook(&[
            (
                "单位",
                &[
                    &["单位名称", "上级单位", "撤销日期", "承继单位"],
                    &["甲局", "乙局", "", ""],
                    &["乙局", "甲局", "", ""],
                    &["丙局", "没有的局", "明天", "教委"],
                ],
            ),
            (
                "人员",
                &[&["姓名", "工号", "单位", "岗位"], &["新人", "N1", "教委", ""], &["另一人", "K0137", "教委", "科长"]],
            ),
        ]);
        let seen = preview(&administrator, &bad).await;
        let refused: Vec<Told> = seen["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| {
                let text = |json: &Json| json.as_str().unwrap().to_owned();
                let cells = row["cells"].as_array().unwrap().iter();
                let cells = cells.map(|cell| (text(&cell["column"]), text(&cell["code"]))).collect();
                (text(&row["sheet"]), row["row"].as_u64().unwrap(), cells)
            })
            .collect();
        let row = |sheet: &str, row: u64, cells: &[(&str, &str)]| {
            let cells = cells.iter().map(|(column, code)| ((*column).to_owned(), (*code).to_owned())).collect();
            (sheet.to_owned(), row, cells)
        };
        for expected in [
            row("单位", 2, &[("", "circular-units")]),
            row("单位", 3, &[("", "circular-units")]),
            row("人员", 2, &[("岗位", "no-post")]),
        ] {
            assert!(refused.contains(&expected), "{expected:?} in {refused:#?}");
        }
        let third = refused.iter().find(|(sheet, row, _)| sheet == "单位" && *row == 4).unwrap();
        assert!(third.2.contains(&("上级单位".into(), "unknown-unit".into())), "{third:?}");
        assert!(third.2.contains(&("撤销日期".into(), "not-a-date".into())), "{third:?}");
        let path = format!("/org/imports?generation={}", seen["generation"].as_str().unwrap());
        let answer = administrator.upload(&path, "organisation.xlsx", &bad).await.ok();
        assert_eq!(answer["imported"], false);
        assert!(installation.app.org().units().all(|unit| unit.name != "甲局"));
        // Something changes between looking and importing.
        let good = workbook(&[("单位", &[&["单位名称", "类别"], &["丁局", "部门"]])]);
        let seen = preview(&administrator, &good).await;
        let path = format!("/org/imports?generation={}", seen["generation"].as_str().unwrap());
        import(&administrator, &workbook(&[("单位", &[&["单位名称"], &["戊局"]])])).await;
        administrator.upload(&path, "organisation.xlsx", &good).await.problem(409, "ledger-changed");
        assert_eq!(import(&administrator, &good).await["counts"]["new"], 1);
        administrator.upload("/org/imports", "a.xlsx", b"no workbook").await.problem(422, "unreadable-file");
        let handler = installation.signed_in(&installation.departments()[0].handler).await;
        handler.upload("/org/imports", "a.xlsx", &good).await.problem(403, "forbidden");
        for path in ["/org/units", "/org/people", "/org/gaps", "/org/follow-ups", "/org/export"] {
            handler.get(path).await.problem(403, "forbidden");
        }
    });
}

#[test]
fn a_unit_that_ends_leaves_its_open_items_to_its_successor_and_the_old_ones_readable() {
    on_each_database(async |installation: &Installation| {
        let administrator = installation.holder("system_admin").await;
        let supervisor = installation.holder("supervisor").await;
        let (old, new) = (installation.departments().remove(0), installation.departments().remove(1));
        let name = |unit: UnitId| installation.app.org().unit(unit).unwrap().name.clone();
        let item = installation.task_for(&supervisor, "一件事", old.unit).await;
        let (ends, goes_on) = (name(old.unit), name(new.unit));
        let sheet: &[&[&str]] = &[&["单位名称", "撤销日期", "承继单位"], &[&ends, "2026-03-03", &goes_on]];
        assert_eq!(import(&administrator, &workbook(&[("单位", sheet)])).await["counts"]["changed"], 1);
        let lead = async |client: &Client| {
            let view = client.get(&format!("/items/{item}")).await.ok();
            let values = view["values"].as_array().unwrap();
            values.iter().find(|value| value["name"] == "lead_unit").unwrap()["value"].clone()
        };
        followed(installation).await;
        assert_eq!(lead(&supervisor).await, old.unit.to_string(), "it is still in force");
        let head = installation.signed_in(&new.head).await;
        head.get(&format!("/items/{item}")).await.ok();
        supervisor.post("/demo/clock", &json!({"days": 2})).await.ok();
        followed(installation).await;
        assert_eq!(lead(&supervisor).await, new.unit.to_string());
        let found = supervisor.get(&format!("/units?q={}", urlencode(&ends))).await.ok();
        assert!(
            found.as_array().unwrap().iter().all(|unit| unit["id"] != old.unit.to_string()),
            "not to be chosen any more"
        );
        let history = supervisor.get(&format!("/items/{item}/history")).await.ok();
        assert_eq!(history["chain"], "intact");
        let progress = administrator.get("/org/follow-ups").await.ok();
        assert!(
            progress["rows"].as_array().unwrap().iter().any(|row| row["text"].as_str().unwrap().contains(&goes_on))
        );
    });
}

fn urlencode(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut encoded, byte| {
        let _ = write!(encoded, "%{byte:02X}");
        encoded
    })
}

#[test]
fn somebody_who_leaves_is_disabled_and_his_tasks_follow_the_rule() {
    on_each_database(async |installation: &Installation| {
        let administrator = installation.holder("system_admin").await;
        let department = installation.departments().remove(0);
        let supervisor = installation.holder("supervisor").await;
        installation.task_for(&supervisor, "一件事", department.unit).await;
        let handler = installation.signed_in(&department.handler).await;
        let liaison = installation.signed_in(&department.liaison).await;
        installation.move_clock(5, &handler, 1).await;
        let task = first_task(&handler).await;
        handler.post(&format!("/tasks/{task}/claim"), &json!({})).await.ok();
        let id = |client: &Client| {
            let client = client.clone();
            async move { client.get("/me").await.ok()["person"]["id"].as_str().unwrap().to_owned() }
        };
        let (handler_id, liaison_id, own) = (id(&handler).await, id(&liaison).await, id(&administrator).await);
        let path = format!("/org/people/{handler_id}/disable");
        administrator.post(&path, &json!({"tasks": "person"})).await.problem(422, "invalid");
        administrator.post(&path, &json!({"tasks": "person", "person": handler_id})).await.problem(422, "invalid");
        administrator.post(&path, &json!({"tasks": "away"})).await.problem(422, "invalid");
        handler.post(&path, &json!({"tasks": "candidates"})).await.problem(403, "forbidden");
        let himself = format!("/org/people/{own}/disable");
        assert_eq!(administrator.post(&himself, &json!({"tasks": "incident"})).await.faults()[0].1, "himself");
        let auditor = installation.app.org().holders_anywhere("audit_admin")[0];
        let last = administrator.post(&format!("/org/people/{auditor}/disable"), &json!({"tasks": "incident"})).await;
        assert_eq!(last.faults()[0].1, "last-of-duty");
        administrator
            .post("/org/people/99999999/disable", &json!({"tasks": "incident"}))
            .await
            .problem(404, "not-found");
        administrator.post(&path, &json!({"tasks": "person", "person": liaison_id})).await.ok();
        handler.get("/me").await.problem(401, "not-signed-in");
        installation
            .stranger()
            .sign_in(&department.handler, super::installation::PASSWORD)
            .await
            .problem(401, "wrong-credentials");
        followed(installation).await;
        let seen = liaison.get(&format!("/tasks/{task}")).await.ok();
        assert_eq!(seen["assignee"]["id"], liaison_id);
        let listed = administrator.get(&format!("/org/people?q={}", department.handler)).await.ok();
        assert_eq!((&listed["rows"][0]["active"], &listed["total"]), (&json!(false), &json!(1)));
        administrator.post(&format!("/org/people/{handler_id}/enable"), &json!({})).await.ok();
        followed(installation).await;
        assert_eq!(installation.signed_in(&department.handler).await.get("/todo").await.ok()["total"], 0);
        let progress = administrator.get("/org/follow-ups").await.ok();
        let row = progress["rows"]
            .as_array()
            .unwrap()
            .iter()
            .find(|row| row["text"].as_str().unwrap().contains("离任"))
            .unwrap();
        assert_eq!((&row["done"], &row["total"], &row["failed"]), (&json!(1), &json!(1), &json!(0)));
        assert!(row["ended_at"].is_string());
    });
}

#[test]
fn steps_that_nobody_could_do_are_listed_by_name_with_what_would_happen() {
    on_each_database(async |installation: &Installation| {
        let administrator = installation.holder("system_admin").await;
        let all = administrator.get("/org/gaps?per_page=100").await.ok();
        let rows = all["rows"].as_array().unwrap().clone();
        let org = installation.app.org();
        let of = |unit: UnitId, node: &str| {
            rows.iter().find(|row| row["unit"]["id"] == unit.to_string() && row["node"] == node).cloned()
        };
        let without =
            org.units().find(|unit| ["handler", "liaison"].iter().all(|post| org.holders(post, unit.id).is_empty()));
        let without = without.unwrap().id;
        let gap = of(without, "draft").expect("nobody can write a report there");
        assert_eq!((&gap["then"], &gap["in_use"]), (&json!("incident"), &json!(false)));
        assert!(gap["posts"].as_str().unwrap().contains("经办人员"), "{gap}");
        assert!(rows.iter().all(|row| row["node"] != "section-review"), "a vacant post is passed over");
        let full = installation.departments().remove(0).unit;
        assert!(of(full, "draft").is_none());
        let supervisor = installation.holder("supervisor").await;
        installation.task_for(&supervisor, "没有人办的事", without).await;
        let first = administrator.get("/org/gaps?per_page=1").await.ok();
        assert_eq!(
            (&first["rows"][0]["in_use"], &first["rows"][0]["unit"]["id"]),
            (&json!(true), &json!(without.to_string()))
        );
        assert!(first["in_use"].as_u64().unwrap() >= 1);
        let top = administrator.get("/org/units").await.ok();
        assert!(top.as_array().unwrap().iter().any(|unit| unit["people"].as_u64().unwrap() > 0));
        let parent = org.units().find_map(|unit| unit.parent).unwrap();
        let below = administrator.get(&format!("/org/units?parent={parent}")).await.ok();
        assert!(!below.as_array().unwrap().is_empty());
        administrator.get("/org/units?parent=1234567").await.problem(404, "not-found");
    });
}
