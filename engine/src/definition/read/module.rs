//! Reads a program module: its kinds with their lights and lists, and its cockpit.

use super::{
    entry, expression, import,
    scope::{self, Scope},
    world::{Found, KindFacts, World},
};
use crate::{
    check::{
        bad_field, light_never_last_true, not_in_sql_subset, unknown_calendar, unknown_entry, unknown_field,
        unknown_form, unknown_kind, unknown_workflow, which_calendar,
    },
    definition::{
        form::{FieldKind, Form, WellKnown},
        module::{Chart, Colour, Kind, Light, List, Module},
    },
    diagnostic::Faults,
    expr::{self, AstKind, Expr},
    text::Name,
    value::Value,
    yaml::read::At,
};

/// Columns of a list that are no fields.
const COLUMNS: [&str; 8] = ["light", "state", "stage", "next_due", "suspended_on", "year", "created_at", "created_by"];

/// The module called `name` in `root`.
pub(crate) fn read(name: &Name, root: At<'_>, world: &World, faults: &mut Faults) -> Option<Module> {
    let mut map = root.map(faults)?;
    map.take("module");
    let title = map.title_or(name, faults);
    let order = map.take("order").and_then(|at| at.integer(faults)).unwrap_or_default();
    let calendar = calendar(name, map.take("calendar"), root, world, faults);
    let tags = map.take("categories").map(|at| at.names(faults)).unwrap_or_default();
    let kinds_at = map.need("kinds", faults);
    let mut kinds = Vec::new();
    for (kind, at) in kinds_at.map(|at| at.named(faults)).unwrap_or_default() {
        kinds.extend(self::kind(name, kind, at, world, faults));
    }
    categories(&tags, &kinds, world, faults);
    let charts = map.take("cockpit").and_then(|at| at.list(faults)).unwrap_or_default();
    map.finish(faults);
    let names: Vec<Name> =
        kinds_at.map(At::named_silently).unwrap_or_default().into_iter().map(|(name, _)| name).collect();
    let cockpit = charts.into_iter().filter_map(|at| chart(at, &names, faults)).collect();
    let categories = tags.into_iter().map(|(name, _)| name).collect();
    Some(Module { name: name.clone(), title, order, calendar, categories, kinds, cockpit })
}

/// The calendar that the module names; where there are several it must.
fn calendar(module: &Name, at: Option<At<'_>>, root: At<'_>, world: &World, faults: &mut Faults) -> Option<Name> {
    let known = || world.calendars.iter().map(Name::as_str);
    let Some(at) = at else {
        if world.calendars.len() > 1 {
            let place = root.get("module").unwrap_or(root).place();
            faults.push(which_calendar::fault(place, module, known()));
        }
        return None;
    };
    let name = at.name(faults)?;
    if !world.calendars.contains(&name) {
        faults.push(unknown_calendar::fault(at.place(), &name, known()));
    }
    Some(name)
}

