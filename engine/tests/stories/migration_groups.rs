//! Migration of groups, of calls and stages for each element: `docs/reference/migration.md`.

use docket_engine::{
    case::{Ended, ItemState, TaskState},
    command::{Actor, Command, Turn},
    id::Id,
    migrate::{Mapping, Stranded, Why},
    rejection::Rejection,
};
use serde_json::json;

use crate::{
    board::*,
    migration::{back, publish, without_numbers},
    town::Town,
};

const EACH: &str = "{post: member, unit: item.unit}";

fn outcomes(rule: &str) -> String {
    format!("      approve: {{when: {rule}, to: approved}}\n      reject: {{when: rest, to: rejected}}\n")
}

/// The matter's instance moves to the version in which its workflow reads so.
fn moves_by(town: &mut Town, text: &str, nodes: &[(&str, &str)]) -> Result<(), Rejection> {
    let version = publish(town, &try_load(text).unwrap());
    let instance = town.case.instances.values().next().unwrap().id;
    let before = town.case.clone();
    let nodes: Mapping = nodes.iter().map(|(old, new)| ((*old).into(), (*new).into())).collect();
    let done = town.run(Actor::System, &Command::Migrate { instance, version, nodes });
    assert!(done.is_ok() || town.case == before, "what is refused changes nothing");
    done
}

fn moves(town: &mut Town, text: &str) -> Result<(), Rejection> {
    moves_by(town, text, &[])
}

fn stranded(done: Result<(), Rejection>) -> Vec<(String, Why)> {
    match done {
        Err(Rejection::Strands { stranded }) => {
            stranded.into_iter().map(|Stranded { node, why, .. }| (node.to_string(), why)).collect()
        }
        other => {
            assert!(other.is_err(), "it was not stranded");
            Vec::new()
        }
    }
}

#[test]
fn a_group_keeps_its_votes_and_may_be_over_by_a_new_rule() {
    let all = voting(EACH, &outcomes("all"));
    let mut town = vote(&all, &[3]);
    town.votes(member(1, 2), "approve");
    let mut two = town.clone();
    moves(&mut town, &voting(EACH, &outcomes("any"))).unwrap();
    assert_eq!(town.nodes(), ["approved"]);
    assert_eq!(back(&mut town), Err(Rejection::NoWayBack), "it has led the path on");
    let gone = voting(EACH, &outcomes("all").replace("approve: {", "agree: {zh: 同意, en: Agree, "));
    let why = Why::VoteGone { outcome: "approve".into() };
    assert_eq!(stranded(moves(&mut two, &gone)), [("vote".to_owned(), why)]);
    moves(&mut two, &voting(EACH, &outcomes("2"))).unwrap();
    assert_eq!(two.asked(), [1001, 1003], "the others still vote");
    two.votes(member(1, 1), "approve");
    assert_eq!(two.nodes(), ["approved"]);
}

#[test]
fn a_group_of_another_sort_or_order_is_another_kind() {
    let all = voting(EACH, &outcomes("all"));
    let single = all.replace(&format!("each: {EACH}"), "assign: {post: member, unit: item.unit}");
    let single =
        single.replace("{when: all, to: approved}", "approved").replace("{when: rest, to: rejected}", "rejected");
    for other in [
        voting("{post: member, unit: item.unit, order: one-by-one}", &outcomes("all")),
        voting("{post: member, unit: item.unit, per: unit}", &outcomes("all")),
        single,
    ] {
        let mut town = vote(&all, &[3]);
        assert_eq!(stranded(moves(&mut town, &other)), [("vote".to_owned(), Why::OtherKind)]);
    }
    let mut turns = vote(&voting("{post: member, unit: item.unit, order: one-by-one}", &outcomes("all")), &[3]);
    turns.votes(member(1, 1), "approve");
    let longer = voting("{post: [member, chair], unit: item.unit, order: one-by-one}", &outcomes("2"));
    moves(&mut turns, &longer).unwrap();
    assert_eq!(turns.asked(), [1002], "whoever has his turn keeps it");
}

