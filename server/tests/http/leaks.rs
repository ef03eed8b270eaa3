//! Every operation of the OpenAPI document, sent by everybody who may not see an item, tells nothing of it: not in a body, a count or
//! the text of an error, and answers as if the item were not there (R3). A new operation must be added to [`request`] or the test fails.

use poem::http::Method;
use serde_json::{Value as Json, json};

use super::{
    client::{Answer, Client},
    export::table,
    fields::publish,
    installation::{Installation, MODULE, first_task, on_each_database},
};

const TITLE: &str = "绝密标题";
const CONTENT: &str = "绝密内容";
const COMMENT: &str = "绝密意见";
const PROGRESS: &str = "绝密进展";
const SECRETS: [&str; 4] = [TITLE, CONTENT, COMMENT, PROGRESS];

/// What operations are about: things that are there, or ids that are not.
struct About {
    item: String,
    task: String,
    instance: String,
    node: String,
    offer: String,
    notice: String,
    import: String,
    person: String,
}

/// Path, query and body of the operation `id`; none of those with tests of their own.
fn request(id: &str, about: &About) -> Option<(String, Option<Json>)> {
    let About { item, task, instance, node, offer, notice, import, person } = about;
    let of_kind = format!("module={MODULE}&kind=task");
    let comment = json!({"comment": "x"});
    let documents =
        json!({"documents": [{"path": "policies/x.yaml", "text": "policy: x\nrules: []\n"}], "base": 1, "why": "x"});
    let only_documents = json!({"documents": documents["documents"]});
    let get = |path: String| Some((path, None));
    let send = |path: String, body: Json| Some((path, Some(body)));
    match id {
        "sign_in" => send("/session".into(), json!({"code": "nobody", "password": "x"})),
        // They end the session, the clock's day or never end.
        "sign_out" | "move_clock" | "events" => None,
        "me" | "todo" | "done" | "notices" | "incidents" | "health" => get(format!("/{id}?per_page=100")
            .replace("/me?per_page=100", "/me")
            .replace("/health?per_page=100", "/health")),
        "task" => get(format!("/tasks/{task}")),
        "claim_task" => send(format!("/tasks/{task}/claim"), json!({})),
        "release_task" => send(format!("/tasks/{task}/release"), json!({})),
        "save_draft" => send(format!("/tasks/{task}/draft"), json!({"form": {}})),
        "complete_task" => send(format!("/tasks/{task}/complete"), json!({"outcome": "approve", "form": {}})),
        "transfer_task" => send(format!("/tasks/{task}/transfer"), json!({"to": person, "comment": "x"})),
        "delegate_task" => send(format!("/tasks/{task}/delegate"), json!({"to": person, "comment": "x"})),
        "hand_back_task" => send(format!("/tasks/{task}/hand-back"), comment),
        "return_task" => send(format!("/tasks/{task}/return"), json!({"to": "draft", "comment": "x"})),
        "copy_task" => send(format!("/tasks/{task}/copy"), json!({"people": [person]})),
        "urge_task" => send(format!("/tasks/{task}/urge"), comment),
        "add_signers" => send(format!("/tasks/{task}/add-signers"), json!({"people": [person], "turn": "after"})),
        "remove_signer" => send(format!("/tasks/{task}/remove-signer"), json!({"person": person})),
        "reopen_item" => send(format!("/items/{item}/reopen"), json!({"node": node, "comment": "x"})),
        "withdraw_task" => send(format!("/tasks/{task}/withdraw"), comment),
        "module" => get(format!("/modules/{MODULE}")),
        "items" => get(format!("/items?{of_kind}&per_page=100&q=绝密")),
        "create_item" => send(format!("/items?{of_kind}"), json!({"fields": {"title": TITLE}})),
        "item" => get(format!("/items/{item}")),
        "take_offer" => {
            send(format!("/items/{item}/offers/{instance}/{node}/{offer}"), json!({"form": {}, "comment": "x"}))
        }
        "history" => get(format!("/items/{item}/history")),
        "export" => get(format!("/exports?{of_kind}")),
        "cockpit" => get(format!("/cockpits/{MODULE}")),
        "units" => get("/units?q=".into()),
        "people" => get("/people?q=".into()),
        "read_notice" => send(format!("/notices/{notice}/read"), json!({})),
        "read_all_notices" => send("/notices/read-all".into(), json!({})),
        "resolve_incident" => send(format!("/incidents/{task}/resolve"), json!({"how": "retry"})),
        "upload_import" => send(format!("/imports?{of_kind}"), json!({})),
        "import" => get(format!("/imports/{import}")),
        "commit_import" => send(format!("/imports/{import}/commit"), json!({"accept": []})),
        "send_message" => send("/messages".into(), json!({"service": "x", "message": "x", "item": item, "form": {}})),
        "migration" => get("/config/workflows/task-lifecycle/migration?per_page=100".into()),
        "migrate" => send("/config/workflows/task-lifecycle/migrate".into(), json!({})),
        "migrate_back" => send("/config/workflows/task-lifecycle/migrate-back".into(), json!({})),
        "migrate_confirm" => send("/config/workflows/task-lifecycle/migrate-confirm".into(), json!({})),
        "policies" => get("/access/policies".into()),
        "check_policies" => send("/access/check".into(), only_documents),
        "policy_draft" | "drop_policy_draft" => get("/access/draft".into()),
        "save_policy_draft" => send("/access/draft".into(), json!({"documents": documents["documents"], "base": 1})),
        "begin_dry_run" => send("/access/dry-runs".into(), only_documents),
        "dry_run" | "cancel_dry_run" => get("/access/dry-runs/1".into()),
        // Refused before it is read: publishing would change what the others see.
        "publish_policies" => send("/access/publish".into(), json!({"documents": [], "base": 1, "why": "x"})),
        "policy_versions" => get("/access/versions".into()),
        "policy_version" => get("/access/versions/1".into()),
        "restore_policy_version" => send("/access/versions/99/restore".into(), json!({})),
        "policies_csv" => get("/access/csv".into()),
        "explain_access" => get(format!("/access/explain?item={item}")),
        other if organisation(other, person).is_some() => organisation(other, person),
        other if security(other).is_some() => security(other),
        other => panic!("the operation `{other}` is new: say here how it is sent, so that it is tried as everybody"),
    }
}

