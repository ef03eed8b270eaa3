//! From preview to ledger.

use docket_server::{
    app::imports::{self, Choice, State},
    db::entity::{history, item_category, item_unit, task, timer},
    failure::Failure,
    import::report::Verdict,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::support::{fixture, items, on_each_database, order, person, table};

/// A supervisor of the demo organisation, another one, and a handler.
const SUPERVISOR: &str = "K0137";
const ANOTHER: &str = "K0138";
const HANDLER: &str = "K0005";

fn accept(rows: &[u32]) -> Choice {
    Choice { accept: rows.to_vec(), leave_out: Vec::new() }
}

#[test]
fn the_accepted_rows_go_in_together_with_what_the_preview_shows() {
    on_each_database(async |app| {
        let supervisor = person(&app, SUPERVISOR);
        let preview = imports::upload(&app, supervisor, &order(), fixture("yiji-tasks.xlsx")).await.unwrap();
        assert!(items(&app).await.is_empty(), "a preview imports nothing");
        let batch = imports::commit(&app, supervisor, preview.id, &accept(&[9]), "commit-one".into()).await.unwrap();
        let committed = batch.committed.unwrap();
        assert_eq!((batch.state, committed.created, committed.changed), (State::Committed, 11, 0));
        let items = items(&app).await;
        assert_eq!(items.len(), 11);
        for row in &preview.report.rows {
            let became =
                committed.items.get(&row.draft.row).map(|id| id.parse::<docket_engine::id::Id>().unwrap().raw());
            let goes_in = row.verdict == Verdict::New || row.draft.row == 9;
            assert_eq!(became.is_some(), goes_in, "row {}", row.draft.row);
            if let Some(item) = became.map(|id| items.iter().find(|item| item.id == id).unwrap()) {
                assert_eq!(item.title.as_deref(), row.draft.title.as_deref());
                assert_eq!(item.created_by, Some(supervisor.0));
                let fields: serde_json::Value = serde_json::from_str(&item.data).unwrap();
                for (name, value) in &row.draft.fields {
                    assert_eq!(&fields[name], value, "{name} of row {}", row.draft.row);
                }
            }
        }
        let ids: Vec<i64> = items.iter().map(|item| item.id).collect();
        let count = async |role: &str| {
            let rows = item_unit::Entity::find().filter(item_unit::Column::Role.eq(role));
            rows.filter(item_unit::Column::ItemId.is_in(ids.clone())).count(app.db.reader()).await.unwrap()
        };
        assert_eq!((count("lead").await, count("co").await), (11, 27));
        assert_eq!(item_category::Entity::find().count(app.db.reader()).await.unwrap(), 12);
        assert!(timer::Entity::find().count(app.db.reader()).await.unwrap() > 0, "the workflows have started");
        assert!(
            task::Entity::find().count(app.db.reader()).await.unwrap() > 0,
            "overdue items ask for a report at once"
        );
    });
}

#[test]
fn importing_again_changes_nothing() {
    on_each_database(async |app| {
        let supervisor = person(&app, SUPERVISOR);
        let first = imports::upload(&app, supervisor, &order(), fixture("yiji-tasks.xlsx")).await.unwrap();
        imports::commit(&app, supervisor, first.id, &Choice::default(), "commit-one".into()).await.unwrap();
        let again = imports::upload(&app, person(&app, ANOTHER), &order(), fixture("yiji-tasks.xlsx")).await.unwrap();
        let count = |verdict| again.report.count(verdict);
        assert_eq!((count(Verdict::New), count(Verdict::Unchanged), count(Verdict::Changed)), (0, 10, 0));
        assert_eq!((count(Verdict::Duplicate), count(Verdict::Refused)), (1, 4));
        let batch = imports::commit(&app, person(&app, ANOTHER), again.id, &Choice::default(), "commit-two".into())
            .await
            .unwrap();
        let committed = batch.committed.unwrap();
        assert_eq!((committed.created, committed.changed), (0, 0));
        assert_eq!(items(&app).await.len(), 10);
    });
}

#[test]
fn a_second_commit_gets_the_same_answer() {
    on_each_database(async |app| {
        let supervisor = person(&app, SUPERVISOR);
        let preview = imports::upload(&app, supervisor, &order(), table(&[("建设一期", "教委")])).await.unwrap();
        let commit = async |rows: &[u32], key: &str| {
            imports::commit(&app, supervisor, preview.id, &accept(rows), key.to_owned()).await
        };
        let first = commit(&[], "commit-one").await.unwrap();
        for key in ["commit-one", "commit-two"] {
            let second = commit(&[], key).await.unwrap();
            assert_eq!(second.committed, first.committed);
        }
        assert!(matches!(commit(&[2], "commit-one").await, Err(Failure::IdempotencyMismatch)));
        assert_eq!(items(&app).await.len(), 1);
    });
}

#[test]
fn two_commits_at_once_import_once() {
    on_each_database(async |app| {
        let supervisor = person(&app, SUPERVISOR);
        let preview = imports::upload(&app, supervisor, &order(), table(&[("建设一期", "教委"), ("建设二期", "教委")]))
            .await
            .unwrap();
        let choice = Choice::default();
        let commit = |key: &str| imports::commit(&app, supervisor, preview.id, &choice, key.to_owned());
        let (one, other) = tokio::join!(commit("commit-one"), commit("commit-two"));
        assert_eq!(one.unwrap().committed, other.unwrap().committed);
        assert_eq!(items(&app).await.len(), 2);
    });
}

#[test]
fn a_ledger_that_changed_meanwhile_refuses_the_commit_and_renews_the_preview() {
    on_each_database(async |app| {
        let (supervisor, another) = (person(&app, SUPERVISOR), person(&app, ANOTHER));
        let rows = [("建设一期", "教委"), ("建设二期", "教委")];
        let late = imports::upload(&app, supervisor, &order(), table(&rows)).await.unwrap();
        let early = imports::upload(&app, another, &order(), table(&rows[..1])).await.unwrap();
        imports::commit(&app, another, early.id, &Choice::default(), "commit-early".into()).await.unwrap();
        let refused =
            imports::commit(&app, supervisor, late.id, &Choice::default(), "commit-late".into()).await.unwrap_err();
        assert!(matches!(&refused, Failure::LedgerChanged(text) if text.zh.contains("台账")), "{refused:?}");
        assert_eq!(items(&app).await.len(), 1, "nothing is imported half");
        let renewed = imports::load(&app, supervisor, late.id).await.unwrap();
        let verdicts: Vec<Verdict> = renewed.report.rows.iter().map(|row| row.verdict).collect();
        assert_eq!(verdicts, [Verdict::Unchanged, Verdict::New]);
        let batch = imports::commit(&app, supervisor, late.id, &Choice::default(), "commit-late".into()).await.unwrap();
        assert_eq!(batch.committed.unwrap().created, 1);
        assert_eq!(items(&app).await.len(), 2);
    });
}

#[test]
fn a_changed_row_changes_the_item_and_its_history_says_so() {
    on_each_database(async |app| {
        let supervisor = person(&app, SUPERVISOR);
        let first = imports::upload(&app, supervisor, &order(), table(&[("建设一期", "教委")])).await.unwrap();
        imports::commit(&app, supervisor, first.id, &Choice::default(), "commit-one".into()).await.unwrap();
        let second = imports::upload(&app, supervisor, &order(), table(&[("建设一期", "水利局")])).await.unwrap();
        assert_eq!(second.report.rows[0].verdict, Verdict::Changed);
        let batch =
            imports::commit(&app, supervisor, second.id, &Choice::default(), "commit-two".into()).await.unwrap();
        let committed = batch.committed.unwrap();
        assert_eq!((committed.created, committed.changed), (0, 1));
        let items = items(&app).await;
        let unit = app.org().units().find(|unit| unit.name == "水利局").unwrap().id;
        assert_eq!((items.len(), items[0].lead_unit_id), (1, Some(unit.0)));
        let events = history::Entity::find().all(app.db.reader()).await.unwrap();
        assert!(events.iter().any(|event| event.event.contains("lead_unit") && event.actor_id == Some(supervisor.0)));
    });
}

#[test]
fn only_those_with_the_right_import_and_only_their_own() {
    on_each_database(async |app| {
        let (supervisor, another, handler) = (person(&app, SUPERVISOR), person(&app, ANOTHER), person(&app, HANDLER));
        let refused = imports::upload(&app, handler, &order(), table(&[("建设一期", "教委")])).await.unwrap_err();
        assert!(matches!(Failure::from(refused), Failure::Forbidden));
        let preview = imports::upload(&app, supervisor, &order(), table(&[("建设一期", "教委")])).await.unwrap();
        assert!(matches!(imports::load(&app, another, preview.id).await, Err(Failure::NotFound)));
        let commit = imports::commit(&app, another, preview.id, &Choice::default(), "commit-one".into()).await;
        assert!(matches!(commit, Err(Failure::NotFound)));
        assert!(items(&app).await.is_empty());
    });
}

#[test]
fn only_duplicates_are_accepted_by_their_row() {
    on_each_database(async |app| {
        let supervisor = person(&app, SUPERVISOR);
        let rows = [("建设一期", "教委"), ("建设 一期。", "教委"), ("建设二期", "没有的局")];
        let preview = imports::upload(&app, supervisor, &order(), table(&rows)).await.unwrap();
        let refused =
            imports::commit(&app, supervisor, preview.id, &accept(&[3, 4, 99]), "commit-one".into()).await.unwrap_err();
        let Failure::Invalid(faults) = refused else { panic!("{refused:?}") };
        let pointers: Vec<&str> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(pointers, ["/accept/1", "/accept/2"]);
        assert!(items(&app).await.is_empty());
    });
}

#[test]
fn rows_are_left_out_where_the_person_says_so() {
    on_each_database(async |app| {
        let supervisor = person(&app, SUPERVISOR);
        let preview = imports::upload(&app, supervisor, &order(), table(&[("建设一期", "教委"), ("建设二期", "教委")]))
            .await
            .unwrap();
        let choice = Choice { accept: Vec::new(), leave_out: vec![2] };
        let batch = imports::commit(&app, supervisor, preview.id, &choice, "commit-one".into()).await.unwrap();
        assert_eq!(batch.committed.unwrap().items.into_keys().collect::<Vec<_>>(), [3]);
        assert_eq!(items(&app).await[0].title.as_deref(), Some("建设二期"));
    });
}
