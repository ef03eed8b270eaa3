//! Signing in step by step, passwords, second factors, sessions and the three duties (I1, I2).

use std::sync::{Arc, Mutex};

use docket_server::{app::sign_in::passwords, audit::Origin};
use serde_json::{Value as Json, json};
use totp_rs::{Builder, Secret};

use super::{
    client::Client,
    installation::{Installation, MODULE, PASSWORD, on_each_database, on_each_database_secured},
};

const GIVEN: &str = "Given-by-admin-1";
const CHOSEN: &str = "Chosen-by-me-2";

fn with_factor(required: &[&str]) -> Json {
    let key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    json!({"second_factor": {"key": key, "required": required}})
}

/// The code of a secret in base32 now, or `steps` later.
fn code(installation: &Installation, secret: &Json, steps: i64) -> String {
    let secret = Secret::try_from_base32(secret.as_str().unwrap()).unwrap();
    let totp = Builder::new().with_secret(secret).with_account_name("a").build().unwrap();
    let now = installation.app.now().as_second() + 30 * steps;
    totp.generate(now.try_into().unwrap()).to_string()
}

fn someone(installation: &Installation) -> String {
    installation.departments()[0].handler.clone()
}

async fn given(installation: &Installation, staff_number: &str) {
    let person = installation.app.org().people().find(|person| person.code == staff_number).unwrap().id;
    passwords::set(&installation.app, person, GIVEN, Origin::command_line()).await.unwrap();
}

#[test]
fn a_password_that_was_given_opens_nothing_until_it_is_changed() {
    on_each_database(async |installation: &Installation| {
        let staff_number = someone(installation);
        let before = installation.signed_in(&staff_number).await;
        given(installation, &staff_number).await;
        before.get("/me").await.problem(401, "not-signed-in");
        let mut client = installation.stranger();
        let step = client.sign_in(&staff_number, GIVEN).await.ok();
        assert_eq!((&step["step"], &step["me"]), (&json!("password"), &Json::Null));
        client.get("/me").await.problem(401, "not-signed-in");
        client.get("/todo").await.problem(401, "not-signed-in");
        let change = |new: &str| json!({"old": GIVEN, "new": new});
        for (new, code) in [
            ("Short1!", "too-short"),
            ("onlysmallletters", "too-simple"),
            (GIVEN, "used-before"),
            (PASSWORD, "too-simple"),
        ] {
            let refused = client.post("/session/password", &change(new)).await.faults();
            assert_eq!(refused, [("/new".to_owned(), code.to_owned())], "{new}");
        }
        let with_number = format!("Xy-{staff_number}-99");
        let refused = client.post("/session/password", &change(&with_number)).await.faults();
        assert_eq!(refused, [("/new".to_owned(), "staff-number".to_owned())]);
        client.without_csrf().post("/session/password", &change(CHOSEN)).await.problem(403, "csrf");
        assert_eq!(client.enter("/session/password", &change(CHOSEN)).await.ok()["step"], "done");
        client.get("/me").await.ok();
    });
}

#[test]
fn a_password_grows_old_and_none_of_the_last_ones_comes_again() {
    let security = json!({"password": {"age_days": 30, "history": 2}});
    on_each_database_secured(&security, async |installation: &Installation| {
        let staff_number = someone(installation);
        let mut client = installation.signed_in(&staff_number).await;
        client.enter("/session/password", &json!({"old": PASSWORD, "new": CHOSEN})).await.ok();
        installation.app.move_clock("2026-04-01T09:00:00+08:00".parse().unwrap()).await.unwrap();
        let mut client = installation.stranger();
        assert_eq!(client.sign_in(&staff_number, CHOSEN).await.ok()["step"], "password");
        for (new, fits) in [(CHOSEN, false), ("Another-one-3", true)] {
            let answer = client.enter("/session/password", &json!({"old": CHOSEN, "new": new})).await;
            assert_eq!(answer.status.is_success(), fits, "{new}");
        }
        let answer = client.post("/session/password", &json!({"old": "Another-one-3", "new": CHOSEN})).await;
        assert_eq!(answer.faults(), [("/new".to_owned(), "used-before".to_owned())]);
    });
}