/// As [`request`], of the operations about the organisation and in somebody's name.
fn organisation(id: &str, person: &str) -> Option<(String, Option<Json>)> {
    let get = |path: String| Some((path, None));
    let send = |path: String, body: Json| Some((path, Some(body)));
    match id {
        "acting" => get("/me/acting".into()),
        "act_for" => send("/me/acting".into(), json!({"person": person})),
        "end_acting" => get(format!("/me/acting/{person}")),
        "allow_acting" => send(format!("/me/acting/{person}/allow"), json!({})),
        "in_my_name" => get("/me/in-my-name?per_page=100".into()),
        "my_stand_ins" => get("/me/stand-ins?per_page=100".into()),
        "stand_ins" => get("/org/stand-ins?per_page=100".into()),
        "set_my_stand_in" => {
            send("/me/stand-ins".into(), json!({"stand_in": person, "from": "2020-01-01", "to": "2020-01-02"}))
        }
        "set_stand_in" => send(
            "/org/stand-ins".into(),
            json!({"person": person, "stand_in": person, "from": "2020-01-01", "to": "2020-01-02"}),
        ),
        "end_my_stand_in" => get("/me/stand-ins/99".into()),
        "end_stand_in" => get("/org/stand-ins/99".into()),
        "org_units" => get("/org/units".into()),
        "org_people" => get("/org/people?per_page=100".into()),
        "gaps" => get("/org/gaps?per_page=100".into()),
        "follow_ups" => get("/org/follow-ups?per_page=100".into()),
        "export_org" => get("/org/export".into()),
        "disable_person" => send("/org/people/99/disable".into(), json!({"tasks": "incident"})),
        "enable_person" => send("/org/people/99/enable".into(), json!({})),
        // Without a file: what one says is tried in the tests of the organisation.
        "import_org" => send("/org/imports".into(), json!({})),
        _ => None,
    }
}

