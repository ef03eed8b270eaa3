//! Forms and values as people see them.

use docket_engine::{
    definition::form::{Field, FieldKind, Form},
    text::{Language, Name},
    value::Value,
};
use serde_json::{Map, Value as Json};

use crate::{
    access::Fields,
    api::{
        caller::Caller,
        json::JsonObject,
        views::{Choice, FieldView, FormView, KindView, Shown},
    },
};

/// A form in the caller's language, as far as `shown`.
#[must_use]
pub fn view(caller: &Caller, form: &Form, shown: &Fields) -> FormView {
    FormView {
        name: form.name.to_string(),
        version: form.version.to_string(),
        title: caller.text(&form.title),
        schema: schema(caller.language, form, shown),
        fields: form.fields.iter().filter(|field| shown.shows(*field)).map(|field| field_view(caller, field)).collect(),
    }
}

/// The schema with titles in the reader's language; it holds them in Chinese.
fn schema(language: Language, form: &Form, shown: &Fields) -> JsonObject {
    let mut schema = form.schema.as_object().cloned().unwrap_or_default();
    for field in form.fields.iter().filter(|field| !shown.shows(*field)) {
        if let Some(Json::Object(properties)) = schema.get_mut("properties") {
            properties.remove(field.name.as_str());
        }
        if let Some(Json::Array(required)) = schema.get_mut("required") {
            required.retain(|name| *name != *field.name);
        }
    }
    if language == Language::Zh {
        return JsonObject(schema);
    }
    if schema.contains_key("title") {
        schema.insert("title".into(), form.title.get(language).into());
    }
    if let Some(Json::Object(properties)) = schema.get_mut("properties") {
        for field in &form.fields {
            if let Some(Json::Object(property)) = properties.get_mut(field.name.as_str()) {
                if property.contains_key("title") {
                    property.insert("title".into(), field.title.get(language).into());
                }
                if let Some(help) = field.help.as_ref().filter(|_| property.contains_key("description")) {
                    property.insert("description".into(), help.get(language).into());
                }
            }
        }
    }
    JsonObject(schema)
}

fn field_view(caller: &Caller, field: &Field) -> FieldView {
    let item_kind = match &field.kind {
        FieldKind::List(kind) => Some(kind_view(kind)),
        _ => None,
    };
    FieldView {
        name: field.name.to_string(),
        title: caller.text(&field.title),
        help: field.help.as_ref().map(|help| caller.text(help)),
        kind: kind_view(&field.kind),
        item_kind,
        options: options(caller, &field.kind),
        required: field.required,
        read_only: field.read_only,
        role: field.role.map(|role| role.name().to_owned()),
        max_length: field.max_length,
        minimum: field.minimum.map(|number| number.normalize().to_string()),
        maximum: field.maximum.map(|number| number.normalize().to_string()),
        widget: field.widget.as_ref().map(ToString::to_string),
    }
}

/// A kind of value as the wire has it.
#[must_use]
pub const fn kind_view(kind: &FieldKind) -> KindView {
    match kind {
        FieldKind::Text { multiline: false } => KindView::Text,
        FieldKind::Text { multiline: true } => KindView::Multiline,
        FieldKind::Number => KindView::Number,
        FieldKind::Bool => KindView::Bool,
        FieldKind::Date => KindView::Date,
        FieldKind::Unit => KindView::Unit,
        FieldKind::Person => KindView::Person,
        FieldKind::Choice(_) => KindView::Choice,
        FieldKind::Entry { .. } => KindView::Entry,
        FieldKind::List(_) => KindView::List,
    }
}

/// The name of a kind of value on the wire.
#[must_use]
pub const fn kind_name(kind: &FieldKind) -> &'static str {
    match kind {
        FieldKind::Text { multiline: false } => "text",
        FieldKind::Text { multiline: true } => "multiline",
        FieldKind::Number => "number",
        FieldKind::Bool => "bool",
        FieldKind::Date => "date",
        FieldKind::Unit => "unit",
        FieldKind::Person => "person",
        FieldKind::Choice(_) => "choice",
        FieldKind::Entry { .. } => "entry",
        FieldKind::List(_) => "list",
    }
}

/// What may be chosen, for choices, entries, and lists of them.
#[must_use]
pub fn options(caller: &Caller, kind: &FieldKind) -> Option<Vec<Choice>> {
    match kind {
        FieldKind::Choice(choices) => {
            let choice = |(value, title): &(Name, _)| Choice { value: value.to_string(), title: caller.text(title) };
            Some(choices.iter().map(choice).collect())
        }
        FieldKind::Entry { dictionary } => {
            let dictionary = caller.published.registry.dictionaries.get(dictionary)?;
            let entries = dictionary.entries.iter();
            Some(entries.map(|one| Choice { value: one.name.to_string(), title: caller.text(&one.title) }).collect())
        }
        FieldKind::List(kind) => options(caller, kind),
        _ => None,
    }
}

/// Every field of `form` that is shown, with its value in `data`. Fields without a value are there too, with an empty text.
#[must_use]
pub fn shown(caller: &Caller, form: &Form, data: &Map<String, Json>, fields: &Fields) -> Vec<Shown> {
    form.fields.iter().filter(|field| fields.shows(*field)).map(|field| show(caller, field, data)).collect()
}

/// As [`shown`], without the fields that have no value.
#[must_use]
pub fn shown_present(caller: &Caller, form: &Form, data: &Map<String, Json>, fields: &Fields) -> Vec<Shown> {
    shown(caller, form, data, fields).into_iter().filter(|shown| !shown.value.is_null()).collect()
}

fn show(caller: &Caller, field: &Field, fields: &Map<String, Json>) -> Shown {
    let value = fields.get(field.name.as_str()).map_or(Value::Null, |json| Value::from_json(json, &field.kind));
    Shown {
        name: field.name.to_string(),
        title: caller.text(&field.title),
        kind: kind_view(&field.kind),
        value: value.to_json(),
        text: text(caller, &field.kind, &value),
    }
}

/// A value as shown: names of units and people, titles of entries, dates; lists joined by `、`; nothing for what is absent.
#[must_use]
pub fn text(caller: &Caller, kind: &FieldKind, value: &Value) -> String {
    match (kind, value) {
        (_, Value::Null) => String::new(),
        (FieldKind::List(kind), Value::List(all)) => {
            let texts: Vec<String> = all.iter().map(|one| text(caller, kind, one)).collect();
            texts.join("、")
        }
        (FieldKind::Choice(_) | FieldKind::Entry { .. }, Value::Text(stored)) => {
            let options = options(caller, kind).unwrap_or_default();
            options.into_iter().find(|one| one.value == *stored).map_or_else(|| stored.clone(), |one| one.title)
        }
        (_, Value::Unit(unit)) => super::labels::unit(caller, *unit).name,
        (_, Value::Person(person)) => super::labels::person(caller, *person).name,
        (_, Value::Text(text)) => text.clone(),
        (_, Value::Date(date)) => date.to_string(),
        (_, Value::Number(number)) => number.normalize().to_string(),
        (_, Value::Bool(yes)) => match (caller.language, yes) {
            (Language::Zh, true) => "是".to_owned(),
            (Language::Zh, false) => "否".to_owned(),
            (Language::En, true) => "yes".to_owned(),
            (Language::En, false) => "no".to_owned(),
        },
        (_, other) => match other.to_json() {
            Json::String(text) => text,
            json => json.to_string(),
        },
    }
}
