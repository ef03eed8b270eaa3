//! Values as scenarios write them, by names, and as forms store them.

use serde_json::{Map, Number, Value as Json};

use crate::{
    definition::{
        form::{Field, FieldKind, Form},
        registry::Registry,
    },
    org::Org,
    value::parse_date,
    yaml::{Kind, Tree},
};

/// A value as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Raw {
    Text(String),
    List(Vec<Raw>),
    Map(Vec<(String, Raw)>),
}

impl Raw {
    pub(super) fn of(tree: &Tree) -> Self {
        match &tree.kind {
            Kind::Scalar(scalar) => Self::Text(scalar.text.clone()),
            Kind::List(all) => Self::List(all.iter().map(Self::of).collect()),
            Kind::Map(all) => Self::Map(all.iter().map(|entry| (entry.key.clone(), Self::of(&entry.value))).collect()),
        }
    }

    /// Its elements, or itself.
    pub(super) fn each(&self) -> Vec<&Self> {
        match self {
            Self::List(all) => all.iter().collect(),
            one => vec![one],
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::List(_) | Self::Map(_) => None,
        }
    }

    /// Whether it says that there is nothing.
    pub(super) fn is_nothing(&self) -> bool {
        matches!(self.text(), Some("" | "null" | "~"))
    }

    /// As written, for messages.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::List(all) => format!("[{}]", all.iter().map(Self::shown).collect::<Vec<_>>().join(", ")),
            Self::Map(all) => {
                let all: Vec<String> = all.iter().map(|(key, value)| format!("{key}: {}", value.shown())).collect();
                format!("{{{}}}", all.join(", "))
            }
        }
    }
}

/// What names mean.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names<'a> {
    pub(super) registry: &'a Registry,
    pub(super) org: &'a Org,
}

impl Names<'_> {
    /// The JSON that a form stores for `raw`.
    pub(super) fn json(&self, raw: &Raw, field: &Field) -> Result<Json, String> {
        if raw.is_nothing() {
            return Ok(Json::Null);
        }
        self.of_kind(raw, &field.kind).map_err(|what| format!("{}（{}）：{what}", field.name, field.title.zh))
    }

    fn of_kind(&self, raw: &Raw, kind: &FieldKind) -> Result<Json, String> {
        if let FieldKind::List(kind) = kind {
            return raw
                .each()
                .into_iter()
                .map(|one| self.of_kind(one, kind))
                .collect::<Result<_, _>>()
                .map(Json::Array);
        }
        let text = raw.text().ok_or_else(|| format!("`{}` 不是单个值 / is not one value", raw.shown()))?;
        let unfit = |zh: &str, en: &str| format!("`{text}` 不是{zh} / is not {en}");
        match kind {
            FieldKind::Text { .. } | FieldKind::List(_) => Ok(text.into()),
            FieldKind::Number => text.parse::<Number>().map(Json::Number).map_err(|_| unfit("数字", "a number")),
            FieldKind::Bool => {
                text.parse::<bool>().map(Json::Bool).map_err(|_| unfit("true 或 false", "true or false"))
            }
            FieldKind::Date => {
                parse_date(text).map(|date| date.to_string().into()).ok_or_else(|| unfit("日期", "a date"))
            }
            FieldKind::Unit => {
                let found = self.org.units().find(|unit| unit.name == text);
                found.map(|unit| unit.id.to_string().into()).ok_or_else(|| unfit("单位", "a unit"))
            }
            FieldKind::Person => {
                let found = self.org.people().find(|person| person.name == text);
                found.map(|person| person.id.to_string().into()).ok_or_else(|| unfit("人员", "a person"))
            }
            FieldKind::Choice(all) => all
                .iter()
                .find(|(name, title)| *name == *text || title.zh == text)
                .map(|(name, _)| name.as_str().into())
                .ok_or_else(|| unfit("可选的值", "one of the choices")),
            FieldKind::Entry { dictionary } => self
                .registry
                .dictionaries
                .get(dictionary)
                .and_then(|found| found.entries.iter().find(|entry| entry.name == *text || entry.title.zh == text))
                .map(|entry| entry.name.as_str().into())
                .ok_or_else(|| unfit("字典中的条目", "an entry of the dictionary")),
        }
    }

    /// A form filled in: what is written over what was there, refused where a required field is empty.
    pub(super) fn filled(
        &self,
        form: &Form,
        there: &Map<String, Json>,
        written: &[(String, Raw)],
    ) -> Result<Map<String, Json>, String> {
        let mut data = Map::new();
        for field in form.fields.iter().filter(|field| !field.read_only) {
            let value = match written.iter().find(|(name, _)| field.name == **name) {
                Some((_, raw)) => self.json(raw, field)?,
                None => there.get(field.name.as_str()).cloned().unwrap_or(Json::Null),
            };
            if value.is_null() && field.required {
                return Err(format!("`{}`（{}）必填 / is required", field.name, field.title.zh));
            }
            if !value.is_null() {
                data.insert(field.name.to_string(), value);
            }
        }
        let fits = |name: &str| form.field(name).is_some_and(|field| !field.read_only);
        match written.iter().find(|(name, _)| !fits(name)) {
            Some((name, _)) => Err(format!("表单没有可填的字段 `{name}` / the form has no such field to fill in")),
            None => Ok(data),
        }
    }
}
