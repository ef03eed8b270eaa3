//! A module as a person sees it.

use docket_engine::{
    definition::{
        form::Form,
        module::{Colour, Entry, Kind, Module},
    },
    step,
    text::{Name, Text},
};

use super::{
    forms,
    items::Filter,
    labels,
    lists::{About, List},
};
use crate::{
    access::Fields,
    api::{
        caller::Caller,
        modules::{
            ColumnView, EntryView, ImportForm, ImportHeader, KindMay, ListView, ModuleKind, ModuleView, SortView,
        },
        views::Choice,
    },
    failure::Failure,
};

/// One module.
///
/// # Errors
/// [`Failure::NotFound`].
pub fn view(caller: &Caller, module: &str) -> Result<ModuleView, Failure> {
    let module = caller.published.registry.module(module).ok_or(Failure::NotFound)?;
    let kinds = module.kinds.iter().filter(|kind| !caller.visibility("read", &kind.name).is_never());
    Ok(ModuleView {
        name: module.name.to_string(),
        title: caller.text(&module.title),
        categories: categories(caller, module),
        charts: u32::try_from(module.cockpit.len()).unwrap_or(u32::MAX),
        kinds: kinds.filter_map(|kind| kind_view(caller, module, kind)).collect(),
    })
}

/// The module's categories with their titles, which some dictionary gives.
fn categories(caller: &Caller, module: &Module) -> Vec<Choice> {
    let dictionaries = &caller.published.registry.dictionaries;
    let title = |name: &Name| {
        let found = dictionaries.values().find_map(|dictionary| dictionary.entry(name));
        found.map_or_else(|| name.to_string(), |entry| caller.text(&entry.title))
    };
    module.categories.iter().map(|name| Choice { value: name.to_string(), title: title(name) }).collect()
}

fn kind_view(caller: &Caller, module: &Module, kind: &Kind) -> Option<ModuleKind> {
    let form = caller.published.registry.forms.get(&kind.form)?;
    let may = |action: &str| !caller.visibility(action, &kind.name).is_never();
    let list = List::new(caller, About { module, kind, form }, &["read"], &Filter::default()).ok()?;
    Some(ModuleKind {
        name: kind.name.to_string(),
        title: caller.text(&kind.title),
        form: forms::view(caller, form, &Fields::whole()),
        enter: if may("enter") { entries(caller, module, kind) } else { Vec::new() },
        lights: legend(kind).map(|colour| labels::light(caller, kind, colour)).collect(),
        list: ListView {
            columns: columns(kind)
                .filter(|column| list.may_show(column))
                .map(|column| column_view(caller, kind, form, column))
                .collect(),
            filters: kind.list.filters.iter().filter(|name| list.may_show(name)).map(ToString::to_string).collect(),
            sort: kind
                .list
                .sort
                .iter()
                .filter(|(by, _)| list.may_show(by))
                .map(|(by, descending)| SortView { by: by.to_string(), descending: *descending })
                .collect(),
        },
        import: kind.import.as_ref().map(|import| ImportForm {
            columns: import
                .columns
                .iter()
                .map(|column| ImportHeader { header: column.header.clone(), required: column.required })
                .collect(),
        }),
        may: KindMay { create: may("create"), import: may("import"), export: may("export") },
    })
}

/// The steps at which the caller may create an item, as far as that can be told before its fields are known.
fn entries(caller: &Caller, module: &Module, kind: &Kind) -> Vec<EntryView> {
    let forms = &caller.published.registry.forms;
    let may = step::enterable(&module.name, kind, &caller.app.context(caller.actor()));
    let view = |entry: &Entry| EntryView {
        node: entry.node.to_string(),
        title: caller.text(&labels::step(caller, kind, &entry.node)),
        form: entry
            .form
            .as_ref()
            .and_then(|form| forms.get(form))
            .map(|form| forms::view(caller, form, &Fields::whole())),
    };
    kind.enter.iter().filter(|entry| may.contains(&entry.node)).map(view).collect()
}

/// The colours that the kind uses, in the order of a legend.
fn legend(kind: &Kind) -> impl Iterator<Item = Colour> {
    Colour::ALL.into_iter().filter(|colour| kind.lights.iter().any(|light| light.colour == *colour))
}

/// The shown columns.
fn columns(kind: &Kind) -> impl Iterator<Item = &Name> {
    kind.list.columns.iter()
}

fn column_view(caller: &Caller, kind: &Kind, form: &Form, name: &Name) -> ColumnView {
    let choice = |value: &str, title: String| Choice { value: value.to_owned(), title };
    let field = form.field(name);
    let title = field.map(|field| field.title.clone()).or_else(|| labels::attribute(name));
    let (of, options) = match (name.as_str(), field) {
        (_, Some(field)) => (forms::kind_name(&field.kind), forms::options(caller, &field.kind)),
        ("light", None) => {
            let colours = legend(kind).map(|colour| labels::light(caller, kind, colour).title);
            let all = legend(kind).zip(colours).map(|(colour, title)| choice(colour.name(), title)).collect();
            ("light", Some(all))
        }
        ("state", None) => {
            let states = labels::STATES.into_iter();
            let all = states.map(|state| {
                choice(docket_engine::expr::scope::state(state), caller.text(&labels::state_title(state)))
            });
            ("state", Some(all.collect()))
        }
        ("stage", None) => {
            let stages = labels::stages(caller, kind).iter();
            ("stage", Some(stages.map(|(name, title)| choice(name, caller.text(title))).collect()))
        }
        ("year", None) => ("number", None),
        ("created_at", None) => ("text", None),
        (_, None) => ("date", None),
    };
    ColumnView {
        name: name.to_string(),
        title: caller.text(&title.unwrap_or_else(|| Text::same(name.to_string()))),
        kind: of.to_owned(),
        options,
    }
}
