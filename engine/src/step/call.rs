//! Sub-workflows: a child begins, and its end resumes its caller in the same command.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Way,
    acts::stored,
    each::Place,
    run::{Run, Work, failed, faulty},
};
use crate::{
    case::{Caller, Ended, IncidentCause, Item, ItemState},
    definition::workflow::{Boundary, Call, CallItem, Node, NodeKind, Trigger, Workflow},
    event::Kind,
    id::{Id, PersonId},
    rejection::Rejection,
    text::Name,
    value::Value,
};

impl Run<'_> {
    pub(super) fn call(&mut self, instance: Id, token: u32, node: &Node, call: &Call) -> Result<(), Rejection> {
        if let Some(each) = &call.each {
            return self.call_each(Place { instance, token, node }, call, each);
        }
        let by = self.context.actor.person();
        let child = Child { by, pinned: call.pinned, ..Child::new(&call.workflow, &call.item) };
        self.begin_child(instance, token, node, &child)
    }

    /// Begins a child, at the latest version of its workflow or the pinned one.
    pub(super) fn begin_child(
        &mut self,
        instance: Id,
        token: u32,
        node: &Node,
        child: &Child<'_>,
    ) -> Result<(), Rejection> {
        let item = match child.item {
            CallItem::Same => self.instance(instance)?.item,
            CallItem::New { kind, set } => {
                let found = self.instance(instance)?;
                let facts = self.facts_of(found)?.with_element(child.element);
                let mut values = Vec::with_capacity(set.len());
                for (field, value) in set {
                    let value = value.eval(&facts).map_err(|error| faulty(found, &node.name, &error))?;
                    values.push((field.clone(), value));
                }
                let parent = self.item(self.instance(instance)?.item)?;
                let (module, parent) = (parent.module.clone(), parent.id);
                let item = self.new_item(self.fresh()?, Some(parent), module, kind.clone(), child.by);
                self.create_item(item, values)?
            }
        };
        let (member, offer, stage) = (child.member, child.offer.clone(), child.stage.clone());
        let pinned = self.instance(instance)?.pinned.get(child.workflow).filter(|_| child.pinned).cloned();
        let caller = Caller { instance, token, member, offer, stage };
        self.start_version(child.workflow, pinned.as_ref(), item, Some(caller), &node.name)
    }

    /// An item as it is at first.
    pub(super) fn new_item(
        &self,
        id: Id,
        parent: Option<Id>,
        module: Name,
        kind: Name,
        created_by: Option<PersonId>,
    ) -> Item {
        Item {
            id,
            parent,
            module,
            kind,
            state: ItemState::Open,
            stage: None,
            next_due: None,
            year: self.context.today().year(),
            suspended_on: None,
            fields: serde_json::Map::new(),
            participants: created_by.into_iter().collect::<BTreeSet<_>>(),
            created_at: self.now(),
            created_by,
        }
    }

    fn create_item(&mut self, mut item: Item, values: Vec<(Name, Value)>) -> Result<Id, Rejection> {
        for (field, value) in values {
            match (field.as_str(), value) {
                ("next_due", Value::Date(date)) => item.next_due = Some(date),
                ("stage", Value::Text(stage)) => item.stage = Some(stage.into()),
                (_, value) => {
                    let json = stored(&value);
                    if !json.is_null() {
                        item.fields.insert(field.to_string(), json);
                    }
                }
            }
        }
        let id = item.id;
        self.emit(Kind::ItemCreated { item })?;
        Ok(id)
    }

    /// Starts the latest version of `workflow` on an item. `node` is where the caller stands, for messages.
    pub(super) fn start(
        &mut self,
        workflow: &Name,
        item: Id,
        caller: Option<Caller>,
        node: &str,
    ) -> Result<(), Rejection> {
        self.start_version(workflow, None, item, caller, node)
    }

    /// As [`Run::start`], at a version where one is pinned.
    fn start_version(
        &mut self,
        workflow: &Name,
        version: Option<&Name>,
        item: Id,
        caller: Option<Caller>,
        node: &str,
    ) -> Result<(), Rejection> {
        let registry = &self.context.registry;
        let bound = match version {
            Some(version) => registry.versions.get(version),
            None => registry.workflows.get(workflow),
        };
        let Some(bound) = bound else {
            return Err(failed(workflow, node, "no workflow of this name is published"));
        };
        let (version, start) = (bound.workflow.version.clone(), bound.workflow.start.clone());
        let pinned = self.pinned(&bound.workflow);
        let instance = self.fresh()?;
        self.emit(Kind::InstanceStarted { instance, workflow: workflow.clone(), version, item, caller, pinned })?;
        self.work.push_back(Work::Enter { instance, token: 0, node: start });
        Ok(())
    }

    /// The versions in force of the workflows that a workflow calls pinned.
    pub(super) fn pinned(&self, workflow: &Workflow) -> BTreeMap<Name, Name> {
        let calls = workflow.nodes.values().filter_map(|node| match &node.kind {
            NodeKind::Call(call) if call.pinned => Some(&call.workflow),
            _ => None,
        });
        let found = calls.filter_map(|name| Some((name, self.context.registry.workflows.get(name)?)));
        found.map(|(name, bound)| (name.clone(), bound.workflow.version.clone())).collect()
    }

    /// A child has ended with an error: the nearest caller that catches it goes on, and what lies between is cancelled.
    /// Where none does, an administrator is needed.
    pub(super) fn fail(&mut self, child: Id) -> Result<(), Rejection> {
        let Some(Ended::Error(error)) = self.instance(child)?.ended.clone() else { return Ok(()) };
        let first = self.instance(child)?.caller.clone();
        let mut above = first.clone();
        while let Some(Caller { instance, token, stage, .. }) = above {
            let found = self.instance(instance)?;
            let Ok(standing) = self.token(instance, token) else { return Ok(()) };
            let (bound, workflow) = (self.bound(found)?, found.workflow.clone());
            let next = found.caller.clone();
            // A stage that its token has left, with its children running, catches nothing.
            let here = stage.as_ref().is_none_or(|stage| *stage == standing.node);
            let node = bound.workflow.nodes.get(&standing.node).filter(|_| here);
            let catches = |boundary: &&Boundary| matches!(&boundary.trigger, Trigger::Error(name) if name.as_ref().is_none_or(|name| *name == error));
            let caught = node.and_then(|node| Some((node, node.boundary.iter().position(|event| catches(&event))?)));
            if let Some((node, place)) = caught
                && let Some(boundary) = node.boundary.get(place)
            {
                self.take(&workflow, &node.name, Way::Boundary(place));
                return self.boundary(instance, token, node, boundary);
            }
            above = next;
        }
        match first {
            Some(Caller { instance, token, .. }) => {
                self.open_incident(instance, token, None, IncidentCause::Error { error })
            }
            None => Ok(()),
        }
    }

    /// A child has ended with a result: its caller goes on.
    pub(super) fn resume(&mut self, child: Id) -> Result<(), Rejection> {
        let child = self.instance(child)?;
        let (Some(caller), Some(Ended::With(result))) = (child.caller.clone(), child.ended.clone()) else {
            return Ok(());
        };
        let (id, item, workflow) = (child.id, child.item, child.workflow.clone());
        let found = self.instance(caller.instance)?;
        let Some(token) = found.tokens.iter().find(|token| token.id == caller.token) else {
            return Ok(());
        };
        let (bound, of) = (self.bound(found)?, found.workflow.clone());
        let stands = !token.transit && caller.stage.as_ref().is_none_or(|stage| *stage == token.node);
        let name = caller.stage.as_ref().unwrap_or(&token.node);
        let Some(node) = bound.workflow.nodes.get(name) else {
            return Err(failed(&of, name, "there is no such node"));
        };
        // A call that has gone on no longer hears of its children.
        let members = (!token.members.is_empty()).then_some(&token.members);
        let member = caller.member.and_then(|place| members?.get(usize::try_from(place).ok()?));
        if caller.stage.is_none() && (!stands || member.is_some_and(|member| member.child != Some(id))) {
            return Ok(());
        }
        self.take(&of, &node.name, Way::Result(result.clone()));
        let (instance, token) = (caller.instance, caller.token);
        match &node.kind {
            NodeKind::Call(call @ Call { each: Some(each), .. }) => {
                self.decide_call(Place { instance, token, node }, call, each)
            }
            NodeKind::Call(call) => {
                match call.results.iter().find(|known| known.result == result).map(|known| &known.to) {
                    Some(to) => self.go(instance, token, node, to),
                    None => {
                        Err(failed(&of, &node.name, format!("no way on from the result `{result}` of `{workflow}`")))
                    }
                }
            }
            NodeKind::Stage(stage) => {
                self.child_done((instance, token), node, stage, (&workflow, &result, item))?;
                if stands { self.stage_goes_on((instance, token), node, stage, &caller, &result) } else { Ok(()) }
            }
            _ => Err(failed(&of, &node.name, "the node calls nothing")),
        }
    }
}

/// A child that is to begin.
#[derive(Debug, Clone)]
pub(super) struct Child<'d> {
    pub(super) workflow: &'d Name,
    pub(super) item: &'d CallItem,
    /// Who creates its item; none for a timer.
    pub(super) by: Option<PersonId>,
    pub(super) member: Option<u32>,
    pub(super) offer: Option<Name>,
    pub(super) stage: Option<Name>,
    /// The element that it begins for.
    pub(super) element: Option<&'d Value>,
    /// Whether it runs at the version that was in force when its caller started.
    pub(super) pinned: bool,
}

impl<'d> Child<'d> {
    pub(super) const fn new(workflow: &'d Name, item: &'d CallItem) -> Self {
        Self { workflow, item, by: None, member: None, offer: None, stage: None, element: None, pinned: false }
    }
}