/// As [`request`], of the operations about signing in, accounts and the administrators' log. What would change the sender's own
/// session or password is refused before it is read.
fn security(id: &str) -> Option<(String, Option<Json>)> {
    let get = |path: &str| Some((path.to_owned(), None));
    let send = |path: &str, body: Json| Some((path.to_owned(), Some(body)));
    match id {
        "sign_in_code" => send("/session/code", json!({})),
        "change_password" => send("/session/password", json!({})),
        "offer_second_factor" => send("/session/second-factor", json!({})),
        "confirm_second_factor" => send("/session/second-factor/confirm", json!({})),
        "remove_own_second_factor" => send("/session/second-factor/remove", json!({})),
        "own_security" => get("/me/security"),
        "end_own_session" => get("/me/sessions/none"),
        "accounts" => get("/admin/accounts?per_page=100"),
        "set_password" => send("/admin/accounts/999999/password", json!({"password": "Given-by-admin-1"})),
        "unlock" => send("/admin/accounts/999999/unlock", json!({})),
        "remove_second_factor" => get("/admin/accounts/999999/second-factor"),
        "sessions" => get("/admin/sessions?per_page=100"),
        "end_session" => get("/admin/sessions/none"),
        "audit_log" => get("/audit?per_page=100"),
        "export_audit_log" => get("/audit/export"),
        "audit_chain" => get("/audit/chain"),
        _ => None,
    }
}

/// Method and id of every operation.
fn operations() -> Vec<(Method, String)> {
    let document: Json = serde_json::from_str(&docket_server::api::openapi()).unwrap();
    let mut all = Vec::new();
    for operations in document["paths"].as_object().unwrap().values() {
        for (method, operation) in operations.as_object().unwrap() {
            let id = operation["operationId"].as_str().expect("every operation has an id");
            all.push((method.to_uppercase().parse().unwrap(), id.to_owned()));
        }
    }
    all
}

/// An item under way with everything in it that could be told: a report that was returned with a comment.
async fn secret(installation: &Installation) -> About {
    let department = &installation.departments()[0];
    let supervisor = installation.holder("supervisor").await;
    let mut fields = Installation::fields(TITLE, department.unit);
    fields["content"] = json!(CONTENT);
    let item = Installation::create(&supervisor, &fields).await;
    let handler = installation.signed_in(&department.handler).await;
    let chief = installation.signed_in(&department.chief).await;
    installation.move_clock(5, &handler, 1).await;
    let task = first_task(&handler).await;
    let body = json!({"outcome": "submit", "form": {"progress": PROGRESS}});
    handler.post(&format!("/tasks/{task}/complete"), &body).await.ok();
    let review = first_task(&chief).await;
    let body = json!({"outcome": "return", "form": {}, "comment": COMMENT});
    chief.post(&format!("/tasks/{review}/complete"), &body).await.ok();
    let view = supervisor.get(&format!("/items/{item}")).await.ok();
    let offer = &view["offers"][0];
    let text = |json: &Json| json.as_str().unwrap().to_owned();
    About {
        task: first_task(&handler).await,
        instance: text(&offer["instance"]),
        node: text(&offer["node"]),
        offer: text(&offer["offer"]),
        notice: "1".to_owned(),
        import: "1".to_owned(),
        person: installation.app.org().holders_anywhere("supervisor")[0].to_string(),
        item,
    }
}

