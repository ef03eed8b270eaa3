//! Whether what was sent fits its form: the form's JSON Schema, and what no schema knows: that units, people and entries of
//! dictionaries exist. Every fault is told with its place, in both languages.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use docket_engine::{
    definition::{
        form::{Field, FieldKind, Form},
        registry::Registry,
    },
    id::{PersonId, UnitId},
    org::Org,
    text::{Name, Text},
    value::Value,
};
use jsonschema::{PatternOptions, Validator, error::ValidationErrorKind};
use serde_json::{Map, Value as Json};

use crate::failure::{Failure, Fault, pointer_token};

/// Compiled schemas that are kept at a time; forms change rarely.
const MAX_COMPILED: usize = 500;
/// Significant digits that a JSON number keeps exactly.
const EXACT_DIGITS: usize = 15;

/// Compiled schemas, by form and version.
#[derive(Debug, Default)]
pub struct Validators {
    compiled: Mutex<BTreeMap<(Name, Name), Arc<Validator>>>,
}

/// How much is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Demand {
    /// Everything that is required.
    Complete,
    /// What is given must be right; nothing need be given.
    AsFarAsGiven,
}

/// What values are checked against beside their form.
#[derive(Debug, Clone, Copy)]
pub struct World<'a> {
    /// The organisation.
    pub org: &'a Org,
    /// The published definitions.
    pub registry: &'a Registry,
}

impl Validators {
    fn of(&self, form: &Form) -> Result<Arc<Validator>, Failure> {
        let key = (form.name.clone(), form.version.clone());
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(validator) = compiled.get(&key) {
            return Ok(Arc::clone(validator));
        }
        // The engine of linear time: a pattern must not be able to take for ever.
        let options = jsonschema::options().should_validate_formats(true).with_pattern_options(PatternOptions::regex());
        let validator = Arc::new(options.build(&form.schema).map_err(Failure::internal)?);
        if compiled.len() >= MAX_COMPILED {
            compiled.clear();
        }
        compiled.insert(key, Arc::clone(&validator));
        Ok(validator)
    }

    /// The fields to store: without absent values. `at` is the JSON Pointer of the form in the body.
    ///
    /// # Errors
    /// [`Failure::Invalid`] with one fault for each place.
    pub fn check(
        &self,
        form: &Form,
        sent: Map<String, Json>,
        demand: Demand,
        at: &str,
        world: World<'_>,
    ) -> Result<Map<String, Json>, Failure> {
        let validator = self.of(form)?;
        let mut faults = Faults::default();
        let mut fields = Map::new();
        for (name, value) in sent {
            let pointer = format!("{at}/{}", pointer_token(&name));
            match form.field(&name) {
                None => faults.push(pointer, "unknown-field", unknown_field(form, &name)),
                Some(field) if field.read_only => faults.push(pointer, "read-only", read_only(field)),
                Some(_) if is_absent(&value) => {}
                Some(field) => {
                    check_values(&field.kind, &value, &pointer, world, &mut faults);
                    fields.insert(name, value);
                }
            }
        }
        let fields = Json::Object(fields);
        for error in validator.iter_errors(&fields) {
            let mut pointer = format!("{at}{}", error.instance_path().as_str());
            if let ValidationErrorKind::Required { property } = error.kind() {
                if demand == Demand::AsFarAsGiven {
                    continue;
                }
                pointer = format!("{pointer}/{}", pointer_token(property.as_str().unwrap_or_default()));
            }
            let name = pointer.trim_start_matches(at).trim_start_matches('/').split('/').next().unwrap_or_default();
            let field = form.fields.iter().find(|field| pointer_token(&field.name) == name);
            let (code, message) = message(field, error.kind());
            faults.push(pointer, code, message);
        }
        match (faults.0.is_empty(), fields) {
            (true, Json::Object(fields)) => Ok(fields),
            _ => Err(Failure::Invalid(faults.0.into_values().collect())),
        }
    }
}

/// The first fault of each place.
#[derive(Default)]
struct Faults(BTreeMap<String, Fault>);

impl Faults {
    fn push(&mut self, pointer: String, code: &'static str, message: Text) {
        self.0.entry(pointer.clone()).or_insert_with(|| Fault::new(pointer, code, message));
    }
}

/// What counts as not given: null, a text of spaces, an empty list.
fn is_absent(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.trim().is_empty(),
        Json::Array(all) => all.is_empty(),
        _ => false,
    }
}

fn check_values(kind: &FieldKind, value: &Json, pointer: &str, world: World<'_>, faults: &mut Faults) {
    match (kind, value) {
        (FieldKind::List(kind), Json::Array(all)) => {
            for (index, one) in all.iter().enumerate() {
                check_values(kind, one, &format!("{pointer}/{index}"), world, faults);
            }
        }
        (FieldKind::Unit, Json::String(_)) => {
            let known = matches!(Value::from_json(value, kind), Value::Unit(unit) if exists_unit(world.org, unit));
            if !known {
                faults.push(
                    pointer.to_owned(),
                    "unknown-unit",
                    Text::new("没有这个单位，请重新选择", "there is no such unit: choose again"),
                );
            }
        }
        (FieldKind::Person, Json::String(_)) => {
            let known =
                matches!(Value::from_json(value, kind), Value::Person(person) if exists_person(world.org, person));
            if !known {
                faults.push(
                    pointer.to_owned(),
                    "unknown-person",
                    Text::new("没有这个人员，请重新选择", "there is no such person: choose again"),
                );
            }
        }
        (FieldKind::Entry { dictionary }, Json::String(entry)) => {
            let found = world.registry.dictionaries.get(dictionary);
            if found.is_some_and(|dictionary| dictionary.entry(entry).is_none()) {
                let message = Text::new(
                    format!("“{entry}”不在可选项中，请重新选择"),
                    format!("“{entry}” is not one of the options: choose again"),
                );
                faults.push(pointer.to_owned(), "unknown-entry", message);
            }
        }
        (FieldKind::Number, Json::Number(number)) if digits(number) > EXACT_DIGITS => {
            let message = Text::new("数字最多 15 位有效数字", "a number has at most 15 significant digits");
            faults.push(pointer.to_owned(), "too-precise", message);
        }
        _ => {}
    }
}