#[test]
fn members_are_those_whom_the_new_version_means_and_what_people_have_done_stays() {
    let mut town = vote(&voting(EACH, &outcomes("all")), &[3, 1, 1]);
    town.votes(member(1, 1), "approve");
    town.add(member(1, 2), &[member(3, 1)], Turn::Beside).unwrap();
    let task = town.task_of(member(1, 2)).id;
    town.transfer(task, member(1, 2), CHAIR).unwrap();
    let before = without_numbers(&town);
    moves(&mut town, &voting("{post: member, unit: item.others}", &outcomes("all"))).unwrap();
    // Unit 1's third member is out; unit 2's comes; the vote, the added signer and the transferred task stay.
    let mut asked = town.asked();
    asked.sort_unstable();
    assert_eq!(asked, [CHAIR.0, 2001, 3001]);
    assert_eq!(back(&mut town), Err(Rejection::NoWayBack), "tasks have closed and opened");
    for person in [CHAIR, member(2, 1), member(3, 1)] {
        town.votes(person, "approve");
    }
    assert_eq!(town.nodes(), ["approved"]);
    let mut fixed = vote(&voting(EACH, &outcomes("all")), &[3, 1, 1]);
    moves(&mut fixed, &voting("{post: member, unit: item.others, list: fixed}", &outcomes("all"))).unwrap();
    assert_eq!(fixed.asked(), [1001, 1002, 1003], "the list of the start");
    back(&mut fixed).unwrap();
    assert_eq!(before.instances.len(), fixed.case.instances.len());
}

#[test]
fn a_group_without_members_goes_where_the_new_version_says() {
    let mut town = vote(&voting(EACH, &outcomes("all")), &[0, 1]);
    assert_eq!((town.case.incidents.len(), town.open().len()), (1, 0));
    let mut other = town.clone();
    moves(&mut town, &voting("{post: member, unit: item.unit, empty: reject}", &outcomes("all"))).unwrap();
    assert_eq!((town.nodes(), town.case.incidents.len()), (vec!["rejected".to_owned()], 0));
    moves(&mut other, &voting("{post: member, unit: item.others}", &outcomes("all"))).unwrap();
    assert_eq!((other.asked(), other.case.incidents.len()), (vec![2001], 0), "it is over: there are members");
}

#[test]
fn a_task_that_only_takes_a_comment_closes_where_its_node_takes_none() {
    let stay = "      accept: {zh: 同意, en: Accept, when: any, to: approved, rest: stay}\n      \
                object: {zh: 异议, en: Object, when: rest, to: rejected}\n";
    let mut town = vote(&voting(EACH, stay), &[3]);
    town.votes(member(1, 1), "accept");
    assert_eq!((town.nodes(), town.late().len()), (vec!["approved".to_owned()], 2));
    let (mut without, mut gone, mut other) = (town.clone(), town.clone(), town.clone());
    moves(&mut town, &voting(EACH, &stay.replace("异议", "不同意"))).unwrap();
    assert_eq!(town.late().len(), 2);
    back(&mut town).unwrap();
    moves(
        &mut town,
        &voting(EACH, stay)
            .replace("vote:", "poll:")
            .replace("submit: vote", "submit: poll")
            .replace("to: vote", "to: poll"),
    )
    .unwrap();
    assert!(town.late().is_empty(), "the node has another name");
    moves(&mut without, &voting(EACH, &stay.replace(", rest: stay", ""))).unwrap();
    assert!(without.late().is_empty());
    assert_eq!(back(&mut without), Err(Rejection::NoWayBack), "it has closed tasks");
    let renamed = voting(EACH, stay)
        .replace("vote:", "poll:")
        .replace("submit: vote", "submit: poll")
        .replace("to: vote", "to: poll");
    moves_by(&mut gone, &renamed, &[("vote", "poll")]).unwrap();
    assert_eq!(gone.late().len(), 2, "it stays under its new name");
    let person = gone.task_of(member(1, 2)).candidates[0];
    gone.votes(person, "accept");
    let single = voting(EACH, "      accept: {zh: 同意, en: Accept, to: approved}\n      reject: rejected\n")
        .replace(&format!("each: {EACH}"), "assign: {post: member, unit: item.unit}");
    moves(&mut other, &single).unwrap();
    assert!(other.late().is_empty(), "it is no group any more");
    assert!(other.case.tasks.values().any(|task| matches!(task.state, TaskState::Cancelled { .. })));
}

