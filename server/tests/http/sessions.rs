//! Signing in and out.

use poem::http::header;
use serde_json::json;

use super::installation::{Installation, PASSWORD, on_each_database};

fn someone(installation: &Installation) -> String {
    installation.departments()[0].handler.clone()
}

#[test]
fn signing_in_sets_a_cookie_that_scripts_can_not_read_and_signing_out_ends_it_on_the_server() {
    on_each_database(async |installation: &Installation| {
        let mut client = installation.stranger();
        client.get("/me").await.problem(401, "not-signed-in");
        let answer = client.sign_in(&someone(installation), PASSWORD).await;
        let me = answer.ok()["me"].clone();
        let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
        assert!(
            cookie.starts_with("docket_session=") && cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"),
            "{cookie}"
        );
        assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
        assert_eq!(client.get("/me").await.ok(), me);
        assert_eq!(
            (&me["demo"], &me["today"], &me["zone"]),
            (&json!(true), &json!("2026-03-02"), &json!("Asia/Shanghai"))
        );
        let other_window = client.clone();
        assert_eq!(client.delete("/session").await.status, 204);
        other_window.get("/me").await.problem(401, "not-signed-in");
    });
}

#[test]
fn five_failures_lock_an_account_for_ten_minutes_whether_it_exists_or_not() {
    on_each_database(async |installation: &Installation| {
        let code = someone(installation);
        for code in [code.as_str(), "nobody-has-this"] {
            let mut client = installation.stranger();
            for _ in 0..4 {
                client.sign_in(code, "wrong").await.problem(401, "wrong-credentials");
            }
            for _ in 0..2 {
                let problem = client.sign_in(code, "wrong").await.problem(429, "locked");
                assert_eq!(problem["at"], "2026-03-02T01:10:00Z");
                assert!(problem["detail"].as_str().unwrap().contains("2026-03-02 09:10"), "{problem}");
            }
            // The right password does not help either.
            client.sign_in(code, PASSWORD).await.problem(429, "locked");
        }
        installation.app.move_clock("2026-03-02T09:10:00+08:00".parse().unwrap()).await.unwrap();
        installation.stranger().sign_in(&code, PASSWORD).await.ok();
    });
}

#[test]
fn attempts_at_once_are_no_more_than_five() {
    on_each_database(async |installation: &Installation| {
        let code = someone(installation);
        let attempts = (0..20).map(|_| {
            let (mut client, code) = (installation.stranger(), code.clone());
            async move { client.sign_in(&code, "wrong").await.status.as_u16() }
        });
        let statuses = futures_util::future::join_all(attempts).await;
        assert!(statuses.iter().filter(|status| **status == 401).count() <= 5, "{statuses:?}");
        installation.stranger().sign_in(&code, PASSWORD).await.problem(429, "locked");
    });
}

#[test]
fn a_change_without_the_token_of_its_session_is_refused() {
    on_each_database(async |installation: &Installation| {
        let client = installation.signed_in(&someone(installation)).await;
        client.without_csrf().post("/notices/read-all", &json!({})).await.problem(403, "csrf");
        client.without_csrf().delete("/session").await.problem(403, "csrf");
        assert_eq!(client.post("/notices/read-all", &json!({})).await.status, 204);
    });
}

#[test]
fn a_session_ends_when_it_is_idle_or_old() {
    on_each_database(async |installation: &Installation| {
        let client = installation.signed_in(&someone(installation)).await;
        let at = |time: &str| format!("2026-03-02T{time}:00+08:00").parse().unwrap();
        for time in ["10:30", "12:00", "13:30", "15:00", "16:30", "18:00", "19:30", "20:59"] {
            installation.app.move_clock(at(time)).await.unwrap();
            client.get("/me").await.ok();
        }
        installation.app.move_clock(at("21:00")).await.unwrap();
        client.get("/me").await.problem(401, "not-signed-in");
        let client = installation.signed_in(&someone(installation)).await;
        installation.app.move_clock(at("23:00")).await.unwrap();
        client.get("/me").await.problem(401, "not-signed-in");
    });
}

#[test]
fn a_page_that_asks_by_itself_keeps_nobody_signed_in() {
    on_each_database(async |installation: &Installation| {
        let at = |time: &str| format!("2026-03-02T{time}:00+08:00").parse().unwrap();
        let client = installation.signed_in(&someone(installation)).await;
        let polls = client.in_background("X-Background", "true");
        let stream = client.in_background("Accept", "text/event-stream");
        // What a person does puts the end off, whatever the page asks in between.
        for time in ["09:30", "10:00", "10:59"] {
            installation.app.move_clock(at(time)).await.unwrap();
            polls.get("/todo").await.ok();
        }
        client.get("/todo").await.ok();
        for time in ["11:30", "12:00", "12:30", "12:58"] {
            installation.app.move_clock(at(time)).await.unwrap();
            polls.get("/todo").await.ok();
            stream.get("/me").await.ok();
        }
        installation.app.move_clock(at("12:59")).await.unwrap();
        for client in [&polls, &stream, &client] {
            client.get("/me").await.problem(401, "not-signed-in");
        }
    });
}

#[test]
fn the_demo_clock_signs_nobody_out_and_does_not_go_back() {
    on_each_database(async |installation: &Installation| {
        let client = installation.signed_in(&someone(installation)).await;
        let moved = client.post("/demo/clock", &json!({"days": 30})).await.ok();
        assert_eq!(moved["today"], "2026-04-01");
        assert_eq!(client.get("/me").await.ok()["today"], "2026-04-01");
        client.post("/demo/clock", &json!({"days": -1})).await.problem(422, "invalid");
        client.post("/demo/clock", &json!({})).await.problem(422, "invalid");
        client.post("/demo/clock", &json!({"to": "tomorrow"})).await.problem(422, "invalid");
    });
}

#[test]
fn an_answer_is_in_the_language_that_the_reader_prefers() {
    on_each_database(async |installation: &Installation| {
        let client = installation.stranger();
        assert_eq!(client.get("/me").await.json()["title"], "未登录");
        assert_eq!(client.in_english().get("/me").await.json()["title"], "Not signed in");
    });
}
