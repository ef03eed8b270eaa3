//! Reads a workflow: its head, its nodes, and its shape.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    node, outline,
    scope::{self, Scope},
    world::{Found, KindFacts, World},
};
use crate::{
    check::{
        flow::{Edge, Flow, Step},
        needs_not_met, soundness, unknown_form, unknown_node, wrong_type,
    },
    definition::{
        astray::astray,
        form::FieldKind,
        regions::regions,
        workflow::{End, Ending, Goto, Node, NodeKind, NotBy, Workflow},
    },
    diagnostic::Faults,
    expr::{Record, Type},
    source::Place,
    text::{Name, Text},
    yaml::read::{At, Map, Want},
};

/// What the readers of a workflow's parts know.
pub(crate) struct Reader<'a> {
    /// What other documents define.
    pub(crate) world: &'a World,
    /// The kinds whose items run this workflow.
    pub(crate) kinds: Vec<&'a KindFacts>,
    /// The fields of these items; none where they are not known.
    pub(crate) fields: Option<BTreeMap<Name, FieldKind>>,
    /// The fields of their parents; none where they are not known.
    pub(crate) parent_fields: Option<BTreeMap<Name, FieldKind>>,
    /// The facts of every expression.
    pub(crate) facts: Scope,
    /// The workflow.
    name: Name,
    /// The errors that come out of each workflow.
    errors: &'a BTreeMap<Name, BTreeSet<Name>>,
    /// The names of the nodes.
    nodes: BTreeSet<Name>,
    /// The nodes that open branches.
    splits: BTreeSet<Name>,
    /// The names of the stage bar.
    stages: Vec<Name>,
}

/// Where a node leads, gathered while it is read.
#[derive(Debug, Default)]
pub(crate) struct Ways {
    edges: Vec<Edge>,
    ends: BTreeMap<Name, Place>,
    /// Whether a target could not be read.
    gaps: bool,
}

impl Ways {
    /// Notes that something could not be read, which may lead anywhere.
    pub(crate) const fn gap(&mut self) {
        self.gaps = true;
    }
}

/// The workflow called `name` in `root`, at `version`.
pub(crate) fn read(name: &Name, version: &Name, root: At<'_>, world: &World, faults: &mut Faults) -> Option<Workflow> {
    let mut map = root.map(faults)?;
    map.take("workflow");
    let title = map.title_or(name, faults);
    let needs = map.take("needs").map(|at| at.names(faults)).unwrap_or_default();
    let start = map.need_name("start", faults);
    let stages = map.take("stages").map(|at| bar(at, faults)).unwrap_or_default();
    let written = map.need("nodes", faults).map(|at| at.named(faults)).unwrap_or_default();
    map.finish(faults);
    let reader = reader(name, &needs, &stages, &written, world);
    check_needs(&needs, &reader, faults);
    let before = faults.errors();
    let mut flow = Flow {
        start: start.as_ref().map_or_else(|| Name::from(""), |(name, _)| name.clone()),
        nodes: Vec::new(),
        gaps: false,
    };
    let mut nodes = BTreeMap::new();
    let mut ends = BTreeMap::new();
    for (node_name, at) in written {
        let mut ways = Ways::default();
        let node = node::read(&node_name, at, &reader, &mut ways, faults);
        flow.gaps |= ways.gaps || node.is_none();
        flow.nodes.push(Step {
            name: node_name.clone(),
            place: at.key_place(),
            automatic: node.as_ref().is_some_and(|node| is_automatic(&node.kind)),
            end: node.as_ref().is_some_and(|node| matches!(node.kind, NodeKind::End(_))),
            implicit: false,
            edges: ways.edges,
        });
        ends.append(&mut ways.ends);
        nodes.extend(node.map(|node| (node_name, node)));
    }
    for (result, place) in ends {
        let name = implicit_end(&result);
        flow.nodes.push(Step {
            name: name.clone(),
            place,
            automatic: false,
            end: true,
            implicit: true,
            edges: Vec::new(),
        });
        let kind = NodeKind::End(End { result, how: Ending::Normal, acts: Vec::new() });
        let title = Text::new("结束", "End");
        nodes.insert(name.clone(), Node { name, title, stage: None, kind, boundary: Vec::new(), lock: None });
    }
    let (start, at) = start?;
    if !reader.nodes.contains(&start) {
        faults.push(unknown_node::fault(at.place(), &start, reader.nodes.iter().map(Name::as_str)));
        flow.gaps = true;
    }
    let shape = flow.check(faults);
    let regions = regions(&start, &nodes);
    let astray = astray(&nodes);
    let follows_forms = nodes.values().any(follows_forms);
    let (name, version) = (name.clone(), version.clone());
    let workflow = Workflow { name, version, title, start, stages, nodes, regions, astray, follows_forms };
    // A node that could not be read as written may have lost ways: what its absence shows is no fault of the author's.
    if shape && faults.errors() == before {
        let entries = world.entries(&workflow.name);
        soundness::check(&workflow, &entries, &flow, &|form, field| reader.requires(form, field), faults);
    }
    Some(workflow)
}

