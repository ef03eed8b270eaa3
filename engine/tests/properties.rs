//! Random people do random things at random times: the invariants hold after each, and what is refused changes nothing.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what fails here is a failure of the test")]

#[path = "stories/board.rs"]
#[expect(dead_code, reason = "stories use more of it")]
mod board;
#[path = "properties/groups.rs"]
mod groups;
mod support;
#[path = "stories/town.rs"]
#[expect(dead_code, reason = "stories use more of it")]
mod town;

use std::{
    collections::BTreeSet,
    sync::{Arc, LazyLock},
};

use docket_engine::{
    apply::apply,
    case::Case,
    command::{Actor, Command},
    definition::{registry::Registry, workflow::NodeKind},
    id::{Id, PersonId},
    load::load,
    step::{open_offers, open_outcomes, step},
    text::Name,
};
use jiff::SignedDuration;
use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};
use town::{HEALTH, Town, at, fields, holdings, org};

static SHIPPED: LazyLock<Arc<Registry>> = LazyLock::new(|| Arc::new(load(&support::shipped()).registry.unwrap()));

/// One thing that happens; numbers choose among what is there.
#[derive(Debug, Clone)]
enum Deed {
    Claim(usize, usize),
    Release(usize, usize),
    Complete { task: usize, who: usize, outcome: usize, may: bool },
    Offer { offer: usize, who: usize, may: bool, change: usize },
    Edit(usize),
    Fire(usize),
    Wait(i64),
    Reorganise(usize),
}

fn deed() -> impl Strategy<Value = Deed> {
    let n = || 0..64_usize;
    prop_oneof![
        2 => (n(), n()).prop_map(|(task, who)| Deed::Claim(task, who)),
        1 => (n(), n()).prop_map(|(task, who)| Deed::Release(task, who)),
        6 => (n(), n(), n(), prop::bool::weighted(0.8))
            .prop_map(|(task, who, outcome, may)| Deed::Complete { task, who, outcome, may }),
        3 => (n(), n(), prop::bool::weighted(0.8), n())
            .prop_map(|(offer, who, may, change)| Deed::Offer { offer, who, may, change }),
        1 => n().prop_map(Deed::Edit),
        1 => n().prop_map(Deed::Fire),
        4 => (1..400_i64).prop_map(Deed::Wait),
        1 => n().prop_map(Deed::Reorganise),
    ]
}

fn pick<T: Clone>(all: &[T], number: usize) -> Option<T> {
    all.get(number.checked_rem(all.len())?).cloned()
}

fn anybody(number: usize) -> PersonId {
    pick(&holdings(), number).unwrap().person
}

fn changes(number: usize) -> Map<String, Json> {
    let due = [json!(null), json!("2025-12-01"), json!("2026-02-10"), json!("2027-01-01")];
    fields(json!({
        "title": "建设一所小学", "lead_unit": if number.is_multiple_of(2) { "1" } else { "2" }, "category": ["一极"],
        "cycle": if number.is_multiple_of(3) { "month" } else { "week" }, "due": due[number / 4 % 4],
    }))
}

/// The commands that a deed means here, with who gives them.
fn command(town: &Town, deed: &Deed) -> Option<(Actor, Command)> {
    let tasks: Vec<Id> = town.case.tasks.keys().copied().collect();
    Some(match deed {
        Deed::Claim(task, who) => (Actor::Person(anybody(*who)), Command::Claim { task: pick(&tasks, *task)? }),
        Deed::Release(task, who) => (Actor::Person(anybody(*who)), Command::Release { task: pick(&tasks, *task)? }),
        Deed::Complete { task, who, outcome, may } => {
            let open: Vec<Id> = town.open().iter().map(|task| task.id).collect();
            let task = pick(if *may { &open } else { &tasks }, *task)?;
            let found = &town.case.tasks[&task];
            let candidates = found.assignee.map_or_else(|| found.candidates.clone(), |person| vec![person]);
            let by = if *may { pick(&candidates, *who)? } else { anybody(*who) };
            let outcomes = open_outcomes(&town.case, task, &town.context(Actor::System));
            let outcome = pick(&outcomes, *outcome).unwrap_or_else(|| Name::from("approve"));
            let form = fields(json!({"progress": format!("第{who}次")}));
            (
                Actor::Person(by),
                Command::Complete { task, outcome, form: form.into(), comment: may.then(|| "意见".to_owned()) },
            )
        }
        Deed::Offer { offer, who, may, change } => {
            let by = if *may { town::SUPERVISOR } else { anybody(*who) };
            let actor = Actor::Person(by);
            let open = open_offers(&town.case, &town.context(actor.clone()));
            // Closing would end most stories early.
            let open: Vec<_> = open.into_iter().filter(|open| open.offer != "finish" || change % 8 == 0).collect();
            let instance = pick(&town.case.instances.keys().copied().collect::<Vec<_>>(), *offer)?;
            let (instance, node, offer) = match pick(&open, *offer) {
                Some(open) => (open.instance, open.node, open.offer),
                None => (instance, "underway".into(), "suspend".into()),
            };
            let form = match offer.as_str() {
                "edit" => changes(*change),
                "suspend" => fields(json!({"suspension_reason": "原因"})),
                "finish" => fields(json!({"conclusion": "结论"})),
                _ => Map::new(),
            };
            (actor, Command::TakeOffer { instance, node, offer, form, comment: None })
        }
        Deed::Edit(number) => {
            (Actor::Person(town::SUPERVISOR), Command::Edit { item: town.root().id, fields: changes(*number) })
        }
        Deed::Fire(timer) => {
            let timers: Vec<Id> = town.case.timers.keys().copied().collect();
            (Actor::System, Command::FireTimer { timer: pick(&timers, *timer)? })
        }
        Deed::Wait(_) => return None,
        Deed::Reorganise(_) => (Actor::System, Command::Reassign),
    })
}

