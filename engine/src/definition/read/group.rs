//! Reads groups: who the members of a task are, and when it ends with which outcome; the elements of a call or a stage.

use super::{
    acts, expression,
    scope::Scope,
    workflow::{Reader, Ways},
};
use crate::{
    check::{bad_group, group_without_outcome, unknown_word, wrong_type},
    definition::workflow::{Assign, Each, Group, Outcome, Rule},
    diagnostic::Faults,
    expr::{Record, Type},
    text::Name,
    yaml::read::{At, Map},
};

/// The most members that a rule may count.
const MOST: u32 = 1_000;
/// Words that are rules.
const WORDS: [&str; 4] = ["any", "all", "lead", "rest"];
/// What `order` may say: true for one after the other.
const ORDERS: [(&str, bool); 2] = [("together", false), ("one-by-one", true)];

/// Who the members of a task are, behind `each`; `empty` is resolved by [`finish`], when the outcomes are known.
pub(crate) fn members<'a>(
    at: At<'a>,
    reader: &Reader<'_>,
    faults: &mut Faults,
) -> Option<(Assign, Group, Option<At<'a>>)> {
    let mut map = at.map(faults)?;
    let per = map.take("per");
    let per_unit = per.and_then(|at| at.choice(&[("person", false), ("unit", true)], faults)).unwrap_or(false);
    let (sequence, fixed) = (order(&mut map, faults), fixed(&mut map, faults));
    let empty = map.take("empty");
    let assign = acts::assign_of(&mut map, &reader.facts, reader.world, faults);
    map.finish(faults);
    let assign = assign?;
    if let (true, Some(per), Assign::Person(_) | Assign::Post { unit: None, .. }) = (per_unit, per, &assign) {
        faults.push(bad_group::no_unit(per.place()));
        return None;
    }
    Some((assign, Group { per_unit, sequence, fixed, empty: None }, empty))
}

/// The elements of a call or a stage, behind `each`; what else is in its map is left to the caller.
pub(crate) fn elements(map: &mut Map<'_>, reader: &Reader<'_>, faults: &mut Faults) -> Option<Each> {
    let given: Vec<(&str, At<'_>)> =
        ["unit", "person", "text"].into_iter().filter_map(|key| Some((key, map.take(key)?))).collect();
    let (sequence, fixed) = (order(map, faults), fixed(map, faults));
    if let [(first, _), (second, at), ..] = given.as_slice() {
        faults.push(wrong_type::exclusive(at.key_place(), first, second));
        return None;
    }
    let Some((key, at)) = given.first().copied() else {
        faults.push(bad_group::no_elements(map.at.key_place()));
        return None;
    };
    let list = match key {
        "unit" => expression::units(at, &reader.facts, faults),
        "person" => expression::people(at, &reader.facts, faults),
        _ => {
            let types = [Type::Text, Type::list(Type::Text)];
            expression::one_of(at, &reader.facts, &types, ("文本或文本的列表", "a text or a list of texts"), faults)
        }
    };
    Some(Each { list: list?, sequence, fixed, empty: None })
}

/// The facts of the item of a child that begins for an element.
pub(crate) fn with_element(each: Option<&Each>, reader: &Reader<'_>) -> Scope {
    let scope = reader.facts.clone();
    match each {
        None => scope,
        Some(each) => scope.with(
            "element",
            match each.list.ty() {
                Type::List(element) => (**element).clone(),
                one => one.clone(),
            },
        ),
    }
}

fn order(map: &mut Map<'_>, faults: &mut Faults) -> bool {
    map.take("order").and_then(|at| at.choice(&ORDERS, faults)).unwrap_or(false)
}

fn fixed(map: &mut Map<'_>, faults: &mut Faults) -> bool {
    map.take("list").and_then(|at| at.choice(&[("fixed", true), ("current", false)], faults)).unwrap_or(false)
}

/// The facts of a group's rules: `votes` beside the others.
pub(crate) fn with_votes<'n>(options: impl IntoIterator<Item = &'n Name>, reader: &Reader<'_>) -> Scope {
    let all = options.into_iter().map(|name| (name.clone(), Type::Number));
    let votes = Record::of(all).with("total", Type::Number).with("open", Type::Number);
    reader.facts.clone().with("votes", votes.into())
}

