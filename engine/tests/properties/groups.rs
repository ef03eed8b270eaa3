//! Random groups with random rules, votes and changes: each ends with exactly one outcome, and with the one that a naive
//! reading of the rules gives.

use std::collections::BTreeMap;

use docket_engine::{
    case::{Element, Member},
    command::{Actor, Command, Turn},
    event::Kind,
    id::{PersonId, UnitId},
    org::Holding,
};
use proptest::prelude::*;
use serde_json::json;

use crate::{
    board::{CHAIR, UNITS, member, members, try_load, vote},
    town::Town,
};

/// A rule, as it is written and as it is read here.
#[derive(Debug, Clone, PartialEq)]
enum Rule {
    Any,
    All,
    Lead,
    Count(usize),
    Percent(usize),
    Rest,
    /// More votes than this and than half of those cast.
    More(usize),
}

impl Rule {
    fn written(&self, at: usize) -> String {
        match self {
            Self::Any => "any".into(),
            Self::All => "all".into(),
            Self::Lead => "lead".into(),
            Self::Count(count) => count.to_string(),
            Self::Percent(percent) => format!("{percent}%"),
            Self::Rest => "rest".into(),
            Self::More(than) => {
                format!("votes.o{at} > {than} && votes.o{at} * 2 > votes.total - votes.open")
            }
        }
    }
}

fn rule() -> impl Strategy<Value = Rule> {
    prop_oneof![
        Just(Rule::Any),
        Just(Rule::All),
        Just(Rule::Lead),
        (1..5_usize).prop_map(Rule::Count),
        (1..=100_usize).prop_map(Rule::Percent),
        Just(Rule::Rest),
        (0..4_usize).prop_map(Rule::More),
    ]
}

/// Two to four rules of which one is `rest` at most.
fn rules() -> impl Strategy<Value = Vec<Rule>> {
    let one_rest = |rules: &Vec<Rule>| rules.iter().filter(|rule| **rule == Rule::Rest).count() < 2;
    prop::collection::vec(rule(), 2..5).prop_filter("one rest at most", one_rest)
}

#[derive(Debug, Clone)]
enum Deed {
    Vote(usize, usize),
    Reorganise([usize; 3]),
    Edit(i64, Vec<i64>),
    Add(usize, usize),
    Remove(usize, usize),
    Withdraw(usize),
}

fn deed() -> impl Strategy<Value = Deed> {
    let n = || 0..16_usize;
    prop_oneof![
        6 => (n(), n()).prop_map(|(who, what)| Deed::Vote(who, what)),
        1 => (0..4_usize, 0..3_usize, 0..3_usize).prop_map(|(a, b, c)| Deed::Reorganise([a, b, c])),
        1 => (1..4_i64, prop::collection::vec(1..4_i64, 0..3)).prop_map(|(lead, others)| Deed::Edit(lead, others)),
        1 => (n(), n()).prop_map(|(who, whom)| Deed::Add(who, whom)),
        1 => (n(), n()).prop_map(|(who, whom)| Deed::Remove(who, whom)),
        1 => n().prop_map(Deed::Withdraw),
    ]
}

/// The votes of the members that count; none for one who has not voted, and whether he is of the lead unit.
type Votes = Vec<(Option<usize>, bool)>;

/// Whether a rule holds of these votes, word by word.
fn holds(rule: &Rule, option: usize, votes: &Votes) -> bool {
    let chose = votes.iter().filter(|(vote, _)| *vote == Some(option)).count();
    let total = votes.len();
    match rule {
        Rule::Any => chose >= 1,
        Rule::All => chose == total && total > 0,
        Rule::Lead if votes.iter().all(|(_, lead)| !lead) => chose == total && total > 0,
        Rule::Lead => votes.iter().any(|(vote, lead)| *lead && *vote == Some(option)),
        Rule::Count(count) => chose >= *count,
        Rule::Percent(percent) => chose * 100 >= percent * total && chose > 0,
        Rule::More(than) => chose > *than && chose * 2 > votes.iter().filter(|(vote, _)| vote.is_some()).count(),
        Rule::Rest => false,
    }
}

/// Every way in which those can vote who have not.
fn completions(votes: &Votes, options: usize) -> Vec<Votes> {
    let mut all = vec![votes.clone()];
    while let Some(open) = all[0].iter().position(|(vote, _)| vote.is_none()) {
        all = all
            .iter()
            .flat_map(|votes| {
                (0..options).map(move |option| {
                    let mut next = votes.clone();
                    next[open].0 = Some(option);
                    next
                })
            })
            .collect();
    }
    all
}

