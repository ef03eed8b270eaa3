//! The form's own schema, as the last word on what a row may hold.

use docket_engine::definition::form::Form;
use jsonschema::{PatternOptions, Validator};
use serde_json::{Map, Value as Json};

use super::note::Refusal;

/// A form's schema, compiled.
#[derive(Debug)]
pub(super) struct Schema(Validator);

impl Schema {
    /// The schema of `form`.
    ///
    /// # Errors
    /// Where the published schema is none.
    pub(super) fn of(form: &Form) -> Result<Self, Refusal> {
        // The engine of linear time: a pattern must not be able to take for ever.
        let options = jsonschema::options().should_validate_formats(true).with_pattern_options(PatternOptions::regex());
        options.build(&form.schema).map(Self).map_err(|error| {
            Refusal::new(
                "bad-form",
                format!("表单“{}”的定义有误（{error}）。请联系系统管理员", form.title.zh),
                format!("the form “{}” is defined wrongly ({error}). Ask the system administrator", form.title.en),
            )
        })
    }

    /// The fields whose values it refuses, and why. What is missing altogether is not among them.
    pub(super) fn faults(&self, fields: Map<String, Json>) -> Vec<(String, String)> {
        let fields = Json::Object(fields);
        let errors = self.0.iter_errors(&fields);
        errors
            .filter_map(|error| {
                let path = error.instance_path().as_str();
                let field = path.trim_start_matches('/').split('/').next().filter(|name| !name.is_empty())?;
                Some((field.replace("~1", "/").replace("~0", "~"), error.to_string()))
            })
            .collect()
    }
}
