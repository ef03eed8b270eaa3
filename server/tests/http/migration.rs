//! Running instances move to another version of their workflow, and back (issue 4, versions and migration).

use std::sync::Arc;

use docket_engine::{id::Id, migrate::Mapping, migrate::Why, source::File};
use docket_server::app::{
    definitions,
    migrations::{self, Order, Refused},
    runner,
};
use serde_json::json;

use super::installation::{Installation, first_task, on_each_database};

const WORKFLOW: &str = "progress-report";

fn changed(from: &str, to: &str) -> Vec<Arc<File>> {
    let files = definitions::shipped().into_iter().map(|file| {
        // With the scenarios, which name nodes too.
        if !file.path.starts_with("workflows/") {
            return file;
        }
        Arc::new(File { path: file.path.clone(), text: file.text.replace(from, to) })
    });
    files.collect()
}

fn order(pairs: &[(&str, &str)]) -> Order {
    let nodes: Mapping = pairs.iter().map(|(old, new)| ((*old).into(), (*new).into())).collect();
    Order { workflow: WORKFLOW.into(), to: None, nodes, item: None }
}

/// How many running reports are on another version than the one in force.
async fn older(installation: &Installation) -> u64 {
    migrations::older(&installation.app).await.unwrap().get(WORKFLOW).copied().unwrap_or_default()
}

#[test]
fn a_report_moves_with_its_task_and_goes_back_until_it_is_confirmed() {
    on_each_database(async |installation: &Installation| {
        let (app, department) = (&installation.app, &installation.departments()[0]);
        let supervisor = installation.holder("supervisor").await;
        let root = installation.task_for(&supervisor, "一件事", department.unit).await;
        let root = root.parse::<Id>().unwrap().root();
        let handler = installation.signed_in(&department.handler).await;
        installation.move_clock(5, &handler, 1).await;
        let task = first_task(&handler).await;
        handler
            .post(&format!("/tasks/{task}/complete"), &json!({"outcome": "submit", "form": {"progress": "一半"}}))
            .await
            .ok();
        let chief = installation.signed_in(&department.chief).await;
        let task = first_task(&chief).await;
        definitions::publish(app, &changed("section-review", "first-review"), None).await.unwrap();
        assert_eq!(older(installation).await, 1);

        let survey = migrations::survey(app, &order(&[])).await.unwrap();
        let stranded = survey.rows[0].fate.clone().unwrap_err();
        assert_eq!((stranded[0].node.as_str(), &stranded[0].why), ("section-review", &Why::Gone));
        let unknown = migrations::survey(app, &order(&[("section-reviw", "first-review")])).await;
        assert!(matches!(unknown, Err(Refused::Mapping(_))), "{unknown:?}");

        let mapped = order(&[("section-review", "first-review")]);
        let survey = migrations::survey(app, &mapped).await.unwrap();
        assert_eq!(survey.rows[0].fate.as_ref().unwrap().places[0].to, "first-review");
        let done = migrations::carry_out(app, &survey, &mapped.nodes).await.unwrap();
        assert!(done.iter().all(|outcome| outcome.refused.is_none()), "{done:?}");
        assert_eq!((older(installation).await, first_task(&chief).await), (0, task.clone()), "the same task");
        runner::verify(app, root).await.unwrap();

        let back = migrations::settle(app, &order(&[]), true).await.unwrap();
        assert!(back[0].refused.is_none(), "{back:?}");
        assert_eq!((older(installation).await, first_task(&chief).await), (1, task.clone()));
        runner::verify(app, root).await.unwrap();

        let survey = migrations::survey(app, &mapped).await.unwrap();
        migrations::carry_out(app, &survey, &mapped.nodes).await.unwrap();
        let confirmed = migrations::settle(app, &order(&[]), false).await.unwrap();
        assert!(confirmed[0].refused.is_none(), "{confirmed:?}");
        assert!(migrations::settle(app, &order(&[]), true).await.unwrap().is_empty());
        chief.post(&format!("/tasks/{task}/complete"), &json!({"outcome": "approve", "form": {}})).await.ok();
        runner::verify(app, root).await.unwrap();
        // The version that nobody runs on any more is not loaded by the next publication.
        let left = survey.rows[0].from.workflow.version.clone();
        definitions::publish(app, &changed("section-review", "second-review"), None).await.unwrap();
        assert!(!app.registry().versions.contains_key(&left));
    });
}
