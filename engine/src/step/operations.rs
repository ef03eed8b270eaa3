//! What somebody may do with a task beside completing it: pass it on, go back, let others read, urge.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    acts::{Notice, doers},
    run::{Run, failed},
    task::comment,
};
use crate::{
    case::{Element, Member, Task as Opened, TaskState},
    command::Turn,
    definition::{
        registry::Bound,
        template,
        workflow::{Node, NodeKind, Operation, Requirement, Task},
    },
    event::{Kind, Passing},
    id::{Id, PersonId},
    rejection::Rejection,
    text::{Name, Text},
};

/// The outcome of a task that was returned by the operation 退回, not by an outcome of its own.
const RETURNED: &str = "return";

/// What the actor may do with a task at this moment, for buttons.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Operations {
    /// What the task allows him.
    pub may: Vec<Operation>,
    /// Whether he may hand it back, or take it back from his delegate.
    pub hand_back: bool,
    /// The nodes to which he may return it, the earliest first.
    pub return_to: Vec<Name>,
    /// When signers whom he adds can have their turn; none where he can add nobody.
    pub turns: Vec<Turn>,
    /// The signers whom he may leave out, in the order of their turns.
    pub signers: Vec<PersonId>,
    /// The title of the node elsewhere at which people work under the same lock: till that is done, this can not be begun.
    pub occupied: Option<Text>,
}

/// The definition of a task's node.
pub(super) fn definition<'b>(bound: &'b Bound, node: &Name) -> Result<(&'b Node, &'b Task), Rejection> {
    match bound.workflow.nodes.get(node) {
        Some(found @ Node { kind: NodeKind::Task(task), .. }) => Ok((found, task)),
        _ => Err(failed(&bound.workflow.name, node, "the node is no task")),
    }
}