/// What the group ends with, if it does.
fn outcome(rules: &[Rule], votes: &Votes) -> Option<usize> {
    if votes.iter().all(|(vote, _)| vote.is_none()) {
        return None;
    }
    if let Some(first) = (0..rules.len()).find(|option| holds(&rules[*option], *option, votes)) {
        return Some(first);
    }
    let rest = rules.iter().position(|rule| *rule == Rule::Rest)?;
    let open = votes.iter().any(|(vote, _)| vote.is_none());
    let possible = (0..rules.len()).any(|option| match &rules[option] {
        // An expression can hold as long as somebody has not voted.
        Rule::More(_) => open,
        rule => completions(votes, rules.len()).iter().any(|votes| holds(rule, option, votes)),
    });
    (!possible).then_some(rest)
}

/// The votes of a round.
fn votes(of: &[Member], lead: Option<UnitId>) -> Votes {
    let counted = of.iter().filter(|member| !member.gone);
    let number = |name: &str| name.strip_prefix('o').and_then(|number| number.parse().ok());
    counted
        .map(|member| (member.vote.as_ref().and_then(|vote| number(vote)), lead.is_some() && member.unit == lead))
        .collect()
}

fn written(rules: &[Rule], each: &str) -> String {
    let options: Vec<String> = rules
        .iter()
        .enumerate()
        .map(|(at, rule)| {
            let rule = rule.written(at);
            format!("      o{at}: {{zh: 选项{at}, en: Option {at}, when: \"{rule}\", to: t{at}}}\n")
        })
        .collect();
    let targets: Vec<String> = (0..rules.len())
        .map(|at| {
            format!("  t{at}:\n    task: 结果{at}\n    assign: {{post: chair}}\n    outcomes: {{finish: {{end: over}}, again: {{zh: 重来, en: Again, to: vote}}}}\n")
        })
        .collect();
    let (options, targets) = (options.concat(), targets.concat());
    format!(
        "workflow: main\ntitle: 主\nstart: draft\nnodes:\n  draft:\n    task: 起草\n    assign: {{post: chair}}\n    \
             outcomes: {{submit: vote}}\n  vote:\n    task: 表决\n    each: {each}\n    allow: [add-signer, remove-signer]\n    \
             withdraw: {{within: PT30M}}\n    outcomes:\n{options}{targets}---\nworkflow: below\ntitle: 分\nstart: over\nnodes: {{over: {{end: over}}}}\n"
    )
}

fn lead(town: &Town) -> Option<UnitId> {
    town.root().fields.get("unit").and_then(|unit| unit.as_str()).and_then(|unit| unit.parse().ok()).map(UnitId)
}

fn round(town: &Town) -> Vec<Member> {
    let instance = town.case.instances.values().next().unwrap();
    instance.tokens.iter().find(|token| token.node == "vote").map(|token| token.members.clone()).unwrap_or_default()
}

/// Where the run stands: at the vote, or at the target of an outcome.
fn stands(town: &Town) -> Option<usize> {
    let node = &town.case.instances.values().next().unwrap().tokens[0].node;
    node.strip_prefix('t').and_then(|number| number.parse().ok())
}

fn pick<T: Copy>(all: &[T], number: usize) -> Option<T> {
    all.get(number.checked_rem(all.len())?).copied()
}

fn doers(town: &Town) -> Vec<PersonId> {
    let open = town.open().into_iter().filter(|task| task.node == "vote" && !task.late);
    open.filter_map(|task| task.assignee.or(task.candidates.first().copied())).collect()
}

/// Somebody votes; what follows is what the rules say.
fn cast(town: &mut Town, rules: &[Rule], who: usize, what: usize) {
    let Some(person) = pick(&doers(town), who) else { return };
    let task = town.task_of(person).clone();
    let mut after = round(town);
    after[usize::try_from(task.member.unwrap()).unwrap()].vote =
        Some(format!("o{}", what % rules.len()).as_str().into());
    let expected = outcome(rules, &votes(&after, lead(town)));
    town.complete_task(task.id, person, &format!("o{}", what % rules.len()), serde_json::Map::new(), None).unwrap();
    assert_eq!(stands(town), expected, "{after:?}");
}

fn holdings(of: [usize; 3]) -> Vec<Holding> {
    members(&of)
}

