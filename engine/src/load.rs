//! From YAML files to definitions: everything is read, every fault reported at once.
//!
//! Documents are read kind by kind, each after those that it refers to; what a workflow and a module need to know of each
//! other comes from a first silent look (`definition/read/outline.rs`).

mod follow_ups;
mod sources;
mod titles;
mod version;

use std::{collections::BTreeMap, sync::Arc};

use jiff::civil::Date;
pub use version::load_version;

use crate::{
    check::{calendar_ends, no_kind_runs_workflow, unknown_module, unused_form},
    definition::{
        calendar::Calendar,
        read::{
            calendar, dictionary, form, module, organisation, outline, policy, template, workflow,
            world::{Known, Outline, World},
        },
        registry::{Bound, Registry},
        template::built_in,
        workflow::{Node, Workflow},
    },
    diagnostic::{Diagnostic, Faults},
    scenario::{self, Scenario},
    source::{File, Place},
    text::Name,
    yaml::read::At,
};
use sources::{Source, Sources};
use titles::Titles;

/// A document as found in a file, with what publishing it needs.
#[derive(Debug, Clone)]
pub struct Document {
    /// Its kind: `module`, `form`, `workflow`, `policy`, `dictionary`, `calendar`, `organisation`, `template`.
    pub kind: &'static str,
    /// Its name.
    pub name: Name,
    /// Content hash. A workflow's covers the forms that it uses.
    pub version: Name,
    /// The names and versions of the forms that a workflow uses.
    pub forms: Vec<(Name, Name)>,
    /// The file; where it holds several documents, one with this document alone.
    pub file: Arc<File>,
}

/// What came of loading.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// The definitions, if there is no error. Its `versions` holds the workflows just loaded.
    pub registry: Option<Registry>,
    /// The documents, if there is no error.
    pub documents: Vec<Document>,
    /// The scenarios, if there is no error.
    pub scenarios: Vec<Scenario>,
    /// All faults, by file and place.
    pub diagnostics: Vec<Diagnostic>,
    /// The calendars, with where each is named.
    calendars: Vec<(Place, Arc<Calendar>)>,
}

impl Loaded {
    /// What will go out of date, judged on `today`: loading itself knows no day. Warnings, by file and place.
    #[must_use]
    pub fn reminders(&self, today: Date) -> Vec<Diagnostic> {
        let mut faults = Faults::default();
        let workflows = self.registry.iter().flat_map(|registry| registry.workflows.values());
        let counts = workflows.flat_map(|bound| bound.workflow.nodes.values()).any(Node::counts_workdays);
        for (place, calendar) in self.calendars.iter().filter(|_| counts) {
            calendar_ends::check(place, &calendar.name, &calendar.years, today, &mut faults);
        }
        faults.sorted()
    }
}

/// Loads and checks `files` together; files that are not called `.yaml` or `.yml` are passed over.
#[must_use]
pub fn load(files: &[Arc<File>]) -> Loaded {
    let mut faults = Faults::default();
    let sources = Sources::of(files, &mut faults);
    let mut load = Load {
        sources,
        world: World::default(),
        registry: Registry::default(),
        documents: Vec::new(),
        calendars: Vec::new(),
        faults,
    };
    load.calendars();
    load.dictionaries();
    load.organisation();
    load.forms();
    load.outlines();
    load.templates();
    load.modules();
    load.workflows();
    load.policies();
    load.unused();
    let scenarios = load.scenarios();
    let sound = load.faults.errors() == 0;
    if !sound {
        let titles = Titles::of(&load.sources);
        let lost = load.sources.lost();
        load.faults.rework(|found| {
            follow_ups::leave_out(found, lost);
            for fault in found {
                titles.help(fault);
            }
        });
    }
    Loaded {
        registry: sound.then_some(load.registry),
        documents: if sound { load.documents } else { Vec::new() },
        scenarios: if sound { scenarios } else { Vec::new() },
        diagnostics: load.faults.sorted(),
        calendars: if sound { load.calendars } else { Vec::new() },
    }
}