#[test]
fn a_role_that_needs_a_second_factor_sets_it_up_and_no_code_does_twice() {
    on_each_database_secured(&with_factor(&["member"]), async |installation: &Installation| {
        let staff_number = someone(installation);
        let mut client = installation.stranger();
        assert_eq!(client.sign_in(&staff_number, PASSWORD).await.ok()["step"], "set-up");
        client.get("/me").await.problem(401, "not-signed-in");
        let offer = client.post("/session/second-factor", &json!({})).await.ok();
        assert!(offer["address"].as_str().unwrap().starts_with("otpauth://totp/"), "{offer}");
        let secret = &offer["secret"];
        let confirm = "/session/second-factor/confirm";
        client.post(confirm, &json!({"code": "000000"})).await.problem(422, "invalid");
        let done = client.enter(confirm, &json!({"code": code(installation, secret, 0)})).await.ok();
        assert_eq!(done["step"], "done");
        let recovery = done["recovery_codes"].as_array().unwrap().clone();
        assert_eq!(recovery.len(), 10);
        client.get("/me").await.ok();
        // What its role needs is not given up.
        let remove = json!({"code": code(installation, secret, 1)});
        client.post("/session/second-factor/remove", &remove).await.problem(409, "not-allowed");

        let mut again = installation.stranger();
        assert_eq!(again.sign_in(&staff_number, PASSWORD).await.ok()["step"], "code");
        again.get("/todo").await.problem(401, "not-signed-in");
        again.post("/session/password", &json!({"old": PASSWORD, "new": CHOSEN})).await.problem(409, "not-allowed");
        let replayed = json!({"code": code(installation, secret, 0)});
        again.post("/session/code", &replayed).await.problem(401, "wrong-code");
        assert_eq!(
            again.enter("/session/code", &json!({"code": code(installation, secret, 1)})).await.ok()["step"],
            "done"
        );
        again.get("/me").await.ok();

        for (works, code) in [(true, &recovery[0]), (false, &recovery[0])] {
            let mut lost = installation.stranger();
            lost.sign_in(&staff_number, PASSWORD).await.ok();
            let answer = lost.enter("/session/code", &json!({"code": code})).await;
            assert_eq!(answer.status.is_success(), works);
        }
    });
}

#[test]
fn wrong_codes_lock_as_wrong_passwords_do() {
    on_each_database_secured(&with_factor(&["member"]), async |installation: &Installation| {
        let staff_number = someone(installation);
        let mut client = installation.stranger();
        client.sign_in(&staff_number, PASSWORD).await.ok();
        let secret = client.post("/session/second-factor", &json!({})).await.ok()["secret"].clone();
        let confirm = json!({"code": code(installation, &secret, 0)});
        client.enter("/session/second-factor/confirm", &confirm).await.ok();
        let mut other = installation.stranger();
        other.sign_in(&staff_number, PASSWORD).await.ok();
        for _ in 0..3 {
            other.post("/session/code", &json!({"code": "000000"})).await.problem(401, "wrong-code");
        }
        other.post("/session/code", &json!({"code": "000000"})).await.problem(429, "locked");
        installation.stranger().sign_in(&staff_number, PASSWORD).await.problem(429, "locked");
    });
}

