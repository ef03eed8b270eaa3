//! Looks at what is, beside what a scenario expects.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::{play::Play, values::Raw};
use crate::{
    case::{IncidentCause, Task, TaskState},
    command::Actor,
    id::PersonId,
    step::{light, open_offers},
};

/// What can be said of one expected task.
pub(super) const TASK_KEYS: [&str; 5] = ["node", "who", "of", "due", "late"];

impl Play<'_> {
    /// Compares one thing.
    pub(super) fn expect(&mut self, key: &str, expected: &Raw) -> Result<(), String> {
        match key {
            "tasks" => self.expect_tasks(expected),
            "incidents" => self.expect_incidents(expected),
            "light" => {
                let root = self.case.root_item().map(|item| item.id);
                let lit = root.and_then(|root| light(&self.case, root, &self.context(Actor::System)));
                same(key, expected, &lit.map_or_else(|| "null".to_owned(), |colour| colour.name().to_owned()))
            }
            "item" => {
                let Raw::Map(all) = expected else {
                    return Err("`item` 应为字段与值 / fields with values".to_owned());
                };
                all.iter().try_for_each(|(name, expected)| self.expect_fact(name, expected))
            }
            "offers" => {
                let mut open: BTreeSet<String> = BTreeSet::new();
                for person in self.org.people() {
                    let offers = open_offers(&self.case, &self.context(Actor::Person(person.id)));
                    open.extend(offers.into_iter().map(|open| open.offer.to_string()));
                }
                same_set(key, expected, open.into_iter().collect())
            }
            "notices" => {
                let sent = std::mem::take(&mut self.notices);
                same_set(key, expected, sent)
            }
            "children" => same(key, expected, &(self.case.items.len().saturating_sub(1)).to_string()),
            name => self.expect_fact(name, expected),
        }
    }

    fn expect_fact(&self, name: &str, expected: &Raw) -> Result<(), String> {
        let actual = self.fact(name);
        let item = self.case.root_item();
        let form = item.and_then(|item| self.registry.form_of(&item.module, &item.kind));
        let wanted = match form.and_then(|form| form.field(name)) {
            Some(field) => self.names().json(expected, field)?,
            None if expected.is_nothing() => Json::Null,
            None => expected.text().map_or(Json::Null, Into::into),
        };
        if wanted == actual { Ok(()) } else { Err(beside(name, &expected.shown(), &actual.to_string())) }
    }

    fn expect_tasks(&self, expected: &Raw) -> Result<(), String> {
        let mut open: Vec<&Task> = self.case.tasks.values().filter(|task| task.state == TaskState::Open).collect();
        let shown = open.iter().map(|task| self.shown_task(task)).collect::<Vec<_>>().join(", ");
        if let Raw::Map(counts) = expected
            && !counts.iter().any(|(key, _)| TASK_KEYS.contains(&key.as_str()))
        {
            return expect_counts(counts, &open);
        }
        let expected: Vec<&Raw> = expected.each().into_iter().filter(|raw| !raw.is_nothing()).collect();
        let wanted = expected.iter().map(|raw| raw.shown()).collect::<Vec<_>>().join(", ");
        let differ = || beside("tasks", &format!("[{wanted}]"), &format!("[{shown}]"));
        // What says more is looked for first, so that a bare node does not take its task.
        let mut ordered = expected;
        ordered.sort_by_key(|raw| std::cmp::Reverse(if let Raw::Map(keys) = raw { keys.len() } else { 0 }));
        for one in ordered {
            let place = open.iter().position(|task| self.is_task(task, one)).ok_or_else(differ)?;
            open.remove(place);
        }
        if open.is_empty() { Ok(()) } else { Err(differ()) }
    }

    fn expect_incidents(&self, expected: &Raw) -> Result<(), String> {
        let cause = |cause: &IncidentCause| match cause {
            IncidentCause::Nobody => "nobody",
            IncidentCause::Empty => "empty",
            IncidentCause::Service { .. } => "service",
            IncidentCause::Error { .. } => "error",
        };
        let mut open: Vec<(&str, &str)> =
            self.case.incidents.values().map(|incident| (incident.node.as_str(), cause(&incident.cause))).collect();
        let shown: Vec<String> = open.iter().map(|(node, cause)| format!("{{node: {node}, cause: {cause}}}")).collect();
        let wanted: Vec<&Raw> = expected.each().into_iter().filter(|raw| !raw.is_nothing()).collect();
        let differ = || beside("incidents", &expected.shown(), &format!("[{}]", shown.join(", ")));
        let is = |(node, cause): &(&str, &str), raw: &Raw| match raw {
            Raw::Map(all) => all.iter().all(|(key, value)| match key.as_str() {
                "node" => value.text() == Some(*node),
                "cause" => value.text() == Some(*cause),
                _ => false,
            }),
            raw => raw.text() == Some(*node),
        };
        for raw in wanted {
            let place = open.iter().position(|one| is(one, raw)).ok_or_else(differ)?;
            open.remove(place);
        }
        if open.is_empty() { Ok(()) } else { Err(differ()) }
    }

    fn name_of(&self, person: PersonId) -> &str {
        self.org.person(person).map_or("?", |person| &person.name)
    }

    fn people(&self, task: &Task) -> Vec<&str> {
        let people = task.assignee.map_or_else(|| task.candidates.clone(), |person| vec![person]);
        people.into_iter().map(|person| self.name_of(person)).collect()
    }

    fn shown_task(&self, task: &Task) -> String {
        let due = task.due.map_or_else(String::new, |due| format!(", due: {due}"));
        let late = if task.late { ", late: true" } else { "" };
        format!("{{node: {}, who: [{}]{due}{late}}}", task.node, self.people(task).join(", "))
    }

    /// Whether a task is the one meant: by its node, by who is to do it, by its date.
    fn is_task(&self, task: &Task, raw: &Raw) -> bool {
        let Raw::Map(all) = raw else { return raw.text().is_some_and(|node| task.node == *node) };
        all.iter().all(|(key, value)| match key.as_str() {
            "node" => value.text().is_some_and(|node| task.node == *node),
            "who" => {
                let wanted: BTreeSet<&str> =
                    value.each().into_iter().filter(|raw| !raw.is_nothing()).filter_map(Raw::text).collect();
                wanted == self.people(task).into_iter().collect()
            }
            "of" => {
                let people = self.people(task);
                let unit = value.text().unwrap_or_default();
                !people.is_empty() && people.iter().all(|person| person.split('·').next() == Some(unit))
            }
            "late" => value.text() == Some(if task.late { "true" } else { "false" }),
            "due" => value.text().map(str::to_owned) == task.due.map(|due| due.to_string()),
            _ => false,
        })
    }
}