/// A rule: a word, a number, a per cent or an expression over `votes`.
pub(crate) fn rule(at: At<'_>, votes: &Scope, faults: &mut Faults) -> Option<Rule> {
    let text = at.text(faults)?.trim();
    match text {
        "any" => return Some(Rule::Any),
        "all" => return Some(Rule::All),
        "lead" => return Some(Rule::Lead),
        "rest" => return Some(Rule::Rest),
        _ => {}
    }
    if let Some(number) = text.strip_suffix('%') {
        let percent = number.trim().parse().ok().filter(|percent| (1..=100).contains(percent));
        if percent.is_none() {
            faults.push(bad_group::percent(at.place(), text));
        }
        return percent.map(Rule::Percent);
    }
    if text.chars().all(|digit| digit.is_ascii_digit()) {
        let count = text.parse().ok().filter(|count| (1..=MOST).contains(count));
        if count.is_none() {
            faults.push(bad_group::count(at.place(), text));
        }
        return count.map(Rule::Count);
    }
    if text.chars().all(char::is_alphabetic) && !matches!(text, "true" | "false") {
        faults.push(bad_group::word(at.place(), text, WORDS));
        return None;
    }
    expression::condition(at, votes, faults).map(Rule::When)
}

/// The rules of a group: each option with what is written of it, and its rule where that could be read.
pub(crate) type Written<'a> = Vec<(Name, At<'a>, Option<Rule>)>;

/// Checks the rules of a group together; `units` says whether members have units.
pub(crate) fn check_rules(each: At<'_>, rules: &Written<'_>, units: bool, faults: &mut Faults) {
    let before = faults.errors();
    let mut first: Option<&Name> = None;
    for (name, at, rule) in rules {
        let when = at.get("when").unwrap_or(*at).place();
        match (rule, first) {
            (Some(Rule::Rest), Some(first)) => faults.push(bad_group::two_rests(when, first)),
            (Some(Rule::Rest), None) => first = Some(name),
            (Some(Rule::Lead), _) if !units => faults.push(bad_group::no_lead(when)),
            _ => {}
        }
        if matches!(name.as_str(), "total" | "open") {
            faults.push(bad_group::taken_name(at.key_place(), name));
        }
    }
    let known: Option<Vec<(&Name, &Rule)>> = rules.iter().map(|(name, _, rule)| Some((name, rule.as_ref()?))).collect();
    if let Some(known) = known.filter(|_| faults.errors() == before)
        && let Some(gap) = group_without_outcome::gap(&known)
    {
        faults.push(group_without_outcome::fault(each.key_place(), &gap));
    }
}

/// Whether a group's members stand for units.
pub(crate) const fn has_units(assign: &Assign) -> bool {
    matches!(assign, Assign::Post { unit: Some(_), .. })
}

/// The outcome that `empty` names.
pub(crate) fn empty(at: Option<At<'_>>, outcomes: &[Outcome], written: &[Name], faults: &mut Faults) -> Option<Name> {
    let at = at?;
    let name = at.name(faults)?;
    if !written.contains(&name) {
        faults.push(unknown_word::fault(at.place(), &name, written.iter().map(Name::as_str)));
    }
    outcomes.iter().any(|outcome| outcome.name == name).then_some(name)
}

/// What follows a result of a call for each element, and when: `{when: RULE, to: TARGET}`.
pub(crate) fn result<'a>(
    at: At<'a>,
    name: &Name,
    votes: &Scope,
    (reader, ways): (&Reader<'_>, &mut Ways),
    faults: &mut Faults,
) -> (Option<Name>, (Name, At<'a>, Option<Rule>)) {
    if !at.is_map() || at.get("end").is_some() {
        faults.push(bad_group::no_rule(at.key_place(), name));
        return (reader.target(at, ways, faults), (name.clone(), at, None));
    }
    let Some(mut map) = at.map(faults) else { return (None, (name.clone(), at, None)) };
    let when = map.take("when");
    if when.is_none() {
        faults.push(bad_group::no_rule(at.key_place(), name));
    }
    let to = reader.need_target(&mut map, "to", ways, faults);
    map.finish(faults);
    (to, (name.clone(), at, when.and_then(|at| rule(at, votes, faults))))
}
