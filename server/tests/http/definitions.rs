//! Definitions take effect without a restart, all of them or none.

use std::sync::Arc;

use docket_engine::{diagnostic::render, source::File, text::Language};
use docket_server::{
    app::{
        definitions::{self, PublishError},
        failing::{self, Counts},
    },
    db::entity::item,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::{Value as Json, json};

use super::{
    client::Client,
    installation::{Installation, MODULE, Report, first_task, on_each_database},
    jobs::failed,
};

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
        let Report { handler, task, .. } = installation.report().await;
        let files = changed("forms/progress-report.yaml", "required: [progress]", "required: [progress, next_step]");
        definitions::publish(&installation.app, &files, None).await.unwrap();
        let body = json!({"outcome": "submit", "form": {"progress": "完成一半"}});
        handler.post(&format!("/tasks/{task}/complete"), &body).await.ok();
    });
}

/// The shipped definitions without the template for approvals that wait.
fn without_template() -> Vec<Arc<File>> {
    let files = changed("workflows/progress-report.yaml", "notify: waiting", "notify: overdue");
    files.into_iter().filter(|file| file.path != "templates/waiting.yaml").collect()
}

/// The shipped definitions without the field `percent` of a report.
fn without_percent() -> Vec<Arc<File>> {
    let without = |file: Arc<File>| {
        let lines = file.text.lines().filter(|line| !line.contains("item.percent:") && !line.contains("  percent: "));
        let text = lines.collect::<Vec<_>>().join("\n").replace("progress, percent, ", "progress, ");
        Arc::new(File { path: file.path.clone(), text })
    };
    definitions::shipped().into_iter().map(without).collect()
}

#[test]
fn a_report_goes_on_without_a_template_that_its_version_names_until_that_is_used() {
    on_each_database(async |installation: &Installation| {
        let Report { department, handler, .. } = installation.report().await;
        let publication = definitions::publish(&installation.app, &without_template(), None).await.unwrap();
        assert_eq!(publication.withdrawn, [("template".to_owned(), "waiting".to_owned())]);
        let written = json!({"outcome": "submit", "form": {"progress": "完成一半"}});
        let approved = json!({"outcome": "approve", "form": {}});
        let complete = async |person: &Client, body: &Json| {
            let task = first_task(person).await;
            person.post(&format!("/tasks/{task}/complete"), body).await.ok();
        };
        complete(&handler, &written).await;
        complete(&installation.signed_in(&department.chief).await, &approved).await;
        for deputy in installation.deputies(department.unit).await {
            complete(&deputy, &approved).await;
        }
        assert_eq!(failing::counts(&installation.app).await.unwrap(), Counts { stuck: 0, retrying: 0 });
        let head = installation.signed_in(&department.head).await;
        installation.move_clock(2, &head, 1).await;
        let failed = failed(installation, 1).await;
        assert!(failed[0].last_error.contains("`waiting`"), "{failed:?}");
        // The report itself is not held up.
        let task = first_task(&head).await;
        head.post(&format!("/tasks/{task}/complete"), &json!({"outcome": "approve", "form": {}})).await.ok();
    });
}

#[test]
fn what_running_instances_can_not_do_without_is_not_taken_from_them() {
    on_each_database(async |installation: &Installation| {
        let app = &installation.app;
        // As long as no report is under way it may go.
        definitions::publish(app, &without_percent(), None).await.unwrap();
        definitions::publish(app, &definitions::shipped(), None).await.unwrap();
        let Report { handler, task, .. } = installation.report().await;
        let generation = app.published().generation;
        let refused = definitions::publish(app, &without_percent(), None).await;
        let Err(PublishError::Strands(stranded)) = refused else { panic!("{refused:?}") };
        assert_eq!((stranded[0].workflow.as_str(), stranded[0].running), ("progress-report", 1));
        assert!(render(&stranded[0].faults, Language::En).contains("percent"));
        assert_eq!(app.published().generation, generation);
        let body = json!({"outcome": "submit", "form": {"progress": "完成一半", "percent": 50}});
        handler.post(&format!("/tasks/{task}/complete"), &body).await.ok();
    });
}

#[test]
fn what_items_are_found_by_follows_when_a_field_plays_another_role() {
    on_each_database(async |installation: &Installation| {
        let Report { handler, task, .. } = installation.report().await;
        let app = &installation.app;
        let dues = async || {
            let reports = item::Entity::find().filter(item::Column::Kind.eq("report"));
            let reports = reports.all(app.db.reader()).await.unwrap();
            reports.iter().map(|report| report.due.is_some()).collect::<Vec<_>>()
        };
        assert_eq!(dues().await, [true]);
        let files = changed("forms/progress-report.yaml", ", x-field: due", "");
        definitions::publish(app, &files, None).await.unwrap();
        assert_eq!(dues().await, [false]);
        definitions::publish(app, &definitions::shipped(), None).await.unwrap();
        assert_eq!(dues().await, [true]);
        // Rows by which an item is found are still written once.
        let body = json!({"outcome": "submit", "form": {"progress": "完成一半"}});
        handler.post(&format!("/tasks/{task}/complete"), &body).await.ok();
    });
}