fn calling(name: &str, each: &str, then: &str) -> String {
    format!(
        "workflow: main\ntitle: 主\nstart: draft\nnodes:\n  \
           draft:\n    task: 起草\n    assign: {{post: chair}}\n    outcomes: {{submit: {name}, discard: rejected}}\n  \
           {name}:\n    call: below\n    each: {each}\n    item: {{new: part, set: {{title: item.title, unit: element}}}}\n    then:\n{then}  \
           approved:\n    task: 通过\n    assign: {{post: chair}}\n    outcomes: {{finish: {{end: yes}}}}\n  \
           rejected:\n    task: 否决\n    assign: {{post: chair}}\n    outcomes: {{finish: {{end: no}}}}\n{BELOW}"
    )
}

fn then(rule: &str) -> String {
    format!("      good: {{when: {rule}, to: approved}}\n      bad: {{when: rest, to: rejected}}\n")
}

fn parts(town: &Town) -> Vec<(i64, ItemState)> {
    let below = town.case.items.values().filter(|item| item.parent.is_some());
    below.map(|item| (item.fields["unit"].as_str().unwrap().parse().unwrap(), item.state)).collect()
}

#[test]
fn a_call_for_each_element_keeps_its_children_and_their_results() {
    let mut town = vote(&calling("parts", "{unit: item.others}", &then("all")), &[1, 1, 1]);
    town.votes(member(2, 1), "approve");
    let (before, mut any) = (without_numbers(&town), town.clone());
    moves_by(&mut town, &calling("pieces", "{unit: item.others}", &then("2")), &[("parts", "pieces")]).unwrap();
    assert_eq!(town.asked(), [3001]);
    back(&mut town).unwrap();
    assert_eq!(without_numbers(&town), before);
    moves_by(&mut town, &calling("pieces", "{unit: item.others}", &then("2")), &[("parts", "pieces")]).unwrap();
    town.votes(member(3, 1), "approve");
    assert_eq!(town.nodes(), ["approved"], "the child came back to the mapped node");
    moves(&mut any, &calling("parts", "{unit: item.others}", &then("any"))).unwrap();
    assert_eq!((any.nodes(), parts(&any)[1].1), (vec!["approved".to_owned()], ItemState::Cancelled));
    assert_eq!(back(&mut any), Err(Rejection::NoWayBack));
}

#[test]
fn the_elements_of_a_call_are_those_of_the_new_version() {
    let mut town = vote(&calling("parts", "{unit: item.others}", &then("all")), &[1, 1, 1]);
    town.votes(member(2, 1), "approve");
    moves(&mut town, &calling("parts", "{unit: '[item.unit]'}", &then("all"))).unwrap();
    assert_eq!(parts(&town), [(2, ItemState::Open), (3, ItemState::Cancelled), (1, ItemState::Open)]);
    assert_eq!(town.asked(), [1001], "the result that there is stays");
    let mut empty = vote(&calling("parts", "{unit: item.others}", &then("all")), &[0, 0, 0]);
    empty.edit(json!({"others": []}));
    assert_eq!(empty.case.incidents.len(), 1);
    moves(&mut empty, &calling("parts", "{unit: item.others, empty: rejected}", &then("all"))).unwrap();
    assert_eq!((empty.nodes(), empty.case.incidents.len()), (vec!["rejected".to_owned()], 0));
}

#[test]
fn a_call_of_another_sort_is_another_kind_and_a_result_that_is_gone_strands() {
    let old = calling("parts", "{unit: item.others}", &then("all"));
    let others = [
        old.replace("each: {unit: item.others}", "each: {unit: item.others, order: one-by-one}"),
        old.replace("item: {new: part, set: {title: item.title, unit: element}}", "item: same"),
        old.replace("    each: {unit: item.others}\n", "")
            .replace("unit: element", "unit: item.unit")
            .replace("{when: all, to: approved}", "approved")
            .replace("{when: rest, to: rejected}", "rejected"),
    ];
    for other in others {
        let mut town = vote(&old, &[1, 1, 1]);
        assert_eq!(stranded(moves(&mut town, &other)), [("parts".to_owned(), Why::OtherKind)], "{other}");
    }
    // The new version of what is called has one result fewer: these children can still end with it.
    let fewer = old.replace("      bad: {when: rest, to: rejected}\n", "").replace("      reject: {end: bad}\n", "");
    let mut town = vote(&old, &[1, 1, 1]);
    town.votes(member(3, 1), "approve");
    let children: Vec<Id> = town.open().iter().map(|task| task.instance).collect();
    let lost = Why::ChildLost { child: children[0] };
    assert_eq!(stranded(moves(&mut town, &fewer)), [("parts".to_owned(), lost)], "the one that runs");
    let mut done = vote(&calling("parts", "{unit: item.others}", &then("any")), &[1, 1, 1]);
    done.votes(member(3, 1), "reject");
    assert_eq!(done.asked(), [2001]);
    let lost = Why::ChildLost { child: done.task().instance };
    let all = stranded(moves(&mut done, &fewer.replace("when: all", "when: any")));
    assert!(
        all.contains(&("parts".to_owned(), Why::VoteGone { outcome: "bad".into() })) || all[0].1 == lost,
        "{all:?}"
    );
}

