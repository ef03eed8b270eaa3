//! Reads what an action, an end, an offer or a boundary event does, and for whom: `set`, `notify`, assignments.

use super::{expression, http, scope::Scope, send, workflow::Reader};
use crate::{
    check::{
        misplaced_act, missing_key, set_unknown_field, unknown_entry, unknown_post, unknown_template, unknown_word,
        wrong_type,
    },
    definition::{
        form::FieldKind,
        read::world::{Found, Known, World},
        workflow::{Act, Assign, Recipient, Target},
    },
    diagnostic::Faults,
    expr::{AstKind, Expr, Type},
    text::Name,
    value::Value,
    yaml::read::{At, Map, Want},
};

/// The states that `item.state` can be set to.
pub(crate) const STATES: [&str; 4] = ["open", "suspended", "done", "cancelled"];

/// The platform's attributes that `set` may write beside a form's fields.
const SETTABLE: [&str; 3] = ["state", "stage", "next_due"];

/// What stands where acts are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Where {
    /// An event of a node that has tasks.
    Tasks,
    /// An `action` node.
    Action,
    /// Anything else.
    Else,
}

/// Acts: a map `{set: …, notify: …, to: …}` or a list of such maps.
pub(crate) fn acts(at: At<'_>, scope: &Scope, reader: &Reader<'_>, faults: &mut Faults) -> Vec<Act> {
    read(at, Where::Else, scope, reader, faults)
}

/// The acts of an event; `tasks` says whether its node has tasks, which they may give to others.
pub(crate) fn of_event(at: At<'_>, tasks: bool, scope: &Scope, reader: &Reader<'_>, faults: &mut Faults) -> Vec<Act> {
    read(at, if tasks { Where::Tasks } else { Where::Else }, scope, reader, faults)
}

/// The acts of an `action`, which may ask another system.
pub(crate) fn of_action(at: At<'_>, scope: &Scope, reader: &Reader<'_>, faults: &mut Faults) -> Vec<Act> {
    let all = read(at, Where::Action, scope, reader, faults);
    if all.len() > 1 && all.iter().any(|act| matches!(act, Act::Http(_))) {
        faults.push(misplaced_act::not_alone(at.key_place()));
    }
    all
}

fn read(at: At<'_>, place: Where, scope: &Scope, reader: &Reader<'_>, faults: &mut Faults) -> Vec<Act> {
    if !at.is_map() && !at.is_list() {
        faults.push(wrong_type::fault(at, Want::MapOrMaps));
        return Vec::new();
    }
    let mut all = Vec::new();
    for at in at.one_or_many() {
        if let Some(mut map) = at.map(faults) {
            let set = map.take("set");
            all.extend(set.map(|at| sets(at, scope, reader, faults)).unwrap_or_default());
            all.extend(notice(&mut map, scope, reader, faults));
            all.extend(map.take("copy").map(|at| Act::Copy(recipients(at, scope, reader, faults))));
            all.extend(map.take("send").and_then(|at| send::read(at, scope, reader, faults)).map(Act::Send));
            all.extend(passing(&mut map, place, scope, reader, faults));
            let known = ["set", "notify", "copy", "send", "reassign", "http"];
            if known.iter().all(|key| at.get(key).is_none()) && !at.tree.entries().is_empty() {
                faults.push(missing_key::fault(at.place(), "set"));
            }
            map.finish(faults);
        }
    }
    all
}

/// The fields of `set`, in the written order.
pub(crate) fn sets(at: At<'_>, scope: &Scope, reader: &Reader<'_>, faults: &mut Faults) -> Vec<Act> {
    at.named(faults).into_iter().filter_map(|(name, at)| set(&name, at, scope, reader, faults)).collect()
}

fn set(written: &Name, at: At<'_>, scope: &Scope, reader: &Reader<'_>, faults: &mut Faults) -> Option<Act> {
    let (parent, field) = match written.split('.').collect::<Vec<_>>().as_slice() {
        ["item", "parent", field] => (true, Name::from(*field)),
        ["item", field] => (false, Name::from(*field)),
        _ => {
            faults.push(set_unknown_field::no_target(at.key_place(), written));
            expression::read(at, scope, &Type::Any, faults);
            return None;
        }
    };
    let value = match field.as_str() {
        "state" => closed(at, STATES.iter().copied(), faults)?,
        "stage" => match reader.stages(parent) {
            Some(stages) => closed(at, stages.iter().map(Name::as_str), faults)?,
            None => expression::word(at, at.text(faults)?, faults)?,
        },
        "next_due" => expression::read(at, scope, &Type::Date, faults)?,
        _ => field_value(parent, &field, written, at, scope, reader, faults)?,
    };
    Some(Act::Set { target: Target { parent, field }, value })
}

/// One word of a closed list.
fn closed<'a>(at: At<'_>, words: impl Iterator<Item = &'a str> + Clone, faults: &mut Faults) -> Option<Expr> {
    let text = at.text(faults)?;
    if words.clone().any(|word| word == text) {
        return expression::word(at, text, faults);
    }
    faults.push(unknown_word::fault(at.place(), text, words));
    None
}

fn field_value(
    parent: bool,
    field: &Name,
    written: &Name,
    at: At<'_>,
    scope: &Scope,
    reader: &Reader<'_>,
    faults: &mut Faults,
) -> Option<Expr> {
    let fields = if parent { &reader.parent_fields } else { &reader.fields };
    let Some(fields) = fields else {
        // Which items this runs on is not known; the value is checked as far as it can be.
        return expression::read(at, scope, &Type::Any, faults);
    };
    let Some(kind) = fields.get(field) else {
        let place = at.key_place();
        if super::scope::is_platform(field) {
            faults.push(set_unknown_field::platform_only(place, written));
        } else {
            let before = if parent { "item.parent." } else { "item." };
            let names = fields.keys().map(Name::as_str).chain(SETTABLE);
            let known: Vec<String> = names.map(|name| format!("{before}{name}")).collect();
            faults.push(set_unknown_field::fault(place, written, known.iter().map(String::as_str)));
        }
        expression::read(at, scope, &Type::Any, faults);
        return None;
    };
    let value = expression::read(at, scope, &Type::of_field(kind), faults)?;
    constant_fits(&value, kind, at, reader, faults);
    Some(value)
}

