//! Filters, order and pages of lists.

use serde_json::{Value as Json, json};

use super::{
    client::Client,
    installation::{Installation, MODULE, on_each_database},
};

async fn list(client: &Client, query: &str) -> Json {
    client.get(&format!("/items?module={MODULE}&kind=task{query}")).await.ok()
}

async fn titles(client: &Client, query: &str) -> Vec<String> {
    let rows = list(client, query).await["rows"].as_array().unwrap().clone();
    rows.iter().map(|row| row["title"].as_str().unwrap().to_owned()).collect()
}

/// Four items that differ in everything that a list can filter by.
async fn four(installation: &Installation, supervisor: &Client) -> [String; 2] {
    let departments = installation.departments();
    let leaders = installation.app.org().holders_anywhere("district_leader");
    let [a, b] = [departments[0].unit, departments[1].unit];
    let leader = |index: usize| leaders[index].to_string();
    for (title, unit, more) in [
        ("丙 100%_完成", a, json!({"leader": [leader(0)], "due": null})),
        ("甲（ＡＢＣ）", a, json!({"leader": [leader(0), leader(1)], "category": ["两大", "三区"], "cycle": "month"})),
        ("乙", b, json!({"co_units": [a.to_string()], "source": ["民生实事"], "due": "2026-06-30"})),
        ("丁", b, json!({"leader": [leader(1)], "due": "2026-03-05"})),
    ] {
        let mut fields = Installation::fields(title, unit);
        fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        fields.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        Installation::create(supervisor, &fields).await;
    }
    [a.to_string(), leader(1)]
}

#[test]
fn filters_are_joined_and_their_values_are_alternatives() {
    on_each_database(async |installation: &Installation| {
        let supervisor = installation.holder("supervisor").await;
        let [unit, leader] = four(installation, &supervisor).await;
        for (query, found) in [
            (String::new(), vec!["丁", "丙 100%_完成", "乙", "甲（ＡＢＣ）"]),
            ("&q=abc".to_owned(), vec!["甲（ＡＢＣ）"]),
            ("&q=%25".to_owned(), vec!["丙 100%_完成"]),
            ("&q=_".to_owned(), vec!["丙 100%_完成"]),
            ("&q=%5C".to_owned(), vec![]),
            ("&category=三区".to_owned(), vec!["甲（ＡＢＣ）"]),
            ("&category=一极&category=三区".to_owned(), vec!["丁", "丙 100%_完成", "乙", "甲（ＡＢＣ）"]),
            (format!("&lead_unit={unit}"), vec!["丙 100%_完成", "甲（ＡＢＣ）"]),
            (format!("&unit={unit}"), vec!["丙 100%_完成", "乙", "甲（ＡＢＣ）"]),
            (format!("&leader={leader}"), vec!["丁", "甲（ＡＢＣ）"]),
            (format!("&leader={leader}&leader=none"), vec!["丁", "乙", "甲（ＡＢＣ）"]),
            ("&lead_unit=none".to_owned(), vec![]),
            ("&cycle=month".to_owned(), vec!["甲（ＡＢＣ）"]),
            ("&source=民生实事".to_owned(), vec!["乙"]),
            ("&light=yellow".to_owned(), vec!["丁"]),
            ("&light=yellow&light=green&state=open".to_owned(), vec!["丁", "丙 100%_完成", "乙", "甲（ＡＢＣ）"]),
            ("&state=done".to_owned(), vec![]),
            (format!("&light=green&leader={leader}"), vec!["甲（ＡＢＣ）"]),
        ] {
            let mut titles = titles(&supervisor, &query).await;
            titles.sort();
            assert_eq!(titles, found, "{query}");
            assert_eq!(list(&supervisor, &query).await["total"], found.len(), "{query}");
        }
    });
}

#[test]
fn the_order_is_total_absent_values_come_last_and_pages_do_not_overlap() {
    on_each_database(async |installation: &Installation| {
        let supervisor = installation.holder("supervisor").await;
        four(installation, &supervisor).await;
        for (query, first_to_last) in [
            ("&sort=due", ["丁", "乙", "甲（ＡＢＣ）", "丙 100%_完成"]),
            ("&sort=-due", ["甲（ＡＢＣ）", "乙", "丁", "丙 100%_完成"]),
            ("&sort=light", ["丁", "丙 100%_完成", "甲（ＡＢＣ）", "乙"]),
            ("&sort=title", ["丁", "丙 100%_完成", "乙", "甲（ＡＢＣ）"]),
            ("&sort=lead_unit", ["丙 100%_完成", "甲（ＡＢＣ）", "乙", "丁"]),
            ("&sort=source", ["乙", "丙 100%_完成", "甲（ＡＢＣ）", "丁"]),
            ("&sort=next_due", ["丁", "丙 100%_完成", "乙", "甲（ＡＢＣ）"]),
        ] {
            assert_eq!(titles(&supervisor, query).await, first_to_last, "{query}");
            let mut pages = Vec::new();
            for page in 1..=4 {
                pages.extend(titles(&supervisor, &format!("{query}&per_page=1&page={page}")).await);
            }
            assert_eq!(pages, first_to_last, "{query}, page by page");
        }
        for by in ["leader", "category", "cycle", "state", "stage", "created_at"] {
            assert_eq!(titles(&supervisor, &format!("&sort={by}")).await.len(), 4, "{by}");
        }
    });
}

#[test]
fn cells_hold_what_is_stored_and_what_is_shown() {
    on_each_database(async |installation: &Installation| {
        let supervisor = installation.holder("supervisor").await;
        let [unit, _] = four(installation, &supervisor).await;
        let row = list(&supervisor, "&q=abc").await["rows"][0].clone();
        let org = installation.app.org();
        let name = &org.units().find(|one| one.id.to_string() == unit).unwrap().name;
        assert_eq!(row["cells"]["lead_unit"], json!({"value": unit, "text": name}));
        assert_eq!(row["cells"]["category"], json!({"value": ["两大", "三区"], "text": "两大、三区"}));
        assert_eq!(row["cells"]["cycle"], json!({"value": "month", "text": "按月"}));
        assert_eq!(row["cells"]["light"], json!({"value": "green", "text": "正常推进"}));
        assert_eq!(row["cells"]["next_due"], json!({"value": "2026-04-01", "text": "2026-04-01"}));
        assert_eq!(row["light"], json!({"colour": "green", "title": "正常推进"}));
        let english = supervisor.in_english();
        assert_eq!(list(&english, "&q=abc").await["rows"][0]["cells"]["cycle"]["text"], "Monthly");
        let units = supervisor.get("/units?q=").await.ok();
        assert!(units.as_array().unwrap().len() > 1);
        let people = supervisor.get("/people?q=").await.ok();
        assert_eq!(people.as_array().unwrap().len(), 50);
    });
}
