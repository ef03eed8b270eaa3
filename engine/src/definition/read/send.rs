//! Reads a message that is sent inside the case: `send: NAME`, or `send: {message, key, data}`.
//!
//! What other workflows wait for tells what it may hold: every field of its data is one of a form of a wait that hears it, and
//! where it has data at all it fills what such a form requires.

use super::{expression, scope::Scope, workflow::Reader, world::Found};
use crate::{
    check::unheard_message,
    definition::{form::Form, workflow::Send},
    diagnostic::Faults,
    expr::Type,
    text::Name,
    yaml::read::At,
};

/// The message behind `at`.
pub(crate) fn read(at: At<'_>, scope: &Scope, reader: &Reader<'_>, faults: &mut Faults) -> Option<Send> {
    if !at.is_map() {
        let name = at.name(faults)?;
        check_heard(&name, at, reader, faults);
        check_data(&name, &[], at, reader, faults);
        return Some(Send { name, key: None, data: Vec::new() });
    }
    let mut map = at.map(faults)?;
    let name = map.need_name("message", faults);
    let key = map.take("key").map(|at| expression::read(at, scope, &Type::Text, faults));
    let written = map.take("data").map(|at| at.named(faults)).unwrap_or_default();
    map.finish(faults);
    let (name, named) = name?;
    check_heard(&name, named, reader, faults);
    check_data(&name, &written, named, reader, faults);
    let mut data = Vec::new();
    for (field, at) in written {
        // Each form that has the field says of what type it is.
        let types = forms(&name, reader).filter_map(|form| form.field(&field)).map(|field| Type::of_field(&field.kind));
        let expected = types.reduce(|one, other| if one == other { one } else { Type::Any }).unwrap_or(Type::Any);
        data.extend(expression::read(at, scope, &expected, faults).map(|value| (field, value)));
    }
    Some(Send { name, key: key.map_or(Some(None), |key| key.map(Some))?, data })
}

/// The forms of the waits that hear a message.
fn forms<'a>(name: &'a Name, reader: &'a Reader<'_>) -> impl Iterator<Item = &'a Form> {
    let heard = reader.world.workflows.values().flat_map(|outline| &outline.messages);
    heard.filter(move |(message, _)| message == name).filter_map(|(_, form)| {
        match form.as_ref().map(|form| reader.world.own_form(form)) {
            Some(Found::Whole(form)) => Some(&**form),
            Some(Found::Broken | Found::Missing) | None => None,
        }
    })
}

/// Something must wait for the message.
fn check_heard(name: &Name, at: At<'_>, reader: &Reader<'_>, faults: &mut Faults) {
    let heard = || reader.world.workflows.values().flat_map(|outline| &outline.messages).map(|(message, _)| message);
    if reader.knows_all() && heard().all(|message| message != name) {
        faults.push(unheard_message::fault(at.place(), name, heard().map(Name::as_str)));
    }
}

/// What is given must be asked for, and what a form requires must be given.
fn check_data(name: &Name, given: &[(Name, At<'_>)], at: At<'_>, reader: &Reader<'_>, faults: &mut Faults) {
    if !reader.knows_all() {
        return;
    }
    for (field, at) in given {
        if forms(name, reader).all(|form| form.field(field).is_none()) {
            let known = forms(name, reader).flat_map(|form| form.fields.iter().map(|field| field.name.as_str()));
            faults.push(unheard_message::field(at.key_place(), name, field, known));
        }
    }
    let required = forms(name, reader).flat_map(|form| form.fields.iter().filter(|field| field.required));
    let lacking = required.map(|field| &field.name).find(|field| given.iter().all(|(name, _)| name != *field));
    if let Some(field) = lacking {
        faults.push(unheard_message::lacks(at.place(), name, field));
    }
}
