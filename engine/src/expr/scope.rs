//! The facts that are always there: platform attributes and well-known fields of an item, `subject`, `today`.
//!
//! Invariants: the types here and the values of [`item_fact`] agree; a form's own field never hides a fact of the platform.

use std::{collections::BTreeMap, sync::Arc};

use super::{Record, Type};
use crate::{
    case::{Item, ItemState},
    definition::form::{Form, WellKnown},
    text::Name,
    value::Value,
};

/// The platform's attributes of an item, by the names that stand below `item`.
fn platform() -> [(&'static str, Type); 10] {
    [
        ("module", Type::Text),
        ("kind", Type::Text),
        ("state", Type::Text),
        ("stage", Type::Text),
        ("next_due", Type::Date),
        ("suspended_on", Type::Date),
        ("year", Type::Number),
        ("units", Type::list(Type::Unit)),
        ("participants", Type::list(Type::Person)),
        ("created_by", Type::Person),
    ]
}

/// The type of a well-known field, whatever kind of field a form gives it.
#[must_use]
pub fn well_known(role: WellKnown) -> Type {
    match role {
        WellKnown::Title | WellKnown::Cycle => Type::Text,
        WellKnown::LeadUnit => Type::Unit,
        WellKnown::CoUnits => Type::list(Type::Unit),
        WellKnown::Leader => Type::list(Type::Person),
        WellKnown::Due => Type::Date,
        WellKnown::Source | WellKnown::Category => Type::list(Type::Text),
    }
}

/// The type of a fact below `item` that every item has, whatever its form; these facts are indexed columns or join rows.
#[must_use]
pub fn indexed(name: &str) -> Option<Type> {
    let attribute = platform().into_iter().find(|(attribute, _)| *attribute == name).map(|(_, ty)| ty);
    attribute.or_else(|| WellKnown::ALL.into_iter().find(|role| role.name() == name).map(well_known))
}

/// The names of the facts that every item has, sorted.
#[must_use]
pub fn indexed_names() -> Vec<&'static str> {
    let attributes = platform().map(|(name, _)| name);
    let mut names: Vec<&str> = attributes.into_iter().chain(WellKnown::ALL.map(WellKnown::name)).collect();
    names.sort_unstable();
    names
}

/// What stands below `item`: the facts that every item has, when it was created, and the fields of `form`, of which those
/// that play a role are there by both names.
#[must_use]
pub fn item_record(form: Option<&Form>) -> Record {
    let own = form.into_iter().flat_map(|form| &form.fields);
    let own = own.map(|field| (field.name.clone(), Type::of_field(&field.kind)));
    let known = WellKnown::ALL.map(|role| (Name::from(role.name()), well_known(role)));
    let attributes = platform().map(|(name, ty)| (Name::from(name), ty));
    Record::of(own.chain(known).chain(attributes)).with("created_at", Type::Time)
}

/// The scope of a light: `item` and `today`.
#[must_use]
pub fn light_scope(form: Option<&Form>) -> Record {
    Record::of([("item", Type::from(item_record(form))), ("today", Type::Date)])
}

/// The scope of a policy's condition: `item`, `subject` with the `attributes` of people, and `today`.
///
/// A condition speaks of items of any kind, so `item` has only what every item has.
#[must_use]
pub fn policy_scope(attributes: &BTreeMap<Name, Type>) -> Record {
    let mut subject = Record { fields: attributes.clone() };
    for (name, ty) in subject_facts() {
        subject.fields.insert(name.into(), ty);
    }
    light_scope(None).with("subject", Type::Record(Arc::new(subject)))
}

/// What stands below `subject` beside the attributes of people: who, the own units and those below them, the own units,
/// posts, and Casbin roles.
fn subject_facts() -> [(&'static str, Type); 5] {
    [
        ("person", Type::Person),
        ("units", Type::list(Type::Unit)),
        ("own_units", Type::list(Type::Unit)),
        ("posts", Type::list(Type::Text)),
        ("roles", Type::list(Type::Text)),
    ]
}

/// The value of the fact `name` below `item`, for an item whose form is `form`; `Null` where there is none.
///
/// Only this function reads an item for expressions, so that a light, a condition and a workflow see the same.
#[must_use]
pub fn item_fact(item: &Item, form: Option<&Form>, name: &str) -> Value {
    let date = |date: Option<jiff::civil::Date>| date.map_or(Value::Null, Value::Date);
    match name {
        "module" => Value::Text(item.module.to_string()),
        "kind" => Value::Text(item.kind.to_string()),
        "state" => Value::Text(state(item.state).to_owned()),
        "stage" => item.stage.as_ref().map_or(Value::Null, |stage| Value::Text(stage.to_string())),
        "next_due" => date(item.next_due),
        "suspended_on" => date(item.suspended_on),
        "year" => Value::Number(item.year.into()),
        "units" => units(item, form),
        "participants" => Value::List(item.participants.iter().copied().map(Value::Person).collect()),
        "created_at" => Value::Time(item.created_at),
        "created_by" => item.created_by.map_or(Value::Null, Value::Person),
        name => match WellKnown::ALL.into_iter().find(|role| role.name() == name) {
            Some(role) => playing(item, form, role),
            None => form
                .and_then(|form| form.field(name))
                .zip(item.fields.get(name))
                .map_or(Value::Null, |(field, json)| Value::from_json(json, &field.kind)),
        },
    }
}

/// All facts of an item as a record: those that every item has and its form's own fields.
#[must_use]
pub fn item_facts(item: &Item, form: Option<&Form>) -> Value {
    let names = item_record(form).fields.into_keys();
    Value::Record(names.map(|name| (name.clone(), item_fact(item, form, &name))).collect())
}

/// The name of a state in expressions, in storage and in JSON.
#[must_use]
pub const fn state(state: ItemState) -> &'static str {
    match state {
        ItemState::Open => "open",
        ItemState::Suspended => "suspended",
        ItemState::Done => "done",
        ItemState::Cancelled => "cancelled",
    }
}

