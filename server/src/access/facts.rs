//! What conditions and lights know of one item.

use docket_engine::{
    case::Item,
    definition::{form::Form, registry::Registry},
    expr::{Env, scope},
    text::Name,
    value::{Span, Value},
    workdays::Workdays,
};
use jiff::{civil::Date, tz::TimeZone};

use super::Subject;

/// One item with the item above it, on a day.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The item.
    pub item: &'a Item,
    /// The item above it.
    pub parent: Option<&'a Item>,
    /// The published definitions.
    pub registry: &'a Registry,
    /// Today in the deployment's zone.
    pub today: Date,
    /// The deployment's zone.
    pub zone: &'a TimeZone,
}

/// [`Facts`] for a subject: the environment of a condition.
#[derive(Debug, Clone, Copy)]
pub struct FactsFor<'a> {
    facts: Facts<'a>,
    subject: Option<&'a Subject>,
}

impl<'a> Facts<'a> {
    /// The environment of a condition about `subject`.
    #[must_use]
    pub const fn for_subject(self, subject: &'a Subject) -> FactsFor<'a> {
        FactsFor { facts: self, subject: Some(subject) }
    }

    /// The environment of a light, which knows no subject.
    #[must_use]
    pub const fn alone(self) -> FactsFor<'a> {
        FactsFor { facts: self, subject: None }
    }

    fn attribute(&self, item: &Item, above: Option<&Item>, path: &[Name]) -> Value {
        let Some((first, rest)) = path.split_first() else {
            return Value::Null;
        };
        let value = match first.as_str() {
            "parent" => return above.map_or(Value::Null, |parent| self.attribute(parent, None, rest)),
            "units" => self.units(item, above),
            name => scope::item_fact(item, self.form(item), name),
        };
        value.at(rest).clone()
    }

    /// Lead unit and co-units of the item and of the one above it, each once.
    fn units(&self, item: &Item, above: Option<&Item>) -> Value {
        let mut units = Vec::new();
        for item in [Some(item), above].into_iter().flatten() {
            if let Value::List(all) = scope::item_fact(item, self.form(item), "units") {
                units.extend(all.into_iter().filter(|unit| !units.contains(unit)).collect::<Vec<_>>());
            }
        }
        Value::List(units)
    }

    fn form(&self, item: &Item) -> Option<&'a Form> {
        self.registry.form_of(&item.module, &item.kind).map(std::convert::AsRef::as_ref)
    }
}

impl Env for FactsFor<'_> {
    fn get(&self, path: &[Name]) -> Value {
        let Some((first, rest)) = path.split_first() else {
            return Value::Null;
        };
        match first.as_str() {
            "today" => Value::Date(self.facts.today),
            "item" => self.facts.attribute(self.facts.item, self.facts.parent, rest),
            "subject" => self.subject.map_or(Value::Null, |subject| subject.get(rest)),
            _ => Value::Null,
        }
    }

    fn cycle(&self, entry: &str) -> Option<Span> {
        self.facts.registry.dictionaries.values().find_map(|dictionary| dictionary.entry(entry)?.every)
    }

    fn workdays(&self) -> &Workdays {
        self.facts.registry.workdays(&self.facts.item.module)
    }

    fn zone(&self) -> &TimeZone {
        self.facts.zone
    }
}
