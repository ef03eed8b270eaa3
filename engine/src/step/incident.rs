//! Incidents: what an administrator has to see to.

use std::collections::BTreeSet;

use super::{
    run::{Run, failed},
    task::comment,
};
use crate::{
    case::{Incident, IncidentCause, TaskState},
    command::Resolution,
    definition::workflow::{Goto, Node, NodeKind, Requirement},
    event::{Kind, Passing},
    id::{Id, PersonId},
    rejection::Rejection,
    text::Name,
};

impl Run<'_> {
    /// Opens an incident where a token stands.
    pub(super) fn open_incident(
        &mut self,
        instance: Id,
        token: u32,
        task: Option<Id>,
        cause: IncidentCause,
    ) -> Result<(), Rejection> {
        let node = self.token(instance, token)?.node.clone();
        let incident = self.fresh()?;
        self.emit(Kind::IncidentOpened { incident, instance, token, node, task, cause })
    }

    /// A task that nobody can do has an incident; one that somebody can do has none.
    pub(super) fn follow_incidents(&mut self) -> Result<(), Rejection> {
        let tasks = self.case.tasks.values().filter(|task| task.state == TaskState::Open && !task.late);
        let empty = tasks.filter(|task| task.candidates.is_empty() && task.assignee.is_none());
        let empty: Vec<(Id, Id, u32)> = empty.map(|task| (task.id, task.instance, task.token)).collect();
        let nobody = |incident: &&Incident| incident.cause == IncidentCause::Nobody;
        let over: Vec<Id> = self
            .case
            .incidents
            .values()
            .filter(nobody)
            .filter(|incident| !empty.iter().any(|(task, ..)| incident.task == Some(*task)))
            .map(|incident| incident.id)
            .collect();
        for incident in over {
            self.emit(Kind::IncidentClosed { incident, how: None, comment: None })?;
        }
        for (task, instance, token) in empty {
            if !self.case.incidents.values().any(|incident| incident.task == Some(task)) {
                self.open_incident(instance, token, Some(task), IncidentCause::Nobody)?;
            }
        }
        Ok(())
    }

    /// An administrator resolves an incident.
    pub(super) fn resolve(&mut self, id: Id, how: &Resolution, said: Option<&str>) -> Result<(), Rejection> {
        let incident = self.case.incidents.get(&id).ok_or(Rejection::NotFound)?.clone();
        let (instance, token) = (incident.instance, incident.token);
        let bound = self.bound(self.instance(instance)?)?;
        let Some(node) = bound.workflow.nodes.get(&incident.node) else {
            return Err(failed(&bound.workflow.name, &incident.node, "there is no such node"));
        };
        let requires: &[Requirement] = match how {
            Resolution::Skip { .. } | Resolution::Jump { .. } => &[Requirement::Comment],
            Resolution::Reassign { .. } | Resolution::Retry => &[],
        };
        let comment = comment(said, requires)?;
        let target = match how {
            Resolution::Skip { outcome } => Some(self.way_past(instance, token, node, outcome.as_ref())?),
            Resolution::Jump { node } => {
                let to = bound.workflow.nodes.get(node).filter(|to| !matches!(to.kind, NodeKind::Join(_)));
                Some(to.map(|to| to.name.clone()).ok_or(Rejection::NotResolved)?)
            }
            Resolution::Reassign { people } => {
                self.check_reassign(&incident, people)?;
                None
            }
            Resolution::Retry => None,
        };
        self.emit(Kind::IncidentClosed { incident: id, how: Some(how.clone()), comment })?;
        self.at = Some((instance, token));
        match (how, target) {
            (Resolution::Reassign { people }, _) => self.give(&incident, people),
            (Resolution::Jump { .. }, Some(to)) => self.go_back(instance, token, node, &to, false),
            (Resolution::Skip { .. }, Some(to)) => self.go(instance, token, node, &to),
            (_, _) => {
                self.back.insert((instance, node.name.clone()));
                self.go(instance, token, node, &node.name)
            }
        }
    }

    fn check_reassign(&self, incident: &Incident, people: &[PersonId]) -> Result<(), Rejection> {
        if incident.cause != IncidentCause::Nobody || incident.task.is_none() {
            return Err(Rejection::NotResolved);
        }
        let active = |person: &PersonId| self.context.org.person(*person).is_some_and(|person| person.active);
        let unfit: Vec<PersonId> = people.iter().copied().filter(|person| !active(person)).collect();
        if !unfit.is_empty() || people.is_empty() {
            return Err(Rejection::NotPossible { people: unfit });
        }
        match incident.task.and_then(|task| self.case.tasks.get(&task)) {
            Some(task) => self.keep_apart(task, people),
            None => Ok(()),
        }
    }

    fn give(&mut self, incident: &Incident, people: &[PersonId]) -> Result<(), Rejection> {
        let Some(task) = incident.task else { return Err(Rejection::NotResolved) };
        let to: Vec<PersonId> = people.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
        self.emit(Kind::TaskPassed { task, how: Passing::Reassign, from: None, to, comment: None })
    }

    /// Where a node leads when it is passed over.
    fn way_past(&self, instance: Id, token: u32, node: &Node, outcome: Option<&Name>) -> Result<Name, Rejection> {
        let found = match (&node.kind, outcome) {
            (NodeKind::Task(task), Some(name)) => {
                let outcome = task.outcomes.iter().find(|outcome| outcome.name == *name && !outcome.is_return);
                let straight = self.token(instance, token)?.straight.clone();
                straight.filter(|_| outcome.is_some()).or_else(|| match &outcome?.to {
                    Goto::Node(to) => Some(to.clone()),
                    Goto::Previous | Goto::Starter => None,
                })
            }
            (NodeKind::Call(call), Some(name)) => {
                call.results.iter().find(|known| known.result == *name).map(|known| known.to.clone())
            }
            (NodeKind::Action(action), None) => Some(action.next.clone()),
            (NodeKind::Wait(wait), None) => Some(wait.next.clone()),
            _ => None,
        };
        found.ok_or(Rejection::NotResolved)
    }
}
