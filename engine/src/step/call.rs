//! Sub-workflows: a child begins, and its end resumes its caller in the same command.

use std::collections::BTreeSet;

use super::{
    Way,
    acts::{Around, stored},
    run::{Run, Work, failed},
};
use crate::{
    case::{Caller, Ended, IncidentCause, Item, ItemState},
    definition::workflow::{Boundary, Call, CallItem, Node, NodeKind, Trigger},
    event::Kind,
    id::{Id, PersonId},
    rejection::Rejection,
    text::Name,
    value::Value,
};

impl Run<'_> {
    pub(super) fn call(&mut self, instance: Id, token: u32, node: &Node, call: &Call) -> Result<(), Rejection> {
        let by = self.context.actor.person();
        self.begin_child(instance, token, node, &call.workflow, &call.item, by)
    }

    /// Begins a child of `workflow`, at its latest version.
    pub(super) fn begin_child(
        &mut self,
        instance: Id,
        token: u32,
        node: &Node,
        workflow: &Name,
        item: &CallItem,
        by: Option<PersonId>,
    ) -> Result<(), Rejection> {
        let item = match item {
            CallItem::Same => self.instance(instance)?.item,
            CallItem::New { kind, set } => {
                let mut values = Vec::with_capacity(set.len());
                for (field, value) in set {
                    values.push((field.clone(), self.eval(instance, &node.name, value)?));
                }
                let parent = self.item(self.instance(instance)?.item)?;
                let (module, parent) = (parent.module.clone(), parent.id);
                let item = self.new_item(self.fresh()?, Some(parent), module, kind.clone(), by);
                self.create_item(item, values)?
            }
        };
        self.start(workflow, item, Some(Caller { instance, token, member: None, offer: None }), &node.name)
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
        let Some(bound) = self.context.registry.workflows.get(workflow) else {
            return Err(failed(workflow, node, "no workflow of this name is published"));
        };
        let (version, start) = (bound.workflow.version.clone(), bound.workflow.start.clone());
        let instance = self.fresh()?;
        self.emit(Kind::InstanceStarted { instance, workflow: workflow.clone(), version, item, caller })?;
        self.work.push_back(Work::Enter { instance, token: 0, node: start });
        Ok(())
    }

    /// A child has ended with an error: the nearest caller that catches it goes on, and what lies between is cancelled.
    /// Where none does, an administrator is needed.
    pub(super) fn fail(&mut self, child: Id) -> Result<(), Rejection> {
        let Some(Ended::Error(error)) = self.instance(child)?.ended.clone() else { return Ok(()) };
        let first = self.instance(child)?.caller.clone();
        let mut above = first.clone();
        while let Some(Caller { instance, token, .. }) = above {
            let found = self.instance(instance)?;
            let Ok(standing) = self.token(instance, token) else { return Ok(()) };
            let (bound, workflow) = (self.bound(found)?, found.workflow.clone());
            let next = found.caller.clone();
            let node = bound.workflow.nodes.get(&standing.node);
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
        let (item, workflow) = (child.item, child.workflow.clone());
        let found = self.instance(caller.instance)?;
        let Some(token) = found.tokens.iter().find(|token| token.id == caller.token) else {
            return Ok(());
        };
        let (bound, of) = (self.bound(found)?, found.workflow.clone());
        let Some(node) = bound.workflow.nodes.get(&token.node) else {
            return Err(failed(&of, &token.node, "there is no such node"));
        };
        self.take(&of, &node.name, Way::Result(result.clone()));
        match &node.kind {
            NodeKind::Call(call) => {
                match call.results.iter().find(|known| known.result == result).map(|known| &known.to) {
                    Some(to) => self.go(caller.instance, caller.token, node, to),
                    None => {
                        Err(failed(&of, &node.name, format!("no way on from the result `{result}` of `{workflow}`")))
                    }
                }
            }
            NodeKind::Stage(stage) => {
                if let Some(acts) = stage.on_done.get(&(workflow, result)) {
                    let around = Around { child: Some(item), ..Around::default() };
                    self.acts((caller.instance, caller.token), node, acts, around)?;
                }
                self.keep_every(caller.instance, caller.token, node, stage)
            }
            _ => Err(failed(&of, &node.name, "the node calls nothing")),
        }
    }
}
