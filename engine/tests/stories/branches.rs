//! Branches and returns: what stands in `docs/reference/engine.md`, one small test per sentence.

use docket_engine::{
    case::Ended,
    command::{Actor, Command},
};
use serde_json::{Map, json};

use crate::{small::with, town::*};

/// A town with one running `main`, whose nodes are written in `nodes`; tasks are written `NAME: OUTCOMES`.
fn start(start: &str, nodes: &str, tasks: &[(&str, &str)]) -> Town {
    let mut text = format!("workflow: main\ntitle: 主\nstart: {start}\nnodes:\n{nodes}");
    for (name, outcomes) in tasks {
        text += &crate::operations::task(name, "handler", "", outcomes);
    }
    text.push_str("---\nworkflow: below\ntitle: 分\nstart: over\nnodes:\n  over: {end: good}\n");
    let mut town = Town::with(with(&text));
    town.create("small", "matter", fields(json!({"title": "甲", "unit": "1", "amount": 5})));
    town
}

/// The nodes of the open tasks, sorted.
fn open(town: &Town) -> Vec<String> {
    let mut open: Vec<String> = town.open().iter().map(|task| task.node.to_string()).collect();
    open.sort();
    open
}

/// Completes the open task at `node`.
fn take(town: &mut Town, node: &str, outcome: &str) {
    let task = town.open().into_iter().find(|task| task.node == *node).unwrap().id;
    town.complete_task(task, HANDLER, outcome, Map::new(), Some("意见")).unwrap();
}

fn result(town: &Town) -> Option<Ended> {
    town.case.instances.values().next().unwrap().ended.clone()
}

/// draft → fork of a, b, c → join → last → end; each of the branches may return to draft.
const BOTH: &str = "  both: {fork: [a, b, c]}\n  together: {join: both, next: last}\n";
const STEPS: [(&str, &str); 5] = [
    ("draft", "{submit: both}"),
    ("a", "{approve: a2, return: draft}"),
    ("b", "{approve: together}"),
    ("c", "{approve: together}"),
    ("last", "{approve: {end: good}, return: draft}"),
];

fn forked() -> Town {
    let mut tasks = STEPS.to_vec();
    tasks.push(("a2", "{approve: together, return: a}"));
    let mut town = start("draft", BOTH, &tasks);
    take(&mut town, "draft", "submit");
    town
}

#[test]
fn a_join_waits_for_every_branch_of_its_round() {
    let mut town = forked();
    assert_eq!(open(&town), ["a", "b", "c"]);
    take(&mut town, "b", "approve");
    take(&mut town, "a", "approve");
    assert_eq!(open(&town), ["a2", "c"]);
    take(&mut town, "c", "approve");
    assert_eq!(open(&town), ["a2"]);
    take(&mut town, "a2", "approve");
    assert_eq!(open(&town), ["last"]);
    take(&mut town, "last", "approve");
    assert_eq!(result(&town), Some(Ended::With("good".into())));
}

#[test]
fn a_loop_inside_a_branch_does_not_count_for_another() {
    let mut town = forked();
    for _ in 0..3 {
        take(&mut town, "a", "approve");
        take(&mut town, "a2", "return");
    }
    assert_eq!(open(&town), ["a", "b", "c"], "only this path went back");
    take(&mut town, "b", "approve");
    take(&mut town, "c", "approve");
    assert_eq!(open(&town), ["a"]);
}

#[test]
fn a_return_out_of_a_branch_closes_the_others() {
    let mut town = forked();
    take(&mut town, "b", "approve");
    take(&mut town, "a", "return");
    assert_eq!(open(&town), ["draft"]);
    take(&mut town, "draft", "submit");
    assert_eq!(open(&town), ["a", "b", "c"], "a new round, in which nothing has arrived");
}

