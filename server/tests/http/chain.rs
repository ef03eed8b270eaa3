//! The approval inside a unit, from the first report to the next cycle (R24, R25, R10).

use serde_json::{Value as Json, json};

use super::{
    client::Client,
    installation::{Installation, MODULE, first_task, on_each_database},
};

/// Completes the first task of `person`.
async fn complete(person: &Client, outcome: &str, form: Json, comment: Option<&str>) -> Json {
    let task = first_task(person).await;
    let body = json!({"outcome": outcome, "form": form, "comment": comment});
    person.post(&format!("/tasks/{task}/complete"), &body).await.ok()
}

async fn waiting(person: &Client) -> Json {
    person.get("/todo").await.ok()["total"].clone()
}

async fn light(person: &Client, item: &str) -> Json {
    person.get(&format!("/items/{item}")).await.ok()["light"]["colour"].clone()
}

#[test]
fn a_report_goes_up_comes_back_and_is_accepted_and_the_next_cycle_opens_in_its_time() {
    on_each_database(async |installation: &Installation| {
        let department = &installation.departments()[0];
        let supervisor = installation.holder("supervisor").await;
        let handler = installation.signed_in(&department.handler).await;
        let chief = installation.signed_in(&department.chief).await;
        let deputies = installation.deputies(department.unit).await;
        let head = installation.signed_in(&department.head).await;
        let item = installation.task_for(&supervisor, "推进一极建设", department.unit).await;
        assert_eq!(waiting(&handler).await, 0);
        assert_eq!(light(&supervisor, &item).await, "green");

        installation.move_clock(5, &handler, 1).await;
        assert_eq!(light(&supervisor, &item).await, "yellow");
        let done = complete(&handler, "submit", json!({"progress": "完成 60%", "percent": 60}), None).await;
        assert_eq!(done["next"].as_array().unwrap().len(), 1, "{done}");
        assert_eq!((waiting(&handler).await, waiting(&chief).await), (json!(0), json!(1)));
        // The supervisor sees the report only after the head's approval (R24).
        assert_eq!(supervisor.get(&format!("/items/{item}")).await.ok()["children"], json!([]));

        let path = format!("/tasks/{}/complete", first_task(&chief).await);
        let refused = chief.post(&path, &json!({"outcome": "return", "form": {}, "comment": " "})).await;
        assert_eq!(refused.faults(), [("/comment".to_owned(), "required".to_owned())]);
        complete(&chief, "return", json!({}), Some("请补充数据")).await;
        assert_eq!((waiting(&chief).await, waiting(&handler).await), (json!(0), json!(1)));
        let again = handler.get(&format!("/tasks/{}", first_task(&handler).await)).await.ok();
        assert_eq!(again["data"]["progress"], "完成 60%", "what was sent before is there to be changed");
        let earlier = again["earlier"].as_array().unwrap();
        assert_eq!(earlier.len(), 2);
        assert_eq!(earlier[1]["comment"], "请补充数据");
        assert_eq!(earlier[0]["values"][0]["text"], "完成 60%");

        complete(&handler, "submit", json!({"progress": "完成 65%", "percent": 65}), None).await;
        complete(&chief, "approve", json!({}), None).await;
        for deputy in &deputies {
            complete(deputy, "approve", json!({}), Some("同意")).await;
        }
        complete(&head, "approve", json!({}), None).await;

        let seen = supervisor.get(&format!("/items/{item}")).await.ok();
        let values = seen["values"].as_array().unwrap();
        assert_eq!(values.iter().find(|value| value["name"] == "progress").unwrap()["text"], "完成 65%");
        assert_eq!((&seen["next_due"], &seen["light"]["colour"]), (&json!("2026-03-16"), &json!("green")));
        assert_eq!(seen["children"].as_array().unwrap().len(), 1);
        let history = supervisor.get(&format!("/items/{item}/history")).await.ok();
        assert_eq!(history["chain"], "intact");
        let texts: Vec<&str> =
            history["entries"].as_array().unwrap().iter().map(|one| one["text"].as_str().unwrap()).collect();
        assert!(
            texts.iter().any(|text| text.contains("退回")) && texts.iter().any(|text| text.contains("同意")),
            "{texts:?}"
        );
        // What the last approval did stands together, its deed first.
        let newest = &history["entries"][0]["deed"];
        let deed: Vec<&str> = history["entries"]
            .as_array()
            .unwrap()
            .iter()
            .rev()
            .filter(|one| one["deed"] == *newest)
            .map(|one| one["text"].as_str().unwrap())
            .collect();
        assert!(deed[0].ends_with("：同意") && deed.contains(&"修改应反馈日期"), "{deed:?}");
        let done = handler.get("/done").await.ok();
        assert_eq!(done["total"], 2);
        assert_eq!(done["rows"][0]["item_title"], "推进一极建设");

        installation.move_clock(6, &handler, 1).await;
        assert_eq!(handler.get("/todo").await.ok()["rows"][0]["due"], "2026-03-16");
    });
}

