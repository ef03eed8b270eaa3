//! 加签 and 减签: `docs/reference/engine.md`, Groups.

use docket_engine::{
    command::Turn,
    event::Kind,
    id::{Id, PersonId},
    rejection::Rejection,
};

use crate::{board::*, town::Town};

const OUTCOMES: &str = "      return: {when: any, to: draft}\n      approve: {when: all, to: approved}\n      reject: {when: any, to: rejected}\n";

/// A single task of the members of unit 1.
fn single(members: usize) -> Town {
    let source = "\
workflow: main
title: 主
start: draft
nodes:
  draft:
    task: 起草
    assign: {post: chair}
    outcomes: {submit: sign}
  sign:
    task: 签字
    assign: {post: member, unit: item.unit}
    form: opinion
    allow: [add-signer, remove-signer, transfer]
    withdraw: {within: PT30M}
    outcomes: {approve: approved, reject: rejected, return: draft}
  approved:
    task: 通过
    assign: {post: chair}
    outcomes: {finish: {end: yes}}
  rejected:
    task: 否决
    assign: {post: chair}
    outcomes: {finish: {end: no}}
";
    vote(&format!("{source}{BELOW}"), &[members, 3, 3])
}

fn group(order: &str) -> Town {
    let each = format!("{{post: member, unit: item.unit, order: {order}}}");
    vote(&voting(&each, OUTCOMES), &[2, 3, 3])
}

const A: PersonId = member(2, 1);
const B: PersonId = member(2, 2);

#[test]
fn a_single_task_is_signed_before_the_actor_one_by_one() {
    let mut town = single(1);
    let own = town.task().id;
    town.add(member(1, 1), &[A, B], Turn::Before).unwrap();
    assert_eq!(town.asked(), [A.0]);
    town.votes(A, "reject");
    assert_eq!(town.asked(), [B.0], "only the last one's outcome counts");
    town.votes(B, "approve");
    assert_eq!(town.asked(), [1001], "he has it again");
    assert_ne!(town.task().id, own);
    town.votes(member(1, 1), "approve");
    assert_eq!(town.nodes(), ["approved"]);
}

#[test]
fn a_single_task_is_signed_after_the_actor() {
    let mut town = single(1);
    town.add(member(1, 1), &[A, B], Turn::After).unwrap();
    assert_eq!(town.asked(), [1001]);
    town.votes(member(1, 1), "approve");
    town.add(A, &[member(3, 1)], Turn::After).unwrap();
    town.votes(A, "approve");
    assert_eq!(town.asked(), [3001], "right behind the one who added him");
    town.votes(member(3, 1), "approve");
    town.votes(B, "reject");
    assert_eq!(town.nodes(), ["rejected"]);
}

#[test]
fn whoever_returns_a_single_task_ends_it() {
    let mut town = single(1);
    town.add(member(1, 1), &[A, B], Turn::Before).unwrap();
    town.votes(A, "return");
    assert_eq!((town.nodes(), town.open().len()), (vec!["draft".to_owned()], 1));
    town.votes(CHAIR, "submit");
    assert_eq!(town.asked(), [1001], "a new round has no added signers");
}

#[test]
fn whoever_adds_signers_to_a_task_of_several_candidates_has_taken_it() {
    let mut town = single(2);
    town.add(member(1, 2), &[A], Turn::Before).unwrap();
    town.votes(A, "approve");
    assert_eq!(town.asked(), [1002]);
    // Who does it still follows the organisation.
    let mut left = members(&[2, 3, 3]);
    left.retain(|holding| holding.person != member(1, 2));
    town.reorganise(left);
    assert_eq!(town.asked(), [1001]);
    town.votes(member(1, 1), "approve");
    assert_eq!(town.nodes(), ["approved"]);
}

#[test]
fn a_group_one_by_one_takes_signers_before_and_after() {
    let mut town = group("one-by-one");
    town.add(member(1, 1), &[A], Turn::Before).unwrap();
    assert_eq!(town.asked(), [A.0]);
    town.votes(A, "approve");
    town.add(member(1, 1), &[B], Turn::After).unwrap();
    for person in [member(1, 1), B, member(1, 2)] {
        assert_eq!(town.asked(), [person.0]);
        town.votes(person, "approve");
    }
    assert_eq!(town.nodes(), ["approved"]);
    assert_eq!(town.count(|kind| matches!(kind, Kind::SignersAdded { people, .. } if people.len() == 1)), 2);
}

#[test]
fn a_group_at_once_takes_signers_beside() {
    let mut town = group("together");
    town.add(member(1, 1), &[A, B], Turn::Beside).unwrap();
    assert_eq!(town.asked(), [1001, 1002, A.0, B.0]);
    for person in [member(1, 1), member(1, 2), A] {
        town.votes(person, "approve");
    }
    assert_eq!(town.nodes(), ["vote"], "all means the added ones too");
    town.reorganise(members(&[2, 1, 0]));
    assert_eq!(town.asked(), [B.0], "an added signer stays whatever the definition means");
    town.votes(B, "approve");
    assert_eq!(town.nodes(), ["approved"]);
}

