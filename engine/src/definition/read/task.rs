//! Reads a person's task and its outcomes.

use super::{
    acts, delay, expression, group, operations,
    scope::Scope,
    workflow::{Reader, Ways},
};
use crate::{
    check::{bad_group, no_open_outcome, no_outcome, no_title, not_a_return, wrong_type},
    definition::workflow::{Goto, Group, Outcome, Requirement, Rule, Task},
    diagnostic::Faults,
    text::{Name, Text},
    yaml::read::{At, Map},
};

/// The usual names of outcomes and offers, with the texts of their buttons.
const USUAL: [(&str, &str, &str); 16] = [
    ("submit", "提交", "Submit"),
    ("approve", "同意", "Approve"),
    ("return", "退回", "Return"),
    ("reject", "不同意", "Reject"),
    ("refuse", "拒签", "Refuse to sign"),
    ("forward", "转办", "Forward"),
    ("accept", "签收", "Sign for"),
    ("close", "办结", "Close"),
    ("finish", "办结", "Close"),
    ("suspend", "中止", "Suspend"),
    ("resume", "恢复", "Resume"),
    ("edit", "修改", "Edit"),
    ("urge", "催办", "Urge"),
    ("withdraw", "撤回", "Withdraw"),
    ("cancel", "取消", "Cancel"),
    ("discard", "作废", "Discard"),
];

/// What an outcome or an offer can demand.
const REQUIREMENTS: [(&str, Requirement); 1] = [("comment", Requirement::Comment)];

/// The task whose keys are in `map`.
pub(crate) fn read(
    name: &Name,
    map: &mut Map<'_>,
    reader: &Reader<'_>,
    ways: &mut Ways,
    faults: &mut Faults,
) -> Option<Task> {
    let each = map.take("each");
    let members = each.map(|at| group::members(at, reader, faults));
    let assign = match each {
        Some(each) => {
            if map.take("assign").is_some() {
                faults.push(wrong_type::exclusive(each.key_place(), "assign", "each"));
            }
            members.as_ref().and_then(Option::as_ref).map(|(assign, ..)| assign.clone())
        }
        None => map.need("assign", faults).and_then(|at| acts::assign(at, &reader.facts, reader, faults)),
    };
    let form = map.take("form").and_then(|at| reader.form(at, faults));
    let due = map.take("due").and_then(|at| delay::due(at, &reader.facts, faults));
    let mut outcomes = Vec::new();
    let written = map.take("outcomes").map(|at| at.named(faults)).unwrap_or_default();
    if written.is_empty() {
        ways.gap();
        faults.push(no_outcome::fault(map.at.key_place(), name));
    }
    let names: Vec<Name> = written.iter().map(|(name, _)| name.clone()).collect();
    let many = written.len();
    let mut rules = each.map(|_| Rules { votes: group::with_votes(&names, reader), found: Vec::new() });
    for (name, at) in written {
        outcomes.extend(outcome(name, at, reader, ways, rules.as_mut(), faults));
    }
    if let (Some(each), Some(rules), Some(assign)) = (each, &rules, &assign) {
        group::check_rules(each, &rules.found, group::has_units(assign), faults);
    }
    let depends = |outcome: &Outcome| outcome.when.is_some() || outcome.is_return;
    if !outcomes.is_empty()
        && outcomes.len() == many
        && outcomes.iter().all(depends)
        && outcomes.iter().any(|outcome| outcome.when.is_some())
    {
        faults.push(no_open_outcome::fault(map.at.key_place(), name));
    }
    let group = members.flatten().map(|(_, found, empty)| {
        let empty = group::empty(empty, &outcomes, &names, faults);
        Group { empty, ..found }
    });
    if let (Some(_), Some(skip)) = (each, map.take("skip")) {
        faults.push(wrong_type::exclusive(skip.key_place(), "each", "skip"));
    }
    let skip_same = operations::skip(map, &outcomes, form.as_ref(), reader, faults);
    let fallback = operations::fallback(map, reader, faults);
    let not_by = operations::not_by(map, reader, faults);
    let allow = operations::allow(map, faults);
    let withdraw = operations::withdraw(map, reader, faults);
    Some(Task { assign: assign?, group, form, due, outcomes, fallback, not_by, skip_same, allow, withdraw })
}

/// The rules of a group while they are read.
struct Rules<'a> {
    votes: Scope,
    found: group::Written<'a>,
}

