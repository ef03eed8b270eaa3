//! The notices' templates, compiled once when definitions are published. User text is data, never compiled.

use docket_engine::{
    definition::registry::Template,
    text::{Name, Text},
};
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

/// The texts of a template, each compiled by itself.
const PARTS: [&str; 4] = ["title.zh", "title.en", "body.zh", "body.en"];

impl Templates {
    /// Compiles templates.
    ///
    /// # Errors
    /// A text that is no template, in English; checked before it was published.
    pub fn compile<'a>(templates: impl Iterator<Item = &'a Template>) -> Result<Self, String> {
        let mut registry = Handlebars::new();
        // Notices are plain text, shown as such.
        registry.register_escape_fn(handlebars::no_escape);
        for template in templates {
            let texts = [&template.title.zh, &template.title.en, &template.body.zh, &template.body.en];
            for (part, text) in PARTS.into_iter().zip(texts) {
                let name = format!("{}.{part}", template.name);
                registry.register_template_string(&name, text).map_err(|error| format!("{name}: {error}"))?;
            }
        }
        Ok(Self { registry })
    }

    /// Renders the template called `name`. Line breaks become spaces: a title is one line wherever it goes.
    ///
    /// # Errors
    /// What failed, in English: there is no such template, or it needs data that is not there.
    pub fn render(&self, name: &Name, data: &Map<String, Json>) -> Result<Rendered, String> {
        // A node's title comes in both languages.
        let said = |part: &str| {
            let language = part.rsplit('.').next().unwrap_or_default();
            let mut data = data.clone();
            if let Some(title) = data.get("node").and_then(|node| node.get(language)).cloned() {
                data.insert("node".to_owned(), title);
            }
            data
        };
        let part = |part: &str| {
            self.registry
                .render(&format!("{name}.{part}"), &said(part))
                .map_err(|error| format!("template `{name}`: {error}"))
        };
        let one_line = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(Rendered {
            title: Text::new(one_line(part("title.zh")?), one_line(part("title.en")?)),
            body: Text::new(part("body.zh")?, part("body.en")?),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_people_wrote_is_data_and_never_a_template() {
        let template = Template {
            name: "late".into(),
            title: Text::new("【超期】{{item.title}}", "[Overdue] {{item.title}}"),
            body: Text::new("“{{item.title}}”的{{node}}已超期", "{{node}} of “{{item.title}}” is overdue"),
        };
        let templates = Templates::compile([&template].into_iter()).unwrap();
        let data = json!({"item": {"title": "<b>{{today}}</b>\n\"=1\""}, "node": {"zh": "填报", "en": "The report"}});
        let rendered = templates.render(&"late".into(), data.as_object().unwrap()).unwrap();
        assert_eq!(rendered.title.zh, "【超期】<b>{{today}}</b> \"=1\"");
        assert_eq!(rendered.body.en, "The report of “<b>{{today}}</b>\n\"=1\"” is overdue");
        assert!(templates.render(&"none".into(), &Map::new()).unwrap_err().contains("none"));
    }
}