#[test]
fn who_can_not_be_added_is_named() {
    let mut town = group("together");
    let unknown = PersonId(99);
    let refused = town.add(member(1, 1), &[A, A, unknown, member(1, 2)], Turn::Beside);
    assert_eq!(refused, Err(Rejection::NotPossible { people: vec![A, unknown, member(1, 2)] }));
    assert_eq!(town.add(member(1, 1), &[], Turn::Beside), Err(Rejection::NotPossible { people: Vec::new() }));
    assert_eq!(town.add(member(1, 1), &[A], Turn::Before), Err(Rejection::NotAllowed), "at once is beside");
    town.votes(member(1, 2), "approve");
    let task = town.task().id;
    assert_eq!(town.try_add(task, member(1, 2), A), Err(Rejection::NotYours));
    let mut single = single(1);
    assert_eq!(single.add(member(1, 1), &[A], Turn::Beside), Err(Rejection::NotAllowed));
    single.votes(member(1, 1), "return");
    let own = single.task().id;
    assert_eq!(single.try_add(own, CHAIR, A), Err(Rejection::NotAllowed), "the draft does not allow it");
}

#[test]
fn a_signer_who_has_not_voted_can_be_left_out() {
    let mut town = group("together");
    town.add(member(1, 1), &[A], Turn::Beside).unwrap();
    town.votes(member(1, 1), "approve");
    let task = |town: &Town, person| town.task_of(person).id;
    let (of_a, of_other): (Id, Id) = (task(&town, A), task(&town, member(1, 2)));
    assert_eq!(town.remove(B, of_a, A), Err(Rejection::NotYours), "he has no part in it");
    assert_eq!(town.remove(member(1, 1), of_other, member(1, 2)), Err(Rejection::NotYours), "he has voted");
    assert_eq!(
        town.remove(member(1, 2), of_a, member(1, 1)),
        Err(Rejection::NotPossible { people: vec![member(1, 1)] }),
        "who has voted stays"
    );
    town.remove(member(1, 1), of_a, A).unwrap();
    assert_eq!(town.asked(), [1002], "he had added him");
    assert_eq!(town.remove(member(1, 2), of_other, member(1, 2)), Err(Rejection::NotAllowed), "the last one");
    town.reorganise(members(&[2, 3]));
    assert_eq!(town.asked(), [1002]);
    town.votes(member(1, 2), "approve");
    assert_eq!(town.nodes(), ["approved"]);
}

#[test]
fn who_was_left_out_does_not_come_back_but_can_be_added() {
    let mut town = group("together");
    let of_other = town.task_of(member(1, 2)).id;
    town.remove(member(1, 1), of_other, member(1, 2)).unwrap();
    town.edit(serde_json::json!({"unit": "2"}));
    assert_eq!(town.asked(), [2001, 2002, 2003]);
    town.edit(serde_json::json!({"unit": "1"}));
    assert_eq!(town.asked(), [1001]);
    town.add(member(1, 1), &[member(1, 2)], Turn::Beside).unwrap();
    assert_eq!(town.asked(), [1001, 1002]);
    town.reorganise(members(&[2]));
    assert_eq!(town.asked(), [1001, 1002], "once");
}

#[test]
fn leaving_somebody_out_gives_the_next_his_turn_and_may_decide() {
    let mut town = group("one-by-one");
    town.add(member(1, 1), &[A, B], Turn::Before).unwrap();
    let task = town.task().id;
    town.remove(member(1, 1), task, A).unwrap();
    assert_eq!(town.asked(), [B.0]);
    let task = town.task().id;
    town.remove(member(1, 1), task, member(1, 2)).unwrap();
    town.votes(B, "approve");
    town.votes(member(1, 1), "approve");
    assert_eq!(town.nodes(), ["approved"], "before his turn, too");
    let outcomes = "      approve: {when: 60%, to: approved}\n      reject: {when: rest, to: rejected}\n";
    let mut town = vote(&voting("{post: member, unit: item.unit}", outcomes), &[4]);
    town.votes(member(1, 1), "approve");
    town.votes(member(1, 2), "approve");
    let task = town.task_of(member(1, 4)).id;
    town.remove(member(1, 3), task, member(1, 4)).unwrap();
    assert_eq!(town.nodes(), ["approved"], "two of three are enough");
}

#[test]
fn who_does_a_task_that_was_passed_on_has_it_again_after_his_signers() {
    for mut town in [single(1), group("one-by-one")] {
        let task = town.task().id;
        town.transfer(task, member(1, 1), member(3, 1)).unwrap();
        town.add(member(3, 1), &[A], Turn::Before).unwrap();
        town.reorganise(members(&[2, 3, 3]));
        town.votes(A, "approve");
        assert_eq!(town.asked(), [3001]);
    }
}

#[test]
fn a_signature_can_be_taken_back() {
    let mut town = single(1);
    town.add(member(1, 1), &[A], Turn::Before).unwrap();
    let of_a = town.task().id;
    town.votes(A, "approve");
    let mut ended = town.clone();
    town.withdraw(A, of_a).unwrap();
    assert_eq!(town.asked(), [A.0], "his turn again");
    town.votes(A, "approve");
    town.votes(member(1, 1), "approve");
    assert_eq!(town.nodes(), ["approved"]);
    let own = ended.task().id;
    ended.votes(member(1, 1), "approve");
    ended.withdraw(member(1, 1), own).unwrap();
    assert_eq!((ended.nodes(), ended.asked()), (vec!["sign".to_owned()], vec![1001]));
    ended.votes(member(1, 1), "reject");
    assert_eq!(ended.nodes(), ["rejected"], "the other signature stayed");
}