/// The stage bar: a list of `name: title`.
fn bar(at: At<'_>, faults: &mut Faults) -> Vec<(Name, Text)> {
    let mut bar = Vec::new();
    for at in at.list(faults).unwrap_or_default() {
        match at.named_silently().as_slice() {
            [(name, title)] => bar.extend(title.words(faults).map(|title| (name.clone(), title))),
            _ => faults.push(wrong_type::fault(at, Want::Map)),
        }
    }
    bar
}

fn reader<'a>(
    name: &Name,
    needs: &[(Name, At<'_>)],
    stages: &[(Name, Text)],
    written: &[(Name, At<'_>)],
    world: &'a World,
) -> Reader<'a> {
    let kinds = world.runners(name);
    let needed: Vec<Name> = needs.iter().map(|(name, _)| name.clone()).collect();
    let below: Vec<Name> = needed.iter().filter_map(|name| name.strip_prefix("parent.")).map(Name::from).collect();
    let parents = scope::parents(&kinds, world).filter(|parents| !parents.is_empty());
    let mut forms = Record::default();
    for (node, at) in written {
        let asked = ["task", "wait"].iter().any(|kind| at.get(kind).is_some());
        let form = if asked { at.get("form").and_then(At::scalar).map(|form| form.text.as_str().into()) } else { None };
        if let Some(form) = form.or_else(|| outline::http_form(at.tree)) {
            let ty = match world.own_form(&form) {
                Found::Whole(form) => scope::of_form(form).into(),
                Found::Broken | Found::Missing => Type::Any,
            };
            forms.fields.insert(node.clone(), ty);
        }
    }
    Reader {
        fields: scope::fields(&kinds, &needed, world),
        parent_fields: parents.and_then(|parents| scope::fields(&parents, &below, world)),
        facts: scope::workflow(&kinds, &needed, world).with("forms", forms.into()),
        name: name.clone(),
        errors: world.errors(),
        nodes: written.iter().map(|(name, _)| name.clone()).collect(),
        splits: written
            .iter()
            .filter(|(_, at)| at.get("fork").is_some() || at.get("any").is_some())
            .map(|(name, _)| name.clone())
            .collect(),
        stages: stages.iter().map(|(name, _)| name.clone()).collect(),
        kinds,
        world,
    }
}

/// Every kind that runs the workflow must have the fields that it needs.
fn check_needs(needs: &[(Name, At<'_>)], reader: &Reader<'_>, faults: &mut Faults) {
    for (needed, at) in needs {
        for kind in &reader.kinds {
            let (owner, field) = match needed.strip_prefix("parent.") {
                None => (*kind, needed.as_str()),
                Some(field) => match kind.parent.as_ref().map(|parent| reader.world.kind(&kind.module, parent)) {
                    Some(Some(parent)) => (parent, field),
                    Some(None) => continue,
                    None => {
                        faults.push(needs_not_met::no_parent(at.place(), &kind.name, needed));
                        continue;
                    }
                },
            };
            if let Found::Whole(form) = reader.world.form_of(owner)
                && form.field(field).is_none()
                && !scope::is_platform(field)
            {
                faults.push(needs_not_met::fault(at.place(), &owner.name, &form.name, field));
            }
        }
    }
}

/// Whether a node can be open while a form that it reads is completed.
fn follows_forms(node: &Node) -> bool {
    let waits = !is_automatic(&node.kind) && !matches!(node.kind, NodeKind::End(_));
    let forms = |path: &[Name]| path.first().is_some_and(|first| *first == "forms");
    waits && node.expressions().iter().any(|expr| expr.reads().iter().any(|path| forms(path)))
}

/// Whether the platform runs a node by itself and at once.
const fn is_automatic(kind: &NodeKind) -> bool {
    matches!(kind, NodeKind::Action(_) | NodeKind::Choose(_) | NodeKind::Any(_) | NodeKind::Fork(_) | NodeKind::Join(_))
}

/// The name of the node that a target `{end: RESULT}` stands for.
fn implicit_end(result: &Name) -> Name {
    Name::from(format!("end:{result}"))
}

impl Reader<'_> {
    /// The words that `item.stage` (or that of the parent) can be set to; none where they are not known.
    pub(crate) fn stages(&self, parent: bool) -> Option<Vec<Name>> {
        let kinds = if parent { scope::parents(&self.kinds, self.world)? } else { self.kinds.clone() };
        let mut stages = if parent { Vec::new() } else { self.stages.clone() };
        for kind in kinds {
            if let Some(workflow) = &kind.workflow {
                let outline = self.world.workflows.get(workflow).filter(|outline| outline.whole)?;
                stages.extend(outline.stages.iter().cloned());
            }
        }
        (!stages.is_empty()).then_some(stages)
    }

    /// The bar entry that entering the node called `name` sets.
    pub(crate) fn stage_of(&self, name: &Name) -> Option<Name> {
        self.stages.contains(name).then(|| name.clone())
    }

    /// A target: the name of a node, or `{end: RESULT}`.
    pub(crate) fn target(&self, at: At<'_>, ways: &mut Ways, faults: &mut Faults) -> Option<Name> {
        let found = self.find_target(at, ways, faults);
        match &found {
            Some(to) => ways.edges.push(Edge { to: to.clone() }),
            None => ways.gaps = true,
        }
        found
    }

    /// Whether a field of a form must be filled in.
    pub(crate) fn requires(&self, form: &Name, field: &Name) -> bool {
        match self.world.own_form(form) {
            Found::Whole(form) => form.field(field).is_some_and(|field| field.required),
            Found::Broken | Found::Missing => false,
        }
    }

    /// Whether a node opens branches.
    pub(crate) fn opens_branches(&self, name: &Name) -> bool {
        self.splits.contains(name)
    }

    /// Where an outcome leads: a target, or `previous` or `starter`.
    pub(crate) fn goto(&self, at: At<'_>, ways: &mut Ways, faults: &mut Faults) -> Option<Goto> {
        for (word, goto) in [("previous", Goto::Previous), ("starter", Goto::Starter)] {
            if at.is(word) && !self.nodes.contains(&Name::from(word)) {
                return Some(goto);
            }
        }
        self.target(at, ways, faults).map(Goto::Node)
    }

    /// Who must not do a task: two words, or a node of this workflow.
    pub(crate) fn not_by(&self, at: At<'_>, faults: &mut Faults) -> Option<NotBy> {
        for (word, who) in [("creator", NotBy::Creator), ("starter", NotBy::Starter)] {
            if at.is(word) && !self.nodes.contains(&Name::from(word)) {
                return Some(who);
            }
        }
        self.sibling(at, faults).map(NotBy::Node)
    }

    /// The name of another node of this workflow.
    pub(crate) fn sibling(&self, at: At<'_>, faults: &mut Faults) -> Option<Name> {
        let name = at.name(faults)?;
        if self.nodes.contains(&name) {
            return Some(name);
        }
        faults.push(unknown_node::fault(at.place(), &name, self.nodes.iter().map(Name::as_str)));
        None
    }

    fn find_target(&self, at: At<'_>, ways: &mut Ways, faults: &mut Faults) -> Option<Name> {
        if at.is_map() {
            let mut map = at.map(faults)?;
            let result = map.need_name("end", faults);
            map.finish(faults);
            let (result, place) = result?;
            let name = implicit_end(&result);
            ways.ends.insert(result, place.place());
            return Some(name);
        }
        let name = at.name(faults)?;
        if self.nodes.contains(&name) {
            return Some(name);
        }
        faults.push(unknown_node::fault(at.place(), &name, self.nodes.iter().map(Name::as_str)));
        None
    }

    /// The target behind `key`, which must be there.
    pub(crate) fn need_target(
        &self,
        map: &mut Map<'_>,
        key: &'static str,
        ways: &mut Ways,
        faults: &mut Faults,
    ) -> Option<Name> {
        let Some(at) = map.need(key, faults) else {
            ways.gap();
            return None;
        };
        self.target(at, ways, faults)
    }

    /// The errors that can come out of these workflows.
    pub(crate) fn errors_of(&self, workflows: &[Name]) -> BTreeSet<Name> {
        workflows.iter().filter_map(|workflow| self.errors.get(workflow)).flatten().cloned().collect()
    }

    /// Whether all workflows could be read, so that what is not known of them is not there.
    pub(crate) fn knows_all(&self) -> bool {
        self.world.workflows.values().all(|outline| outline.whole)
    }

    /// Whether items run this workflow as their own, so that nobody above it catches an error.
    pub(crate) fn is_run_directly(&self) -> bool {
        self.world.kinds.iter().any(|kind| kind.workflow.as_ref() == Some(&self.name))
    }

    /// A form's name that must exist.
    pub(crate) fn form(&self, at: At<'_>, faults: &mut Faults) -> Option<Name> {
        let name = at.name(faults)?;
        if let Found::Missing = self.world.own_form(&name) {
            faults.push(unknown_form::fault(at.place(), &name, self.world.forms.keys().map(Name::as_str)));
        }
        Some(name)
    }
}
