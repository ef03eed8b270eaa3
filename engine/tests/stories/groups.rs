//! Groups 会签, 或签, 票签: `docs/reference/engine.md`, Groups.

use docket_engine::{
    case::{IncidentCause, TaskState},
    command::Actor,
    event::Kind,
    rejection::Rejection,
    step::open_outcomes,
};
use serde_json::{Map, json};

use crate::board::*;

const EACH: &str = "{post: member, unit: item.unit}";
const ALL: &str =
    "      return: {when: any, to: draft, requires: [comment]}\n      approve: {when: all, to: approved}\n";

#[test]
fn all_must_approve_and_one_return_is_enough() {
    let mut town = vote(&voting(EACH, ALL), &[3]);
    assert_eq!(town.asked(), [1001, 1002, 1003]);
    town.votes(member(1, 1), "approve");
    town.votes(member(1, 3), "approve");
    assert_eq!(town.nodes(), ["vote"]);
    let mut other = town.clone();
    town.votes(member(1, 2), "approve");
    assert_eq!(town.nodes(), ["approved"]);
    other.votes(member(1, 2), "return");
    assert_eq!(other.nodes(), ["draft"]);
}

#[test]
fn one_is_enough_and_the_others_close() {
    let outcomes = "      approve: {when: any, to: approved}\n      reject: {when: all, to: rejected}\n";
    let mut town = vote(&voting(EACH, outcomes), &[3]);
    let other = town.task_of(member(1, 2)).id;
    town.votes(member(1, 1), "reject");
    town.votes(member(1, 3), "approve");
    assert_eq!((town.nodes(), town.open().len()), (vec!["approved".to_owned()], 1));
    let late = town.complete_task(other, member(1, 2), "approve", Map::new(), None);
    assert!(matches!(late, Err(Rejection::TaskClosed { .. })), "{late:?}");
}

#[test]
fn a_number_or_a_share_of_votes_decides_as_early_as_it_can() {
    for rule in ["3", "60%", "votes.approve * 2 > votes.total"] {
        let outcomes =
            format!("      approve: {{when: {rule}, to: approved}}\n      reject: {{when: rest, to: rejected}}\n");
        let mut town = vote(&voting(EACH, &outcomes), &[5]);
        for number in [5, 2] {
            town.votes(member(1, number), "approve");
            assert_eq!(town.nodes(), ["vote"], "{rule}");
        }
        let mut other = town.clone();
        town.votes(member(1, 1), "approve");
        assert_eq!(town.nodes(), ["approved"], "three of five, before the others: {rule}");
        for number in [1, 3] {
            other.votes(member(1, number), "reject");
        }
        assert_eq!(other.nodes(), ["vote"], "{rule}");
        other.votes(member(1, 4), "reject");
        assert_eq!(other.nodes(), ["rejected"], "{rule}");
    }
    // Two rejections of three leave no way to 60 per cent.
    let outcomes = "      approve: {when: 60%, to: approved}\n      reject: {when: rest, to: rejected}\n";
    let mut town = vote(&voting(EACH, outcomes), &[3]);
    town.votes(member(1, 1), "reject");
    assert_eq!(town.nodes(), ["vote"], "two of three are 60 per cent, rounded up");
    town.votes(member(1, 2), "reject");
    assert_eq!(town.nodes(), ["rejected"]);
}

#[test]
fn rules_are_tried_in_the_written_order() {
    let outcomes = "      reject: {when: 2, to: rejected}\n      approve: {when: rest, to: approved}\n      \
                    return: {when: '1', to: draft, if: item.number > 5}\n";
    let mut town = vote(&voting(EACH, outcomes), &[3]);
    let refused = town.try_vote(member(1, 1), "return");
    assert_eq!(refused, Err(Rejection::NoSuchOutcome { expected: vec!["reject".into(), "approve".into()] }));
    town.votes(member(1, 1), "reject");
    town.votes(member(1, 2), "approve");
    town.votes(member(1, 3), "reject");
    assert_eq!(town.nodes(), ["rejected"]);
}

#[test]
fn one_by_one_each_has_his_turn_until_the_group_ends() {
    let each = "{post: member, unit: 'item.others + [item.unit]', order: one-by-one}";
    let outcomes = "      reject: {when: any, to: rejected}\n      approve: {when: all, to: approved}\n";
    let mut town = vote(&voting(each, outcomes), &[2, 1, 1]);
    for (unit, number) in [(2, 1), (3, 1), (1, 1)] {
        assert_eq!(town.asked(), [member(unit, number).0], "in the order of the units as listed");
        town.votes(member(unit, number), "approve");
    }
    let mut other = town.clone();
    town.votes(member(1, 2), "approve");
    assert_eq!(town.nodes(), ["approved"]);
    other.votes(member(1, 2), "reject");
    assert_eq!(other.nodes(), ["rejected"]);
    let mut early = vote(&voting(each, outcomes), &[2, 1, 1]);
    early.votes(member(2, 1), "reject");
    assert_eq!(early.nodes(), ["rejected"], "before the others had their turn");
    assert_eq!(early.count(|kind| matches!(kind, Kind::TaskOpened { node, .. } if *node == *"vote")), 1);
}