#[test]
fn a_supervisor_suspends_resumes_and_closes_and_every_light_and_count_occurs() {
    on_each_database(async |installation: &Installation| {
        let department = &installation.departments()[0];
        let supervisor = installation.holder("supervisor").await;
        let handler = installation.signed_in(&department.handler).await;
        let item = installation.task_for(&supervisor, "整治一条河", department.unit).await;
        installation.move_clock(5, &handler, 1).await;

        take(&supervisor, &item, "suspend", json!({"suspension_reason": "等待上级批复"})).await;
        assert_eq!(light(&supervisor, &item).await, "grey");
        assert_eq!(waiting(&handler).await, 0, "below a suspended item nothing is to be done");
        take(&supervisor, &item, "resume", json!({})).await;
        assert_eq!(waiting(&handler).await, 1);
        installation.move_clock(7, &handler, 1).await;
        assert_eq!(light(&supervisor, &item).await, "red");
        take(&supervisor, &item, "finish", json!({"conclusion": "已经完成"})).await;
        let seen = supervisor.get(&format!("/items/{item}")).await.ok();
        assert_eq!(
            (&seen["light"]["colour"], &seen["state"], &seen["offers"]),
            (&json!("blue"), &json!("done"), &json!([]))
        );
        assert_eq!(waiting(&handler).await, 0);
        assert_eq!(seen["stages"].as_array().unwrap().last().unwrap()["state"], "done");
    });
}

/// Takes an offer by its name.
async fn take(person: &Client, item: &str, name: &str, form: Json) {
    let seen = person.get(&format!("/items/{item}")).await.ok();
    let offers = seen["offers"].as_array().unwrap();
    let offer = offers.iter().find(|offer| offer["offer"] == name).unwrap_or_else(|| panic!("{name} in {offers:?}"));
    let place = ["instance", "node", "offer"].map(|part| offer[part].as_str().unwrap().to_owned()).join("/");
    person.post(&format!("/items/{item}/offers/{place}"), &json!({"form": form})).await.ok();
}

#[test]
fn another_units_edit_moves_the_work_and_an_offer_is_only_for_those_who_may() {
    on_each_database(async |installation: &Installation| {
        let departments = installation.departments();
        let [old, new, ..] = departments.as_slice() else { panic!("two units are fully staffed") };
        let supervisor = installation.holder("supervisor").await;
        let item = installation.task_for(&supervisor, "换单位", old.unit).await;
        let before = installation.signed_in(&old.handler).await;
        let after = installation.signed_in(&new.handler).await;
        installation.move_clock(5, &before, 1).await;
        assert_eq!(before.get(&format!("/items/{item}")).await.ok()["offers"], json!([]));
        let mut fields = Installation::fields("换单位", new.unit);
        fields["category"] = json!(["两大"]);
        take(&supervisor, &item, "edit", fields).await;
        assert_eq!((waiting(&before).await, waiting(&after).await), (json!(0), json!(1)));
        let found = after.get(&format!("/items?module={MODULE}&kind=task&category=两大")).await.ok();
        assert_eq!(found["total"], 1);
    });
}
