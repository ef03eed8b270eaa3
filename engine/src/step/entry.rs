//! Entering a workflow at a named node, and reopening a closed item there (R15).

use serde_json::{Map, Value as Json};

use super::{
    acts::given,
    facts::Facts,
    pause::is_closed,
    run::{Run, Work, failed},
    task::comment,
};
use crate::{
    case::{Item, ItemState, Place},
    definition::{
        module::{Entry, Kind as ItemKind},
        workflow::{Assign, Requirement},
    },
    event::Kind,
    id::Id,
    rejection::Rejection,
    text::Name,
};

impl Run<'_> {
    /// Creates the root item, and begins its workflow at its start or at a node that the kind's `enter` names.
    pub(super) fn create(
        &mut self,
        module: &Name,
        kind: &Name,
        fields: &Map<String, Json>,
        enter: Option<&Name>,
    ) -> Result<(), Rejection> {
        let registry = &self.context.registry;
        let found = registry.kind(module, kind).ok_or(Rejection::NotFound)?;
        if found.parent.is_some() || self.case.root_item().is_some() {
            return Err(Rejection::NotFound);
        }
        let entry = match enter {
            Some(node) => Some(found.enter.iter().find(|entry| entry.node == *node).ok_or(Rejection::NotAllowed)?),
            None => None,
        };
        let workflow = found.workflow.clone();
        let id = Id::root_item(self.case.root);
        let mut item = self.new_item(id, None, module.clone(), kind.clone(), self.context.actor.person());
        item.fields = fields.iter().map(|(name, value)| (name.clone(), given(Some(value)))).collect();
        item.fields.retain(|_, value| !value.is_null());
        self.emit(Kind::ItemCreated { item })?;
        match (workflow, entry) {
            (Some(workflow), Some(entry)) => {
                self.check_entry(id, &workflow, entry)?;
                self.start_at(&workflow, id, &entry.node)
            }
            (Some(workflow), None) => self.start(&workflow, id, None, ""),
            (None, _) => Ok(()),
        }
    }

    /// Only whom an entry means may use it; so may the platform, for an import.
    fn check_entry(&self, item: Id, workflow: &Name, entry: &Entry) -> Result<(), Rejection> {
        let facts = Facts::of_item(&self.case, self.item(item)?, self.context);
        if self.is_meant((workflow, entry), &facts)? { Ok(()) } else { Err(Rejection::NotYours) }
    }

    fn is_meant(&self, (workflow, entry): (&Name, &Entry), facts: &Facts<'_>) -> Result<bool, Rejection> {
        let Some(actor) = self.context.actor.person() else { return Ok(true) };
        let who = self.people_in((workflow, &entry.node), &entry.who, facts)?;
        Ok(self.context.org.standing_in(who, || self.context.today()).contains(&actor))
    }

    /// Whether the actor may use an entry as far as that can be told without the item that is to be created: what depends on
    /// the item is told when that is there.
    pub(super) fn may_enter(&self, (module, kind): (&Name, &ItemKind), entry: &Entry) -> bool {
        let expr = match &entry.who {
            Assign::Post { unit, .. } => unit.as_ref(),
            Assign::Person(expr) => Some(expr),
        };
        let of_item = |path: &Vec<Name>| path.first().is_some_and(|first| *first == *"item");
        if expr.is_some_and(|expr| expr.reads().iter().any(of_item)) {
            return true;
        }
        let id = Id::root_item(self.case.root);
        let item = self.new_item(id, None, module.clone(), kind.name.clone(), self.context.actor.person());
        let workflow = kind.workflow.as_ref().unwrap_or(&kind.name);
        self.is_meant((workflow, entry), &Facts::of_item(&self.case, &item, self.context)).unwrap_or(false)
    }

    /// The nodes at which the actor may open an item again now.
    pub(super) fn reopenable(&self, id: Id) -> Vec<Name> {
        let found = || {
            let item = self.case.items.get(&id)?;
            let kind = self.context.registry.kind(&item.module, &item.kind)?;
            let workflow = kind.workflow.as_ref().filter(|_| self.can_be_reopened(item))?;
            let may = |entry: &&Entry| self.check_entry(id, workflow, entry).is_ok();
            Some(kind.reopen.iter().filter(may).map(|entry| entry.node.clone()).collect())
        };
        found().unwrap_or_default()
    }

    /// Whether an item is a closed root item on which nothing runs.
    fn can_be_reopened(&self, item: &Item) -> bool {
        let running = self.case.instances.values().any(|found| found.item == item.id && found.ended.is_none());
        item.parent.is_none() && !running && is_closed(item.state)
    }

    /// Begins a workflow at a node; one inside branches is entered as a return goes into a branch.
    fn start_at(&mut self, workflow: &Name, item: Id, node: &Name) -> Result<(), Rejection> {
        self.start(workflow, item, None, node)?;
        let Some(Work::Enter { instance, token, .. }) = self.work.pop_back() else {
            return Err(failed(workflow, node, "the workflow does not start"));
        };
        let region = self.bound(self.instance(instance)?)?.workflow.regions.get(node).cloned().unwrap_or_default();
        let (token, place) = self.open_forks(instance, token, None, &region)?;
        self.work.push_back(match place {
            Some(place @ Place { .. }) => Work::Branch { instance, place, node: node.clone() },
            None => Work::Enter { instance, token, node: node.clone() },
        });
        Ok(())
    }

    /// Opens a closed root item again.
    pub(super) fn reopen_item(&mut self, id: Id, node: &Name, said: Option<&str>) -> Result<(), Rejection> {
        let item = self.item(id)?;
        let kind = self.context.registry.kind(&item.module, &item.kind).ok_or(Rejection::NotFound)?;
        let entry = kind.reopen.iter().find(|entry| entry.node == *node);
        let (Some(entry), Some(workflow)) = (entry, &kind.workflow) else { return Err(Rejection::NotAllowed) };
        if !self.can_be_reopened(item) {
            return Err(Rejection::NotAllowed);
        }
        self.check_entry(id, workflow, entry)?;
        let comment = comment(said, &[Requirement::Comment])?;
        self.emit(Kind::Reopened { item: id, node: node.clone(), comment })?;
        self.set_state(id, ItemState::Open)?;
        self.start_at(workflow, id, node)
    }
}