const LEAD: &str = "      object: {zh: 异议, en: Object, when: any, to: rejected}\n      \
                    accept: {when: lead, to: approved, rest: stay}\n";
const UNITS_SIGN: &str = "{post: member, unit: '[item.unit] + item.others', per: unit}";

#[test]
fn the_lead_unit_decides_and_the_others_may_still_sign() {
    let mut town = vote(&voting(UNITS_SIGN, LEAD), &[2, 1, 1]);
    assert_eq!(town.open().len(), 3, "one task for each unit");
    assert_eq!(town.task_of(member(1, 2)).candidates, [member(1, 1), member(1, 2)]);
    town.votes(member(2, 1), "accept");
    assert_eq!(town.nodes(), ["vote"]);
    town.votes(member(1, 2), "accept");
    assert_eq!(town.nodes(), ["approved"]);
    let late = town.late();
    assert_eq!((late.len(), town.open().len()), (1, 2));
    let open = open_outcomes(&town.case, late[0], &town.context(Actor::System));
    assert_eq!(open, ["accept"]);
    let refused = town.complete_task(late[0], member(3, 1), "object", Map::new(), None);
    assert_eq!(refused, Err(Rejection::NoSuchOutcome { expected: vec!["accept".into()] }));
    town.votes(member(3, 1), "accept");
    assert_eq!(town.nodes(), ["approved"], "nothing follows from it");
    let done = &town.case.tasks[&late[0]].state;
    assert!(matches!(done, TaskState::Completed { comment: Some(comment), .. } if comment == "意见"), "{done:?}");
}

#[test]
fn late_tasks_close_with_a_new_round_and_with_the_instance() {
    let mut town = vote(&voting(UNITS_SIGN, LEAD), &[1, 1, 1]);
    town.votes(member(1, 1), "accept");
    assert_eq!(town.late().len(), 2);
    let mut over = town.clone();
    town.votes(CHAIR, "again");
    assert_eq!((town.late().len(), town.open().len()), (0, 3));
    over.votes(CHAIR, "finish");
    assert!(over.open().is_empty());
}

#[test]
fn without_a_member_of_the_lead_unit_all_must_have_chosen_it() {
    let each = "{post: member, unit: '[item.unit] + item.others'}";
    let mut town = vote(&voting(each, LEAD), &[0, 2, 1]);
    town.votes(member(2, 1), "accept");
    town.votes(member(3, 1), "accept");
    assert_eq!(town.nodes(), ["vote"]);
    let mut lead = town.clone();
    town.votes(member(2, 2), "accept");
    assert_eq!(town.nodes(), ["approved"]);
    // The fact that a rule reads has changed: somebody of the new lead unit has voted.
    lead.edit(json!({"unit": "3"}));
    assert_eq!(lead.nodes(), ["approved"]);
}

#[test]
fn a_new_round_begins_anew() {
    let mut town = vote(&voting(EACH, ALL), &[2]);
    town.votes(member(1, 1), "approve");
    town.votes(member(1, 2), "return");
    town.complete(CHAIR, "submit");
    assert_eq!(town.asked(), [1001, 1002]);
    town.votes(member(1, 2), "approve");
    assert_eq!(town.nodes(), ["vote"], "the approval of the first round does not count");
    town.votes(member(1, 1), "approve");
    assert_eq!(town.nodes(), ["approved"]);
    assert_eq!(town.count(|kind| matches!(kind, Kind::TaskCompleted { outcome, .. } if *outcome == *"approve")), 3);
}

#[test]
fn a_member_who_leaves_does_not_count_and_a_new_one_gets_a_task() {
    let mut town = vote(&voting(EACH, ALL), &[3]);
    town.votes(member(1, 1), "approve");
    // He who has voted leaves as well: his vote stays.
    let mut left = members(&[4]);
    left.retain(|holding| ![member(1, 1), member(1, 3)].contains(&holding.person));
    town.reorganise(left);
    assert_eq!(town.asked(), [1002, 1004]);
    town.votes(member(1, 4), "approve");
    let mut back = town.clone();
    town.votes(member(1, 2), "approve");
    assert_eq!(town.nodes(), ["approved"]);
    back.reorganise(members(&[4]));
    assert_eq!(back.asked(), [1002, 1003], "who comes back is asked again");
    back.reorganise(members(&[1]));
    assert_eq!(back.nodes(), ["approved"], "nobody is left who could vote: the votes that there are count");
}

