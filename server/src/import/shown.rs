//! Values with names instead of ids, for people and scripts.

use docket_engine::{
    definition::form::{Field, Form, WellKnown},
    value::Value,
};
use serde_json::{Map, Value as Json};

use super::directory::Directory;

/// The name of a field in a report: the well-known one whatever the form calls it.
#[must_use]
pub(super) fn name_of(field: &Field) -> &str {
    match field.role {
        Some(WellKnown::Leader) => "leaders",
        Some(WellKnown::Source) => "sources",
        Some(WellKnown::Category) => "categories",
        Some(role) => role.name(),
        None => &field.name,
    }
}

/// The item that `fields` make: well-known fields always, others where they have a value.
#[must_use]
pub(super) fn item(form: &Form, fields: &Map<String, Json>, directory: &Directory<'_>) -> Map<String, Json> {
    let mut item = Map::new();
    let known = WellKnown::ALL.iter().filter_map(|role| form.playing(*role));
    let others = form.fields.iter().filter(|field| field.role.is_none());
    for field in known.chain(others) {
        let value = fields.get(&*field.name).map_or(Value::Null, |json| Value::from_json(json, &field.kind));
        let is_list = matches!(field.kind, docket_engine::definition::form::FieldKind::List(_));
        let json = match value {
            Value::Null if field.role.is_none() => continue,
            Value::Null if is_list => Json::Array(Vec::new()),
            value => named(&value, directory),
        };
        item.insert(name_of(field).to_owned(), json);
    }
    item
}

/// The value with names instead of ids.
#[must_use]
pub(super) fn named(value: &Value, directory: &Directory<'_>) -> Json {
    match value {
        Value::Unit(unit) => Json::from(directory.unit_name(*unit)),
        Value::Person(person) => Json::from(directory.person_name(*person)),
        Value::List(all) => Json::Array(all.iter().map(|one| named(one, directory)).collect()),
        other => other.to_json(),
    }
}

/// The value as one line of text; a dash for nothing.
#[must_use]
pub(super) fn text(value: &Value, directory: &Directory<'_>) -> String {
    match value {
        Value::Null => "—".to_owned(),
        Value::List(all) if all.is_empty() => "—".to_owned(),
        Value::List(all) => all.iter().map(|one| text(one, directory)).collect::<Vec<_>>().join("、"),
        Value::Unit(unit) => directory.unit_name(*unit).to_owned(),
        Value::Person(person) => directory.person_name(*person).to_owned(),
        Value::Text(text) => text.clone(),
        other => match other.to_json() {
            Json::String(text) => text,
            json => json.to_string(),
        },
    }
}