/// A module's categories are entries of the dictionary that its kinds' category fields use.
fn categories(tags: &[(Name, At<'_>)], kinds: &[Kind], world: &World, faults: &mut Faults) {
    for kind in kinds {
        let Found::Whole(form) = world.form(&kind.form) else { continue };
        let Some(FieldKind::List(element)) = form.playing(WellKnown::Category).map(|field| &field.kind) else {
            continue;
        };
        let FieldKind::Entry { dictionary } = &**element else { continue };
        let Found::Whole(found) = world.dictionary(dictionary) else { continue };
        for (tag, at) in tags.iter().filter(|(tag, _)| found.entry(tag).is_none()) {
            let known = found.entries.iter().map(|entry| entry.name.as_str());
            faults.push(unknown_entry::fault(at.place(), tag, dictionary, known));
        }
        return;
    }
}

fn kind(module: &Name, name: Name, at: At<'_>, world: &World, faults: &mut Faults) -> Option<Kind> {
    let mut map = at.map(faults)?;
    let title = map.title_or(&name, faults);
    let form_name = map.need_name("form", faults);
    let workflow = map.take("workflow").and_then(|at| Some((at.name(faults)?, at)));
    let parent = map.take("parent").and_then(|at| Some((at.name(faults)?, at)));
    let form = form_name.as_ref().and_then(|(form, at)| known_form(form, *at, world, faults));
    if let Some((workflow, at)) = &workflow
        && !world.workflows.contains_key(workflow)
    {
        faults.push(unknown_workflow::fault(at.place(), workflow, world.workflows.keys().map(Name::as_str)));
    }
    if let Some((parent, at)) = &parent
        && world.kind(module, parent).is_none()
    {
        let known = world.kinds.iter().filter(|kind| kind.module == *module).map(|kind| kind.name.as_str());
        faults.push(unknown_kind::fault(at.place(), parent, known));
    }
    let identity = map.take("identity").and_then(|at| {
        let roles = WellKnown::ALL.map(|role| (role.name(), role));
        let role = at.choice(&roles, faults)?;
        if form.is_some_and(|form| form.playing(role).is_none()) {
            faults.push(plays_nothing(at, role, form_name.as_ref(), form));
        }
        Some(role)
    });
    if let (Some(form), Some((_, at))) = (form, &form_name) {
        hidden_fields(form, *at, faults);
    }
    let facts = world.kind(module, &name).map_or_else(Scope::default, |kind: &KindFacts| scope::light(kind, world));
    let lights = map.take("lights").map(|at| lights(at, &facts, faults)).unwrap_or_default();
    let list = map.take("list").and_then(|at| list(at, form, faults)).unwrap_or_default();
    let import = map.take("import").and_then(|at| import::read(at, form, faults));
    let known = world.kind(module, &name);
    let mut entries = |key: &'static str, forms: bool, faults: &mut Faults| {
        let at = map.take(key).zip(known);
        at.map(|(at, kind)| entry::read(at, kind, forms, world, faults)).unwrap_or_default()
    };
    let (enter, reopen) = (entries("enter", true, faults), entries("reopen", false, faults));
    map.finish(faults);
    let (workflow, parent) = (workflow.map(|(name, _)| name), parent.map(|(name, _)| name));
    Some(Kind { name, title, form: form_name?.0, workflow, parent, identity, lights, list, import, enter, reopen })
}

/// The form called `name`; reports one that does not exist.
fn known_form<'a>(name: &Name, at: At<'_>, world: &'a World, faults: &mut Faults) -> Option<&'a Form> {
    match world.form(name) {
        Found::Whole(form) => Some(form),
        Found::Broken => None,
        Found::Missing => {
            faults.push(unknown_form::fault(at.place(), name, world.forms.keys().map(Name::as_str)));
            None
        }
    }
}

/// A field that `item.NAME` would not find, because the platform means something else by the name.
fn hidden_fields(form: &Form, at: At<'_>, faults: &mut Faults) {
    for field in &form.fields {
        let role = WellKnown::ALL.into_iter().find(|role| role.name() == field.name.as_str());
        if scope::is_platform(&field.name) {
            faults.push(bad_field::taken(at.place(), &form.name, &field.name));
        } else if let Some(role) = role
            && field.role != Some(role)
        {
            faults.push(bad_field::unsaid(at.place(), &form.name, &field.name));
        }
    }
}

fn plays_nothing(
    at: At<'_>,
    role: WellKnown,
    name: Option<&(Name, At<'_>)>,
    form: Option<&Form>,
) -> crate::diagnostic::Diagnostic {
    let name = name.map_or("", |(name, _)| name.as_str());
    let of = (format!("表单 `{name}` 里，`x-field` "), format!("as `x-field`, the form `{name}`"));
    let playing = form.into_iter().flat_map(|form| &form.fields).filter_map(|field| field.role);
    unknown_field::fault(at.place(), role.name(), (&of.0, &of.1), playing.map(WellKnown::name))
}

fn lights(at: At<'_>, facts: &Scope, faults: &mut Faults) -> Vec<Light> {
    let colours = Colour::ALL.map(|colour| (colour.name(), colour));
    let mut lights = Vec::new();
    let mut last = None;
    for at in at.list(faults).unwrap_or_default() {
        let Some(mut map) = at.map(faults) else { continue };
        let colour = map.need("light", faults).and_then(|at| at.choice(&colours, faults));
        let title = map.need("title", faults).and_then(|at| at.words(faults));
        let when_at = map.need("when", faults);
        let when = when_at.and_then(|at| subset(at, facts, faults));
        map.finish(faults);
        last = when_at.zip(when.clone());
        if let (Some(colour), Some(title), Some(when)) = (colour, title, when) {
            lights.push(Light { colour, title, when });
        }
    }
    if let Some((at, when)) = last
        && when.ast().kind != AstKind::Literal(Value::Bool(true))
    {
        faults.push(light_never_last_true::fault(at.place()));
    }
    lights
}

/// A condition that the database can evaluate.
pub(crate) fn subset(at: At<'_>, facts: &Scope, faults: &mut Faults) -> Option<Expr> {
    let found = expression::condition(at, facts, faults)?;
    match expr::sql_subset(&found) {
        Ok(()) => Some(found),
        Err(all) => {
            for fault in all {
                faults.push(not_in_sql_subset::fault(at.inside(fault.span), fault.message, fault.help));
            }
            None
        }
    }
}

fn list(at: At<'_>, form: Option<&Form>, faults: &mut Faults) -> Option<List> {
    let mut map = at.map(faults)?;
    let mut columns = |key: &'static str, faults: &mut Faults| -> Vec<(Name, At<'_>)> {
        map.take(key).map(|at| at.names(faults)).unwrap_or_default()
    };
    let (shown, filters, sort) = (columns("columns", faults), columns("filters", faults), columns("sort", faults));
    map.finish(faults);
    let mut list = List::default();
    for (name, at) in shown {
        check_column(&name, at, form, faults);
        list.columns.push(name);
    }
    for (name, at) in filters {
        check_column(&name, at, form, faults);
        list.filters.push(name);
    }
    for (name, at) in sort {
        let descends = name.starts_with('-');
        let name = Name::from(name.trim_start_matches('-'));
        check_column(&name, at, form, faults);
        list.sort.push((name, descends));
    }
    Some(list)
}

/// A column is `light`, an attribute of the platform, a well-known field, or a field of the form.
fn check_column(name: &Name, at: At<'_>, form: Option<&Form>, faults: &mut Faults) {
    let Some(form) = form else { return };
    let role = |name: &str| WellKnown::ALL.into_iter().find(|role| role.name() == name);
    let plays = role(name).is_some_and(|role| form.playing(role).is_some());
    if COLUMNS.contains(&name.as_str()) || plays || form.field(name).is_some() {
        return;
    }
    let of = (format!("表单 `{}` ", form.name), format!("the form `{}`", form.name));
    let known = form.fields.iter().map(|field| field.name.as_str()).chain(COLUMNS);
    faults.push(unknown_field::fault(at.place(), name, (&of.0, &of.1), known));
}

fn chart(at: At<'_>, kinds: &[Name], faults: &mut Faults) -> Option<Chart> {
    let pivots = [WellKnown::Leader, WellKnown::LeadUnit].map(|role| (role.name(), role));
    let mut map = at.map(faults)?;
    map.need("chart", faults).and_then(|at| at.choice(&[("lights", ())], faults));
    let of = map.need_name("of", faults);
    let by = map.need("by", faults).and_then(|at| at.choice(&pivots, faults));
    let title = map.need("title", faults).and_then(|at| at.words(faults));
    map.finish(faults);
    let (kind, of_at) = of?;
    if !kinds.contains(&kind) {
        faults.push(unknown_kind::fault(of_at.place(), &kind, kinds.iter().map(Name::as_str)));
    }
    Some(Chart { kind, title: title?, by: by? })
}