#[test]
fn members_follow_the_item() {
    let each = "{post: member, unit: '[item.unit] + item.others'}";
    let mut town = vote(&voting(each, ALL), &[1, 1, 1]);
    town.votes(member(2, 1), "approve");
    town.edit(json!({"unit": "3", "others": []}));
    assert_eq!(town.asked(), [3001]);
    town.edit(json!({"unit": "1"}));
    assert_eq!(town.asked(), [1001]);
    town.votes(member(1, 1), "approve");
    assert_eq!(town.nodes(), ["approved"]);
}

#[test]
fn a_fixed_list_stays_but_who_does_a_units_task_follows() {
    let mut town = vote(&voting("{post: member, unit: item.unit, list: fixed}", ALL), &[2]);
    town.edit(json!({"unit": "2"}));
    town.reorganise(members(&[1, 1]));
    assert_eq!(town.asked(), [1001, 1002]);
    let each = "{post: member, unit: '[item.unit] + item.others', per: unit, list: fixed}";
    let mut town = vote(&voting(each, ALL), &[1, 1, 0]);
    town.edit(json!({"others": []}));
    assert_eq!(town.open().len(), 3);
    town.reorganise(members(&[2, 1, 1]));
    let of = |unit: i64| town.open().into_iter().find(|task| task.candidates.contains(&member(unit, 1))).unwrap();
    assert_eq!(of(1).candidates, [member(1, 1), member(1, 2)]);
    assert_eq!(of(3).assignee, Some(member(3, 1)));
}

#[test]
fn nobody_at_all_is_the_outcome_that_empty_names_or_an_incident() {
    let each = "{post: member, unit: item.unit, empty: approve}";
    let town = vote(&voting(each, ALL), &[0]);
    assert_eq!(town.nodes(), ["approved"]);
    let mut town = vote(&voting(EACH, ALL), &[0]);
    assert!(town.open().is_empty());
    let causes = |town: &crate::town::Town| -> Vec<IncidentCause> {
        town.case.incidents.values().map(|incident| incident.cause.clone()).collect()
    };
    assert_eq!(causes(&town), [IncidentCause::Empty]);
    town.reorganise(members(&[0]));
    assert_eq!(causes(&town), [IncidentCause::Empty], "one incident");
    town.reorganise(members(&[1]));
    assert_eq!((causes(&town), town.asked()), (Vec::new(), vec![1001]));
    town.reorganise(members(&[0]));
    assert_eq!(causes(&town), [IncidentCause::Empty], "all are gone before the first vote");
    let mut town = vote(&voting(each, ALL), &[1]);
    town.reorganise(members(&[0]));
    assert_eq!(town.nodes(), ["approved"]);
}

#[test]
fn a_unit_without_holders_is_a_member_that_nobody_can_do() {
    let mut town = vote(&voting(UNITS_SIGN, ALL), &[1, 0, 1]);
    assert_eq!(town.open().len(), 3);
    let incident = town.case.incidents.values().next().unwrap();
    assert_eq!(incident.cause, IncidentCause::Nobody);
    assert!(town.case.tasks[&incident.task.unwrap()].candidates.is_empty());
    town.votes(member(1, 1), "approve");
    town.votes(member(3, 1), "approve");
    assert_eq!(town.nodes(), ["vote"]);
    town.edit(json!({"others": ["3"]}));
    assert_eq!(town.nodes(), ["approved"]);
}

#[test]
fn each_members_task_has_the_date_and_follows_it() {
    let source = voting(EACH, ALL).replace(&format!("each: {EACH}"), &format!("each: {EACH}\n    due: item.day"));
    let mut town = vote(&source, &[2]);
    assert!(town.open().iter().all(|task| task.due.is_none()));
    town.edit(json!({"day": "2026-02-01"}));
    assert!(town.open().iter().all(|task| task.due == Some(crate::town::date("2026-02-01"))));
}

#[test]
fn people_may_be_named_one_by_one() {
    let each = "{person: item.created_by}";
    let mut town = vote(&voting(each, ALL), &[1]);
    assert_eq!(town.asked(), [CHAIR.0]);
    town.votes(CHAIR, "approve");
    assert_eq!(town.nodes(), ["approved"]);
}

#[test]
fn the_expressions_of_rules_read_votes_and_facts() {
    let outcomes = "      approve: {when: votes.approve > item.number && votes.open < votes.total, to: approved}\n      \
                    reject: {when: rest, to: rejected}\n";
    let mut town = vote(&voting(EACH, outcomes), &[3]);
    town.votes(member(1, 1), "approve");
    assert_eq!(town.nodes(), ["vote"], "nothing is greater than an absent number");
    town.edit(json!({"number": 0.5}));
    assert_eq!(town.nodes(), ["approved"]);
}