#[test]
fn a_return_into_a_branch_opens_it_alone() {
    let mut tasks = STEPS.to_vec();
    tasks[4] = ("last", "{approve: {end: good}, return: {to: a2}}");
    tasks.push(("a2", "{approve: together}"));
    let mut town = start("draft", BOTH, &tasks);
    take(&mut town, "draft", "submit");
    for (node, outcome) in [("a", "approve"), ("a2", "approve"), ("b", "approve"), ("c", "approve")] {
        take(&mut town, node, outcome);
    }
    take(&mut town, "last", "return");
    assert_eq!(open(&town), ["a2"]);
    take(&mut town, "a2", "approve");
    assert_eq!(open(&town), ["last"], "the join waited for that branch alone");
}

#[test]
fn previous_and_starter_are_those_of_the_path() {
    let tasks = [
        ("one", "{submit: two}"),
        ("two", "{approve: three}"),
        ("three", "{approve: {end: good}, return: {to: previous}, reject: {to: starter, return: true}}"),
    ];
    let mut town = start("one", "", &tasks);
    take(&mut town, "one", "submit");
    take(&mut town, "two", "approve");
    take(&mut town, "three", "return");
    assert_eq!(open(&town), ["two"]);
    take(&mut town, "two", "approve");
    take(&mut town, "three", "reject");
    assert_eq!(open(&town), ["one"]);
    take(&mut town, "one", "submit");
    assert_eq!(open(&town), ["two"], "through all steps again");
}

#[test]
fn straight_comes_straight_back_and_leaves_other_branches_alone() {
    let mut tasks = STEPS.to_vec();
    tasks[1] = ("a", "{approve: a2}");
    tasks.push(("a2", "{approve: together, return: {to: draft, straight: true}}"));
    let mut town = start("draft", BOTH, &tasks);
    take(&mut town, "draft", "submit");
    take(&mut town, "a", "approve");
    take(&mut town, "a2", "return");
    assert_eq!(open(&town), ["b", "c", "draft"]);
    take(&mut town, "b", "approve");
    take(&mut town, "draft", "submit");
    assert_eq!(open(&town), ["a2", "c"], "not through the fork again");
}

#[test]
fn any_opens_what_holds_and_its_join_waits_for_that() {
    let nodes = "  which:\n    any:\n      - {when: item.amount > 1, to: a}\n      - {when: item.amount > 3, to: b}\n      \
                 - {when: item.amount > 9, to: c}\n      - {else: d}\n  together: {join: which, next: last}\n";
    let on = "{approve: together}";
    let tasks = [("a", on), ("b", on), ("c", on), ("d", on), ("last", "{approve: {end: good}}")];
    let mut town = start("which", nodes, &tasks);
    assert_eq!(open(&town), ["a", "b"]);
    take(&mut town, "a", "approve");
    take(&mut town, "b", "approve");
    assert_eq!(open(&town), ["last"]);
    let mut none = Town::with(town.registry.clone());
    none.create("small", "matter", fields(json!({"title": "甲", "unit": "1", "amount": 0})));
    assert_eq!(open(&none), ["d"]);
}

#[test]
fn a_join_with_a_count_closes_the_rest_or_lets_it_go_on() {
    let on = "{approve: together}";
    let tasks = [("a", on), ("b", on), ("c", on), ("last", "{approve: {end: good}}")];
    let join =
        |rest: &str| format!("  both: {{fork: [a, b, c]}}\n  together: {{join: both, count: 2, {rest}next: last}}\n");
    let mut town = start("both", &join(""), &tasks);
    take(&mut town, "a", "approve");
    take(&mut town, "c", "approve");
    assert_eq!(open(&town), ["last"]);
    let mut town = start("both", &join("rest: stay, "), &tasks);
    take(&mut town, "a", "approve");
    take(&mut town, "c", "approve");
    assert_eq!(open(&town), ["b", "last"]);
    take(&mut town, "last", "approve");
    assert_eq!(result(&town), None, "the instance ends with its last path");
    take(&mut town, "b", "approve");
    assert_eq!(result(&town), Some(Ended::With("good".into())));
}