fn absent(about: &About) -> About {
    About {
        item: "777777".to_owned(),
        task: "777777-7".to_owned(),
        instance: "777777-1".to_owned(),
        notice: "777777".to_owned(),
        import: "777777".to_owned(),
        node: about.node.clone(),
        offer: about.offer.clone(),
        person: about.person.clone(),
    }
}

/// All that an answer says, a spreadsheet's cells among it.
fn said(answer: &Answer) -> String {
    if answer.bytes.starts_with(b"PK") {
        return format!("{:?}", table(&answer.bytes));
    }
    String::from_utf8_lossy(&answer.bytes).into_owned()
}

fn answered(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.json()["code"].as_str().unwrap_or_default().to_owned())
}

async fn ask(client: &Client, method: &Method, (path, body): (String, Option<Json>)) -> Answer {
    let encoded: String = path
        .bytes()
        .map(|byte| if byte.is_ascii() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    client.send(method.clone(), &encoded, body.map(|body| body.to_string()), None).await
}

#[test]
fn nothing_is_told_of_an_item_to_who_may_not_see_it() {
    on_each_database(async |installation: &Installation| {
        let about = secret(installation).await;
        let nothing = absent(&about);
        let other = &installation.departments()[1];
        let mut clients = vec![("stranger".to_owned(), installation.stranger())];
        for (role, code) in [
            ("handler", &other.handler),
            ("liaison", &other.liaison),
            ("section chief", &other.chief),
            ("deputy head", &other.deputy),
            ("department head", &other.head),
        ] {
            clients.push((format!("another unit's {role}"), installation.signed_in(code).await));
        }
        for post in ["system_admin", "security_admin", "audit_admin"] {
            clients.push((post.to_owned(), installation.holder(post).await));
        }
        for (who, client) in &clients {
            for (method, id) in operations() {
                let Some(asked) = request(&id, &about) else { continue };
                let there = ask(client, &method, asked).await;
                let text = said(&there);
                for secret in SECRETS {
                    // What he sent himself comes back in no answer either.
                    assert!(!text.contains(secret), "{who}, {id}: {text}");
                }
                // Explaining access is the security administrator's own work, titles are not in it.
                if who == "security_admin" && id == "explain_access" {
                    continue;
                }
                let gone = ask(client, &method, request(&id, &nothing).unwrap()).await;
                assert_eq!(answered(&there), answered(&gone), "{who}, {id} tells whether the item is there: {text}");
            }
            if who != "stranger" {
                let list = client.get(&format!("/items?module={MODULE}&kind=task")).await.json();
                assert_eq!(list["total"], 0, "{who}");
            }
        }
    });
}

#[test]
fn nothing_is_told_of_fields_to_who_sees_the_item_without_them() {
    on_each_database(async |installation: &Installation| {
        let about = secret(installation).await;
        publish(
            installation,
            &[
                "{role: district_leader, may_not: [read], on: task, fields: [title, content, progress]}",
                "{role: member, may_not: [read], on: task, fields: [title, content, progress]}",
                "{role: supervisor, may_not: [read], on: any, fields: [title, content, progress]}",
                "{role: district_leader, may_not: [read], on: report}",
                "{role: member, may_not: [read], on: report, fields: [progress]}",
            ],
        )
        .await;
        let department = &installation.departments()[0];
        for (who, client) in [
            ("leader", installation.holder("district_leader").await),
            ("supervisor", installation.holder("supervisor").await),
            ("head", installation.signed_in(&department.head).await),
        ] {
            let mut seen = false;
            for (method, id) in operations().into_iter().filter(|(method, _)| *method == Method::GET) {
                let Some(asked) = request(&id, &about) else { continue };
                let answer = ask(&client, &method, asked).await;
                seen |= id == "item" && answer.status.is_success();
                let text = said(&answer);
                // Comments are no field of the item.
                for secret in [TITLE, CONTENT, PROGRESS] {
                    assert!(!text.contains(secret), "{who}, {id}: {text}");
                }
            }
            assert!(seen, "{who} sees the item");
        }
    });
}
