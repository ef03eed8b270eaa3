//! What becomes of each flow node, before any is made: flows lead to nodes that come later.

use std::collections::BTreeSet;

use super::{
    names::slug,
    ours,
    scope::{DONE, Mapper, Treat},
};
use crate::model::{Event, EventKind, Flow, FlowNode, Gate, Kind, Scope, Sub, Work};

impl<'a> Mapper<'a, '_> {
    /// What becomes of each flow node, before any is made: flows lead to nodes that come later.
    pub(super) fn plan(&mut self) {
        let reached = self.reach();
        for node in &self.scope.nodes {
            let treat = match ours::treat(node.node) {
                None if !reached.contains(node.id) => Treat::Lost,
                Some(ours::Ours::Node(name)) => Treat::Node(self.draft.name(name)),
                Some(ours::Ours::End(result)) => Treat::End(result.to_owned()),
                Some(ours::Ours::Part) => Treat::With,
                None => self.treat(node),
            };
            self.plan.insert(node.id, treat);
        }
    }

    /// What the flows, and the boundary events that are carried over, lead to.
    fn reach(&self) -> BTreeSet<&'a str> {
        let beside =
            |node: &FlowNode<'a>| matches!(node.kind, Kind::Boundary { .. } | Kind::Sub(Sub::Event)) || undoes(node);
        let starts = self.scope.nodes.iter().any(|node| matches!(node.kind, Kind::Start(_)));
        let begins = |node: &&FlowNode<'a>| match node.kind {
            Kind::Start(_) => true,
            // What belongs to no flow is spoken of where it stands.
            _ if beside(node) => true,
            _ => !starts && self.scope.ins(node.id) == 0,
        };
        let mut open: Vec<&'a str> = self
            .scope
            .nodes
            .iter()
            .filter(begins)
            .filter(|node| !matches!(node.kind, Kind::Boundary { .. }))
            .map(|node| node.id)
            .collect();
        if open.iter().all(|id| self.scope.node(id).is_some_and(beside)) {
            open.extend(self.scope.nodes.first().map(|node| node.id));
        }
        let mut reached = BTreeSet::new();
        while let Some(id) = open.pop() {
            if !reached.insert(id) {
                continue;
            }
            let Some(node) = self.scope.node(id) else { continue };
            open.extend(self.scope.out(id).iter().map(|flow| flow.to));
            open.extend(self.linked(node).map(|other| other.id));
            let borders = self.scope.borders(id);
            open.extend(borders.filter(|border| self.keeps(border, node)).map(|border| border.id));
        }
        reached
    }

    /// The other end of a link.
    pub(super) fn linked(&self, node: &FlowNode<'a>) -> Option<&'a FlowNode<'a>> {
        let link =
            node.events.iter().find(|event| event.kind == EventKind::Link).filter(|_| node.kind == Kind::Throw)?;
        let same = |event: &Event<'a>| event.kind == EventKind::Link && event.reference == link.reference;
        self.scope.nodes.iter().find(|other| other.kind == Kind::Catch && other.events.iter().any(same))
    }

    fn treat(&mut self, node: &FlowNode<'a>) -> Treat {
        let (ins, outs) = (self.scope.ins(node.id), self.scope.out(node.id).len());
        let event = node.events.first().map(|event| event.kind);
        match node.kind {
            Kind::Start(_) | Kind::Boundary { .. } | Kind::Sub(Sub::Event) => Treat::With,
            _ if undoes(node) || self.sent_aside(node) => Treat::With,
            Kind::End => match event {
                None | Some(EventKind::Compensate | EventKind::Link) => Treat::End(self.result(node)),
                Some(_) => self.named(node, "end"),
            },
            Kind::Throw if matches!(event, None | Some(EventKind::Link | EventKind::Compensate)) => Treat::Pass,
            Kind::Catch if matches!(event, None | Some(EventKind::Link)) => Treat::Pass,
            Kind::Catch | Kind::Task(Work::Receive) if self.awaited(node) => Treat::With,
            Kind::Throw => self.named(node, "notify"),
            Kind::Catch | Kind::Gateway(Gate::Event) | Kind::Task(Work::Receive) => self.named(node, "wait"),
            Kind::Gateway(Gate::Exclusive) if outs < 2 => Treat::Pass,
            Kind::Gateway(Gate::Exclusive) if self.decided(node).is_some() => Treat::With,
            Kind::Gateway(_) if outs < 2 && ins < 2 => Treat::Pass,
            Kind::Gateway(Gate::Exclusive) => self.named(node, "choose"),
            Kind::Gateway(_) if ins > 1 => self.named(node, "join"),
            Kind::Gateway(_) => self.named(node, "fork"),
            Kind::Task(Work::Person) => self.named(node, "task"),
            Kind::Task(_) => self.named(node, "action"),
            Kind::Sub(Sub::AdHoc) => self.named(node, "stage"),
            Kind::Sub(_) | Kind::Call(_) => self.named(node, "call"),
        }
    }

    /// The result of an end: its name. Where paths run beside each other they end with one result.
    pub(crate) fn result(&self, node: &FlowNode<'a>) -> String {
        if self.branches { DONE.to_owned() } else { slug(node.name.unwrap_or_default(), DONE) }
    }

    /// Whether paths run beside each other in this scope.
    pub(super) fn has_branches(scope: &Scope<'a>) -> bool {
        scope.nodes.iter().any(|node| match node.kind {
            Kind::Gateway(Gate::Exclusive | Gate::Event) => false,
            _ => scope.out(node.id).len() > 1,
        })
    }

    fn named(&mut self, node: &FlowNode<'a>, otherwise: &str) -> Treat {
        Treat::Node(self.draft.name(&slug(node.name.unwrap_or_default(), otherwise)))
    }

    /// The person's task whose outcomes the ways out of an exclusive gateway are: the only thing that leads to it.
    pub(crate) fn decided(&self, gateway: &FlowNode<'a>) -> Option<&'a FlowNode<'a>> {
        let into = self.scope.into(gateway.id);
        let [only] = into.as_slice() else { return None };
        let before = self.scope.node(only.from)?;
        let person = matches!(before.kind, Kind::Task(Work::Person)) && before.repeat.is_none();
        let ours = ours::treat(before.node).is_some() || ours::treat(gateway.node).is_some();
        (person && !ours && only.condition.is_none() && self.scope.out(before.id).len() == 1).then_some(before)
    }

    /// Whether an event-based gateway waits for it.
    fn awaited(&self, node: &FlowNode<'a>) -> bool {
        let into = self.scope.into(node.id);
        let event_based =
            |flow: &Flow<'a>| self.scope.node(flow.from).is_some_and(|from| from.kind == Kind::Gateway(Gate::Event));
        into.len() == 1 && into.iter().any(event_based)
    }
}

/// Whether an activity only undoes another one, or an event only starts that.
pub(super) fn undoes(node: &FlowNode<'_>) -> bool {
    node.node.attribute("isForCompensation") == Some("true")
}