fn exists_unit(org: &Org, unit: UnitId) -> bool {
    org.unit(unit).is_some()
}

fn exists_person(org: &Org, person: PersonId) -> bool {
    org.person(person).is_some_and(|person| person.active)
}

/// Significant digits of a JSON number.
fn digits(number: &serde_json::Number) -> usize {
    let text = number.to_string();
    let mantissa = text.split(['e', 'E']).next().unwrap_or_default();
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').trim_end_matches('0').len()
}

fn unknown_field(form: &Form, name: &str) -> Text {
    Text::new(
        format!("表单“{}”没有 `{name}` 这一项", form.title.zh),
        format!("the form “{}” has no field `{name}`", form.title.en),
    )
}

fn read_only(field: &Field) -> Text {
    Text::new(
        format!("“{}”由系统填写，不能修改", field.title.zh),
        format!("“{}” is filled in by the system", field.title.en),
    )
}

/// Our own words for what a schema refuses.
fn message(field: Option<&Field>, kind: &ValidationErrorKind) -> (&'static str, Text) {
    let (zh, en) = field.map_or(("此项", "this"), |field| (field.title.zh.as_str(), field.title.en.as_str()));
    let text = |code, zh: String, en: String| (code, Text::new(zh, en));
    match kind {
        ValidationErrorKind::Required { .. } => text("required", format!("请填写“{zh}”"), format!("fill in “{en}”")),
        ValidationErrorKind::MaxLength { limit } => {
            text("too-long", format!("“{zh}”最多 {limit} 个字"), format!("“{en}” has at most {limit} characters"))
        }
        ValidationErrorKind::MinLength { limit } => {
            text("too-short", format!("“{zh}”至少 {limit} 个字"), format!("“{en}” has at least {limit} characters"))
        }
        ValidationErrorKind::MaxItems { limit } => {
            text("too-many", format!("“{zh}”最多选 {limit} 项"), format!("“{en}” has at most {limit} values"))
        }
        ValidationErrorKind::MinItems { limit } => {
            text("too-few", format!("“{zh}”至少选 {limit} 项"), format!("“{en}” has at least {limit} values"))
        }
        ValidationErrorKind::Maximum { limit } => {
            text("too-large", format!("“{zh}”不能大于 {limit}"), format!("“{en}” is at most {limit}"))
        }
        ValidationErrorKind::Minimum { limit } => {
            text("too-small", format!("“{zh}”不能小于 {limit}"), format!("“{en}” is at least {limit}"))
        }
        ValidationErrorKind::Format { format } if format == "date" => {
            text("format", format!("“{zh}”应写成 2026-03-02"), format!("write “{en}” as 2026-03-02"))
        }
        ValidationErrorKind::Type { .. } => match field.map(|field| &field.kind) {
            Some(FieldKind::Number) => text("type", format!("“{zh}”应为数字"), format!("“{en}” is a number")),
            Some(FieldKind::List(_)) => text("type", format!("“{zh}”应为列表"), format!("“{en}” is a list")),
            Some(FieldKind::Bool) => text("type", format!("“{zh}”应为是或否"), format!("“{en}” is true or false")),
            _ => text("type", format!("“{zh}”应为文字"), format!("“{en}” is a text")),
        },
        ValidationErrorKind::Enum { .. } | ValidationErrorKind::Constant { .. } => {
            text("enum", format!("“{zh}”不在可选项中"), format!("“{en}” is not one of the options"))
        }
        ValidationErrorKind::UniqueItems => {
            text("repeated", format!("“{zh}”有重复"), format!("“{en}” repeats a value"))
        }
        ValidationErrorKind::Pattern { .. } => {
            text("pattern", format!("“{zh}”的格式不对"), format!("“{en}” has the wrong form"))
        }
        ValidationErrorKind::MultipleOf { multiple_of } => {
            text("step", format!("“{zh}”应为 {multiple_of} 的整数倍"), format!("“{en}” is a multiple of {multiple_of}"))
        }
        _ => text("invalid", format!("“{zh}”填写有误"), format!("“{en}” is not right")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_double_would_round_is_told() {
        for (number, count) in [("0.1", 1), ("100", 1), ("123456.789", 9), ("0.1234567890123456789", 17), ("1e300", 1)]
        {
            let number: serde_json::Number = serde_json::from_str(number).unwrap();
            assert_eq!(digits(&number), count, "{number}");
        }
    }

    #[test]
    fn spaces_and_empty_lists_are_nothing() {
        for value in [json!(null), json!(" \u{3000}\n"), json!([])] {
            assert!(is_absent(&value), "{value}");
        }
        for value in [json!(0), json!(false), json!("x"), json!([null])] {
            assert!(!is_absent(&value), "{value}");
        }
    }
}
