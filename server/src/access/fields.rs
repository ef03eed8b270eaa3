//! Which fields of one item a person sees.

use std::{collections::BTreeSet, sync::Arc};

use docket_engine::{
    case::Item,
    definition::{
        form::{Field, Form, WellKnown},
        policy,
    },
    expr::Expr,
    text::Name,
};
use serde_json::{Map, Value as Json};

use super::visibility::RuleSet;

/// What rules may call a field: its name, and the role that it plays.
#[derive(Debug, Clone, Copy)]
pub struct Naming<'a> {
    name: &'a str,
    role: Option<WellKnown>,
}

impl<'a> Naming<'a> {
    /// The field `name` of `form`, or what is not of a form by its name alone.
    #[must_use]
    pub fn of(form: Option<&'a Form>, name: &'a str) -> Self {
        form.and_then(|form| form.field(name)).map_or(Self { name, role: None }, Self::from)
    }

    /// The field of `form` that plays `role`.
    #[must_use]
    pub fn playing(form: Option<&'a Form>, role: WellKnown) -> Self {
        let name = form.and_then(|form| form.playing(role)).map_or(role.name(), |field| field.name.as_str());
        Self { name, role: Some(role) }
    }

    /// What the fact `item.fact` shows, of the fields that rules can name.
    #[must_use]
    pub fn of_fact(form: Option<&'a Form>, fact: &'a str) -> Vec<Self> {
        if fact == "units" {
            return [WellKnown::LeadUnit, WellKnown::CoUnits].map(|role| Self::playing(form, role)).into();
        }
        if let Some(role) = WellKnown::ALL.into_iter().find(|role| role.name() == fact) {
            return vec![Self::playing(form, role)];
        }
        if policy::ATTRIBUTES.contains(&fact) {
            return vec![Self { name: fact, role: None }];
        }
        form.and_then(|form| form.field(fact)).map(Self::from).into_iter().collect()
    }

    pub(super) fn is_in(self, names: &BTreeSet<Name>) -> bool {
        names.contains(self.name) || self.role.is_some_and(|role| names.contains(role.name()))
    }
}

impl<'a> From<&'a Field> for Naming<'a> {
    fn from(field: &'a Field) -> Self {
        Self { name: &field.name, role: field.role }
    }
}

/// Which fields of one item a person sees, by the rules whose conditions hold.
#[derive(Debug, Clone, Default)]
pub struct Fields {
    /// All of them must show a field.
    layers: Vec<Layer>,
    nothing: bool,
}

#[derive(Debug, Clone)]
struct Layer {
    rules: Arc<RuleSet>,
    holding: Vec<Arc<Expr>>,
}

impl Fields {
    /// All fields.
    #[must_use]
    pub const fn whole() -> Self {
        Self { layers: Vec::new(), nothing: false }
    }

    /// No field: of an item that is not seen.
    #[must_use]
    pub const fn nothing() -> Self {
        Self { layers: Vec::new(), nothing: true }
    }

    pub(super) fn of(rules: Arc<RuleSet>, holding: Vec<Arc<Expr>>) -> Self {
        Self { layers: vec![Layer { rules, holding }], nothing: false }
    }

    /// The fields that both show.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.layers.extend(other.layers);
        self.nothing |= other.nothing;
        self
    }

    /// Whether `field` is shown.
    #[must_use]
    pub fn shows<'a>(&self, field: impl Into<Naming<'a>>) -> bool {
        let field = field.into();
        !self.nothing && self.layers.iter().all(|layer| layer.rules.shows(field, &layer.holding))
    }

    /// Whether the attribute or field of the form called `name` is shown.
    #[must_use]
    pub fn shows_named(&self, form: Option<&Form>, name: &str) -> bool {
        self.shows(Naming::of(form, name))
    }

    /// Whether all that the facts below `item` called `facts` come from is shown.
    #[must_use]
    pub fn shows_facts<'a>(&self, form: Option<&Form>, facts: impl IntoIterator<Item = &'a str>) -> bool {
        facts.into_iter().all(|fact| Naming::of_fact(form, fact).into_iter().all(|field| self.shows(field)))
    }

    /// Whether nothing is kept back.
    #[must_use]
    pub fn are_whole(&self) -> bool {
        self.layers.is_empty() && !self.nothing
    }

    /// `data` of `form` without the fields that are not shown.
    #[must_use]
    pub fn of_data(&self, form: Option<&Form>, data: &Map<String, Json>) -> Map<String, Json> {
        let shown = data.iter().filter(|(name, _)| self.are_whole() || self.shows_named(form, name));
        shown.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    /// `item`, whose form is `form`, as if what is not shown were not there.
    #[must_use]
    pub fn of_item(&self, item: &Item, form: Option<&Form>) -> Item {
        if self.are_whole() {
            return item.clone();
        }
        let attribute = |name: &'static str| self.shows_named(None, name);
        Item {
            fields: self.of_data(form, &item.fields),
            stage: item.stage.clone().filter(|_| attribute("stage")),
            next_due: item.next_due.filter(|_| attribute("next_due")),
            suspended_on: item.suspended_on.filter(|_| attribute("suspended_on")),
            created_by: item.created_by.filter(|_| attribute("created_by")),
            ..item.clone()
        }
    }
}
