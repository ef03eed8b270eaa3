//! Binds an older version of a workflow.

use std::{collections::BTreeMap, sync::Arc};

use super::{bind, sources::Sources};
use crate::{
    check::not_a_document,
    definition::{
        read::{
            form, workflow as reader,
            world::{Known, World},
        },
        registry::{Bound, Registry},
    },
    diagnostic::{Diagnostic, Faults},
    source::{File, Place},
};

/// Binds an older workflow version to the forms that it was published with, so that its instances can go on.
///
/// Forms of `forms` take the place of those in force for this workflow's own tasks and offers; items keep the forms in force.
///
/// # Errors
/// The faults, where the sources no longer load.
pub fn load_version(workflow: &Arc<File>, forms: &[Arc<File>], current: &Registry) -> Result<Bound, Vec<Diagnostic>> {
    let mut faults = Faults::default();
    let mut world = World::of(current);
    let mut bound_forms = BTreeMap::new();
    let sources = Sources::of(forms, &mut faults);
    for source in sources.of_kind("form") {
        if let Some(found) = form::read(&source.name, &source.version(), source.root(), &world, &mut faults) {
            bound_forms.insert(source.name.clone(), Arc::new(found));
        }
    }
    for (name, form) in &bound_forms {
        world.own_forms.insert(name.clone(), Known::Whole(Arc::clone(form)));
    }
    let sources = Sources::of(std::slice::from_ref(workflow), &mut faults);
    let Some(source) = sources.of_kind("workflow").next() else {
        faults.push(not_a_document::no_map(Place::new(Arc::clone(workflow), 0..0)));
        return Err(faults.sorted());
    };
    let found = reader::read(&source.name, &source.version(), source.root(), &world, &mut faults);
    match found {
        Some(found) if faults.errors() == 0 => Ok(bind(found, &bound_forms)),
        _ => Err(faults.sorted()),
    }
}
