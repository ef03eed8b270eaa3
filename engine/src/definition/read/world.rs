//! What documents refer to: what the others define.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, OnceLock},
};

use super::links::Links;

use crate::{
    definition::{
        dictionary::Dictionary,
        form::Form,
        organisation::Organisation,
        registry::Registry,
        workflow::{CallItem, Ending, Node, NodeKind, Trigger, Workflow},
    },
    prove::Start,
    text::Name,
};

/// What the documents define.
#[derive(Debug, Clone, Default)]
pub(crate) struct World {
    /// Names of calendars.
    pub(crate) calendars: BTreeSet<Name>,
    /// Dictionaries, by name.
    pub(crate) dictionaries: BTreeMap<Name, Known<Arc<Dictionary>>>,
    /// The organisation form.
    pub(crate) organisation: Option<Known<Arc<Organisation>>>,
    /// Forms, by name.
    pub(crate) forms: BTreeMap<Name, Known<Arc<Form>>>,
    /// Forms that a workflow's own tasks and offers use in place of those of the same name in force.
    pub(crate) own_forms: BTreeMap<Name, Known<Arc<Form>>>,
    /// Names of templates.
    pub(crate) templates: BTreeSet<Name>,
    /// Kinds of all modules.
    pub(crate) kinds: Vec<KindFacts>,
    /// False where a module could not be read, so that kinds may be missing.
    pub(crate) kinds_whole: bool,
    /// Workflows, by name.
    pub(crate) workflows: BTreeMap<Name, Outline>,
    /// What follows from kinds and workflows together, once all of them are known.
    links: OnceLock<Links>,
}

/// Something that is defined: as it is, or with faults that are reported elsewhere.
#[derive(Debug, Clone)]
pub(crate) enum Known<T> {
    /// As it is.
    Whole(T),
    /// With faults: nothing that refers to it can be judged.
    Broken,
}

/// What came of looking something up.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Found<T> {
    /// It is there.
    Whole(T),
    /// It is there, with faults of its own.
    Broken,
    /// It is not there.
    Missing,
}

/// What the rest needs to know of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KindFacts {
    /// Its module.
    pub(crate) module: Name,
    /// Its name in the module.
    pub(crate) name: Name,
    /// Its form.
    pub(crate) form: Option<Name>,
    /// Its workflow.
    pub(crate) workflow: Option<Name>,
    /// The kind of its parent.
    pub(crate) parent: Option<Name>,
    /// The forms that are filled in where its workflow is entered at a node.
    pub(crate) entry_forms: Vec<Name>,
    /// The nodes at which its workflow can begin beside its start.
    pub(crate) entries: Vec<(Name, Start)>,
}

/// What the rest needs to know of a workflow.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outline {
    /// What it can end with.
    pub(crate) results: BTreeSet<Name>,
    /// The errors that it can end with.
    pub(crate) errors: BTreeSet<Name>,
    /// What it calls, node by node, and which errors are caught there.
    pub(crate) catches: Vec<Catch>,
    /// The workflows that it calls, each with the kind of the new item, or none for its own item.
    pub(crate) calls: BTreeSet<(Name, Option<Name>)>,
    /// The forms that its nodes use.
    pub(crate) forms: BTreeSet<Name>,
    /// The names of its nodes.
    pub(crate) nodes: BTreeSet<Name>,
    /// Those of them that are joins.
    pub(crate) joins: BTreeSet<Name>,
    /// The fields that it sets, of its own item or another one.
    pub(crate) writes: BTreeSet<Name>,
    /// The forms whose fields are written to the item.
    pub(crate) written_forms: BTreeSet<Name>,
    /// The messages that it waits for, each with the form of its data.
    pub(crate) messages: BTreeSet<(Name, Option<Name>)>,
    /// The names of its stage bar.
    pub(crate) stages: Vec<Name>,
    /// False where it could not be read.
    pub(crate) whole: bool,
}

/// The errors that a node catches of the workflow that it calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Catch {
    /// The called workflow.
    pub(crate) workflow: Name,
    /// The errors.
    pub(crate) errors: BTreeSet<Name>,
    /// Whether it catches all of them.
    pub(crate) any: bool,
}

impl Catch {
    /// Nothing is caught of this workflow.
    pub(crate) const fn nothing(workflow: Name) -> Self {
        Self { workflow, errors: BTreeSet::new(), any: false }
    }
}

fn find<'a, T>(map: &'a BTreeMap<Name, Known<T>>, name: &str) -> Found<&'a T> {
    match map.get(name) {
        Some(Known::Whole(found)) => Found::Whole(found),
        Some(Known::Broken) => Found::Broken,
        None => Found::Missing,
    }
}

impl World {
    /// What `registry` defines.
    pub(crate) fn of(registry: &Registry) -> Self {
        let whole = |form: &Arc<Form>| Known::Whole(Arc::clone(form));
        let mut world = Self { kinds_whole: true, ..Self::default() };
        world.calendars = registry.calendars.keys().cloned().collect();
        world.dictionaries =
            registry.dictionaries.iter().map(|(name, found)| (name.clone(), Known::Whole(Arc::clone(found)))).collect();
        world.organisation = registry.organisation.clone().map(Known::Whole);
        world.forms = registry.forms.iter().map(|(name, form)| (name.clone(), whole(form))).collect();
        world.templates = registry.templates.keys().cloned().collect();
        for module in &registry.modules {
            world.kinds.extend(module.kinds.iter().map(|kind| KindFacts {
                module: module.name.clone(),
                name: kind.name.clone(),
                form: Some(kind.form.clone()),
                workflow: kind.workflow.clone(),
                parent: kind.parent.clone(),
                entry_forms: kind.enter.iter().filter_map(|entry| entry.form.clone()).collect(),
                // Nothing new begins with an older version of a workflow.
                entries: Vec::new(),
            }));
        }
        world.workflows =
            registry.workflows.iter().map(|(name, bound)| (name.clone(), Outline::of(&bound.workflow))).collect();
        world
    }