/// `name: target`, or `name: {zh, en, to, if, requires, return}`; of a group also `when` and `rest`.
fn outcome<'a>(
    name: Name,
    at: At<'a>,
    reader: &Reader<'_>,
    ways: &mut Ways,
    mut rules: Option<&mut Rules<'a>>,
    faults: &mut Faults,
) -> Option<Outcome> {
    let usual_return = name == "return";
    let bare = !at.is_map() || (at.get("end").is_some() && at.named_silently().len() == 1);
    if bare {
        let title = title_of(&name, None, at, faults);
        let to = reader.goto(at, ways, faults);
        check_return(&name, at, to.as_ref(), usual_return, faults);
        if let Some(rules) = rules {
            faults.push(bad_group::no_rule(at.key_place(), &name));
            rules.found.push((name.clone(), at, None));
        }
        return Some(Outcome {
            name,
            title,
            to: to?,
            requires: Vec::new(),
            when: None,
            rule: None,
            stay: false,
            is_return: usual_return,
            straight: false,
        });
    }
    let mut map = at.map(faults)?;
    let words = map.language_keys(faults);
    let title = title_of(&name, words, at, faults);
    let to_at = map.need("to", faults);
    if to_at.is_none() {
        ways.gap();
    }
    let to = to_at.and_then(|at| reader.goto(at, ways, faults));
    let (rule, stay) = rule_of(&name, &mut map, rules.take(), faults);
    let when = map.take("if").map(|at| expression::condition(at, &reader.facts, faults));
    let requires = requirements(&mut map, faults);
    let is_return = map.take("return").and_then(|at| at.bool(faults)).unwrap_or(usual_return);
    let straight_at = map.take("straight");
    let straight = straight_at.and_then(|at| at.bool(faults)).unwrap_or(false);
    if let (true, false, Some(at)) = (straight, is_return, straight_at) {
        faults.push(not_a_return::fault(at.key_place(), &name));
    }
    check_return(&name, to_at.unwrap_or(at), to.as_ref(), is_return, faults);
    map.finish(faults);
    let when = when.map_or(Some(None), |when| when.map(Some));
    Some(Outcome {
        name,
        title,
        to: to?,
        requires,
        when: when?,
        rule,
        stay,
        is_return,
        straight: straight && is_return,
    })
}

/// Only a return leads back to a task that the run alone can tell.
fn check_return(name: &Name, at: At<'_>, to: Option<&Goto>, is_return: bool, faults: &mut Faults) {
    if !is_return && matches!(to, Some(Goto::Previous | Goto::Starter)) {
        faults.push(not_a_return::fault(at.place(), name));
    }
}

/// When a group ends with an outcome, and whether the others then stay. A single task has neither.
fn rule_of<'a>(
    name: &Name,
    map: &mut Map<'a>,
    rules: Option<&mut Rules<'a>>,
    faults: &mut Faults,
) -> (Option<Rule>, bool) {
    let (when, rest) = (map.take("when"), map.take("rest"));
    let Some(rules) = rules else {
        if let Some(at) = when {
            faults.push(bad_group::not_a_group(at.key_place()));
        }
        if let Some(at) = rest {
            faults.push(bad_group::stay_alone(at.key_place()));
        }
        return (None, false);
    };
    if when.is_none() {
        faults.push(bad_group::no_rule(map.at.key_place(), name));
    }
    let rule = when.and_then(|at| group::rule(at, &rules.votes, faults));
    rules.found.push((name.clone(), map.at, rule.clone()));
    let stay = rest.and_then(|at| at.choice(&[("stay", true), ("close", false)], faults)).unwrap_or(false);
    (rule, stay)
}

/// What must be given beside the form.
pub(crate) fn requirements(map: &mut Map<'_>, faults: &mut Faults) -> Vec<Requirement> {
    let listed = map.take("requires").map(At::one_or_many).unwrap_or_default();
    listed.into_iter().filter_map(|at| at.choice(&REQUIREMENTS, faults)).collect()
}

/// The button's text: as written, or that of a usual name.
pub(crate) fn title_of(name: &Name, words: Option<Text>, at: At<'_>, faults: &mut Faults) -> Text {
    if let Some(words) = words {
        return words;
    }
    usual_title(name).unwrap_or_else(|| {
        faults.push(no_title::fault(at.key_place(), name));
        Text::same(name.as_str())
    })
}

/// The button's text of an outcome or offer with one of the usual names, such as `approve`.
#[must_use]
pub fn usual_title(name: &str) -> Option<Text> {
    USUAL.iter().find(|(usual, ..)| *usual == name).map(|(_, zh, en)| Text::new(*zh, *en))
}
