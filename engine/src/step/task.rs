//! A person's task: opened for candidates, taken by one, completed with an outcome.

use std::collections::BTreeSet;

use super::{
    Way,
    group::At,
    run::{Run, failed},
};
use crate::{
    case::{Task as Opened, TaskState},
    definition::workflow::{Due, Node, NodeKind, Outcome, Requirement, Task},
    event::Kind,
    id::{Id, PersonId},
    rejection::Rejection,
    text::Name,
    value::{Data, Value},
};
use jiff::civil::Date;

/// What a task is completed with.
#[derive(Debug)]
pub(super) struct Completion<'c> {
    pub(super) outcome: &'c Name,
    pub(super) form: &'c Data,
    pub(super) comment: Option<&'c str>,
}

impl Run<'_> {
    pub(super) fn open_task(&mut self, instance: Id, token: u32, node: &Node, task: &Task) -> Result<(), Rejection> {
        if let Some(members) = self.round.take() {
            return self.open_round(At { instance, token, node, task }, members);
        }
        if let Some(group) = &task.group {
            return self.open_group(At { instance, token, node, task }, group);
        }
        let found = self.instance(instance)?;
        let candidates = self.doers_of(At { instance, token, node, task })?;
        if let (Some(skip), Some(person)) = (&task.skip_same, alone(&candidates))
            && self.did_before(instance, token, &node.name, person)
            && let Some(outcome) = self.outcomes(instance, node, task)?.into_iter().find(|open| open.name == *skip)
        {
            let (name, outcome_name) = (node.name.clone(), outcome.name.clone());
            let workflow = found.workflow.clone();
            self.take(&workflow, &name, Way::Outcome(outcome_name.clone()));
            self.emit(Kind::TaskSkipped { instance, token, node: name, outcome: outcome_name, person })?;
            return self.follow_outcome(instance, token, node, outcome);
        }
        let found = self.instance(instance)?;
        // Whoever did it before goes on with it; else one alone has it at once.
        let before = found.doers.get(&node.name).copied().filter(|person| candidates.contains(person));
        let assignee = before.or(alone(&candidates));
        let due = self.day(instance, &node.name, task.due.as_ref())?;
        let id = self.fresh()?;
        let node = node.name.clone();
        self.emit(Kind::TaskOpened { task: id, instance, token, node, candidates, assignee, due, member: None })
    }

    /// Whether this person completed the task before this one on its path, and nothing leads back here.
    fn did_before(&self, instance: Id, token: u32, node: &Name, person: PersonId) -> bool {
        let doer = self.earlier(instance, token, node).pop();
        let doer = doer.and_then(|last| self.instance(instance).ok()?.doers.get(&last).copied());
        doer == Some(person) && !self.back.contains(&(instance, node.clone()))
    }

    /// The day that `due` gives for a task that opens now.
    pub(super) fn day(&self, instance: Id, node: &str, due: Option<&Due>) -> Result<Option<Date>, Rejection> {
        let expr = match due {
            None => return Ok(None),
            Some(Due::After(delay)) => {
                let due = self.after(instance, self.now(), *delay, node)?;
                return Ok(Some(self.context.zone.to_datetime(due).date()));
            }
            Some(Due::On(expr)) => expr,
        };
        Ok(match self.eval(instance, node, expr)? {
            Value::Date(date) => Some(date),
            Value::Time(time) => Some(self.context.zone.to_datetime(time).date()),
            _ => None,
        })
    }

    pub(super) fn task(&self, id: Id) -> Result<&Opened, Rejection> {
        let task = self.case.tasks.get(&id).ok_or(Rejection::NotFound)?;
        match &task.state {
            TaskState::Open => Ok(task),
            state => Err(Rejection::TaskClosed { state: state.clone() }),
        }
    }

    /// A person and those for whom he stands in today.
    fn stands_for(&self, person: PersonId) -> BTreeSet<PersonId> {
        self.context.org.stands_for(person, || self.context.today())
    }

    /// An open task that the actor may do: his own, or one that nobody has taken; also as somebody's stand-in.
    pub(super) fn task_for_actor(&self, id: Id) -> Result<(&Opened, PersonId), Rejection> {
        let task = self.task(id)?;
        let actor = self.context.actor.person().ok_or(Rejection::NotYours)?;
        if let (Some(owner), Some(person)) = (task.owner, task.assignee)
            && (owner == actor || person == actor)
        {
            return Err(Rejection::Delegated { person });
        }
        let of = self.stands_for(actor);
        match task.assignee {
            Some(person) if person == actor || (task.owner.is_none() && of.contains(&person)) => {}
            _ if !task.candidates.iter().any(|candidate| of.contains(candidate)) => return Err(Rejection::NotYours),
            Some(person) => return Err(Rejection::TakenBy { person }),
            None => {}
        }
        if let Some(item) = self.suspended_at(task.item) {
            return Err(Rejection::Suspended { item });
        }
        self.keep_apart(task, &self.context.actor.hands().collect::<Vec<_>>())?;
        Ok((task, actor))
    }

    pub(super) fn claim(&mut self, task: Id) -> Result<(), Rejection> {
        let (found, actor) = self.task_for_actor(task)?;
        let (instance, token, has) = (found.instance, found.token, found.assignee.is_some());
        // A stand-in takes it for whom he stands in: it is that one's once he is back.
        let mut candidates = found.candidates.iter().copied();
        let of = self.stands_for(actor);
        let assignee = if found.candidates.contains(&actor) {
            Some(actor)
        } else {
            candidates.find(|candidate| of.contains(candidate))
        };
        self.begin_work(instance, token)?;
        if has { Ok(()) } else { self.emit(Kind::TaskAssigned { task, assignee }) }
    }

    pub(super) fn release(&mut self, task: Id) -> Result<(), Rejection> {
        let found = self.task(task)?;
        let of = self.context.actor.person().map(|actor| self.stands_for(actor)).unwrap_or_default();
        if found.assignee.is_none_or(|person| !of.contains(&person)) {
            return Err(Rejection::NotYours);
        }
        if let (Some(_), Some(person)) = (found.owner, found.assignee) {
            return Err(Rejection::Delegated { person });
        }
        self.emit(Kind::TaskAssigned { task, assignee: None })
    }

    pub(super) fn complete(&mut self, task: Id, with: &Completion<'_>) -> Result<(), Rejection> {
        let (found, by) = self.task_for_actor(task)?;
        let (instance, token, name) = (found.instance, found.token, found.node.clone());
        let (late, member) = (found.late, found.member);
        let of = self.instance(instance)?;
        let (bound, workflow) = (self.bound(of)?, of.workflow.clone());
        let Some(node @ Node { kind: NodeKind::Task(definition), .. }) = bound.workflow.nodes.get(&name) else {
            return Err(failed(&workflow, &name, "the node is no task"));
        };
        let open = if late { late_outcomes(definition) } else { self.outcomes(instance, node, definition)? };
        let Some(outcome) = open.iter().find(|outcome| outcome.name == *with.outcome) else {
            return Err(Rejection::NoSuchOutcome {
                expected: open.iter().map(|outcome| outcome.name.clone()).collect(),
            });
        };
        let comment = comment(with.comment, &outcome.requires)?;
        // A return needs no form: what is there then stays.
        let form = definition.form.is_some() && !late && !(outcome.is_return && with.form.is_empty());
        if !late {
            self.begin_work(instance, token)?;
        }
        if member.is_none() {
            self.take(&workflow, &node.name, Way::Outcome(outcome.name.clone()));
        }
        self.emit(Kind::TaskCompleted {
            task,
            outcome: outcome.name.clone(),
            by,
            form: form.then(|| with.form.clone()),
            comment,
        })?;
        if late {
            // Nothing follows from what is said after the end of a group.
            return Ok(());
        }
        self.at = Some((instance, token));
        self.keep_withdrawable(task, node, definition)?;
        match member {
            Some(_) => self.decide(At { instance, token, node, task: definition }, Some(&outcome.name)),
            None => self.follow_outcome(instance, token, node, outcome),
        }
    }

    /// A token leaves a completed task by an outcome: forward, straight back to where it was returned from, or back.
    pub(super) fn follow_outcome(
        &mut self,
        instance: Id,
        token: u32,
        node: &Node,
        outcome: &Outcome,
    ) -> Result<(), Rejection> {
        let straight = self.token(instance, token)?.straight.clone();
        let to = self.target(instance, token, &node.name, &outcome.to);
        match (outcome.is_return, straight, to) {
            (false, Some(back), _) => self.go(instance, token, node, &back),
            (false, None, Some(to)) => self.go(instance, token, node, &to),
            (true, _, Some(to)) => self.go_back(instance, token, node, &to, outcome.straight),
            (_, _, None) => Err(failed("", &node.name, "there is nothing to go back to")),
        }
    }

    /// The outcomes that are open now.
    pub(super) fn outcomes<'d>(
        &self,
        instance: Id,
        node: &Node,
        task: &'d Task,
    ) -> Result<Vec<&'d Outcome>, Rejection> {
        let mut open = Vec::new();
        for outcome in &task.outcomes {
            let holds = match &outcome.when {
                Some(when) => self.eval(instance, &node.name, when)? == Value::Bool(true),
                None => true,
            };
            if holds && self.leads_somewhere(instance, node, outcome) {
                open.push(outcome);
            }
        }
        Ok(open)
    }

    /// Whether there is something to go back to, for an outcome that goes back to a task that only the run can tell.
    fn leads_somewhere(&self, instance: Id, node: &Node, outcome: &Outcome) -> bool {
        let of = self.instance(instance).ok();
        let token = of.and_then(|of| of.tokens.iter().find(|token| token.node == node.name));
        outcome.to.node().is_some()
            || token.is_some_and(|token| self.target(instance, token.id, &node.name, &outcome.to).is_some())
    }

    /// The names of the outcomes of a task that are open now.
    pub(super) fn open_outcomes(&self, task: Id) -> Vec<Name> {
        let names = || {
            let task = self.task(task).ok().filter(|task| self.suspended_at(task.item).is_none())?;
            let bound = self.bound(self.instance(task.instance).ok()?).ok()?;
            let node = bound.workflow.nodes.get(&task.node)?;
            let NodeKind::Task(definition) = &node.kind else { return None };
            let open = if task.late {
                late_outcomes(definition)
            } else {
                self.outcomes(task.instance, node, definition).ok()?
            };
            Some(open.into_iter().map(|outcome| outcome.name.clone()).collect())
        };
        names().unwrap_or_default()
    }
}

/// What somebody may still say of a group that has ended without him.
fn late_outcomes(task: &Task) -> Vec<&Outcome> {
    task.outcomes.iter().filter(|outcome| outcome.stay).collect()
}

/// The one candidate.
pub(super) fn alone(candidates: &[PersonId]) -> Option<PersonId> {
    match candidates {
        [one] => Some(*one),
        _ => None,
    }
}

/// The comment as it is kept; refused where one is required and there is none.
pub(super) fn comment(comment: Option<&str>, requires: &[Requirement]) -> Result<Option<String>, Rejection> {
    let comment = comment.map(str::trim).filter(|comment| !comment.is_empty());
    if comment.is_none() && requires.contains(&Requirement::Comment) {
        return Err(Rejection::CommentRequired);
    }
    Ok(comment.map(str::to_owned))
}