fn stage(each: &str) -> String {
    format!(
        "workflow: main\ntitle: 主\nstart: draft\nnodes:\n  \
           draft:\n    task: 起草\n    assign: {{post: chair}}\n    outcomes: {{submit: open}}\n  \
           open:\n    stage: 落实\n{each}    offers:\n      \
             change: {{zh: 调整, en: Change, who: {{post: chair}}, to: changing, keep: children}}\n      \
             finish: {{who: {{post: chair}}, to: over}}\n  \
           changing:\n    task: 调整\n    assign: {{post: chair}}\n    outcomes: {{submit: open}}\n  \
           over: {{end: closed}}\n{BELOW}"
    )
}

fn element(list: &str) -> String {
    format!(
        "    each: {{unit: {list}, call: below, item: {{new: part, set: {{title: item.title, unit: element}}}}}}\n    on_done: {{below: {{good: {{}}, bad: {{}}}}}}\n"
    )
}

fn offer(town: &mut Town, offer: &str) {
    let instance = town.case.instances.keys().next().copied().unwrap();
    let (node, offer, form) = ("open".into(), offer.into(), serde_json::Map::new());
    town.run(Actor::Person(CHAIR), &Command::TakeOffer { instance, node, offer, form, comment: None }).unwrap();
}

#[test]
fn a_stage_with_each_keeps_its_children_and_follows_the_new_list() {
    let mut town = vote(&stage(&element("item.others")), &[1, 1, 1]);
    town.votes(member(2, 1), "approve");
    let before = without_numbers(&town);
    let same = stage(&element("item.others")).replace("落实", "推进");
    moves(&mut town, &same).unwrap();
    assert_eq!(town.asked(), [3001], "an element whose child has ended begins none");
    back(&mut town).unwrap();
    assert_eq!(without_numbers(&town), before);
    let mut none = town.clone();
    moves(&mut town, &stage(&element("'[item.unit]'"))).unwrap();
    assert_eq!(parts(&town), [(2, ItemState::Open), (3, ItemState::Cancelled), (1, ItemState::Open)]);
    assert_eq!(town.asked(), [1001]);
    let child = none.task().instance;
    assert_eq!(stranded(moves(&mut none, &stage(""))), [("open".to_owned(), Why::ChildLost { child })]);
    none.votes(member(3, 1), "approve");
    moves(&mut none, &stage("")).unwrap();
    assert!(none.open().is_empty(), "nothing runs below it any more");
}

#[test]
fn children_of_a_stage_that_was_left_come_back_to_it_under_its_new_name() {
    let mut town = vote(&stage(&element("item.others")), &[1, 1, 1]);
    offer(&mut town, "change");
    let before = without_numbers(&town);
    let renamed =
        stage(&element("item.others")).replace("  open:", "  doing:").replace("submit: open", "submit: doing");
    moves_by(&mut town, &renamed, &[("open", "doing")]).unwrap();
    back(&mut town).unwrap();
    assert_eq!(without_numbers(&town), before);
    let children: Vec<Id> = town.open().iter().filter(|task| task.node == "work").map(|task| task.instance).collect();
    let lost: Vec<_> = children.iter().map(|child| ("open".to_owned(), Why::ChildLost { child: *child })).collect();
    assert_eq!(stranded(moves(&mut town, &renamed)), lost, "without a mapping its children are lost");
    moves_by(&mut town, &renamed, &[("open", "doing")]).unwrap();
    town.votes(member(2, 1), "approve");
    town.votes(CHAIR, "submit");
    assert_eq!(town.asked(), [3001], "the stage goes on where it stood");
    assert!(town.case.instances.values().next().is_some_and(|main| main.ended.is_none()));
    assert!(town.case.instances.values().any(|child| child.ended == Some(Ended::With("good".into()))));
}