struct Load {
    sources: Sources,
    world: World,
    registry: Registry,
    documents: Vec<Document>,
    calendars: Vec<(Place, Arc<Calendar>)>,
    faults: Faults,
}

impl Load {
    /// Reads every whole document of `kind`; the result is none where it has faults of its own.
    fn each<T>(
        &mut self,
        kind: &'static str,
        read: impl Fn(&Source, &World, &mut Faults) -> Option<T>,
    ) -> Vec<(Name, Option<T>)> {
        let mut all = Vec::new();
        for source in self.sources.of_kind(kind) {
            let before = self.faults.errors();
            let found = if source.whole { read(source, &self.world, &mut self.faults) } else { None };
            let sound = self.faults.errors() == before;
            if sound {
                self.documents.push(source.document());
            }
            all.push((source.name.clone(), found.filter(|_| sound)));
        }
        all
    }

    fn dictionaries(&mut self) {
        let read =
            |source: &Source, _: &World, faults: &mut Faults| dictionary::read(&source.name, source.root(), faults);
        for (name, found) in self.each("dictionary", read) {
            let found = found.map(Arc::new);
            self.registry.dictionaries.extend(found.clone().map(|found| (name.clone(), found)));
            self.world.dictionaries.insert(name, found.map_or(Known::Broken, Known::Whole));
        }
    }

    fn calendars(&mut self) {
        self.world.calendars = self.sources.of_kind("calendar").map(|source| source.name.clone()).collect();
        let read =
            |source: &Source, _: &World, faults: &mut Faults| calendar::read(&source.name, source.root(), faults);
        for (name, found) in self.each("calendar", read) {
            let Some(found) = found.map(Arc::new) else { continue };
            let named = self.sources.of_kind("calendar").find(|source| source.name == name);
            self.calendars.extend(named.map(|source| (source.named().place(), Arc::clone(&found))));
            self.registry.calendars.insert(name, found);
        }
    }

    fn organisation(&mut self) {
        let read = |source: &Source, world: &World, faults: &mut Faults| {
            organisation::read(&source.name, source.root(), world, faults)
        };
        // There is one organisation; `Sources` has reported a second one.
        for (_, found) in self.each("organisation", read) {
            let found = found.map(Arc::new);
            self.registry.organisation.clone_from(&found);
            self.world.organisation = Some(found.map_or(Known::Broken, Known::Whole));
        }
    }

    fn forms(&mut self) {
        let read = |source: &Source, world: &World, faults: &mut Faults| {
            form::read(&source.name, &source.version(), source.root(), world, faults)
        };
        for (name, found) in self.each("form", read) {
            let found = found.map(Arc::new);
            self.registry.forms.extend(found.clone().map(|found| (name.clone(), found)));
            self.world.forms.insert(name, found.map_or(Known::Broken, Known::Whole));
        }
    }

    /// What workflows and modules need to know of each other.
    fn outlines(&mut self) {
        self.world.kinds_whole = self.sources.modules_whole();
        for source in self.sources.of_kind("module") {
            self.world.kinds.extend(outline::kinds(&source.name, source.root()));
        }
        for source in self.sources.of_kind("workflow") {
            self.world.workflows.insert(source.name.clone(), outline::workflow(&source.tree, source.whole));
        }
        self.world.templates = self.sources.of_kind("template").map(|source| source.name.clone()).collect();
    }

    fn templates(&mut self) {
        let shown = template::shown(&self.world);
        let read = |source: &Source, _: &World, faults: &mut Faults| {
            template::read(&source.name, source.root(), shown.as_deref(), faults)
        };
        for (name, found) in self.each("template", read) {
            self.registry.templates.extend(found.map(|found| (name, Arc::new(found))));
        }
        for template in built_in() {
            self.registry.templates.entry(template.name.clone()).or_insert(template);
        }
    }

