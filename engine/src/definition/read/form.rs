//! Reads a form, and makes the plain JSON Schema of what a person may send.

use std::collections::BTreeSet;

use serde_json::{Map as JsonMap, Value as Json, json};

use crate::{
    check::{bad_field, unknown_field},
    definition::{
        form::{Field, FieldKind, Form},
        read::{
            field::{self, Limits, json_number},
            world::{Found, World},
        },
    },
    diagnostic::Faults,
    text::Name,
    yaml::read::At,
};

/// The form called `name` in `root`, at `version`.
pub(crate) fn read(name: &Name, version: &Name, root: At<'_>, world: &World, faults: &mut Faults) -> Option<Form> {
    let mut map = root.map(faults)?;
    map.take("form");
    map.take("$schema");
    let title = map.title_or(name, faults);
    let required = map.take("required").map(|at| at.names(faults)).unwrap_or_default();
    let properties = map.need("properties", faults).map(|at| at.named(faults)).unwrap_or_default();
    map.finish(faults);
    let known: Vec<&str> = properties.iter().map(|(name, _)| name.as_str()).collect();
    for (field, at) in &required {
        if !known.contains(&field.as_str()) {
            let of = (format!("表单 `{name}` "), format!("the form `{name}`"));
            faults.push(unknown_field::fault(at.place(), field, (&of.0, &of.1), known.iter().copied()));
        }
    }
    let mut fields: Vec<(Field, Limits)> = Vec::new();
    let mut roles = BTreeSet::new();
    for (name, at) in properties {
        let Some((mut field, limits)) = field::read(name, at, world, faults) else { continue };
        field.required = required.iter().any(|(required, _)| *required == field.name);
        if let Some(role) = field.role
            && !roles.insert(role)
        {
            let place = at.get("x-field").map_or_else(|| at.key_place(), At::place);
            let played = role.name();
            faults.push(bad_field::fault(
                place,
                (
                    format!("`x-field: {played}` 在一个表单里只能用一次"),
                    format!("one form has `x-field: {played}` once only"),
                ),
                ("请从其中一个字段删去", "remove it from one of the fields"),
            ));
        }
        fields.push((field, limits));
    }
    let schema = schema(&title.zh, &fields, world);
    let fields = fields.into_iter().map(|(field, _)| field).collect();
    Some(Form { name: name.clone(), version: version.clone(), title, fields, schema })
}

/// Plain JSON Schema of what a person may send: fields that only the platform writes are left out.
fn schema(title: &str, fields: &[(Field, Limits)], world: &World) -> Json {
    let sent = || fields.iter().filter(|(field, _)| !field.read_only);
    let properties: JsonMap<String, Json> =
        sent().map(|(field, limits)| (field.name.to_string(), property(field, limits, world))).collect();
    let required: Vec<&str> =
        sent().filter(|(field, _)| field.required).map(|(field, _)| field.name.as_str()).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "title": title,
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn property(field: &Field, limits: &Limits, world: &World) -> Json {
    let mut found = of_kind(&field.kind, limits, world);
    let list = matches!(field.kind, FieldKind::List(_));
    let (least, most) = if list { ("minItems", "maxItems") } else { ("minLength", "maxLength") };
    let mut add = |key: &str, value: Option<Json>| {
        if let Some(value) = value {
            found.insert(key.to_owned(), value);
        }
    };
    add("title", Some(Json::from(field.title.zh.clone())));
    add(least, limits.min_length.map(Json::from));
    add(most, field.max_length.map(Json::from));
    add("minimum", field.minimum.map(json_number));
    add("maximum", field.maximum.map(json_number));
    add("pattern", limits.pattern.clone().map(Json::from));
    Json::Object(found)
}

fn of_kind(kind: &FieldKind, limits: &Limits, world: &World) -> JsonMap<String, Json> {
    let value = match kind {
        FieldKind::Text { .. } => json!({"type": "string"}),
        FieldKind::Number if limits.integer => json!({"type": "integer"}),
        FieldKind::Number => json!({"type": "number"}),
        FieldKind::Bool => json!({"type": "boolean"}),
        FieldKind::Date => json!({"type": "string", "format": "date"}),
        // Ids have 64 bits and therefore travel as text.
        FieldKind::Unit | FieldKind::Person => json!({"type": "string", "pattern": "^[0-9]{1,19}$"}),
        FieldKind::Choice(options) => {
            json!({"type": "string", "enum": options.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>()})
        }
        FieldKind::Entry { dictionary } => match world.dictionary(dictionary) {
            Found::Whole(found) => {
                json!({"type": "string", "enum": found.entries.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>()})
            }
            Found::Broken | Found::Missing => json!({"type": "string"}),
        },
        FieldKind::List(element) => {
            let set = !matches!(**element, FieldKind::Text { .. } | FieldKind::Number);
            json!({"type": "array", "items": of_kind(element, &Limits::default(), world), "uniqueItems": set})
        }
    };
    match value {
        Json::Object(map) => map,
        _ => JsonMap::new(),
    }
}