/// What was logged.
#[derive(Clone, Default)]
struct Logged(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Logged {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn no_secret_is_logged() {
    let logged = Logged::default();
    let writer = logged.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let secrets = Mutex::new(vec![GIVEN.to_owned(), CHOSEN.to_owned(), "wrong-password".to_owned()]);
    on_each_database_secured(&with_factor(&["member"]), async |installation: &Installation| {
        tracing::info!("the log is heard");
        let staff_number = someone(installation);
        given(installation, &staff_number).await;
        let mut client = installation.stranger();
        client.sign_in(&staff_number, "wrong-password").await;
        client.sign_in(&staff_number, GIVEN).await.ok();
        client.enter("/session/password", &json!({"old": GIVEN, "new": CHOSEN})).await.ok();
        let offer = client.post("/session/second-factor", &json!({})).await.ok();
        let code = code(installation, &offer["secret"], 0);
        let done = client.enter("/session/second-factor/confirm", &json!({"code": code})).await.ok();
        client.get("/todo").await.ok();
        let mut secrets = secrets.lock().unwrap();
        secrets.push(offer["secret"].as_str().unwrap().to_owned());
        secrets.push(done["csrf"].as_str().unwrap().to_owned());
        secrets.push(client.cookie().split_once('=').unwrap().1.to_owned());
        secrets.extend(done["recovery_codes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned()));
    });
    let text = String::from_utf8(logged.0.lock().unwrap().clone()).unwrap();
    assert!(text.contains("the log is heard"));
    for secret in secrets.lock().unwrap().iter() {
        assert!(!text.contains(secret.as_str()), "{secret} is logged");
    }
}

#[test]
fn one_session_at_a_time_where_the_settings_say_so() {
    on_each_database_secured(&json!({"session": {"single": true}}), async |installation: &Installation| {
        let staff_number = someone(installation);
        let first = installation.signed_in(&staff_number).await;
        let second = installation.signed_in(&staff_number).await;
        first.get("/me").await.problem(401, "not-signed-in");
        second.get("/me").await.ok();
    });
}

#[test]
fn sessions_are_listed_and_ended_by_oneself_and_by_the_system_administrator() {
    on_each_database(async |installation: &Installation| {
        let staff_number = someone(installation);
        let one = installation.signed_in(&staff_number).await;
        let two = installation.signed_in(&staff_number).await;
        let sessions = one.get("/me/security").await.ok()["sessions"].clone();
        assert_eq!(sessions.as_array().unwrap().len(), 2);
        let other = sessions.as_array().unwrap().iter().find(|session| session["current"] == false).unwrap();
        let path = format!("/me/sessions/{}", other["name"].as_str().unwrap());
        let stranger = installation.signed_in(&installation.departments()[1].handler).await;
        stranger.delete(&path).await.problem(404, "not-found");
        assert_eq!(one.delete(&path).await.status, 204);
        two.get("/me").await.problem(401, "not-signed-in");

        let system = installation.holder("system_admin").await;
        let all = system.get("/admin/sessions").await.ok();
        let his = all["rows"]
            .as_array()
            .unwrap()
            .iter()
            .find(|row| row["name"] == sessions[0]["name"] || row["name"] == sessions[1]["name"]);
        let path = format!("/admin/sessions/{}", his.unwrap()["name"].as_str().unwrap());
        stranger.delete(&path).await.problem(403, "forbidden");
        assert_eq!(system.delete(&path).await.status, 204);
        one.get("/me").await.problem(401, "not-signed-in");
    });
}

#[test]
fn each_duty_sees_its_own_consoles_and_no_business() {
    on_each_database(async |installation: &Installation| {
        let supervisor = installation.holder("supervisor").await;
        let item = installation.task_for(&supervisor, "不归三员", installation.departments()[0].unit).await;
        let system = installation.holder("system_admin").await;
        let security = installation.holder("security_admin").await;
        let audit = installation.holder("audit_admin").await;
        let everyday = installation.signed_in(&someone(installation)).await;
        let consoles: [(&str, &Client); 4] =
            [("/admin/accounts", &system), ("/admin/sessions", &system), ("/audit", &audit), ("/audit/chain", &audit)];
        for (path, opens) in consoles {
            opens.get(path).await.ok();
            for other in [&system, &security, &audit, &everyday, &supervisor] {
                let answer = other.get(path).await;
                if !std::ptr::eq(other, opens) {
                    answer.problem(403, "forbidden");
                }
            }
        }
        for duty in [&system, &security, &audit] {
            duty.get(&format!("/items/{item}")).await.problem(404, "not-found");
            assert_eq!(duty.get(&format!("/items?module={MODULE}&kind=task")).await.ok()["total"], 0);
        }
        assert_eq!(system.get("/me").await.ok()["consoles"], json!(["accounts", "sessions", "organisation"]));
        assert_eq!(audit.get("/me").await.ok()["consoles"], json!(["log"]));
        // The audit administrator reads what the others did and were refused.
        let log = audit.get("/audit?per_page=100").await.ok();
        let acts: Vec<&str> = log["rows"].as_array().unwrap().iter().map(|row| row["act"].as_str().unwrap()).collect();
        for act in ["organisation-changed", "published", "sign-in", "refused"] {
            assert!(acts.contains(&act), "{act} in {acts:?}");
        }
        let refused = audit.get("/audit?result=refused&act=refused&from=2026-03-02&to=2026-03-02").await.ok();
        assert!(refused["total"].as_u64().unwrap() >= 12, "{refused}");
        audit.get("/audit?act=nothing").await.problem(422, "invalid");
        audit.get("/audit?from=tomorrow").await.problem(422, "invalid");
        assert_eq!(audit.get("/audit/chain").await.ok()["whole"], true);
        let sheet = audit.get("/audit/export").await;
        assert!(sheet.status.is_success() && sheet.bytes.starts_with(b"PK"));
    });
}

#[test]
fn the_system_administrator_works_on_accounts_of_others() {
    on_each_database(async |installation: &Installation| {
        let staff_number = someone(installation);
        let system = installation.holder("system_admin").await;
        for _ in 0..5 {
            installation.stranger().sign_in(&staff_number, "wrong").await;
        }
        let found = system.get(&format!("/admin/accounts?q={staff_number}")).await.ok();
        let account = &found["rows"][0];
        assert_eq!((&account["code"], account["locked_until"].is_string()), (&json!(staff_number), true), "{found}");
        let path = format!("/admin/accounts/{}", account["id"].as_str().unwrap());
        assert_eq!(system.post(&format!("{path}/unlock"), &json!({})).await.status, 204);
        let client = installation.signed_in(&staff_number).await;
        let weak = system.post(&format!("{path}/password"), &json!({"password": "weak"})).await;
        assert_eq!(weak.faults(), [("/password".to_owned(), "too-short".to_owned())]);
        assert_eq!(system.post(&format!("{path}/password"), &json!({"password": GIVEN})).await.status, 204);
        client.get("/me").await.problem(401, "not-signed-in");
        client.post(&format!("{path}/unlock"), &json!({})).await.problem(401, "not-signed-in");
        let own = system.get("/me").await.ok()["person"]["id"].as_str().unwrap().to_owned();
        system.post(&format!("/admin/accounts/{own}/unlock"), &json!({})).await.problem(409, "not-allowed");
        system.post("/admin/accounts/999999/unlock", &json!({})).await.problem(404, "not-found");
    });
}
