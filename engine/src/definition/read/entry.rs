//! Reads a kind's `enter` and `reopen`: the nodes at which its workflow may begin.

use super::{
    acts::assign_in,
    scope,
    world::{Found, KindFacts, World},
};
use crate::{
    check::{bad_entry, set_unknown_field, set_wrong_type, unknown_form, unknown_node},
    definition::module::Entry,
    diagnostic::Faults,
    expr::Type,
    text::Name,
    yaml::read::At,
};

/// `{NODE: {who, form}}`; `form` only where `forms` says so.
pub(crate) fn read(at: At<'_>, kind: &KindFacts, forms: bool, world: &World, faults: &mut Faults) -> Vec<Entry> {
    let Some(workflow) = &kind.workflow else {
        faults.push(bad_entry::no_workflow(at.key_place(), &kind.name));
        return Vec::new();
    };
    if kind.parent.is_some() {
        faults.push(bad_entry::below(at.key_place(), &kind.name));
    }
    let scope = scope::workflow(&[kind], &[], world);
    let mut entries = Vec::new();
    for (node, at) in at.named(faults) {
        check_node(&node, at, workflow, world, faults);
        let Some(mut map) = at.map(faults) else { continue };
        let who = map.need("who", faults).and_then(|at| assign_in(at, &scope, world, faults));
        let form = if forms { map.take("form").and_then(|at| form(at, kind, world, faults)) } else { None };
        map.finish(faults);
        entries.extend(who.map(|who| Entry { node, who, form }));
    }
    entries
}

fn check_node(node: &Name, at: At<'_>, workflow: &Name, world: &World, faults: &mut Faults) {
    let Some(outline) = world.workflows.get(workflow).filter(|outline| outline.whole) else { return };
    if outline.joins.contains(node) {
        faults.push(bad_entry::join(at.key_place(), node));
    } else if !outline.nodes.contains(node) {
        faults.push(unknown_node::fault(at.key_place(), node, outline.nodes.iter().map(Name::as_str)));
    }
}

/// A form whose fields are all the kind's own.
fn form(at: At<'_>, kind: &KindFacts, world: &World, faults: &mut Faults) -> Option<Name> {
    let name = at.name(faults)?;
    let found = match world.form(&name) {
        Found::Whole(found) => found,
        Found::Broken => return Some(name),
        Found::Missing => {
            faults.push(unknown_form::fault(at.place(), &name, world.forms.keys().map(Name::as_str)));
            return None;
        }
    };
    if let Found::Whole(own) = world.form_of(kind) {
        for field in &found.fields {
            match own.field(&field.name) {
                None => {
                    let known = own.fields.iter().map(|field| field.name.as_str());
                    faults.push(set_unknown_field::of_form(at.place(), &name, &field.name, known));
                }
                Some(target) => {
                    let (to, from) = (Type::of_field(&target.kind), Type::of_field(&field.kind));
                    if !to.accepts(&from) {
                        let (from, to) = (from.title(), to.title());
                        faults.push(set_wrong_type::fault(at.place(), &name, &field.name, &from, &to));
                    }
                }
            }
        }
    }
    Some(name)
}
