//! Calls and stages for each element of a list: `docs/reference/engine.md`, Groups.

use docket_engine::{
    case::{Ended, IncidentCause, ItemState},
    command::{Actor, Command},
    id::{Id, PersonId},
    rejection::Rejection,
    step::open_offers,
};
use serde_json::{Map, json};

use crate::{board::*, town::Town};

fn calling(each: &str, then: &str) -> String {
    format!(
        "workflow: main\ntitle: 主\nstart: draft\nnodes:\n  \
           draft:\n    task: 起草\n    assign: {{post: chair}}\n    outcomes: {{submit: parts, discard: rejected}}\n  \
           parts:\n    call: below\n    each: {each}\n    item: {{new: part, set: {{title: item.title, unit: element}}}}\n    then:\n{then}  \
           approved:\n    task: 通过\n    assign: {{post: chair}}\n    outcomes: {{finish: {{end: yes}}, again: {{zh: 重来, en: Again, to: parts}}}}\n  \
           rejected:\n    task: 否决\n    assign: {{post: chair}}\n    outcomes: {{finish: {{end: no}}}}\n{BELOW}"
    )
}

const THEN: &str = "      good: {when: all, to: approved}\n      bad: {when: any, to: rejected}\n";
const EACH: &str = "{unit: item.others}";

/// The items below the root with their states.
fn parts(town: &Town) -> Vec<(i64, ItemState)> {
    let below = town.case.items.values().filter(|item| item.parent.is_some());
    below.map(|item| (item.fields["unit"].as_str().unwrap().parse().unwrap(), item.state)).collect()
}

#[test]
fn one_child_for_each_element_and_their_results_are_votes() {
    let mut town = vote(&calling(EACH, THEN), &[1, 1, 1]);
    assert_eq!((town.asked(), parts(&town)), (vec![2001, 3001], vec![(2, ItemState::Open), (3, ItemState::Open)]));
    town.votes(member(3, 1), "approve");
    assert_eq!(town.nodes(), ["work"]);
    let mut other = town.clone();
    town.votes(member(2, 1), "approve");
    assert_eq!(town.nodes(), ["approved"]);
    other.votes(member(2, 1), "reject");
    assert_eq!(other.nodes(), ["rejected"]);
    let mut early = vote(&calling(EACH, THEN), &[1, 1, 1]);
    early.votes(member(2, 1), "reject");
    assert_eq!(early.nodes(), ["rejected"]);
    assert_eq!(parts(&early)[1], (3, ItemState::Cancelled), "the others are cancelled");
    early.case.instances.values().for_each(|instance| assert_eq!(instance.ended.is_some(), instance.caller.is_some()));
}

#[test]
fn one_child_after_the_other() {
    let mut town = vote(&calling("{unit: '[item.unit] + item.others', order: one-by-one}", THEN), &[1, 1, 1]);
    for unit in [1, 2, 3] {
        assert_eq!(town.asked(), [member(unit, 1).0]);
        town.votes(member(unit, 1), "approve");
    }
    assert_eq!(town.nodes(), ["approved"]);
}

#[test]
fn children_come_and_go_with_their_elements() {
    let mut town = vote(&calling(EACH, THEN), &[1, 1, 1]);
    town.votes(member(2, 1), "approve");
    town.edit(json!({"others": ["1"]}));
    assert_eq!(town.asked(), [1001]);
    assert_eq!(parts(&town), [(2, ItemState::Open), (3, ItemState::Cancelled), (1, ItemState::Open)]);
    let mut fewer = town.clone();
    town.votes(member(1, 1), "approve");
    assert_eq!(town.nodes(), ["approved"]);
    fewer.edit(json!({"others": []}));
    assert_eq!(fewer.nodes(), ["approved"], "the results that there are count");
    let mut fixed = vote(&calling("{unit: item.others, list: fixed}", THEN), &[1, 1, 1]);
    fixed.edit(json!({"others": ["1"]}));
    assert_eq!(fixed.asked(), [2001, 3001]);
}

#[test]
fn an_empty_list_goes_where_empty_says_or_is_an_incident() {
    let empty = |each: &str| {
        let mut town = board(&calling(each, THEN), &[1, 1, 1]);
        town.edit(json!({"others": []}));
        town.complete(CHAIR, "submit");
        town
    };
    assert_eq!(empty("{unit: item.others, empty: rejected}").nodes(), ["rejected"]);
    let mut town = empty(EACH);
    let cause = town.case.incidents.values().next().unwrap().cause.clone();
    assert_eq!((cause, town.open().len()), (IncidentCause::Empty, 0));
    town.edit(json!({"others": ["2"]}));
    assert_eq!((town.asked(), town.case.incidents.len()), (vec![2001], 0));
}

#[test]
fn elements_may_be_texts_and_children_that_need_nobody_end_at_once() {
    let source =
        calling("{text: item.names}", "      over: {when: 2, to: approved}\n      none: {when: rest, to: rejected}\n")
            .replace("set: {title: item.title, unit: element}", "set: {title: element}")
            .split("\n---\n")
            .next()
            .unwrap()
            .to_owned();
    let below = "
---
workflow: below
title: 分
start: which
nodes:
  which: {choose: [{when: item.title == '甲', to: {end: none}}, {else: {end: over}}]}
";
    let run = |names: &[&str]| {
        let mut town = board(&format!("{source}{below}"), &[]);
        town.edit(json!({"names": names}));
        town.complete(CHAIR, "submit");
        town
    };
    assert_eq!(run(&["乙", "丙", "丁"]).nodes(), ["approved"]);
    assert_eq!(run(&["甲", "丙"]).nodes(), ["rejected"]);
    let town = run(&["甲", "甲"]);
    assert_eq!(town.case.instances.len(), 2, "each element once");
}

