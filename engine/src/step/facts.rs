//! What expressions read while a command runs: the item and its parent, forms, the child that ended, actor and time.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use serde_json::{Map, Value as Json};

use crate::{
    case::{Case, Instance, Item, Task, TaskState},
    context::Context,
    definition::{
        form::{FieldKind, Form, WellKnown},
        registry::Bound,
        workflow::Node,
    },
    expr::{Env, scope::item_fact},
    id::UnitId,
    text::Name,
    value::{Span, Value},
    workdays::Workdays,
};

/// The facts around one item, and one instance on it where there is one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts<'a> {
    case: &'a Case,
    context: &'a Context,
    item: &'a Item,
    instance: Option<(&'a Instance, &'a Bound)>,
    form: Option<(&'a Form, &'a Map<String, Json>)>,
    child: Option<&'a Item>,
    task: Option<&'a Task>,
    votes: Option<&'a Value>,
    element: Option<&'a Value>,
}

impl<'a> Facts<'a> {
    /// The facts of an item alone.
    pub(super) const fn of_item(case: &'a Case, item: &'a Item, context: &'a Context) -> Self {
        Self { case, context, item, instance: None, form: None, child: None, task: None, votes: None, element: None }
    }

    /// The facts of an instance; none where its item or its workflow's version is not there.
    pub(super) fn of(case: &'a Case, instance: &'a Instance, context: &'a Context) -> Option<Self> {
        let item = case.items.get(&instance.item)?;
        let bound = context.registry.versions.get(&instance.version)?;
        Some(Self { instance: Some((instance, bound)), ..Self::of_item(case, item, context) })
    }

    /// With the data of a form of its own.
    pub(super) fn with_form(self, form: Option<&'a Form>, data: &'a Map<String, Json>) -> Self {
        Self { form: form.map(|form| (form, data)), ..self }
    }

    /// With the item of a child that ended.
    pub(super) const fn with_child(self, child: Option<&'a Item>) -> Self {
        Self { child, ..self }
    }

    /// With the open task at a token of the instance: of a group, the one opened first.
    pub(super) fn at_token(self, token: u32) -> Self {
        let of = self.instance.map(|(instance, _)| instance.id);
        let here = |task: &&Task| {
            task.state == TaskState::Open && !task.late && Some(task.instance) == of && task.token == token
        };
        Self { task: self.case.tasks.values().find(here), ..self }
    }

    /// With the votes of a group.
    pub(super) const fn with_votes(self, votes: &'a Value) -> Self {
        Self { votes: Some(votes), ..self }
    }

    /// With the element that a child begins for.
    pub(super) const fn with_element(self, element: Option<&'a Value>) -> Self {
        Self { element, ..self }
    }

    fn form_of(&self, item: &Item) -> Option<&'a Form> {
        self.context.registry.form_of(&item.module, &item.kind).map(AsRef::as_ref)
    }

    fn parent_of(&self, item: &Item) -> Option<&'a Item> {
        self.case.items.get(&item.parent?)
    }

    fn of_path(&self, item: &Item, path: &[Name]) -> Value {
        match path {
            [] => Value::Null,
            [first, rest @ ..] if *first == "parent" => {
                self.parent_of(item).map_or(Value::Null, |parent| self.of_path(parent, rest))
            }
            [first] if *first == "units" => self.units(item),
            [first, rest @ ..] => item_fact(item, self.form_of(item), first).at(rest).clone(),
        }
    }

    /// Lead unit and co-units of the item and of the one above it: a report is seen where its task is.
    fn units(&self, item: &Item) -> Value {
        let mut units: BTreeSet<UnitId> = BTreeSet::new();
        for item in [Some(item), self.parent_of(item)].into_iter().flatten() {
            if let Value::List(all) = item_fact(item, self.form_of(item), "units") {
                units.extend(all.iter().filter_map(|value| match value {
                    Value::Unit(unit) => Some(*unit),
                    _ => None,
                }));
            }
        }
        Value::List(units.into_iter().map(Value::Unit).collect())
    }

    fn of_node_form(&self, node: &Name, rest: &[Name]) -> Value {
        let Some((instance, bound)) = self.instance else { return Value::Null };
        let form = bound.workflow.nodes.get(node).and_then(Node::form).and_then(|form| bound.forms.get(form));
        match (form, instance.forms.get(node)) {
            (Some(form), Some(data)) => in_form(form, data, rest),
            _ => Value::Null,
        }
    }
}

fn in_form(form: &Form, data: &Map<String, Json>, path: &[Name]) -> Value {
    let Some((first, rest)) = path.split_first() else { return Value::Null };
    let value = form
        .field(first)
        .zip(data.get(first.as_str()))
        .map_or(Value::Null, |(field, json)| Value::from_json(json, &field.kind));
    value.at(rest).clone()
}

fn of_task(task: &Task, path: &[Name]) -> Value {
    match path.first().map(Name::as_str) {
        Some("due") => task.due.map_or(Value::Null, Value::Date),
        Some("opened_at") => Value::Time(task.opened_at),
        _ => Value::Null,
    }
}

impl Env for Facts<'_> {
    fn get(&self, path: &[Name]) -> Value {
        let Some((first, rest)) = path.split_first() else { return Value::Null };
        match first.as_str() {
            "today" => Value::Date(self.context.today()),
            "now" => Value::Time(self.context.now),
            "actor" => self.context.actor.person().map_or(Value::Null, Value::Person),
            "item" => self.of_path(self.item, rest),
            "child" => self.child.map_or(Value::Null, |child| self.of_path(child, rest)),
            "form" => self.form.map_or(Value::Null, |(form, data)| in_form(form, data, rest)),
            "votes" => self.votes.map_or(Value::Null, |votes| votes.at(rest).clone()),
            "element" => self.element.map_or(Value::Null, |element| element.at(rest).clone()),
            "forms" => rest.split_first().map_or(Value::Null, |(node, rest)| self.of_node_form(node, rest)),
            "task" => self.task.map_or(Value::Null, |task| of_task(task, rest)),
            _ => Value::Null,
        }
    }

    /// From the dictionary of the item's own cycle field, or of its parent's, or of any.
    fn cycle(&self, entry: &str) -> Option<Span> {
        let own = [Some(self.item), self.parent_of(self.item)].into_iter().flatten().find_map(|item| {
            match &self.form_of(item)?.playing(WellKnown::Cycle)?.kind {
                FieldKind::Entry { dictionary } => self.context.registry.dictionaries.get(dictionary),
                _ => None,
            }
        });
        own.and_then(|dictionary| dictionary.entry(entry)?.every).or_else(|| {
            self.context.registry.dictionaries.values().find_map(|dictionary| dictionary.entry(entry)?.every)
        })
    }

    fn vacant(&self, post: &str, unit: UnitId) -> bool {
        self.context.org.holders(post, unit).is_empty()
    }

    fn workdays(&self) -> &Workdays {
        self.context.registry.workdays(&self.item.module)
    }

    fn zone(&self) -> &TimeZone {
        &self.context.zone
    }
}
