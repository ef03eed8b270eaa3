//! Separation of duty (`not_by`), acting in somebody's name, and what becomes of the tasks of somebody who leaves.

use std::sync::Arc;

use docket_engine::{
    case::{IncidentCause, TaskState},
    command::{Actor, Command, Handover, Resolution, Turn},
    id::PersonId,
    org::{Org, StandIn},
    rejection::Rejection,
    step::{may_do, operations},
};
use serde_json::Map;

use crate::{
    operations::{by, start, task},
    town::*,
};

const WRITE: &str = "{submit: approve}";

fn written(more: &str) -> Town {
    let approve = task("approve", "section_chief", more, "{approve: {end: good}}");
    let mut town = start("write", &(task("write", "handler", "", WRITE) + &approve));
    town.complete(HANDLER, "submit");
    town
}

fn separated(people: &[PersonId]) -> Result<(), Rejection> {
    Err(Rejection::Separated { people: people.to_vec() })
}

fn complete(town: &Town) -> Command {
    Command::Complete { task: town.task().id, outcome: "approve".into(), form: Map::new().into(), comment: None }
}

#[test]
fn nobody_gets_his_own_submission_by_transfer_delegation_or_as_an_added_signer() {
    let mut town = written("not_by: write\n    allow: [transfer, delegate, add-signer]");
    let task = town.task().id;
    let signer = |person| Command::AddSigners { task, people: vec![person], turn: Turn::Before, comment: None };
    for command in [
        Command::Transfer { task, to: HANDLER, comment: None },
        Command::Delegate { task, to: HANDLER, comment: None },
        signer(HANDLER),
    ] {
        assert_eq!(by(&mut town, CHIEF, &command), separated(&[HANDLER]), "{command:?}");
    }
    by(&mut town, CHIEF, &signer(LIAISON)).unwrap();
    let command = complete(&town);
    by(&mut town, LIAISON, &command).unwrap();
    let command = Command::Transfer { task: town.task().id, to: DEPUTY, comment: None };
    by(&mut town, CHIEF, &command).unwrap();
    town.complete(DEPUTY, "approve");
}

#[test]
fn a_stand_in_does_not_do_what_he_is_kept_apart_from() {
    let away = |stand_in| StandIn { person: CHIEF, stand_in, from: date("2026-01-01"), to: date("2026-01-31") };
    let mut town = start(
        "write",
        &(task("write", "handler", "", WRITE)
            + &task("approve", "section_chief", "not_by: write", "{approve: {end: good}}")),
    );
    town.org = Arc::new(Org::clone(&town.org).with_stand_ins(vec![away(HANDLER), away(DEPUTY)]));
    town.complete(HANDLER, "submit");
    assert_eq!(town.task().candidates, [CHIEF]);
    let command = complete(&town);
    assert_eq!(by(&mut town, HANDLER, &command), separated(&[HANDLER]));
    by(&mut town, DEPUTY, &command).unwrap();
}

#[test]
fn whoever_acts_in_somebodys_name_is_recorded_and_counts_beside_him() {
    let approve = task("approve", "section_chief", "not_by: write", "{approve: {end: good}}");
    let mut town = start("write", &(task("write", "handler", "", WRITE) + &approve));
    let command =
        Command::Complete { task: town.task().id, outcome: "submit".into(), form: Map::new().into(), comment: None };
    let written = town.task().id;
    town.run(Actor::For { person: HANDLER, through: LIAISON }, &command).unwrap();
    let TaskState::Completed { by: of, through, .. } = &town.case.tasks[&written].state else { panic!("it is done") };
    assert_eq!((*of, *through), (HANDLER, Some(LIAISON)));
    // The one through whom it was written may not approve it for the chief; another one may.
    let command = complete(&town);
    let acting = |through| Actor::For { person: CHIEF, through };
    assert_eq!(town.run(acting(LIAISON), &command), separated(&[LIAISON]));
    assert!(!may_do(&town.case, town.task().id, &town.context(acting(LIAISON))));
    assert_eq!(operations(&town.case, town.task().id, &town.context(acting(LIAISON))).may, []);
    let transfer = Command::Claim { task: town.task().id };
    assert_eq!(town.run(acting(HANDLER), &transfer), separated(&[HANDLER]));
    town.run(acting(DEPUTY), &command).unwrap();
}

#[test]
fn where_only_he_could_do_it_a_fallback_does_or_an_administrator_is_needed() {
    let nodes =
        |more: &str| task("write", "handler", "", WRITE) + &task("approve", "handler", more, "{approve: {end: good}}");
    let mut town = start("write", &nodes("not_by: [write]\n    fallback: {post: department_head, unit: item.unit}"));
    town.complete(HANDLER, "submit");
    assert_eq!(town.task().assignee, Some(HEAD));
    let mut town = start("write", &nodes("not_by: [write]"));
    town.complete(HANDLER, "submit");
    let incident = town.case.incidents.values().next().unwrap().clone();
    assert_eq!(incident.cause, IncidentCause::Nobody);
    let resolve = |person| Command::Resolve {
        incident: incident.id,
        how: Resolution::Reassign { people: vec![person] },
        comment: None,
    };
    assert_eq!(by(&mut town, SUPERVISOR, &resolve(HANDLER)), separated(&[HANDLER]));
    by(&mut town, SUPERVISOR, &resolve(HEAD)).unwrap();
    town.complete(HEAD, "approve");
}