#[test]
fn an_end_ends_its_own_path_or_everything() {
    let nodes = "  both: {fork: [a, b]}\n  stop: {end: stopped, how: cancel}\n";
    let tasks = [("a", "{approve: {end: good}}"), ("b", "{approve: {end: good}, reject: stop}")];
    let mut town = start("both", nodes, &tasks);
    take(&mut town, "a", "approve");
    assert_eq!(open(&town), ["b"]);
    take(&mut town, "b", "approve");
    assert_eq!(result(&town), Some(Ended::With("good".into())));
    let mut town = start("both", nodes, &tasks);
    take(&mut town, "b", "reject");
    assert!(town.open().is_empty());
    assert_eq!(result(&town), Some(Ended::With("stopped".into())));
}

#[test]
fn branches_that_end_count_no_longer() {
    let nodes = "  both: {fork: [a, b]}\n  together: {join: both, next: last}\n";
    let tasks = [
        ("a", "{approve: together, finish: {end: good}}"),
        ("b", "{approve: together, finish: {end: good}}"),
        ("last", "{approve: {end: good}}"),
    ];
    let mut town = start("both", nodes, &tasks);
    take(&mut town, "a", "finish");
    take(&mut town, "b", "approve");
    assert_eq!(open(&town), ["last"], "one of two arrived, the other has ended");
    let mut town = start("both", nodes, &tasks);
    take(&mut town, "a", "finish");
    take(&mut town, "b", "finish");
    assert_eq!(result(&town), Some(Ended::With("good".into())), "none arrived: the path that forked ends too");
}

#[test]
fn branches_nest() {
    let nodes = "  outer: {fork: [a, inner]}\n  inner: {fork: [b, c]}\n  within: {join: inner, next: d}\n  \
                 together: {join: outer, next: last}\n";
    let tasks = [
        ("draft", "{submit: outer}"),
        ("a", "{approve: together}"),
        ("b", "{approve: within, return: draft}"),
        ("c", "{approve: within}"),
        ("d", "{approve: together, return: c}"),
        ("last", "{approve: {end: good}}"),
    ];
    let mut town = start("draft", nodes, &tasks);
    take(&mut town, "draft", "submit");
    assert_eq!(open(&town), ["a", "b", "c"]);
    take(&mut town, "b", "approve");
    take(&mut town, "c", "approve");
    take(&mut town, "d", "return");
    assert_eq!(open(&town), ["a", "c"], "into one branch of the inner fork, inside its branch of the outer one");
    take(&mut town, "c", "approve");
    assert_eq!(open(&town), ["a", "d"]);
    let mut again = start("draft", nodes, &tasks);
    take(&mut again, "draft", "submit");
    take(&mut again, "b", "return");
    assert_eq!(open(&again), ["draft"], "out of both forks");
}

#[test]
fn a_fork_without_a_join_is_joined_by_the_one_around_it() {
    let nodes = "  outer: {fork: [a, inner]}\n  inner: {fork: [b, c, d]}\n  together: {join: outer, next: last}\n";
    let tasks = [
        ("a", "{approve: together}"),
        ("b", "{approve: together}"),
        ("c", "{approve: together, finish: {end: good}}"),
        ("d", "{approve: together, finish: {end: good}}"),
        ("last", "{approve: {end: good}, return: {to: c}}"),
    ];
    let mut town = start("outer", nodes, &tasks);
    take(&mut town, "b", "approve");
    take(&mut town, "c", "finish");
    take(&mut town, "a", "approve");
    assert_eq!(open(&town), ["d"], "the branch has not arrived while a path of it is under way");
    let mut other = town.clone();
    take(&mut town, "d", "approve");
    assert_eq!(open(&town), ["last"]);
    take(&mut other, "d", "finish");
    assert_eq!(open(&other), ["last"], "the last one ended, but another had arrived");
    take(&mut town, "last", "return");
    assert_eq!(open(&town), ["c"], "into the inner branch alone");
    take(&mut town, "c", "approve");
    assert_eq!(open(&town), ["last"]);
    take(&mut town, "last", "approve");
    assert_eq!(result(&town), Some(Ended::With("good".into())));
}