/// A constant for a dictionary's field or a choice must be one of its entries.
pub(crate) fn constant_fits(value: &Expr, kind: &FieldKind, at: At<'_>, reader: &Reader<'_>, faults: &mut Faults) {
    let AstKind::Literal(Value::Text(text)) = &value.ast().kind else { return };
    match kind {
        FieldKind::Entry { dictionary } => {
            if let Found::Whole(found) = reader.world.dictionary(dictionary)
                && found.entry(text).is_none()
            {
                let known = found.entries.iter().map(|entry| entry.name.as_str());
                faults.push(unknown_entry::fault(at.inside(value.ast().span.clone()), text, dictionary, known));
            }
        }
        FieldKind::Choice(options) if !options.iter().any(|(name, _)| *name == **text) => {
            let known = options.iter().map(|(name, _)| name.as_str());
            faults.push(unknown_word::fault(at.inside(value.ast().span.clone()), text, known));
        }
        _ => {}
    }
}

/// `notify` with its `to`, where the map has it.
fn notice(map: &mut Map<'_>, scope: &Scope, reader: &Reader<'_>, faults: &mut Faults) -> Option<Act> {
    let template = map.take("notify")?;
    let name = template.name(faults);
    if let Some(name) = &name
        && !reader.world.templates.contains(name)
    {
        let known = reader.world.templates.iter().map(Name::as_str);
        faults.push(unknown_template::fault(template.place(), name, known));
    }
    let to = map.need("to", faults)?;
    Some(Act::Notify { template: name?, to: recipients(to, scope, reader, faults) })
}

fn recipients(at: At<'_>, scope: &Scope, reader: &Reader<'_>, faults: &mut Faults) -> Vec<Recipient> {
    at.one_or_many().into_iter().filter_map(|at| recipient(at, scope, reader, faults)).collect()
}

/// `reassign` and `http`, where they may stand.
fn passing(map: &mut Map<'_>, place: Where, scope: &Scope, reader: &Reader<'_>, faults: &mut Faults) -> Vec<Act> {
    let mut all = Vec::new();
    if let Some(at) = map.take("reassign") {
        if place != Where::Tasks {
            faults.push(misplaced_act::reassign(at.key_place()));
        }
        all.push(Act::Reassign(
            at.one_or_many().into_iter().filter_map(|at| assign(at, scope, reader, faults)).collect(),
        ));
    }
    if let Some(at) = map.take("http") {
        if place != Where::Action {
            faults.push(misplaced_act::http(at.key_place()));
        }
        all.extend(http::read(at, scope, reader, faults).map(Act::Http));
    }
    all
}

fn recipient(at: At<'_>, scope: &Scope, reader: &Reader<'_>, faults: &mut Faults) -> Option<Recipient> {
    if at.is("assignees") {
        return Some(Recipient::Assignees);
    }
    if at.is_map() {
        return assign(at, scope, reader, faults).map(Recipient::Who);
    }
    expression::people(at, scope, faults).map(|person| Recipient::Who(Assign::Person(person)))
}

/// Who may do something: `{post: …, unit: …}` or `{person: …}`.
pub(crate) fn assign(at: At<'_>, scope: &Scope, reader: &Reader<'_>, faults: &mut Faults) -> Option<Assign> {
    assign_in(at, scope, reader.world, faults)
}

/// As [`assign`], outside a workflow.
pub(crate) fn assign_in(at: At<'_>, scope: &Scope, world: &World, faults: &mut Faults) -> Option<Assign> {
    let mut map = at.map(faults)?;
    let found = assign_of(&mut map, scope, world, faults);
    map.finish(faults);
    found
}

/// As [`assign`], with the keys of `map`, which may have others.
pub(crate) fn assign_of(map: &mut Map<'_>, scope: &Scope, world: &World, faults: &mut Faults) -> Option<Assign> {
    let post = map.take("post");
    let unit = map.take("unit");
    let person = map.take("person");
    if let Some(person) = person {
        for other in [post, unit].into_iter().flatten() {
            faults.push(wrong_type::exclusive(other.key_place(), "person", other.key_text()));
        }
        return expression::people(person, scope, faults).map(Assign::Person);
    }
    let Some(post) = post else {
        faults.push(missing_key::fault(map.at.place(), "post"));
        return None;
    };
    let posts = post.names(faults);
    for (name, at) in &posts {
        check_post(name, *at, world, faults);
    }
    let unit = match unit {
        Some(unit) => Some(expression::units(unit, scope, faults)?),
        None => None,
    };
    Some(Assign::Post { posts: posts.into_iter().map(|(name, _)| name).collect(), unit })
}

/// Reports a post that the organisation does not have.
fn check_post(name: &Name, at: At<'_>, world: &World, faults: &mut Faults) {
    match &world.organisation {
        Some(Known::Broken) => {}
        Some(Known::Whole(found)) => {
            if found.post(name).is_none() {
                let known = found.posts.iter().map(|post| post.name.as_str());
                faults.push(unknown_post::fault(at.place(), name, known));
            }
        }
        None => faults.push(unknown_post::no_organisation(at.place(), name)),
    }
}