/// The value of the field that plays `role`, as the type of [`well_known`]: a field of one value may play a role of many.
fn playing(item: &Item, form: Option<&Form>, role: WellKnown) -> Value {
    let value = form
        .and_then(|form| form.playing(role))
        .and_then(|field| item.fields.get(&*field.name).map(|json| Value::from_json(json, &field.kind)))
        .unwrap_or(Value::Null);
    match (well_known(role), value) {
        (Type::List(_), Value::Null) => Value::List(Vec::new()),
        (Type::List(_), value @ Value::List(_)) => value,
        (Type::List(_), value) => Value::List(vec![value]),
        (_, Value::List(all)) => all.into_iter().next().unwrap_or(Value::Null),
        (_, value) => value,
    }
}

/// The lead unit and the co-units, each once.
fn units(item: &Item, form: Option<&Form>) -> Value {
    let mut units = Vec::new();
    if let lead @ Value::Unit(_) = playing(item, form, WellKnown::LeadUnit) {
        units.push(lead);
    }
    if let Value::List(all) = playing(item, form, WellKnown::CoUnits) {
        for unit in all {
            if !units.contains(&unit) {
                units.push(unit);
            }
        }
    }
    Value::List(units)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        definition::form::{Field, FieldKind},
        id::{Id, PersonId, UnitId},
        text::Text,
    };

    fn field(name: &str, kind: FieldKind, role: Option<WellKnown>) -> Field {
        Field {
            name: name.into(),
            title: Text::default(),
            help: None,
            kind,
            required: false,
            read_only: false,
            role,
            max_length: None,
            minimum: None,
            maximum: None,
            widget: None,
        }
    }

    fn form() -> Form {
        Form {
            name: "task".into(),
            version: "0".into(),
            title: Text::default(),
            fields: vec![
                field("任务名称", FieldKind::Text { multiline: false }, Some(WellKnown::Title)),
                field("牵头", FieldKind::Unit, Some(WellKnown::LeadUnit)),
                field("配合", FieldKind::List(Box::new(FieldKind::Unit)), Some(WellKnown::CoUnits)),
                field("领导", FieldKind::Person, Some(WellKnown::Leader)),
                field("progress", FieldKind::Text { multiline: true }, None),
                field("state", FieldKind::Number, None),
            ],
            schema: json!({}),
        }
    }

    fn item() -> Item {
        let fields =
            json!({"任务名称": "一", "牵头": "3", "配合": ["4", "3", "5"], "领导": "9", "progress": "60%", "state": 7});
        Item {
            id: Id::root_item(1),
            parent: None,
            module: "m".into(),
            kind: "task".into(),
            state: ItemState::Suspended,
            stage: None,
            next_due: None,
            year: 2026,
            suspended_on: None,
            fields: fields.as_object().unwrap().clone(),
            participants: [PersonId(9)].into(),
            created_at: jiff::Timestamp::UNIX_EPOCH,
            created_by: None,
        }
    }

    #[test]
    fn a_field_that_plays_a_role_is_there_by_both_names() {
        let (form, item) = (form(), item());
        let fact = |name: &str| item_fact(&item, Some(&form), name);
        assert_eq!(fact("title"), Value::Text("一".into()));
        assert_eq!(fact("任务名称"), fact("title"));
        assert_eq!(fact("leader"), Value::List(vec![Value::Person(PersonId(9))]));
        assert_eq!(fact("领导"), Value::Person(PersonId(9)));
        assert_eq!(fact("source"), Value::List(vec![]));
        assert_eq!(fact("progress"), Value::Text("60%".into()));
        assert_eq!(fact("units"), Value::List([3, 4, 5].map(|id| Value::Unit(UnitId(id))).into()));
        assert_eq!(fact("budget"), Value::Null);
    }

    #[test]
    fn the_platform_is_not_hidden_by_a_form() {
        let form = form();
        assert_eq!(item_fact(&item(), Some(&form), "state"), Value::Text("suspended".into()));
        assert_eq!(item_record(Some(&form)).fields.get("state"), Some(&Type::Text));
    }

    #[test]
    fn every_fact_has_the_type_that_it_is_given() {
        let (form, item) = (form(), item());
        let Value::Record(facts) = item_facts(&item, Some(&form)) else { panic!("not a record") };
        assert_eq!(facts.keys().collect::<Vec<_>>(), item_record(Some(&form)).fields.keys().collect::<Vec<_>>());
        for name in indexed_names() {
            let fits = match (indexed(name).unwrap(), &facts[name]) {
                (_, Value::Null) => true,
                (Type::Text, value) => matches!(value, Value::Text(_)),
                (Type::Number, value) => matches!(value, Value::Number(_)),
                (Type::Unit, value) => matches!(value, Value::Unit(_)),
                (Type::List(_), value) => matches!(value, Value::List(_)),
                _ => false,
            };
            assert!(fits, "{name}");
        }
    }

    #[test]
    fn a_policy_knows_the_subject_and_its_attributes() {
        let attributes = BTreeMap::from([(Name::from("in_charge_of"), Type::list(Type::Unit))]);
        let scope = policy_scope(&attributes);
        let compiled = super::super::compile(
            "item.units.overlaps(subject.units + subject.in_charge_of) || subject.person in item.participants",
            &scope,
            &Type::Bool,
        );
        assert!(compiled.is_ok(), "{compiled:?}");
    }
}
