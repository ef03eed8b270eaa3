//! Definitions take effect without a restart, all of them or none.

use std::sync::Arc;

use docket_engine::source::File;
use docket_server::app::definitions::{self, PublishError};
use serde_json::json;

use super::installation::{Installation, MODULE, first_task, on_each_database};

/// The shipped definitions with a text replaced in one file.
fn changed(path: &str, from: &str, to: &str) -> Vec<Arc<File>> {
    definitions::shipped()
        .into_iter()
        .map(|file| {
            if file.path != path {
                return file;
            }
            assert!(file.text.contains(from), "{path} has no `{from}`");
            Arc::new(File { path: file.path.clone(), text: file.text.replace(from, to) })
        })
        .collect()
}

#[test]
fn a_published_title_is_shown_at_once_and_faults_change_nothing() {
    on_each_database(async |installation: &Installation| {
        let supervisor = installation.holder("supervisor").await;
        let path = format!("/modules/{MODULE}");
        let file = format!("modules/{MODULE}.yaml");
        let before = supervisor.get(&path).await.ok()["title"].as_str().unwrap().to_owned();
        let files = changed(&file, &format!("zh: {before}"), "zh: 新的名称");
        let publication = definitions::publish(&installation.app, &files, None).await.unwrap();
        assert_eq!(publication.published, [("module".to_owned(), MODULE.to_owned())]);
        assert_eq!(supervisor.get(&path).await.ok()["title"], "新的名称");
        let broken = changed(&file, "workflow: task-lifecycle", "workflow: no-such-workflow");
        let refused = definitions::publish(&installation.app, &broken, None).await;
        assert!(matches!(refused, Err(PublishError::Faults(_))), "{refused:?}");
        assert_eq!(supervisor.get(&path).await.ok()["title"], "新的名称");
    });
}

#[test]
fn a_running_report_keeps_the_form_that_it_began_with() {
    on_each_database(async |installation: &Installation| {
        let department = &installation.departments()[0];
        let supervisor = installation.holder("supervisor").await;
        installation.task_for(&supervisor, "一件事", department.unit).await;
        let handler = installation.signed_in(&department.handler).await;
        installation.move_clock(5, &handler, 1).await;
        let files = changed("forms/progress-report.yaml", "required: [progress]", "required: [progress, next_step]");
        definitions::publish(&installation.app, &files, None).await.unwrap();
        let task = first_task(&handler).await;
        let body = json!({"outcome": "submit", "form": {"progress": "完成一半"}});
        handler.post(&format!("/tasks/{task}/complete"), &body).await.ok();
    });
}
