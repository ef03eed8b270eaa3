//! Reads what happens at a node while it is open, and what a `wait` waits for: times, changes, messages, errors.

use super::{
    acts, delay, dictionary, expression,
    scope::Scope,
    workflow::{Reader, Ways},
};
use crate::{
    check::{bad_repeat, impossible_error, missing_key, never_changes, timer_never, uncaught_error, wrong_type},
    definition::workflow::{Boundary, Message, Missed, Repeat, Trigger},
    diagnostic::Faults,
    expr::{Expr, Record, Type},
    text::Name,
    value::Span,
    yaml::read::{At, Map},
};

/// The most times that a timer repeats, where its `times` says how often.
const MOST_TIMES: i64 = 1_000;

/// What happens for the times that passed while nothing ran.
const MISSED: [(&str, Missed); 3] = [("once", Missed::Once), ("all", Missed::All), ("none", Missed::Skip)];

/// What the events of a node are read with.
pub(crate) struct Around<'a> {
    /// The node.
    pub(crate) node: &'a Name,
    /// Where it is written.
    pub(crate) place: At<'a>,
    /// The workflows that it calls.
    pub(crate) calls: Vec<Name>,
    /// Whether it is a task, which its events may read.
    pub(crate) task: bool,
    /// Whether there are tasks here or below, which its events may give to others.
    pub(crate) tasks: bool,
}

impl Around<'_> {
    /// The facts of its events.
    fn scope(&self, reader: &Reader<'_>) -> Scope {
        if !self.task {
            return reader.facts.clone();
        }
        let task = Record::of([("due", Type::Date), ("opened_at", Type::Time)]);
        reader.facts.clone().with("task", task.into())
    }
}

/// The boundary events of `on`, if there are any. Errors that can come from below must be caught here or further up.
pub(crate) fn boundaries(
    at: Option<At<'_>>,
    around: &Around<'_>,
    reader: &Reader<'_>,
    ways: &mut Ways,
    faults: &mut Faults,
) -> Vec<Boundary> {
    let scope = around.scope(reader);
    let mut all = Vec::new();
    for at in at.and_then(|at| at.list(faults)).unwrap_or_default() {
        all.extend(boundary(at, around, &scope, reader, ways, faults));
    }
    for error in reader.errors_of(&around.calls) {
        let catches = |event: &Boundary| matches!(&event.trigger, Trigger::Error(name) if name.as_ref().is_none_or(|name| *name == error));
        if reader.is_run_directly() && !all.iter().any(catches) {
            faults.push(uncaught_error::fault(around.place.key_place(), around.node, &error));
        }
    }
    all
}

fn boundary(
    at: At<'_>,
    around: &Around<'_>,
    scope: &Scope,
    reader: &Reader<'_>,
    ways: &mut Ways,
    faults: &mut Faults,
) -> Option<Boundary> {
    let mut map = at.map(faults)?;
    let found = trigger(at, &mut map, true, scope, faults);
    if let (Some(Trigger::At(expr)), Some(at)) = (&found, map.take("at")) {
        timer_never::check(expr, at, reader, faults);
    }
    let repeat = map.take("every").map(|at| repeat(at, found.as_ref(), &mut map, faults));
    for other in ["times", "missed"].into_iter().filter_map(|key| map.take(key)).filter(|_| repeat.is_none()) {
        faults.push(missing_key::fault(other.key_place(), "every"));
    }
    let acts = map.take("do").map(|at| acts::of_event(at, around.tasks, scope, reader, faults)).unwrap_or_default();
    let to = map.take("to").map(|at| reader.target(at, ways, faults));
    if let Some(Trigger::Error(error)) = &found {
        let at = map.take("error").unwrap_or(at);
        let possible = reader.errors_of(&around.calls);
        if possible.iter().all(|name| error.as_ref().is_some_and(|error| error != name)) && reader.knows_all() {
            faults.push(impossible_error::fault(at.place(), error.as_ref(), &possible));
        }
        if to.is_none() {
            faults.push(missing_key::fault(at.key_place(), "to"));
        }
    }
    map.finish(faults);
    let to = to.map_or(Some(None), |to| to.map(Some));
    let repeat = repeat.map_or(Some(None), |repeat| repeat.map(Some));
    Some(Boundary { trigger: found?, repeat: repeat?, acts, to: to? })
}

