//! Entering a workflow at a named node, and reopening there (R15).

use std::sync::Arc;

use docket_engine::{
    case::ItemState,
    command::{Actor, Command},
    definition::registry::Registry,
    diagnostic::{Severity, render},
    load::load,
    rejection::Rejection,
    source::File,
    text::Language,
};
use serde_json::{Map, json};

use crate::{
    operations::{by, task},
    support,
    town::*,
};

fn registry() -> Arc<Registry> {
    let nodes = [
        task("write", "handler", "", "{submit: both}"),
        "  both: {fork: [a, b]}\n".to_owned(),
        task("a", "section_chief", "", "{approve: together}"),
        task("b", "department_head", "", "{approve: together}"),
        "  together: {join: both, next: last}\n".to_owned(),
        task("last", "liaison", "", "{approve: done}"),
        "  done: {end: done, set: {item.state: done}}\n".to_owned(),
    ];
    let text = format!(
        "form: paper\ntitle: 补录\nrequired: [title, unit]\nproperties:\n  \
           title: {{type: string, title: 名称}}\n  unit: {{type: string, title: 单位, format: unit}}\n\
         ---\nform: matter\ntitle: 事\nrequired: [title]\nproperties:\n  \
           title: {{type: string, title: 名称, x-field: title}}\n  \
           unit: {{type: string, title: 单位, format: unit, x-field: lead_unit}}\n\
         ---\nmodule: small\ntitle: 小\nkinds:\n  matter:\n    title: 事\n    form: matter\n    workflow: main\n    \
             enter: {{last: {{who: {{post: supervisor}}, form: paper}}, a: {{who: {{post: department_head, unit: item.unit}}}}}}\n    \
             reopen: {{last: {{who: {{post: supervisor}}}}}}\n\
         ---\nworkflow: main\ntitle: 主\nstart: write\nnodes:\n{}",
        nodes.concat()
    );
    let mut files = support::shipped();
    files.push(Arc::new(File { path: "small.yaml".into(), text }));
    let loaded = load(&files);
    let errors: Vec<_> = loaded.diagnostics.into_iter().filter(|found| found.severity == Severity::Error).collect();
    assert_eq!(render(&errors, Language::En), "");
    Arc::new(loaded.registry.unwrap())
}

fn create(town: &mut Town, person: Option<docket_engine::id::PersonId>, enter: Option<&str>) -> Result<(), Rejection> {
    let fields = fields(json!({"title": "甲", "unit": "1"}));
    let enter = enter.map(Into::into);
    let command = Command::Create { module: "small".into(), kind: "matter".into(), fields, enter };
    town.run(person.map_or(Actor::System, Actor::Person), &command)
}

#[test]
fn whoever_may_begins_at_a_named_node() {
    let mut town = Town::with(registry());
    assert_eq!(create(&mut town, Some(HANDLER), Some("last")), Err(Rejection::NotYours));
    assert_eq!(create(&mut town, Some(SUPERVISOR), Some("write")), Err(Rejection::NotAllowed));
    assert_eq!(create(&mut town, Some(SUPERVISOR), Some("nowhere")), Err(Rejection::NotAllowed));
    create(&mut town, Some(SUPERVISOR), Some("last")).unwrap();
    assert_eq!((town.node().as_str(), town.task().assignee), ("last", Some(LIAISON)));
    let mut imported = Town::with(registry());
    create(&mut imported, None, Some("last")).unwrap();
    assert_eq!(imported.node(), "last", "an import may as well");
}

#[test]
fn a_node_inside_a_branch_opens_that_branch_alone() {
    let mut town = Town::with(registry());
    create(&mut town, Some(HEAD), Some("a")).unwrap();
    assert_eq!(town.node(), "a");
    town.complete(CHIEF, "approve");
    assert_eq!(town.node(), "last");
}

#[test]
fn a_closed_item_is_opened_again_with_a_reason() {
    let mut town = Town::with(registry());
    create(&mut town, Some(SUPERVISOR), Some("last")).unwrap();
    let item = town.root().id;
    let reopen = |node: &str, comment: Option<&str>| Command::Reopen {
        item,
        node: node.into(),
        comment: comment.map(str::to_owned),
    };
    assert_eq!(
        by(&mut town, SUPERVISOR, &reopen("last", Some("有误"))),
        Err(Rejection::NotAllowed),
        "it is not closed"
    );
    town.complete(LIAISON, "approve");
    assert_eq!(town.root().state, ItemState::Done);
    assert_eq!(by(&mut town, SUPERVISOR, &reopen("write", Some("有误"))), Err(Rejection::NotAllowed));
    assert_eq!(by(&mut town, HANDLER, &reopen("last", Some("有误"))), Err(Rejection::NotYours));
    assert_eq!(by(&mut town, SUPERVISOR, &reopen("last", None)), Err(Rejection::CommentRequired));
    by(&mut town, SUPERVISOR, &reopen("last", Some("有误"))).unwrap();
    assert_eq!((town.root().state, town.node().as_str()), (ItemState::Open, "last"));
    town.try_complete(LIAISON, "approve", Map::new(), None).unwrap();
    assert_eq!(town.root().state, ItemState::Done);
}
