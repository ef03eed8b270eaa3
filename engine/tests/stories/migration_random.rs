//! Migrations at random moments, from any of a few versions to any other.

use std::sync::Arc;

use docket_engine::{
    case::Ended,
    command::{Actor, Command},
    id::Id,
    migrate::Mapping,
    rejection::Rejection,
    step::open_outcomes,
    text::Name,
};
use serde_json::{Map, json};

use crate::{migration::*, operations::by, small::with, town::*};

/// Numbers that look random and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    /// Somebody completes some task.
    fn go_on(&mut self, town: &mut Town, any: bool) {
        let open: Vec<Id> = town.open().iter().map(|task| task.id).collect();
        let task = open[self.below(open.len())];
        let outcomes = open_outcomes(&town.case, task, &town.context(Actor::System));
        let outcome = outcomes[if any { self.below(outcomes.len()) } else { 0 }].clone();
        let person = town.case.tasks[&task].assignee.unwrap();
        town.complete_task(task, person, &outcome, Map::new(), Some("意见")).unwrap();
    }
}

#[test]
fn wherever_an_instance_stands_it_goes_on_to_its_end_in_the_version_it_was_moved_to() {
    let forks = |list: &str, more: &[(&str, &str)]| {
        let both = BOTH.replace("[a, b]", list).replace("next: over", "next: last");
        let steps = [("a", "{approve: together, return: first}"), ("last", "{approve: over, return: a}")];
        first("{submit: both}") + &both + &tasks(&[&steps, more].concat())
    };
    let versions = [
        forks("[a, b]", &[("b", "{approve: together}")]),
        forks("[b, a]", &[("b", "{approve: b2}"), ("b2", "{approve: together, return: b}")]),
        forks("[a, b, c]", &[("b", "{approve: together}"), ("c", "{approve: together}")]),
        tasks(&[
            ("first", "{submit: a}"),
            ("a", "{approve: b, return: first}"),
            ("b", "{approve: last}"),
            ("last", "{approve: over}"),
        ]),
    ];
    let loaded: Vec<_> = versions.iter().map(|nodes| with(&text(nodes))).collect();
    let names: Vec<Name> = loaded.iter().map(|registry| registry.workflows["main"].workflow.version.clone()).collect();
    let (mut moved, mut stranded) = (0, 0);
    for seed in 0..160_u64 {
        let mut numbers = Numbers(seed);
        let from = numbers.below(names.len());
        let to = (from + 1 + numbers.below(names.len() - 1)) % names.len();
        let mut registry = (*loaded[from]).clone();
        for other in &loaded {
            registry.versions.extend(other.versions.clone());
        }
        let mut town = Town::with(Arc::new(registry));
        town.create("small", "matter", fields(json!({"title": "甲", "unit": "1"})));
        for _ in 0..numbers.below(6) {
            if !town.open().is_empty() {
                numbers.go_on(&mut town, true);
            }
        }
        if town.open().is_empty() {
            continue;
        }
        let command = Command::Migrate { instance: main_of(&town), version: names[to].clone(), nodes: Mapping::new() };
        let before = without_numbers(&town);
        match by(&mut town, SUPERVISOR, &command) {
            Ok(()) => {
                moved += 1;
                back(&mut town).unwrap();
                assert_eq!(without_numbers(&town), before, "seed {seed}");
                by(&mut town, SUPERVISOR, &command).unwrap();
            }
            Err(Rejection::Strands { .. }) => stranded += 1,
            Err(other) => panic!("seed {seed}: {other:?}"),
        }
        for step in 0..60 {
            if !town.open().is_empty() {
                numbers.go_on(&mut town, step < 20);
            }
        }
        assert_eq!(town.case.instances[&main_of(&town)].ended, Some(Ended::With("good".into())), "seed {seed}");
    }
    assert!(moved > 30 && stranded > 10, "{moved} moved, {stranded} stranded");
}