#[test]
fn a_join_that_does_not_wait_for_all_takes_an_inner_fork_as_one_branch() {
    let on = "{approve: together}";
    let join = |rest: &str| {
        format!(
            "  outer: {{fork: [a, inner]}}\n  inner: {{fork: [b, c]}}\n  together: {{join: outer, count: 1, {rest}next: last}}\n"
        )
    };
    let tasks = [("a", on), ("b", on), ("c", on), ("last", "{approve: {end: good}}")];
    let mut town = start("outer", &join(""), &tasks);
    take(&mut town, "b", "approve");
    assert_eq!(open(&town), ["a", "c"]);
    take(&mut town, "c", "approve");
    assert_eq!(open(&town), ["last"], "the other branch is closed");
    let mut town = start("outer", &join("rest: stay, "), &tasks);
    take(&mut town, "a", "approve");
    assert_eq!(open(&town), ["b", "c", "last"]);
    take(&mut town, "b", "approve");
    take(&mut town, "last", "approve");
    assert_eq!(open(&town), ["c"], "what stayed goes on");
    take(&mut town, "c", "approve");
    assert_eq!(result(&town), Some(Ended::With("good".into())));
}

#[test]
fn a_completion_in_an_inner_fork_is_taken_back_before_and_after_the_join_around_it() {
    let nodes = "  outer: {fork: [a, inner]}\n  inner: {fork: [b, c]}\n  together: {join: outer, next: last}\n  \
                 b: {task: b, assign: {post: handler, unit: item.unit}, outcomes: {approve: together}, withdraw: {within: PT30M}}\n";
    let tasks = [("a", "{approve: together}"), ("c", "{approve: together}"), ("last", "{approve: {end: good}}")];
    let mut town = start("outer", nodes, &tasks);
    let task = town.open().into_iter().find(|task| task.node == "b").unwrap().id;
    let back = Command::Withdraw { task, comment: None };
    take(&mut town, "b", "approve");
    let mut before = town.clone();
    before.run(Actor::Person(HANDLER), &back).unwrap();
    assert_eq!(open(&before), ["a", "b", "c"]);
    for node in ["c", "a"] {
        take(&mut town, node, "approve");
    }
    assert_eq!(open(&town), ["last"]);
    town.run(Actor::Person(HANDLER), &back).unwrap();
    assert_eq!(open(&town), ["b"], "into the inner branch alone");
    take(&mut town, "b", "approve");
    assert_eq!(open(&town), ["last"]);
}

#[test]
fn a_branch_that_was_not_waited_for_returns_within_itself() {
    let nodes = "  both: {fork: [a, b]}\n  together: {join: both, count: 1, rest: stay, next: last}\n";
    let tasks = [
        ("a", "{approve: together}"),
        ("b", "{approve: b2}"),
        ("b2", "{approve: together, return: b}"),
        ("last", "{approve: {end: good}}"),
    ];
    let mut town = start("both", nodes, &tasks);
    take(&mut town, "a", "approve");
    take(&mut town, "b", "approve");
    take(&mut town, "b2", "return");
    assert_eq!(open(&town), ["b", "last"]);
    assert_eq!(town.case.instances.values().next().unwrap().tokens.len(), 2, "it opens its fork no second time");
    take(&mut town, "b", "approve");
    take(&mut town, "b2", "approve");
    assert_eq!(open(&town), ["last"], "and ends when it arrives");
}

#[test]
fn going_straight_back_before_a_branch_forgets_what_was_done_in_it() {
    let tasks = [
        ("first", "{submit: draft}"),
        ("draft", "{submit: both, return: {to: previous, return: true}}"),
        ("a", "{approve: a2}"),
        ("a2", "{approve: together, return: {to: draft, straight: true}}"),
        ("b", "{approve: together}"),
        ("last", "{approve: {end: good}}"),
    ];
    let mut town = start("first", "  both: {fork: [a, b]}\n  together: {join: both, next: last}\n", &tasks);
    take(&mut town, "first", "submit");
    take(&mut town, "draft", "submit");
    take(&mut town, "a", "approve");
    take(&mut town, "a2", "return");
    take(&mut town, "draft", "return");
    assert_eq!(open(&town), ["first"], "the step before it, none of the branch's");
}