fn live(town: &mut Town, rules: &[Rule], deeds: &[Deed]) {
    let mut taken_back = false;
    for deed in deeds {
        let done: Vec<(docket_engine::id::Id, PersonId)> = town
            .events
            .iter()
            .filter_map(|event| match &event.kind {
                Kind::TaskCompleted { task, by, .. } => Some((*task, *by)),
                _ => None,
            })
            .collect();
        match deed {
            Deed::Vote(who, what) if stands(town).is_none() => {
                cast(town, rules, *who, *what);
                taken_back = false;
            }
            Deed::Vote(..) => town.votes(CHAIR, "again"),
            Deed::Reorganise(of) => town.reorganise(holdings(*of)),
            Deed::Edit(lead, others) => {
                let others: Vec<String> = others.iter().map(ToString::to_string).collect();
                town.edit(json!({"unit": lead.to_string(), "others": others}));
            }
            Deed::Add(who, whom) => {
                if let Some(person) = pick(&doers(town), *who) {
                    let signer = member(UNITS[whom % 3].0, 5 + i64::try_from(*whom).unwrap());
                    for turn in [Turn::Beside, Turn::After, Turn::Before].into_iter().skip(whom % 3) {
                        let _ = town.add(person, &[signer], turn);
                    }
                }
            }
            Deed::Remove(who, whom) => {
                let (people, tasks) = (doers(town), town.open().iter().map(|task| task.id).collect::<Vec<_>>());
                if let (Some(who), Some(whom), Some(task)) =
                    (pick(&people, *who), pick(&people, *whom), pick(&tasks, *whom))
                {
                    let _ = town.remove(who, task, whom);
                }
            }
            Deed::Withdraw(number) => {
                if let Some((task, by)) = pick(&done, *number) {
                    let command = Command::Withdraw { task, comment: None };
                    taken_back |= town.run(Actor::Person(by), &command).is_ok();
                }
            }
        }
        // Whatever changed: nothing that the rules decide is left open; a vote that was taken back decides nothing.
        if stands(town).is_none() && !taken_back {
            let votes = votes(&round(town), lead(town));
            assert_eq!(outcome(rules, &votes), None, "{votes:?}");
        }
    }
}

fn each() -> impl Strategy<Value = String> {
    (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(unit, order, fixed, empty)| {
        format!(
            "{{post: member, unit: '[item.unit] + item.others', per: {}, order: {}, list: {}{}}}",
            if unit { "unit" } else { "person" },
            if order { "one-by-one" } else { "together" },
            if fixed { "fixed" } else { "current" },
            if empty { ", empty: o0" } else { "" }
        )
    })
}

/// The votes in which all have voted, as how many chose each option, for so many members, `leads` of them of the lead unit.
fn distributions(options: usize, members: usize) -> Vec<Votes> {
    completions(&vec![(None, false); members], options)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, max_global_rejects: 50_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_group_ends_with_exactly_one_outcome_by_its_rules(
        rules in rules(),
        each in each(),
        of in [0..3_usize, 0..3_usize, 0..2_usize],
        deeds in prop::collection::vec(deed(), 0..25),
    ) {
        let source = written(&rules, &each);
        let loaded = try_load(&source);
        prop_assume!(loaded.is_ok());
        let mut town = vote(&source, &of);
        live(&mut town, &rules, &deeds);
        // All who can vote do so: then the group is over, or has no members and waits for some.
        while stands(&town).is_none() && !doers(&town).is_empty() {
            cast(&mut town, &rules, 0, deeds.len());
        }
        let waits = round(&town).iter().all(|member| !member.is_open())
            || town.case.incidents.values().any(|incident| incident.task.is_some());
        prop_assert!(stands(&town).is_some() || waits);
        let entered = town.count(|kind| matches!(kind, Kind::NodeEntered { node, .. } if *node == *"vote"));
        let left = town.count(|kind| matches!(kind, Kind::NodeLeft { node, .. } if *node == *"vote"));
        prop_assert_eq!(entered - left, usize::from(stands(&town).is_none()), "each round is left once");
        let keys: BTreeMap<Element, usize> = round(&town).iter().filter(|member| !member.gone).fold(
            BTreeMap::new(),
            |mut all, member| {
                *all.entry(member.key.clone()).or_default() += 1;
                all
            },
        );
        prop_assert!(keys.values().all(|count| *count == 1), "nobody is a member twice: {:?}", keys);
    }

    #[test]
    fn exactly_the_groups_that_can_end_without_an_outcome_are_refused(rules in rules()) {
        let refused = try_load(&written(&rules, "{post: member, unit: '[item.unit] + item.others'}"));
        let refused = refused.err().is_some_and(|faults| faults.contains("group-without-outcome"));
        let undecided = |members: usize| {
            distributions(rules.len(), members).iter().any(|votes| {
                // An expression proves nothing: it is taken as false.
                let held = (0..rules.len()).any(|at| !matches!(rules[at], Rule::More(_)) && holds(&rules[at], at, votes));
                !held && !rules.contains(&Rule::Rest)
            })
        };
        let found = (1..=5).any(undecided);
        prop_assert!(refused || !found, "{:?} can end without an outcome", rules);
        // With numbers below five, and no per cent, five members show every gap.
        if !rules.iter().any(|rule| matches!(rule, Rule::Percent(_))) {
            prop_assert_eq!(refused, found, "{:?}", rules);
        }
    }
}