/// What the shipped configuration promises beside what holds of every case.
fn promises(town: &Town) {
    let root = town.root();
    assert_eq!(root.suspended_on.is_some(), root.state == docket_engine::case::ItemState::Suspended);
    let suspended = root.state == docket_engine::case::ItemState::Suspended;
    assert!(town.case.timers.values().all(|timer| timer.paused == suspended));
    // Several people may sign one report.
    let reports: BTreeSet<Id> = town.open().iter().map(|task| task.instance).collect();
    assert!(reports.len() <= 1, "one report at a time");
    for task in town.open() {
        let instance = &town.case.instances[&task.instance];
        let node = &town.registry.versions[&instance.version].workflow.nodes[&task.node];
        assert!(matches!(node.kind, NodeKind::Task(_)));
    }
}

fn live(deeds: &[Deed]) -> Town {
    let mut town = Town::with(Arc::clone(&SHIPPED));
    town.create("yiji-liangda-sanqu", "task", changes(1));
    for deed in deeds {
        match deed {
            Deed::Wait(hours) => {
                let to = town.now + SignedDuration::from_hours(*hours);
                if hours % 3 == 0 { town.sleep_until(to) } else { town.wait_until(to) }
            }
            Deed::Reorganise(number) => {
                let mut posts = holdings();
                let at = number % posts.len();
                match number % 3 {
                    0 => drop(posts.remove(at)),
                    1 => posts[at].unit = posts[at].unit.map(|_| HEALTH),
                    _ => {}
                }
                town.org = org(posts);
            }
            _ => {}
        }
        if let Some((actor, command)) = command(&town, deed) {
            let context = town.context(actor.clone());
            assert_eq!(step(&town.case, &command, &context), step(&town.case, &command, &context), "twice the same");
            let before = town.case.clone();
            if town.run(actor, &command).is_err() {
                assert_eq!(town.case, before, "what is refused changes nothing");
            }
        }
        promises(&town);
    }
    town
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_people_do_the_case_stays_sound(deeds in prop::collection::vec(deed(), 1..60)) {
        let town = live(&deeds);
        let mut replayed = Case::new(1);
        for event in &town.events {
            apply(&mut replayed, event).unwrap();
        }
        prop_assert_eq!(&replayed, &town.case);
        prop_assert!(town.now >= at("2026-01-05"));
    }

    #[test]
    fn commands_about_what_is_not_there_are_refused(raw in any::<i64>(), name in "[a-z-]{0,12}") {
        let mut town = Town::with(Arc::clone(&SHIPPED));
        town.create("yiji-liangda-sanqu", "task", changes(1));
        let (id, name) = (Id::from_raw(raw), Name::from(name));
        prop_assume!(!town.case.instances.contains_key(&id) && !town.case.items.contains_key(&id));
        prop_assume!(!town.case.timers.contains_key(&id));
        let form = Map::new();
        for command in [
            Command::Claim { task: id },
            Command::Release { task: id },
            Command::Complete { task: id, outcome: name.clone(), form: form.clone().into(), comment: None },
            Command::TakeOffer { instance: id, node: name.clone(), offer: name.clone(), form: form.clone(), comment: None },
            Command::Edit { item: id, fields: form.clone() },
            Command::FireTimer { timer: id },
            Command::Create { module: name.clone(), kind: name.clone(), fields: form.clone(), enter: None },
        ] {
            prop_assert!(town.run(Actor::Person(town::SUPERVISOR), &command).is_err());
        }
    }
}
