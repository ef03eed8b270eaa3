//! `docket plan`, `apply` and `export`: a folder never undoes changes that it does not know of.

use std::path::Path;

use serde_json::{Value as Json, json};

use super::command::{Place, copy, on_each_database};

const LATE: &str = "templates/overdue.yaml";
const WAITING: &str = "templates/waiting.yaml";

fn replace(folder: &Path, file: &str, from: &str, to: &str) {
    let path = folder.join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file} has no `{from}`");
    std::fs::write(path, text.replace(from, to)).unwrap();
}

/// Two people's folders, both in step with what is published.
fn two_folders(place: &Place) {
    place.done(&["export", "one"]);
    copy(&place.path("one"), &place.path("other"));
}

/// What a refusal lists.
fn newer(json: &Json) -> Vec<(&str, &str)> {
    let rows = json["newer"].as_array().unwrap().iter();
    rows.map(|row| (row["document"].as_str().unwrap(), row["change"].as_str().unwrap())).collect()
}

#[test]
fn a_folder_does_not_undo_what_another_one_published() {
    on_each_database(|place| {
        two_folders(place);
        replace(&place.path("one"), LATE, "[Overdue]", "[Late]");
        let applied = place.done(&["apply", "one"]);
        assert_eq!(applied["published"], json!([{"kind": "template", "name": "overdue"}]));

        replace(&place.path("other"), WAITING, "[Waiting for approval]", "[Waiting]");
        for command in ["plan", "apply"] {
            let (code, refused) = place.json(&[command, "other"]);
            assert_eq!((code, &refused["refused"]["code"]), (1, &json!("newer-changes")), "{command}");
            assert_eq!(newer(&refused), [("template/overdue", "published")]);
        }
        // With the other's change taken over, both changes stand.
        std::fs::copy(place.path("one").join(LATE), place.path("other").join(LATE)).unwrap();
        let planned = place.done(&["plan", "other"]);
        let applied = place.done(&["apply", "other"]);
        assert_eq!(applied["published"], json!([{"kind": "template", "name": "waiting"}]));
        assert_eq!(applied["published"], planned["published"]);
        // Its own changes a folder may go on changing.
        replace(&place.path("other"), WAITING, "[Waiting]", "[Still waiting]");
        place.done(&["apply", "other"]);
    });
}

#[test]
fn what_was_seen_may_be_undone_and_nothing_that_came_after_it() {
    on_each_database(|place| {
        two_folders(place);
        replace(&place.path("one"), LATE, "[Overdue]", "[Late]");
        place.done(&["apply", "one"]);
        replace(&place.path("other"), WAITING, "[Waiting for approval]", "[Waiting]");
        let (_, refused) = place.json(&["apply", "other"]);
        let seen = refused["refused"]["base"].as_str().unwrap().to_owned();
        let message = refused["refused"]["message"].as_str().unwrap();
        assert!(message.contains("template/overdue") && message.contains(&format!("--base {seen}")), "{message}");
        replace(&place.path("one"), LATE, "[Late]", "[Too late]");
        place.done(&["apply", "one"]);
        let (code, refused) = place.json(&["apply", "other", "--base", &seen]);
        assert_eq!((code, &refused["newer"]), (1, &json!([])));
        let seen = refused["refused"]["base"].as_str().unwrap().to_owned();
        let applied = place.done(&["apply", "other", "--base", &seen]);
        assert_eq!(applied["published"].as_array().unwrap().len(), 2);
    });
}

#[test]
fn what_another_one_withdrew_does_not_come_back() {
    on_each_database(|place| {
        place.done(&["export", "one"]);
        std::fs::write(place.path("one").join("templates/more.yaml"), "template: more\ntitle: Hello\nbody: Hello\n")
            .unwrap();
        place.done(&["apply", "one"]);
        copy(&place.path("one"), &place.path("other"));
        std::fs::remove_file(place.path("one").join("templates/more.yaml")).unwrap();
        assert_eq!(place.done(&["apply", "one"])["withdrawn"], json!([{"kind": "template", "name": "more"}]));
        let (code, refused) = place.json(&["apply", "other"]);
        assert_eq!((code, newer(&refused)), (1, vec![("template/more", "withdrawn")]));
    });
}

#[test]
fn a_folder_that_was_never_in_step_replaces_only_what_filled_the_database() {
    on_each_database(|place| {
        place.done(&["export", "one"]);
        copy(&place.path("one"), &place.path("stranger"));
        std::fs::remove_file(place.path("stranger/.docket.json")).unwrap();
        replace(&place.path("stranger"), LATE, "[Overdue]", "[Late]");
        place.done(&["apply", "stranger"]);
        std::fs::remove_file(place.path("stranger/.docket.json")).unwrap();
        replace(&place.path("stranger"), LATE, "[Late]", "[Too late]");
        let (code, refused) = place.json(&["apply", "stranger"]);
        assert_eq!((code, newer(&refused)), (1, vec![("template/overdue", "published")]));
        // One that holds exactly what is published is in step from now on.
        replace(&place.path("stranger"), LATE, "[Too late]", "[Late]");
        place.done(&["apply", "stranger"]);
        replace(&place.path("stranger"), LATE, "[Late]", "[Too late]");
        place.done(&["apply", "stranger"]);
        std::fs::write(place.path("stranger/.docket.json"), "{").unwrap();
        let (code, refused) = place.json(&["apply", "stranger"]);
        assert_eq!((code, &refused["refused"]["code"]), (1, &json!("in-step-file")));
    });
}

#[test]
fn an_exported_folder_says_the_same_and_overwrites_nothing() {
    on_each_database(|place| {
        place.done(&["export", "one"]);
        let both =
            ["more", "still-more"].map(|name| format!("template: {name}\ntitle: Hello\nbody: Hello\n")).join("---\n");
        std::fs::write(place.path("one/templates/both.yaml"), both).unwrap();
        place.done(&["apply", "one"]);
        let written = place.done(&["export", "again"]);
        assert_eq!(place.done(&["plan", "again"])["published"], json!([]));
        assert_eq!(place.done(&["plan", "again"])["base"], written["base"]);
        replace(&place.path("again"), LATE, "[Overdue]", "[Late]");
        let (code, refused) = place.json(&["export", "again"]);
        assert_eq!((code, &refused["refused"]["code"]), (1, &json!("file-in-the-way")));
        assert!(std::fs::read_to_string(place.path("again").join(LATE)).unwrap().contains("[Late]"));
    });
}

#[test]
fn a_folder_with_faults_or_without_definitions_is_refused() {
    on_each_database(|place| {
        place.done(&["export", "one"]);
        replace(&place.path("one"), LATE, "title:", "titel:");
        let (code, refused) = place.json(&["apply", "one"]);
        assert_eq!((code, refused["faults"].as_array().map(Vec::is_empty)), (1, Some(false)));
        std::fs::create_dir(place.path("empty")).unwrap();
        let (code, refused) = place.json(&["apply", "empty"]);
        assert_eq!((code, &refused["refused"]["code"]), (1, &json!("no-files")));
    });
}
