//! A JSON body, bounded, and checked against the schema that the OpenAPI document shows, so that every fault is told with
//! its place and nothing unknown passes.

use docket_engine::text::Text;
use poem::{Request, RequestBody};
use poem_openapi::{
    payload::{ParsePayload, Payload},
    registry::{MetaSchema, MetaSchemaRef, Registry},
    types::{ParseFromJSON, Type},
};
use serde_json::Value as Json;

use crate::failure::{Failure, Fault, pointer_token};

/// The largest JSON body, in bytes.
pub const MAX_BODY: usize = 1 << 20;
/// The deepest nesting of a JSON body.
pub const MAX_DEPTH: usize = 32;

/// A JSON body of type `T`.
pub struct Input<T>(pub T);

impl<T: Type> Payload for Input<T> {
    const CONTENT_TYPE: &'static str = "application/json";

    fn check_content_type(content_type: &str) -> bool {
        content_type.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
    }

    fn schema_ref() -> MetaSchemaRef {
        T::schema_ref()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: ParseFromJSON> ParsePayload for Input<T> {
    const IS_REQUIRED: bool = true;

    async fn from_request(_: &Request, body: &mut RequestBody) -> poem::Result<Self> {
        Ok(Self(read(&body.take()?.into_bytes_limit(MAX_BODY).await?)?))
    }
}

/// What a body holds, checked against the schema of `T`.
///
/// # Errors
/// [`Failure::Malformed`] where it is no JSON; [`Failure::Invalid`] with every fault.
pub fn read<T: ParseFromJSON>(body: &[u8]) -> Result<T, Failure> {
    let value: Json = serde_json::from_slice(body).map_err(|error| not_json(&error))?;
    let mut registry = Registry::new();
    T::register(&mut registry);
    let mut faults = Vec::new();
    check(&value, &T::schema_ref(), &registry, String::new(), 0, &mut faults);
    if !faults.is_empty() {
        return Err(Failure::Invalid(faults));
    }
    T::parse_from_json(Some(value)).map_err(|error| Failure::invalid("", "type", Text::same(error.into_message())))
}

poem_openapi::impl_apirequest_for_payload!(Input<T>, T: ParseFromJSON);

fn not_json(error: &serde_json::Error) -> Failure {
    let (line, column) = (error.line(), error.column());
    Failure::Malformed(Text::new(
        format!("内容不是正确的 JSON：第 {line} 行第 {column} 列"),
        format!("the body is not JSON: line {line}, column {column}"),
    ))
}

/// Collects the faults of `value` against `schema`: types, required and unknown fields, enumerations, depth.
fn check(
    value: &Json,
    schema: &MetaSchemaRef,
    registry: &Registry,
    pointer: String,
    depth: usize,
    faults: &mut Vec<Fault>,
) {
    if depth > MAX_DEPTH {
        faults.push(Fault::new(pointer, "depth", Text::new("嵌套过深", "nested too deeply")));
        return;
    }
    let schema: &MetaSchema = match schema {
        MetaSchemaRef::Inline(schema) => schema,
        MetaSchemaRef::Reference(name) => match registry.schemas.get(name) {
            Some(schema) => schema,
            None => return,
        },
    };
    match (schema.ty, value) {
        ("" | "any", value) => check_depth(value, pointer, depth, faults),
        ("object", Json::Object(fields)) => check_object(fields, schema, registry, &pointer, depth, faults),
        ("array", Json::Array(all)) => {
            if let Some(items) = &schema.items {
                for (index, element) in all.iter().enumerate() {
                    check(element, items, registry, format!("{pointer}/{index}"), depth + 1, faults);
                }
            }
        }
        ("string", Json::String(_)) if !schema.enum_items.is_empty() && !schema.enum_items.contains(value) => {
            let options: Vec<String> = schema.enum_items.iter().map(ToString::to_string).collect();
            let message = Text::new(
                format!("应为下列之一：{}", options.join("、")),
                format!("write one of {}", options.join(", ")),
            );
            faults.push(Fault::new(pointer, "enum", message));
        }
        ("string", Json::String(_)) | ("boolean", Json::Bool(_)) | ("number", Json::Number(_)) => {}
        ("integer", Json::Number(number)) if number.is_i64() || number.is_u64() => {}
        (expected, _) => faults.push(Fault::new(pointer, "type", wrong_type(expected))),
    }
}

fn check_object(
    fields: &serde_json::Map<String, Json>,
    schema: &MetaSchema,
    registry: &Registry,
    pointer: &str,
    depth: usize,
    faults: &mut Vec<Fault>,
) {
    for name in &schema.required {
        if fields.get(*name).is_none_or(Json::is_null) {
            let message = Text::new(format!("缺少 `{name}`"), format!("`{name}` is missing"));
            faults.push(Fault::new(format!("{pointer}/{}", pointer_token(name)), "required", message));
        }
    }
    for (name, value) in fields {
        let at = format!("{pointer}/{}", pointer_token(name));
        let known = schema.properties.iter().find(|(property, _)| property == name).map(|(_, schema)| schema);
        match (known, schema.additional_properties.as_deref()) {
            (Some(_), _) if value.is_null() => {}
            (Some(property), _) | (None, Some(property)) => check(value, property, registry, at, depth + 1, faults),
            (None, None) => {
                let message = Text::new(format!("没有 `{name}` 这一项"), format!("there is no `{name}` here"));
                faults.push(Fault::new(at, "unknown-field", message));
            }
        }
    }
}

/// Refuses nesting beyond [`MAX_DEPTH`] where the schema allows anything.
fn check_depth(value: &Json, pointer: String, depth: usize, faults: &mut Vec<Fault>) {
    let mut level: Vec<&Json> = vec![value];
    for _ in depth..=MAX_DEPTH {
        level = level
            .into_iter()
            .flat_map(|value| -> Vec<&Json> {
                match value {
                    Json::Array(all) => all.iter().collect(),
                    Json::Object(fields) => fields.values().collect(),
                    _ => Vec::new(),
                }
            })
            .collect();
        if level.is_empty() {
            return;
        }
    }
    faults.push(Fault::new(pointer, "depth", Text::new("嵌套过深", "nested too deeply")));
}

fn wrong_type(expected: &str) -> Text {
    let (zh, en) = match expected {
        "object" => ("应为对象", "an object is expected"),
        "array" => ("应为列表", "a list is expected"),
        "string" => ("应为文字", "a text is expected"),
        "boolean" => ("应为是或否", "true or false is expected"),
        "integer" => ("应为整数", "a whole number is expected"),
        _ => ("应为数字", "a number is expected"),
    };
    Text::new(zh, en)
}