#[test]
fn a_message_that_several_paths_hear_ends_everything_once() {
    let stop = "  stop: {end: stopped, how: cancel}\n";
    let wait = |name: &str, to: &str| format!("  {name}: {{wait: {{message: paid}}, next: {to}}}\n");
    let hear = |town: &mut Town| {
        let command = Command::Message { name: "paid".into(), key: None, data: Map::new(), from: None };
        town.run(Actor::Person(HANDLER), &command).unwrap();
    };
    let nodes = format!("  both: {{fork: [a, b]}}\n{stop}{}{}", wait("a", "stop"), wait("b", "stop"));
    let mut town = start("both", &nodes, &[]);
    hear(&mut town);
    assert_eq!(result(&town), Some(Ended::With("stopped".into())));
    let join = "  both: {fork: [a, b]}\n  together: {join: both, count: 1, next: last}\n";
    let nodes = format!("{join}{}{}", wait("a", "together"), wait("b", "together"));
    let mut town = start("both", &nodes, &[("last", "{approve: {end: good}}")]);
    hear(&mut town);
    assert_eq!(open(&town), ["last"], "the one that came second is closed, and opens nothing");
    assert_eq!(town.case.instances.values().next().unwrap().tokens.len(), 1);
}

#[test]
fn going_straight_back_forgets_nothing() {
    let tasks = [
        ("one", "{submit: two}"),
        ("two", "{approve: three}"),
        (
            "three",
            "{approve: {end: good}, return: {to: starter, straight: true}, reject: {to: previous, return: true}}",
        ),
    ];
    let mut town = start("one", "", &tasks);
    take(&mut town, "one", "submit");
    take(&mut town, "two", "approve");
    for _ in 0..2 {
        take(&mut town, "three", "return");
        assert_eq!(open(&town), ["one"], "the first task stays the first one, however often it is done again");
        take(&mut town, "one", "submit");
        assert_eq!(open(&town), ["three"]);
    }
    take(&mut town, "three", "reject");
    assert_eq!(open(&town), ["two"]);
}

#[test]
fn a_branch_that_can_not_come_any_more_is_not_waited_for_and_gives_no_result() {
    let nodes = "  both: {fork: [a, b]}\n  together: {join: both, next: last}\n";
    let tasks = [
        ("a", "{approve: together, cancel: off}"),
        ("b", "{approve: together}"),
        ("last", "{approve: {end: good}}"),
        ("off", "{approve: told, cancel: {end: bad}}"),
        ("told", "{approve: {end: bad}}"),
    ];
    let mut town = start("both", nodes, &tasks);
    take(&mut town, "a", "cancel");
    assert_eq!(open(&town), ["b", "off"], "nothing has arrived yet");
    take(&mut town, "b", "approve");
    assert_eq!(open(&town), ["last", "off"], "off leads to the end alone");
    take(&mut town, "last", "approve");
    assert_eq!((open(&town), result(&town)), (vec!["off".to_owned()], None), "the run goes on with it");
    take(&mut town, "off", "approve");
    take(&mut town, "told", "approve");
    assert_eq!(result(&town), Some(Ended::With("good".into())));
}

#[test]
fn a_branch_from_which_a_return_may_lead_back_is_waited_for() {
    let nodes = "  both: {fork: [a, b]}\n  together: {join: both, next: last}\n";
    let tasks = [
        ("a", "{approve: together, cancel: off}"),
        ("b", "{approve: together}"),
        ("last", "{approve: {end: good}}"),
        ("off", "{approve: {end: good}, return: a}"),
    ];
    let mut town = start("both", nodes, &tasks);
    take(&mut town, "b", "approve");
    take(&mut town, "a", "cancel");
    assert_eq!(open(&town), ["off"]);
    take(&mut town, "off", "return");
    take(&mut town, "a", "approve");
    assert_eq!(open(&town), ["last"]);
}