#[test]
fn a_vote_can_be_taken_back_alone_while_the_others_stay() {
    let mut town = vote(&voting(EACH, ALL), &[3]);
    let mine = town.task_of(member(1, 1)).id;
    town.votes(member(1, 1), "approve");
    town.votes(member(1, 2), "approve");
    town.withdraw(member(1, 1), mine).unwrap();
    assert_eq!(town.asked(), [1003, 1001]);
    town.votes(member(1, 1), "approve");
    let last = town.task().id;
    town.votes(member(1, 3), "approve");
    assert_eq!(town.nodes(), ["approved"]);
    town.withdraw(member(1, 3), last).unwrap();
    assert_eq!((town.nodes(), town.asked()), (vec!["vote".to_owned()], vec![1003]), "the round goes on as it was");
    town.votes(member(1, 3), "return");
    assert_eq!(town.nodes(), ["draft"]);
}

#[test]
fn a_vote_that_ended_a_group_brings_back_those_who_had_not_voted() {
    let mut town = vote(&voting(UNITS_SIGN, LEAD), &[1, 1, 1]);
    town.votes(member(2, 1), "accept");
    let lead = town.task_of(member(1, 1)).id;
    town.votes(member(1, 1), "accept");
    assert_eq!(town.late().len(), 1);
    town.withdraw(member(1, 1), lead).unwrap();
    assert_eq!((town.late().len(), town.asked()), (0, vec![1001, 3001]));
    town.votes(member(3, 1), "accept");
    town.votes(member(1, 1), "accept");
    assert_eq!(town.nodes(), ["approved"]);
}

#[test]
fn one_by_one_a_vote_taken_back_gives_the_turn_back() {
    let each = "{post: member, unit: item.unit, order: one-by-one}";
    let mut town = vote(&voting(each, ALL), &[3]);
    let mine = town.task().id;
    town.votes(member(1, 1), "approve");
    town.votes(member(1, 2), "approve");
    town.withdraw(member(1, 1), mine).unwrap();
    assert_eq!(town.asked(), [1001]);
    town.votes(member(1, 1), "approve");
    assert_eq!(town.asked(), [1003], "the vote of the second stayed");
}

#[test]
fn a_transfer_stays_when_members_change() {
    let mut town = vote(&voting(EACH, ALL), &[2, 1]);
    let task = town.task_of(member(1, 1)).id;
    let refused = town.transfer(task, member(1, 1), member(1, 2));
    assert_eq!(refused, Err(Rejection::NotPossible { people: vec![member(1, 2)] }), "one vote each");
    town.transfer(task, member(1, 1), member(2, 1)).unwrap();
    town.reorganise(members(&[0, 1]));
    assert_eq!(town.asked(), [2001]);
    town.votes(member(2, 1), "approve");
    assert_eq!(town.nodes(), ["approved"]);
}

#[test]
fn where_a_unit_has_no_holders_the_fallback_signs_for_it() {
    let source = voting(UNITS_SIGN, ALL)
        .replace(&format!("each: {UNITS_SIGN}"), &format!("each: {UNITS_SIGN}\n    fallback: {{post: chair}}"));
    let mut town = vote(&source, &[1, 0, 1]);
    assert_eq!(town.asked(), [1001, CHAIR.0, 3001]);
    town.reorganise(members(&[1, 1, 1]));
    assert_eq!(town.asked(), [1001, 2001, 3001]);
}

/// As they are stored in every history: a change here needs a new kind of event.
#[test]
fn the_form_of_the_events_of_groups_is_fixed() {
    let mut town = vote(&voting(UNITS_SIGN, LEAD), &[1, 1, 1]);
    town.add(member(2, 1), &[member(1, 2)], docket_engine::command::Turn::Beside).unwrap();
    let task = town.task_of(member(3, 1)).id;
    town.remove(member(2, 1), task, member(3, 1)).unwrap();
    town.votes(member(1, 1), "accept");
    let wanted = ["members", "signers_added", "signer_removed", "task_late"];
    let name = |kind: &Kind| serde_json::to_value(kind).unwrap()["event"].as_str().unwrap().to_owned();
    let events: Vec<_> = wanted
        .iter()
        .map(|wanted| town.events.iter().rfind(|event| name(&event.kind) == **wanted).unwrap().clone())
        .collect();
    let shown = serde_json::to_string_pretty(&events).unwrap() + "\n";
    let path = crate::support::repository().join("engine/tests/golden/group_events.json");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &shown).unwrap();
    }
    assert_eq!(shown, std::fs::read_to_string(&path).unwrap(), "UPDATE_GOLDEN=1 writes the file anew");
    assert_eq!(serde_json::from_str::<Vec<docket_engine::event::Event>>(&shown).unwrap(), events);
}
