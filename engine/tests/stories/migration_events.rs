//! Timers, waits and messages in a migration: `docs/reference/migration.md`.

use docket_engine::{
    case::Purpose,
    command::{Actor, Command},
    id::Id,
    rejection::Rejection,
};
use serde_json::{Map, json};

use crate::{
    migration::*,
    operations::{by, task},
    town::*,
};

fn edit(town: &mut Town, change: serde_json::Value) {
    by(town, SUPERVISOR, &Command::Edit { item: Id::root_item(1), fields: fields(change) }).unwrap();
}

fn message(town: &mut Town, name: &str) -> Result<(), Rejection> {
    town.run(Actor::System, &Command::Message { name: name.into(), key: None, data: Map::new(), from: None })
}

#[test]
fn a_suspended_item_stays_suspended_and_nothing_leads_on() {
    let waiting =
        |until: &str| format!("  first: {{wait: {until}, next: second}}\n{}", tasks(&[("second", "{submit: over}")]));
    let mut town = town(&waiting("{after: P90D}"));
    edit(&mut town, json!({"state": "suspended"}));
    town.now = at("2026-03-02");
    migrate(&mut town, &waiting("{at: item.day}")).unwrap();
    assert!(town.open().is_empty(), "the moment has passed, but nothing moves");
    assert!(town.case.timers.values().all(|timer| timer.paused));
    back(&mut town).unwrap();
    assert_eq!(town.case.timers.len(), 1);
    migrate(&mut town, &waiting("{at: item.day}")).unwrap();
    edit(&mut town, json!({"state": "open"}));
    town.wait_until(at("2026-03-03"));
    assert_eq!(town.node(), "second");
}

#[test]
fn a_repeating_event_goes_on_where_it_was() {
    let text = |more: &str| {
        let on = format!("on: [{more}{{after: P1D, every: P1D, times: 3, do: {{notify: overdue, to: assignees}}}}]");
        task("first", "handler", &on, "{submit: over}") + END
    };
    let mut town = town(&text(""));
    town.wait_until(at("2026-01-07"));
    migrate(&mut town, &text("{after: P9D, to: over}, ")).unwrap();
    let timer = town.case.timers.values().find(|timer| timer.purpose == Purpose::Boundary(1)).unwrap();
    assert_eq!((timer.count, timer.first), (2, Some(at("2026-01-06"))));
    town.wait_until(at("2026-01-12"));
    assert_eq!(town.notices().len(), 3, "three times in all");
}

#[test]
fn an_event_that_has_happened_does_not_happen_again() {
    let text = |more: &str| timed(&format!("      - {{at: item.day, do: {{notify: overdue, to: assignees}}}}\n{more}"));
    let mut town = town(&text("      - {after: P90D, to: late}\n"));
    town.wait_until(at("2026-03-02"));
    assert_eq!(town.notices().len(), 1);
    migrate(&mut town, &text("      - {after: P9D, to: late}\n")).unwrap();
    town.wait_until(at("2026-03-05"));
    assert_eq!(town.notices().len(), 1);
    assert_eq!(town.timer(Purpose::Boundary(1)), Some(at("2026-03-11")));
}

#[test]
fn what_hears_a_kept_message_hears_it_at_once() {
    let keeps = "on: [{message: paid, keep: true, do: {set: {item.amount: 1}}}]";
    let last = || task("last", "handler", keeps, "{submit: over}");
    let nodes = |first: String| first + &last() + END;
    let old = nodes(first("{submit: last}"));
    let mut town = town(&old);
    message(&mut town, "paid").unwrap();
    assert_eq!(town.case.instances[&main_of(&town)].kept.len(), 1);
    migrate(&mut town, &old.replace("P9D", "P8D").replace("task: last", "task: 最后")).unwrap();
    assert_eq!(town.case.instances[&main_of(&town)].kept.len(), 1, "it stays kept");
    let mut leads = town.clone();
    let hears = task("first", "handler", "on: [{message: paid, do: {set: {item.amount: 8}}}]", "{submit: last}");
    migrate(&mut town, &nodes(hears)).unwrap();
    assert_eq!((town.root().fields["amount"].clone(), town.node()), (json!(8), "first".to_owned()));
    assert!(town.case.instances[&main_of(&town)].kept.is_empty());
    assert_eq!(back(&mut town), Err(Rejection::NoWayBack));
    let leaves = task("first", "handler", "on: [{message: paid, to: last}]", "{submit: last}");
    migrate(&mut leads, &nodes(leaves)).unwrap();
    assert_eq!(leads.node(), "last");
    // A wait for another message than before.
    let waits = |name: &str| nodes(format!("  first: {{wait: {{message: {name}}}, next: last}}\n"));
    let mut wait = self::town(&waits("sent"));
    message(&mut wait, "paid").unwrap();
    migrate(&mut wait, &waits("paid")).unwrap();
    assert_eq!(wait.node(), "last");
}

#[test]
fn a_message_that_closes_a_fork_closes_its_branches_too() {
    let nodes = |on: &str| {
        format!("  first:\n    fork: [a, b]\n{on}  together: {{join: first, next: last}}\n")
            + &tasks(&[("a", "{approve: together}"), ("b", "{approve: together}")])
            + &task(
                "last",
                "handler",
                "on: [{message: paid, keep: true, do: {set: {item.amount: 1}}}]",
                "{submit: over}",
            )
    };
    let mut town = town(&nodes(""));
    message(&mut town, "paid").unwrap();
    migrate(&mut town, &nodes("    on: [{message: paid, to: last}]\n")).unwrap();
    assert_eq!(open(&town), ["last"]);
}
