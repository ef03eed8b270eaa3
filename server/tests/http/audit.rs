//! The administrators' log: what it tells, and that whatever is touched shows (I1, I3).

use docket_server::{
    audit::{
        self, Algorithm, Hasher,
        verify::{Broken, Chain, Fault, Report, check, verify},
    },
    db::entity::audit as row,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value as Json, json};

use super::installation::{Installation, PASSWORD, on_each_database, on_each_database_secured};

async fn rows(installation: &Installation, act: &str) -> Vec<row::Model> {
    row::Entity::find()
        .filter(row::Column::Act.eq(act))
        .order_by_asc(row::Column::Sequence)
        .all(installation.app.db.reader())
        .await
        .unwrap()
}

async fn whole(installation: &Installation) -> Report {
    let report = verify(&installation.app).await.unwrap();
    assert!(report.is_whole(), "{report:?}");
    report
}

/// An item with a history, and a sealed log.
async fn prepared(installation: &Installation) -> i64 {
    let supervisor = installation.holder("supervisor").await;
    let department = &installation.departments()[0];
    let id = installation.task_for(&supervisor, "封存", department.unit).await;
    while audit::seal(&installation.app).await.unwrap() {}
    installation.stranger().sign_in(&department.handler, PASSWORD).await.ok();
    id.split('-').next().unwrap().parse().unwrap()
}

#[test]
fn sign_ins_are_told_and_no_secret_is() {
    on_each_database(async |installation: &Installation| {
        let code = installation.departments()[0].handler.clone();
        installation.stranger().sign_in(&code, "wrong").await.problem(401, "wrong-credentials");
        installation.stranger().sign_in("my password by mistake", "wrong").await.problem(401, "wrong-credentials");
        let client = installation.signed_in(&code).await;
        client.without_csrf().post("/notices/read-all", &json!({})).await.problem(403, "csrf");
        assert_eq!(client.delete("/session").await.status, 204);
        let person = installation.app.org().people().find(|person| person.code == code).unwrap().id.0;
        let told = |row: &row::Model| (row.actor_id, row.result.clone(), row.detail.clone());
        let sign_ins: Vec<_> = rows(installation, "sign-in").await.iter().map(told).collect();
        assert_eq!(
            sign_ins,
            [
                (Some(person), "refused".to_owned(), r#"{"reason":"password"}"#.to_owned()),
                (None, "refused".to_owned(), r#"{"reason":"unknown"}"#.to_owned()),
                (Some(person), "done".to_owned(), "{}".to_owned()),
            ]
        );
        assert_eq!(rows(installation, "sign-out").await[0].actor_id, Some(person));
        let refused = &rows(installation, "refused").await[0];
        assert_eq!(refused.object.as_deref(), Some("POST /api/notices/read-all"));
        assert_eq!(rows(installation, "organisation-changed").await.len(), 1);
        assert_eq!(rows(installation, "published").await.len(), 1);
        whole(installation).await;
    });
}

#[test]
fn whatever_is_touched_shows_at_its_first_row() {
    on_each_database(async |installation: &Installation| {
        let root = prepared(installation).await;
        let report = whole(installation).await;
        assert_eq!((report.items, report.seals), (1, 1));
        let (sealed, last) = (rows(installation, "sealed").await[0].sequence, report.end.0);
        let of_root = |what: &str| what.replace("ROOT", &root.to_string());
        let touches = [
            ("UPDATE audit SET detail = '{}' WHERE sequence = 1".to_owned(), Chain::Log, 1, Fault::Changed),
            ("UPDATE audit SET actor_id = 1 WHERE sequence = 2".to_owned(), Chain::Log, 2, Fault::Changed),
            ("DELETE FROM audit WHERE sequence = 1".to_owned(), Chain::Log, 2, Fault::Gap),
            (format!("DELETE FROM audit WHERE sequence = {last}"), Chain::Log, last - 1, Fault::End),
            ("UPDATE audit SET algorithm = 'md5' WHERE sequence = 2".to_owned(), Chain::Log, 2, Fault::Unreadable),
            (
                of_root("UPDATE history SET at = at + 1 WHERE root_id = ROOT AND sequence = 2"),
                Chain::Item(root),
                2,
                Fault::Changed,
            ),
            (of_root("DELETE FROM history WHERE root_id = ROOT AND sequence = 1"), Chain::Item(root), 2, Fault::Gap),
            (of_root("DELETE FROM root WHERE id = ROOT"), Chain::Seal(sealed), root, Fault::Removed),
            (of_root("DELETE FROM seal_head WHERE root_id = ROOT"), Chain::Seal(sealed), 0, Fault::Changed),
        ];
        for (touch, chain, row, fault) in touches {
            let write = installation.app.db.write().await.unwrap();
            write.execute_unprepared(&touch).await.unwrap();
            let report = check(&*write, &Hasher::default()).await.unwrap();
            assert_eq!(report.broken.first(), Some(&Broken { chain, row, fault }), "{touch}");
            // Never committed: the next touch begins with what was written.
        }
        whole(installation).await;
    });
}

#[test]
fn old_rows_go_and_the_rest_is_still_whole() {
    on_each_database(async |installation: &Installation| {
        prepared(installation).await;
        let app = &installation.app;
        assert!(!audit::trim(app).await.unwrap(), "nothing is older than the retention");
        let before = whole(installation).await;
        app.move_clock("2027-03-02T09:00:00+08:00".parse().unwrap()).await.unwrap();
        installation.holder("supervisor").await;
        while audit::trim(app).await.unwrap() {}
        // What the removed seals covered is sealed anew.
        while audit::seal(app).await.unwrap() {}
        let after = whole(installation).await;
        assert!(after.rows < before.rows && after.end.0 > before.end.0, "{after:?}");
        assert!(after.seals >= 1, "{after:?}");
        let trimmed = &rows(installation, "trimmed").await[0];
        let detail: Json = serde_json::from_str(&trimmed.detail).unwrap();
        assert_eq!(detail["through"], before.end.0);
        // The row before the first one can not be chosen freely: the log names its hash.
        let write = app.db.write().await.unwrap();
        let first = before.end.0 + 1;
        write.execute_unprepared(&format!("DELETE FROM audit WHERE sequence = {first}")).await.unwrap();
        let report = check(&*write, &Hasher::default()).await.unwrap();
        assert_eq!(report.broken[0], Broken { chain: Chain::Log, row: first + 1, fault: Fault::Gap });
    });
}

#[test]
fn the_log_is_hashed_by_sm3_with_a_key_where_the_settings_say_so() {
    let key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    let settings = json!({"audit": {"hash": "sm3", "key": key}});
    on_each_database_secured(&settings, async |installation: &Installation| {
        prepared(installation).await;
        assert!(rows(installation, "sign-in").await.iter().all(|row| row.algorithm == "hmac-sm3"));
        whole(installation).await;
        let snapshot = installation.app.db.snapshot().await.unwrap();
        let without = check(&snapshot, &Hasher::default()).await.unwrap();
        assert_eq!(without.broken[0], Broken { chain: Chain::Log, row: 1, fault: Fault::Unreadable });
        let other = Hasher::new(Algorithm::Sm3, Some(vec![7; 32]));
        let other = check(&snapshot, &other).await.unwrap();
        assert_eq!(other.broken[0], Broken { chain: Chain::Log, row: 1, fault: Fault::Changed });
    });
}