    /// Whether some workflow writes a field of this name to an item.
    pub(crate) fn writes(&self, field: &Name) -> bool {
        self.workflows.values().any(|outline| {
            let of_form = |form: &Name| match self.form(form) {
                Found::Whole(form) => form.field(field).is_some(),
                Found::Broken | Found::Missing => true,
            };
            !outline.whole || outline.writes.contains(field) || outline.written_forms.iter().any(of_form)
        })
    }

    /// The form called `name`.
    pub(crate) fn form(&self, name: &str) -> Found<&Arc<Form>> {
        find(&self.forms, name)
    }

    /// The form called `name` as a workflow's own tasks and offers use it.
    pub(crate) fn own_form(&self, name: &str) -> Found<&Arc<Form>> {
        if self.own_forms.contains_key(name) { find(&self.own_forms, name) } else { self.form(name) }
    }

    /// The dictionary called `name`.
    pub(crate) fn dictionary(&self, name: &str) -> Found<&Arc<Dictionary>> {
        find(&self.dictionaries, name)
    }

    /// The form of a kind.
    pub(crate) fn form_of(&self, kind: &KindFacts) -> Found<&Arc<Form>> {
        match &kind.form {
            Some(form) => self.form(form),
            None => Found::Broken,
        }
    }

    /// The kind called `name` of the module called `module`.
    pub(crate) fn kind(&self, module: &str, name: &str) -> Option<&KindFacts> {
        self.kinds.iter().find(|kind| kind.module == *module && kind.name == *name)
    }

    /// The kinds whose items run the workflow called `workflow`: as their own, or because a workflow that they run calls it.
    pub(crate) fn runners(&self, workflow: &str) -> Vec<&KindFacts> {
        let found = self.links().runners.get(workflow);
        found.into_iter().flatten().filter_map(|index| self.kinds.get(*index)).collect()
    }

    /// The errors that come out of each workflow: its own, and those of what it calls that it does not catch.
    pub(crate) fn errors(&self) -> &BTreeMap<Name, BTreeSet<Name>> {
        &self.links().errors
    }

    fn links(&self) -> &Links {
        self.links.get_or_init(|| Links::of(self))
    }

    /// The nodes at which kinds let a workflow begin beside its start, each once.
    pub(crate) fn entries(&self, workflow: &Name) -> Vec<(Name, Start)> {
        let own = |kind: &&KindFacts| kind.workflow.as_ref() == Some(workflow) && kind.parent.is_none();
        let all: BTreeSet<&(Name, Start)> = self.kinds.iter().filter(own).flat_map(|kind| &kind.entries).collect();
        all.into_iter().cloned().collect()
    }
}

impl Outline {
    /// The outline of a workflow that has been read.
    pub(crate) fn of(workflow: &Workflow) -> Self {
        let mut outline = Self {
            stages: workflow.stages.iter().map(|(name, _)| name.clone()).collect(),
            whole: true,
            ..Self::default()
        };
        for node in workflow.nodes.values() {
            outline.nodes.insert(node.name.clone());
            if let NodeKind::Join(_) = node.kind {
                outline.joins.insert(node.name.clone());
            }
            outline.forms.extend(node.form().cloned());
            outline.catches.extend(catches(node));
            match &node.kind {
                NodeKind::Call(call) => {
                    outline.calls.insert((call.workflow.clone(), new_kind(&call.item)));
                }
                NodeKind::Stage(stage) => {
                    outline.forms.extend(stage.offers.iter().filter_map(|offer| offer.form.clone()));
                    outline.calls.extend(stage.every.iter().map(|every| (every.call.clone(), new_kind(&every.item))));
                    outline.calls.extend(stage.each.iter().map(|each| (each.call.clone(), new_kind(&each.item))));
                    let offered = stage.offers.iter().filter_map(|offer| offer.call.as_ref());
                    outline.calls.extend(offered.map(|call| (call.workflow.clone(), new_kind(&call.item))));
                }
                NodeKind::End(end) if end.how == Ending::Error => {
                    outline.errors.insert(end.result.clone());
                }
                NodeKind::End(end) => {
                    outline.results.insert(end.result.clone());
                }
                NodeKind::Task(_)
                | NodeKind::Wait(_)
                | NodeKind::Action(_)
                | NodeKind::Choose(_)
                | NodeKind::Any(_)
                | NodeKind::Fork(_)
                | NodeKind::Join(_) => {}
            }
        }
        outline
    }
}

fn catches(node: &Node) -> Vec<Catch> {
    let mut caught = Catch::nothing(Name::from(""));
    for boundary in &node.boundary {
        match &boundary.trigger {
            Trigger::Error(Some(error)) => {
                caught.errors.insert(error.clone());
            }
            Trigger::Error(None) => caught.any = true,
            _ => {}
        }
    }
    node.kind.calls().into_iter().map(|workflow| Catch { workflow, ..caught.clone() }).collect()
}

fn new_kind(item: &CallItem) -> Option<Name> {
    match item {
        CallItem::Same => None,
        CallItem::New { kind, .. } => Some(kind.clone()),
    }
}