#[test]
fn a_pinned_call_stays_on_the_version_of_the_start() {
    for (version, candidates) in [("pinned", vec![member(2, 1)]), ("latest", vec![CHAIR])] {
        let source =
            calling(EACH, THEN).replace("    call: below\n", &format!("    call: below\n    version: {version}\n"));
        let mut town = board(&source, &[1, 1, 0]);
        town.edit(json!({"others": ["2"]}));
        let newer = try_load(&source.replace("{post: member, unit: item.unit}", "{post: chair}")).unwrap();
        let mut registry = (*newer).clone();
        registry.versions.extend(town.registry.versions.clone());
        town.registry = registry.into();
        town.complete(CHAIR, "submit");
        assert_eq!(town.task().candidates, candidates, "{version}");
    }
}

const STAGE: &str = "\
workflow: main
title: 主
start: open
nodes:
  open:
    stage: 落实
    each: {unit: item.others, call: below, item: {new: part, set: {title: item.title, unit: element}}}
    on_done:
      below: {good: {set: {item.number: 1}}, bad: {}}
      asked: {yes: {set: {item.number: 2}}}
    offers:
      change: {zh: 调整, en: Change, who: {post: chair}, to: changing, keep: children}
      stop: {zh: 重来, en: Again, who: {post: chair}, to: changing}
      ask: {zh: 申请办结, en: Ask, who: {post: chair}, call: asked, then: {yes: over}}
      finish: {who: {post: chair}, to: over}
  changing:
    task: 调整
    assign: {post: chair}
    outcomes: {submit: open}
  over: {end: closed}
---
workflow: asked
title: 申请
start: decide
nodes:
  decide:
    task: 决定
    assign: {post: chair}
    outcomes: {approve: {end: yes}, reject: {end: no}}
";

fn stage(of: &[usize]) -> Town {
    board(&format!("{STAGE}{BELOW}"), of)
}

fn offer(town: &mut Town, offer: &str) -> Result<(), Rejection> {
    let instance = town.case.instances.keys().next().copied().unwrap();
    let (node, offer) = ("open".into(), offer.into());
    town.run(Actor::Person(CHAIR), &Command::TakeOffer { instance, node, offer, form: Map::new(), comment: None })
}

fn offers(town: &Town) -> Vec<String> {
    let open = open_offers(&town.case, &town.context(Actor::Person(CHAIR)));
    open.into_iter().map(|open| open.offer.to_string()).collect()
}

#[test]
fn a_stage_keeps_one_child_for_each_element() {
    let mut town = stage(&[1, 1, 1]);
    assert_eq!(town.asked(), [2001, 3001]);
    town.edit(json!({"others": ["3", "1"]}));
    assert_eq!(town.asked(), [3001, 1001]);
    assert_eq!(parts(&town)[0], (2, ItemState::Cancelled));
    town.votes(member(3, 1), "approve");
    assert_eq!(town.root().fields["number"], 1, "what on_done says");
    assert_eq!(town.asked(), [1001], "an element whose child has ended begins none");
    town.edit(json!({"others": ["1"]}));
    town.edit(json!({"others": ["1", "3"]}));
    assert_eq!(town.asked(), [1001, 3001], "one that comes again begins again");
    town.edit(json!({"others": []}));
    assert!(town.open().is_empty() && town.case.incidents.is_empty(), "a stage may have no children");
    offer(&mut town, "finish").unwrap();
    assert_eq!(town.case.instances.values().next().unwrap().ended, Some(Ended::With("closed".into())));
}

#[test]
fn children_may_go_on_while_their_stage_is_left() {
    let mut town = stage(&[1, 1, 1]);
    let before: Vec<Id> = town.open().iter().map(|task| task.id).collect();
    offer(&mut town, "change").unwrap();
    assert_eq!(town.open().len(), 3);
    town.edit(json!({"others": ["3", "1"]}));
    assert_eq!(town.open().len(), 3, "nothing begins or goes while the stage is left");
    town.votes(member(3, 1), "approve");
    assert_eq!(town.root().fields["number"], 1, "what on_done says, at once");
    town.votes(CHAIR, "submit");
    assert_eq!(town.asked(), [1001], "who came begins, who went is cancelled, who was done is done");
    assert!(!before.contains(&town.task().id));
    offer(&mut town, "stop").unwrap();
    assert_eq!(town.asked(), [CHAIR.0], "without `keep` the children are cancelled");
    town.votes(CHAIR, "submit");
    assert_eq!(town.asked(), [3001, 1001], "and all begin anew");
    offer(&mut town, "change").unwrap();
    let asked: Vec<PersonId> = town.open().iter().filter_map(|task| task.assignee).collect();
    assert_eq!(asked, [member(3, 1), member(1, 1), CHAIR]);
}

#[test]
fn an_offer_begins_a_workflow_and_its_result_may_lead_out() {
    let mut town = stage(&[1, 1, 1]);
    offer(&mut town, "ask").unwrap();
    assert_eq!(offers(&town), ["change", "stop", "finish"], "closed while it runs");
    assert!(matches!(offer(&mut town, "ask"), Err(Rejection::NoSuchOffer { .. })));
    town.votes(CHAIR, "reject");
    assert_eq!((offers(&town).len(), town.asked()), (4, vec![2001, 3001]));
    offer(&mut town, "ask").unwrap();
    town.votes(CHAIR, "approve");
    assert_eq!(town.root().fields["number"], 2);
    assert!(town.open().is_empty());
    assert!(town.case.instances.values().all(|instance| instance.ended.is_some()));
}