#[test]
fn who_begins_and_who_takes_the_first_step_can_be_kept_apart_too() {
    let approve = |more| task("approve", "[handler, liaison]", more, "{approve: {end: good}}");
    let mut town = start("write", &(task("write", "handler", "", WRITE) + &approve("not_by: starter")));
    town.complete(HANDLER, "submit");
    assert_eq!(town.task().candidates, [LIAISON]);
    let mut town = start("check", &task("check", "supervisor", "not_by: creator", "{submit: {end: good}}"));
    assert_eq!(town.task().candidates, [], "the supervisor created it");
    let claim = Command::Claim { task: town.task().id };
    by(&mut town, SUPERVISOR, &claim).unwrap_err();
}

#[test]
fn a_group_leaves_out_who_wrote_it_and_an_open_task_is_taken_from_who_has_just_done_the_other() {
    let group = "  approve:\n    task: 会签\n    each: {post: [handler, liaison, section_chief], unit: item.unit}\n    \
                 not_by: write\n    outcomes: {approve: {to: {end: good}, when: all}, return: {to: write, when: any}}\n";
    let mut town = start("write", &(task("write", "handler", "", WRITE) + group));
    town.complete(HANDLER, "submit");
    let people: Vec<_> = town.open().iter().map(|task| task.assignee).collect();
    assert_eq!(people, [Some(LIAISON), Some(CHIEF)]);
    let nodes = "  both: {fork: [a, b]}\n".to_owned()
        + &task("a", "[handler, liaison]", "", "{submit: end-both}")
        + &task("b", "[handler, liaison]", "not_by: a", "{submit: end-both}")
        + "  end-both: {join: both, next: {end: good}}\n";
    let mut town = start("both", &nodes);
    let of = |town: &Town, node: &str| town.open().into_iter().find(|task| task.node == *node).unwrap().clone();
    let first = of(&town, "a").id;
    town.complete_task(first, LIAISON, "submit", Map::new(), None).unwrap();
    assert_eq!((of(&town, "b").candidates, of(&town, "b").assignee), (vec![HANDLER], Some(HANDLER)));
}

fn without(town: &Town, person: PersonId) -> Arc<Org> {
    let mut people: Vec<_> = town.org.people().cloned().collect();
    people.iter_mut().find(|one| one.id == person).unwrap().active = false;
    Arc::new(Org::new(
        town.org.units().cloned().collect(),
        people,
        holdings(),
        Vec::new(),
        std::collections::BTreeMap::new(),
    ))
}

fn hand_over(town: &mut Town, to: Handover) {
    town.run(Actor::System, &Command::HandOver { person: CHIEF, to }).unwrap();
}

#[test]
fn the_tasks_of_somebody_who_leaves_go_where_the_administrator_says() {
    let people = |people: &[PersonId]| Handover::People { people: people.to_vec() };
    let begin = || {
        let mut town =
            written("not_by: write\n    allow: transfer\n    fallback: {post: department_head, unit: item.unit}");
        town.org = without(&town, CHIEF);
        town
    };
    let mut town = begin();
    hand_over(&mut town, people(&[DEPUTY]));
    assert_eq!((town.task().assignee, town.task().passed), (Some(DEPUTY), true));
    let mut town = begin();
    hand_over(&mut town, people(&[HANDLER]));
    assert_eq!(town.task().assignee, Some(HEAD), "who wrote it can not approve it: whom the definition means does");
    let mut town = begin();
    hand_over(&mut town, Handover::Candidates);
    assert_eq!((town.task().assignee, town.task().passed), (Some(HEAD), false));
    let mut town = begin();
    hand_over(&mut town, Handover::Nobody);
    assert_eq!(town.case.incidents.len(), 1);
    let refused = town.run(Actor::Person(SUPERVISOR), &Command::HandOver { person: CHIEF, to: Handover::Nobody });
    assert_eq!(refused, Err(Rejection::NotYours), "only as a job");
}

#[test]
fn a_task_that_was_passed_to_him_goes_too_and_what_is_still_his_stays() {
    let mut town = written("allow: transfer");
    let transfer = Command::Transfer { task: town.task().id, to: DEPUTY, comment: None };
    by(&mut town, CHIEF, &transfer).unwrap();
    town.org = without(&town, DEPUTY);
    town.run(Actor::System, &Command::HandOver { person: DEPUTY, to: Handover::Candidates }).unwrap();
    assert_eq!((town.task().assignee, town.task().passed), (Some(CHIEF), false));
    // He holds the post: nothing is handed over.
    hand_over(&mut town, Handover::Nobody);
    assert_eq!(town.task().assignee, Some(CHIEF));
}
