//! Every number of the cockpit is the total of the list that it leads to.

use serde_json::{Value as Json, json};

use super::{
    client::Client,
    installation::{Installation, MODULE, on_each_database},
};

/// The columns of a row with the filter that each is.
const NUMBERS: [(&str, &str); 6] = [
    ("total", ""),
    ("normal", "&light=green&light=yellow"),
    ("near", "&light=yellow"),
    ("overdue", "&light=red"),
    ("done", "&light=blue"),
    ("suspended", "&light=grey"),
];

async fn total(client: &Client, query: &str) -> Json {
    client.get(&format!("/items?module={MODULE}&kind=task&per_page=1{query}")).await.ok()["total"].clone()
}

async fn agree(client: &Client, filter: &str) {
    let query = if filter.is_empty() { String::new() } else { format!("?{}", filter.replace("lead_unit=", "unit=")) };
    let cockpit = client.get(&format!("/cockpits/{MODULE}{query}")).await.ok();
    let filter = if filter.is_empty() { String::new() } else { format!("&{filter}") };
    let charts = cockpit["charts"].as_array().unwrap();
    assert_eq!(charts.len(), 2);
    for chart in charts {
        let by = chart["by"].as_str().unwrap();
        for (number, light) in NUMBERS {
            assert_eq!(chart["sum"][number], total(client, &format!("{light}{filter}")).await, "{by} {number}");
            for row in chart["rows"].as_array().unwrap() {
                let key = row["key"].as_str().unwrap_or("none");
                // A filter by unit and a row's own unit are the same filter; the row's is the narrower one.
                let filter = if by == "lead_unit" { "" } else { &filter };
                let list = total(client, &format!("&{by}={key}{light}{filter}")).await;
                assert_eq!(row[number], list, "{by} {} {number}", row["name"]);
            }
        }
    }
}

#[test]
fn every_number_opens_a_list_of_as_many_rows() {
    on_each_database(async |installation: &Installation| {
        let departments = installation.departments();
        let leaders = installation.app.org().holders_anywhere("district_leader");
        let supervisor = installation.holder("supervisor").await;
        for (index, due) in
            ["2026-03-02", "2026-03-05", "2026-03-20", "2026-12-31", "2026-03-03"].into_iter().enumerate()
        {
            let mut fields = Installation::fields(&format!("第 {index} 件"), departments[index % 2].unit);
            fields["due"] = json!(due);
            let named: Vec<String> = leaders.iter().take(index % 3).map(ToString::to_string).collect();
            if !named.is_empty() {
                fields["leader"] = json!(named);
            }
            let item = Installation::create(&supervisor, &fields).await;
            if index >= 3 {
                let (offer, form) = [
                    ("suspend", json!({"suspension_reason": "等待批复"})),
                    ("finish", json!({"conclusion": "完成了"})),
                ][index - 3]
                    .clone();
                take(&supervisor, &item, offer, &form).await;
            }
        }
        supervisor.post("/demo/clock", &json!({"days": 1})).await.ok();
        agree(&supervisor, "").await;
        agree(&supervisor, &format!("lead_unit={}", departments[0].unit)).await;
        let chart = supervisor.get(&format!("/cockpits/{MODULE}")).await.ok()["charts"][0].clone();
        assert_eq!(chart["sum"]["total"], 5, "an item of two leaders counts once in the sum");
        let rows: u64 = chart["rows"].as_array().unwrap().iter().map(|row| row["total"].as_u64().unwrap()).sum();
        assert_eq!(rows, 6, "and once for each leader");
        for number in ["near", "overdue", "done", "suspended"] {
            assert_ne!(chart["sum"][number], 0, "{number} occurs");
        }
        agree(&installation.signed_in(&departments[0].head).await, "").await;
        agree(&installation.holder("district_leader").await, "").await;
    });
}

async fn take(person: &Client, item: &str, name: &str, form: &Json) {
    let seen = person.get(&format!("/items/{item}")).await.ok();
    let offer = seen["offers"].as_array().unwrap().iter().find(|offer| offer["offer"] == name).unwrap().clone();
    let place = ["instance", "node", "offer"].map(|part| offer[part].as_str().unwrap().to_owned()).join("/");
    person.post(&format!("/items/{item}/offers/{place}"), &json!({"form": form})).await.ok();
}