/// How many tasks are open at each node: all of them, and no others.
fn expect_counts(counts: &[(String, Raw)], open: &[&Task]) -> Result<(), String> {
    let mut actual: BTreeMap<&str, usize> = BTreeMap::new();
    for task in open {
        *actual.entry(&task.node).or_default() += 1;
    }
    let wanted: BTreeMap<&str, usize> = counts
        .iter()
        .filter_map(|(node, raw)| Some((node.as_str(), raw.text()?.parse().ok()?)))
        .filter(|(_, count)| *count > 0)
        .collect();
    let shown = |counts: &BTreeMap<&str, usize>| {
        let all: Vec<String> = counts.iter().map(|(node, count)| format!("{node}: {count}")).collect();
        format!("{{{}}}", all.join(", "))
    };
    if wanted == actual { Ok(()) } else { Err(beside("tasks", &shown(&wanted), &shown(&actual))) }
}

fn beside(what: &str, expected: &str, actual: &str) -> String {
    format!("{what}\n  预期 / expected: {expected}\n  实际 / actual:   {actual}")
}

fn same(what: &str, expected: &Raw, actual: &str) -> Result<(), String> {
    if expected.text() == Some(actual) { Ok(()) } else { Err(beside(what, &expected.shown(), actual)) }
}

fn same_set(what: &str, expected: &Raw, mut actual: Vec<String>) -> Result<(), String> {
    let all = expected.each().into_iter().filter(|raw| !raw.is_nothing());
    let mut wanted: Vec<String> = all.filter_map(Raw::text).map(str::to_owned).collect();
    wanted.sort_unstable();
    actual.sort_unstable();
    if wanted == actual { Ok(()) } else { Err(beside(what, &expected.shown(), &format!("[{}]", actual.join(", ")))) }
}