/// `every`, with `times` and `missed`, beside a timer that interrupts nothing.
fn repeat(at: At<'_>, trigger: Option<&Trigger>, map: &mut Map<'_>, faults: &mut Faults) -> Option<Repeat> {
    let other = match trigger {
        Some(Trigger::Changed(_)) => Some("changed"),
        Some(Trigger::Message(_)) => Some("message"),
        Some(Trigger::Error(_)) => Some("error"),
        Some(Trigger::At(_) | Trigger::After(_)) | None => map.take("to").map(|_| "to"),
    };
    if let Some(other) = other {
        faults.push(wrong_type::exclusive(at.key_place(), other, "every"));
        return None;
    }
    let every = dictionary::span(at, true, faults);
    if let Some(short) = every.filter(|every| *every < Span::of_exact(jiff::SignedDuration::from_mins(1))) {
        faults.push(bad_repeat::too_often(at.place(), &short.to_string()));
        return None;
    }
    let times = match map.take("times") {
        None => None,
        Some(at) => {
            let count = at.integer(faults)?;
            let Some(count) = u32::try_from(count).ok().filter(|_| (1..=MOST_TIMES).contains(&count)) else {
                faults.push(bad_repeat::times(at.place(), count, MOST_TIMES));
                return None;
            };
            Some(count)
        }
    };
    let missed = map.take("missed").map_or(Some(Missed::default()), |at| at.choice(&MISSED, faults));
    Some(Repeat { every: every?, times, missed: missed? })
}

/// When something happens: one of `at`, `after`, `changed`, `message`, and at a boundary `error`.
pub(crate) fn trigger(
    at: At<'_>,
    map: &mut Map<'_>,
    boundary: bool,
    scope: &Scope,
    faults: &mut Faults,
) -> Option<Trigger> {
    let mut keys = vec!["at", "after", "changed", "message"];
    if boundary {
        keys.push("error");
    }
    let given: Vec<(&str, At<'_>)> = keys.into_iter().filter_map(|key| Some((key, map.take(key)?))).collect();
    if let [(first, _), (second, at), ..] = given.as_slice() {
        faults.push(wrong_type::exclusive(at.key_place(), first, second));
        return None;
    }
    let Some((key, value)) = given.first().copied() else {
        faults.push(missing_key::fault(at.place(), "at"));
        return None;
    };
    match key {
        "at" => expression::moment(value, scope, faults).map(Trigger::At),
        "after" => delay::read(value, map, scope, faults).map(Trigger::After),
        "changed" => changed(value, scope, faults).map(Trigger::Changed),
        "message" => message(value, map, scope, faults).map(Trigger::Message),
        _ if value.is("any") => Some(Trigger::Error(None)),
        _ => value.name(faults).map(|name| Trigger::Error(Some(name))),
    }
}

/// The facts of `changed`, each of which some command can change.
fn changed(at: At<'_>, scope: &Scope, faults: &mut Faults) -> Option<Vec<Expr>> {
    let read = |at: At<'_>, faults: &mut Faults| {
        let expr = expression::read(at, scope, &Type::Any, faults)?;
        if never_changes::holds(&expr) {
            faults.push(never_changes::fault(at.place(), expr.source()));
            return None;
        }
        Some(expr)
    };
    at.one_or_many().into_iter().map(|at| read(at, faults)).collect()
}

/// `message: NAME`, with `key` and `keep` beside it.
fn message(at: At<'_>, map: &mut Map<'_>, scope: &Scope, faults: &mut Faults) -> Option<Message> {
    let key = map.take("key").map(|at| expression::read(at, scope, &Type::Text, faults));
    let keep = map.take("keep").and_then(|at| at.bool(faults)).unwrap_or(false);
    Some(Message { name: at.name(faults)?, key: key.map_or(Some(None), |key| key.map(Some))?, keep })
}
