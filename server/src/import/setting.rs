//! What an import is made with: the kind of items, the organisation, the chosen categories, the moment.

use std::sync::Arc;

use docket_engine::{
    command::Actor,
    context::Context,
    definition::{
        form::{Field, Form, WellKnown},
        module::{Import, Kind, Module},
        registry::Registry,
    },
    org::Org,
    text::Name,
};
use jiff::{Timestamp, tz::TimeZone};

use super::note::Refusal;

/// Everything but the file.
#[derive(Debug)]
pub struct Setting<'a> {
    /// The module.
    pub module: &'a Module,
    /// The kind of items.
    pub kind: &'a Kind,
    /// Its form.
    pub form: &'a Form,
    /// Its import.
    pub import: &'a Import,
    /// The chosen categories.
    pub chosen: Vec<Name>,
    /// Time, actor, organisation and definitions.
    pub context: Context,
}

impl<'a> Setting<'a> {
    /// The setting of an import of `kind` of `module`.
    ///
    /// # Errors
    /// Where there is no such kind, it has no import, or the categories do not fit.
    pub fn new(
        registry: &'a Arc<Registry>,
        org: &Arc<Org>,
        (module, kind): (&str, &str),
        categories: &[String],
        (now, zone, actor): (Timestamp, TimeZone, Actor),
    ) -> Result<Self, Refusal> {
        let found = registry.module(module).ok_or_else(|| no_module(registry, module))?;
        let of = found.kind(kind).ok_or_else(|| no_kind(found, kind))?;
        let (Some(import), Some(form)) = (&of.import, registry.forms.get(&of.form)) else {
            return Err(Refusal::new(
                "no-import",
                format!("“{}”的“{}”没有设置导入", found.title.zh, of.title.zh),
                format!("“{}” of “{}” has no import", of.title.en, found.title.en),
            ));
        };
        let chosen = chosen(found, form, categories)?;
        let context = Context { now, zone, actor, org: Arc::clone(org), registry: Arc::clone(registry) };
        Ok(Self { module: found, kind: of, form, import, chosen, context })
    }

    /// The field that plays a role.
    #[must_use]
    pub fn playing(&self, role: WellKnown) -> Option<&'a Field> {
        self.form.playing(role)
    }

    /// The field by which duplicates are found.
    #[must_use]
    pub fn identity(&self) -> Option<&'a Field> {
        self.form.playing(self.kind.identity?)
    }
}

/// The chosen categories; needed where the module has categories and the form a field for them (R23).
fn chosen(module: &Module, form: &Form, categories: &[String]) -> Result<Vec<Name>, Refusal> {
    if form.playing(WellKnown::Category).is_none() || module.categories.is_empty() {
        return Ok(Vec::new());
    }
    let all: Vec<&str> = module.categories.iter().map(|name| &**name).collect();
    if categories.is_empty() {
        return Err(Refusal::new(
            "no-category",
            format!("请先选择要导入的事项分类：{}", all.join("、")),
            format!("choose the categories to import first: {}", all.join(", ")),
        ));
    }
    let mut chosen: Vec<Name> = Vec::new();
    for category in categories {
        let Some(name) = module.categories.iter().find(|name| ***name == **category) else {
            return Err(Refusal::new(
                "unknown-category",
                format!("“{category}”不是“{}”的事项分类。可选：{}", module.title.zh, all.join("、")),
                format!("“{category}” is no category of “{}”. Possible: {}", module.title.en, all.join(", ")),
            ));
        };
        if !chosen.contains(name) {
            chosen.push(name.clone());
        }
    }
    Ok(chosen)
}

fn no_module(registry: &Registry, module: &str) -> Refusal {
    let all: Vec<&str> = registry.modules.iter().map(|module| &*module.name).collect();
    Refusal::new(
        "unknown-module",
        format!("没有模块“{module}”。现有模块：{}", all.join("、")),
        format!("there is no module “{module}”. Modules: {}", all.join(", ")),
    )
}

fn no_kind(module: &Module, kind: &str) -> Refusal {
    let all: Vec<&str> = module.kinds.iter().map(|kind| &*kind.name).collect();
    Refusal::new(
        "unknown-kind",
        format!("模块“{}”没有“{kind}”这一类。现有：{}", module.name, all.join("、")),
        format!("module “{}” has no kind “{kind}”. Kinds: {}", module.name, all.join(", ")),
    )
}