    fn modules(&mut self) {
        let read = |source: &Source, world: &World, faults: &mut Faults| {
            module::read(&source.name, source.root(), world, faults)
        };
        let found = self.each("module", read);
        self.registry.modules = found.into_iter().filter_map(|(_, found)| found.map(Arc::new)).collect();
        self.registry.modules.sort_by(|a, b| (a.order, &a.name).cmp(&(b.order, &b.name)));
    }

    fn workflows(&mut self) {
        let read = |source: &Source, world: &World, faults: &mut Faults| {
            workflow::read(&source.name, &source.version(), source.root(), world, faults)
        };
        for (name, found) in self.each("workflow", read) {
            let Some(found) = found else { continue };
            let bound = Arc::new(bind(found, &self.registry.forms));
            let forms: Vec<(Name, Name)> =
                bound.forms.iter().map(|(name, form)| (name.clone(), form.version.clone())).collect();
            let document =
                self.documents.iter_mut().find(|document| document.kind == "workflow" && document.name == name);
            if let Some(document) = document {
                document.version = bound.workflow.version.clone();
                document.forms = forms;
            }
            self.registry.versions.insert(bound.workflow.version.clone(), Arc::clone(&bound));
            self.registry.workflows.insert(name, bound);
        }
    }

    fn policies(&mut self) {
        let read = |source: &Source, world: &World, faults: &mut Faults| {
            policy::read(&source.name, source.root(), world, faults)
        };
        let found: Vec<_> = self.each("policy", read).into_iter().filter_map(|(_, found)| found).collect();
        policy::together(&found, &mut self.faults);
        let policies = found.into_iter().map(|placed| (placed.policy.name.clone(), Arc::new(placed.policy)));
        self.registry.policies.extend(policies);
    }

    /// Warns of what nothing uses. Where something is wrong, the fault may be that it is not used.
    fn unused(&mut self) {
        if self.faults.errors() > 0 {
            return;
        }
        for source in self.sources.of_kind("workflow") {
            if self.world.runners(&source.name).is_empty() {
                self.faults.push(no_kind_runs_workflow::fault(source.named().place(), &source.name));
            }
        }
        for source in self.sources.of_kind("form") {
            let by_kind = self
                .world
                .kinds
                .iter()
                .any(|kind| kind.form.as_ref() == Some(&source.name) || kind.entry_forms.contains(&source.name));
            let by_node = self.world.workflows.values().any(|outline| outline.forms.contains(&source.name));
            if !by_kind && !by_node {
                self.faults.push(unused_form::fault(source.named().place(), &source.name));
            }
        }
    }

    /// Scenarios are checked against definitions that are sound.
    fn scenarios(&mut self) -> Vec<Scenario> {
        if self.faults.errors() > 0 {
            return Vec::new();
        }
        let mut all = Vec::new();
        for source in self.sources.scenarios() {
            for at in source.root().get("scenarios").map_or_else(|| vec![source.root()], At::one_or_many) {
                if let Some(at) = at.get("module")
                    && let Some(module) = at.scalar()
                    && self.registry.module(&module.text).is_none()
                {
                    let known = self.registry.modules.iter().map(|module| module.name.as_str());
                    self.faults.push(unknown_module::fault(at.place(), &module.text, known));
                }
            }
            all.extend(scenario::read(source.root(), &self.registry, &mut self.faults));
        }
        all
    }
}

/// The workflow together with the forms that it uses; its version covers theirs.
fn bind(mut workflow: Workflow, forms: &BTreeMap<Name, Arc<crate::definition::form::Form>>) -> Bound {
    let used = Outline::of(&workflow).forms;
    let forms: BTreeMap<Name, Arc<_>> =
        used.into_iter().filter_map(|name| forms.get(&name).map(|form| (name, Arc::clone(form)))).collect();
    let mut covered = workflow.version.to_string();
    for (name, form) in &forms {
        covered.extend(["\n", name, " ", &form.version]);
    }
    workflow.version = sources::hash(&covered);
    Bound { workflow: Arc::new(workflow), forms }
}
