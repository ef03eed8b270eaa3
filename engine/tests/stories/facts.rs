//! Open work follows facts (R6): edited units and dates, and a changed organisation.

use docket_engine::{
    case::Purpose,
    command::{Actor, Command},
    definition::module::Colour::Red,
    event::Kind,
};
use serde_json::{Value as Json, json};

use crate::town::*;

fn edited(change: Json) -> Json {
    let mut all = json!({"title": "建设一所小学", "lead_unit": "1", "category": ["一极"], "cycle": "week"});
    all.as_object_mut().unwrap().extend(fields(change));
    all
}

#[test]
fn the_old_unit_loses_its_task_and_the_new_one_gains_it() {
    let mut town = Town::weekly(None);
    town.wait_until(at("2026-01-09"));
    let task = town.task().id;
    town.run(Actor::Person(HANDLER), &Command::Claim { task }).unwrap();
    town.offer("edit", edited(json!({"lead_unit": "2"})));
    assert_eq!(town.task().id, task);
    assert_eq!((&town.task().candidates[..], town.task().assignee), (&[HEALTH_HANDLER][..], Some(HEALTH_HANDLER)));
}

#[test]
fn a_report_that_waits_at_the_section_chief_moves_to_the_new_units() {
    let mut town = Town::weekly(None);
    town.wait_until(at("2026-01-09"));
    town.submit(HANDLER, "完成");
    assert_eq!(town.task().assignee, Some(CHIEF));
    town.offer("edit", edited(json!({"lead_unit": "2"})));
    assert_eq!((town.node().as_str(), town.task().assignee), ("section-review", Some(HEALTH_CHIEF)));
    town.complete(HEALTH_CHIEF, "return");
    assert_eq!(town.task().assignee, Some(HEALTH_HANDLER), "whoever wrote it is no candidate any more");
}

#[test]
fn the_history_shows_what_changed_and_nothing_else() {
    let mut town = Town::weekly(None);
    let before = town.events.len();
    town.offer("edit", edited(json!({"lead_unit": "2", "remark": ""})));
    let changed: Vec<_> = town.events[before..]
        .iter()
        .filter_map(|event| match &event.kind {
            Kind::ItemChanged { field, before, after, .. } => Some((field.as_str(), before.clone(), after.clone())),
            _ => None,
        })
        .collect();
    assert_eq!(changed, [("lead_unit", json!("1"), json!("2"))]);
}

#[test]
fn the_dates_of_tasks_and_timers_follow() {
    let mut town = Town::weekly(None);
    town.wait_until(at("2026-01-09"));
    assert_eq!(town.task().due, Some(date("2026-01-12")));
    town.offer("edit", edited(json!({"due": "2026-01-10"})));
    assert_eq!(town.root().next_due, Some(date("2026-01-10")), "the nearest unmet date");
    assert_eq!(town.task().due, Some(date("2026-01-10")));
    assert_eq!(town.light_at("2026-01-11"), Red);
    assert_eq!(town.notices().last().unwrap().0, "overdue");
    town.offer("edit", edited(json!({"due": "2026-02-28"})));
    assert_eq!(town.root().next_due, Some(date("2026-01-12")), "the grid again");
}

#[test]
fn an_edit_of_the_cycle_moves_the_next_report() {
    let mut town = Town::weekly(None);
    assert_eq!(town.timer(Purpose::Every), Some(at("2026-01-09T00:00")));
    town.offer("edit", edited(json!({"cycle": "month"})));
    assert_eq!(town.root().next_due, Some(date("2026-02-04")));
    assert_eq!(town.timer(Purpose::Every), Some(at("2026-02-01T00:00")));
}

#[test]
fn a_row_of_an_import_moves_open_work_too() {
    let mut town = Town::weekly(None);
    town.wait_until(at("2026-01-09"));
    let command = Command::Edit { item: town.root().id, fields: fields(json!({"lead_unit": "2", "content": null})) };
    town.run(Actor::Person(SUPERVISOR), &command).unwrap();
    assert_eq!(town.task().candidates, [HEALTH_HANDLER]);
}

#[test]
fn a_row_of_an_import_with_another_final_date_moves_the_next_report() {
    let mut town = Town::weekly(None);
    let mut import = |due: Json| {
        let command = Command::Edit { item: town.root().id, fields: fields(json!({"due": due})) };
        town.run(Actor::Person(SUPERVISOR), &command).unwrap();
        (town.root().next_due, town.timer(Purpose::Every))
    };
    assert_eq!(import(json!("2026-01-10")), (Some(date("2026-01-10")), Some(at("2026-01-07T00:00"))));
    assert_eq!(import(json!(null)), (Some(date("2026-01-12")), Some(at("2026-01-09T00:00"))));
}

#[test]
fn whoever_takes_over_a_post_takes_over_its_tasks() {
    let mut town = Town::weekly(None);
    town.wait_until(at("2026-01-09"));
    town.submit(HANDLER, "完成");
    let mut posts = holdings();
    for holding in posts.iter_mut().filter(|holding| holding.person == CHIEF) {
        holding.person = LIAISON;
    }
    town.org = org(posts);
    town.run(Actor::System, &Command::Reassign).unwrap();
    assert_eq!(town.task().assignee, Some(LIAISON));
    let before = town.events.len();
    town.run(Actor::System, &Command::Reassign).unwrap();
    assert_eq!(town.events.len(), before, "nothing more to do");
}

#[test]
fn a_task_that_nobody_can_do_opens_all_the_same() {
    let mut town = Town::weekly(None);
    town.org = org(Vec::new());
    town.wait_until(at("2026-01-09"));
    assert!(town.task().candidates.is_empty());
    town.org = org(holdings());
    town.run(Actor::System, &Command::Reassign).unwrap();
    assert_eq!(town.task().candidates, [HANDLER, LIAISON]);
}