impl Run<'_> {
    /// A task that the actor may do, where it allows this.
    fn allowed(&self, id: Id, operation: Operation) -> Result<(Opened, Arc<Bound>, PersonId), Rejection> {
        let (task, actor) = self.task_for_actor(id)?;
        let bound = self.bound(self.instance(task.instance)?)?;
        let (_, definition) = definition(&bound, &task.node)?;
        if task.late || !definition.allow.contains(&operation) {
            return Err(Rejection::NotAllowed);
        }
        Ok((task.clone(), bound, actor))
    }

    /// Refuses people who are unknown or have left, the actor himself, and nobody at all.
    fn check_people(&self, people: &[PersonId]) -> Result<(), Rejection> {
        let actor = self.context.actor.person();
        let fits = |person: &PersonId| {
            Some(*person) != actor && self.context.org.person(*person).is_some_and(|person| person.active)
        };
        let unfit: Vec<PersonId> = people.iter().copied().filter(|person| !fits(person)).collect();
        if unfit.is_empty() && !people.is_empty() { Ok(()) } else { Err(Rejection::NotPossible { people: unfit }) }
    }

    /// Whether somebody has a task in the same group as this one, or has voted there.
    pub(super) fn in_group(&self, task: &Opened, person: PersonId) -> bool {
        let Ok(token) = self.token(task.instance, task.token) else { return false };
        let his =
            |member: &Member| !member.gone && member.key == Element::Person(person) && member.task != Some(task.id);
        let open = |other: &Opened| {
            other.state == TaskState::Open
                && (other.instance, other.token) == (task.instance, task.token)
                && other.id != task.id
                && doers(other).contains(&person)
        };
        !token.members.is_empty() && (token.members.iter().any(his) || self.case.tasks.values().any(open))
    }

    fn pass(
        &mut self,
        task: Id,
        how: Passing,
        from: PersonId,
        to: PersonId,
        said: Option<&str>,
    ) -> Result<(), Rejection> {
        let comment = comment(said, &[])?;
        self.emit(Kind::TaskPassed { task, how, from: Some(from), to: vec![to], comment })
    }

    /// 转办.
    pub(super) fn transfer(&mut self, id: Id, to: PersonId, said: Option<&str>) -> Result<(), Rejection> {
        let (task, _, actor) = self.allowed(id, Operation::Transfer)?;
        self.check_people(&[to])?;
        self.keep_apart(&task, &[to])?;
        if self.in_group(&task, to) {
            return Err(Rejection::NotPossible { people: vec![to] });
        }
        self.pass(id, Passing::Transfer, actor, to, said)
    }

    /// 委托.
    pub(super) fn delegate(&mut self, id: Id, to: PersonId, said: Option<&str>) -> Result<(), Rejection> {
        let (task, _, actor) = self.allowed(id, Operation::Delegate)?;
        self.check_people(&[to])?;
        self.keep_apart(&task, &[to])?;
        self.pass(id, Passing::Delegate, actor, to, said)
    }

    /// The delegate gives the task back, or its owner takes it back.
    pub(super) fn hand_back(&mut self, id: Id, said: Option<&str>) -> Result<(), Rejection> {
        let task = self.task(id)?;
        let actor = self.context.actor.person().ok_or(Rejection::NotYours)?;
        if actor_of_delegation(task, actor).is_none() {
            return Err(if may_do(task, actor) { Rejection::NotAllowed } else { Rejection::NotYours });
        }
        if let Some(item) = self.suspended_at(task.item) {
            return Err(Rejection::Suspended { item });
        }
        let owner = task.owner.unwrap_or(actor);
        self.pass(id, Passing::HandBack, actor, owner, said)
    }

    /// 退回.
    pub(super) fn return_to(&mut self, id: Id, to: &Name, straight: bool, said: Option<&str>) -> Result<(), Rejection> {
        let (task, bound, by) = self.allowed(id, Operation::Return)?;
        let (node, definition) = definition(&bound, &task.node)?;
        let expected = self.earlier(task.instance, task.token, &task.node);
        if !expected.contains(to) {
            return Err(Rejection::NotEarlier { expected });
        }
        let comment = comment(said, &[Requirement::Comment])?;
        self.begin_work(task.instance, task.token)?;
        self.emit(Kind::TaskCompleted { task: id, outcome: Name::from(RETURNED), by, form: None, comment })?;
        self.at = Some((task.instance, task.token));
        self.keep_withdrawable(id, node, definition)?;
        self.go_back(task.instance, task.token, node, to, straight)
    }

    /// 抄送, 传阅.
    pub(super) fn copy(&mut self, id: Id, people: &[PersonId], said: Option<&str>) -> Result<(), Rejection> {
        let (task, bound) = match self.allowed(id, Operation::Copy) {
            Ok((task, bound, _)) => (task, bound),
            // Who has delegated a task, or works on it for somebody else, may still copy it.
            Err(Rejection::Delegated { .. }) => self.delegated(id, Operation::Copy)?,
            Err(refused) => return Err(refused),
        };
        let (node, _) = definition(&bound, &task.node)?;
        let people: Vec<PersonId> = people.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
        self.check_people(&people)?;
        let comment = comment(said, &[])?;
        self.emit(Kind::Copied { item: task.item, people: people.clone(), comment: comment.clone() })?;
        let template = &Name::from(template::COPIED);
        self.tell(&Notice { template, item: task.item, task: None, node, comment: comment.as_deref() }, people)
    }

    /// A task that was delegated, where it allows this.
    fn delegated(&self, id: Id, operation: Operation) -> Result<(Opened, Arc<Bound>), Rejection> {
        let task = self.task(id)?.clone();
        if let Some(item) = self.suspended_at(task.item) {
            return Err(Rejection::Suspended { item });
        }
        let bound = self.bound(self.instance(task.instance)?)?;
        let (_, definition) = definition(&bound, &task.node)?;
        if definition.allow.contains(&operation) { Ok((task, bound)) } else { Err(Rejection::NotAllowed) }
    }

    /// 催办.
    pub(super) fn urge(&mut self, id: Id, said: Option<&str>) -> Result<(), Rejection> {
        let task = self.task(id)?.clone();
        if let Some(item) = self.suspended_at(task.item) {
            return Err(Rejection::Suspended { item });
        }
        let active = |person: &PersonId| self.context.org.person(*person).is_some_and(|person| person.active);
        let doing = doers(&task).into_iter().filter(active).collect();
        let people = self.context.org.standing_in(doing, || self.context.today());
        if task.late || people.is_empty() {
            return Err(Rejection::NotAllowed);
        }
        let bound = self.bound(self.instance(task.instance)?)?;
        let (node, _) = definition(&bound, &task.node)?;
        let comment = comment(said, &[])?;
        self.emit(Kind::TaskUrged { task: id, comment: comment.clone() })?;
        let template = &Name::from(template::URGED);
        let notice = Notice { template, item: task.item, task: Some(id), node, comment: comment.as_deref() };
        self.tell(&notice, people)
    }

    /// What the actor may do with a task now.
    pub(super) fn operations(&self, id: Id) -> Operations {
        let mut found = Operations { signers: self.removable(id), ..Operations::default() };
        let Ok(task) = self.task(id) else { return found };
        let Some(actor) = self.context.actor.person().filter(|_| self.suspended_at(task.item).is_none()) else {
            return found;
        };
        found.hand_back = actor_of_delegation(task, actor).is_some();
        let bound = self.instance(task.instance).and_then(|instance| self.bound(instance));
        let Ok(bound) = bound else { return found };
        let Ok((_, definition)) = definition(&bound, &task.node) else { return found };
        if !task.late
            && let Err(Rejection::Locked { title, .. }) = self.can_begin(task.instance, task.token)
        {
            found.occupied = Some(title);
        }
        let earlier = self.earlier(task.instance, task.token, &task.node);
        let free = self.task_for_actor(id).is_ok() && !task.late;
        found.may.clone_from(&definition.allow);
        found.may.retain(|operation| match operation {
            Operation::Copy => free || found.hand_back,
            Operation::Return => free && !earlier.is_empty() && found.occupied.is_none(),
            Operation::RemoveSigner => !found.signers.is_empty(),
            Operation::Transfer | Operation::Delegate | Operation::AddSigner => free,
        });
        if found.may.contains(&Operation::Return) {
            found.return_to = earlier;
        }
        if found.may.contains(&Operation::AddSigner) {
            found.turns = super::signers::turns(definition);
        }
        found
    }
}

fn may_do(task: &Opened, person: PersonId) -> bool {
    task.assignee == Some(person) || task.candidates.contains(&person)
}

/// Whether somebody has delegated a task, or has it by delegation.
fn actor_of_delegation(task: &Opened, actor: PersonId) -> Option<PersonId> {
    let owner = task.owner?;
    (owner == actor || task.assignee == Some(actor)).then_some(owner)
}
