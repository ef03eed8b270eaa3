//! 加签 and 减签: further people sign, or one who has not signed is left out.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    group::{At, member_at},
    operations::definition,
    run::Run,
};
use crate::{
    case::{Element, Member, Task as Opened, TaskState, Token},
    command::Turn,
    definition::{
        registry::Bound,
        workflow::{Operation, Task},
    },
    event::Kind,
    id::{Id, PersonId},
    rejection::Rejection,
};

impl Run<'_> {
    /// Adds people to those who sign.
    pub(super) fn add_signers(
        &mut self,
        task: Id,
        people: &[PersonId],
        turn: Turn,
        comment: Option<&str>,
    ) -> Result<(), Rejection> {
        let (found, actor) = self.task_for_actor(task)?;
        let (found, bound) = (found.clone(), self.bound(self.instance(found.instance)?)?);
        let at = allowed(&bound, &found, Operation::AddSigner)?;
        if !turns(at.task).contains(&turn) {
            return Err(Rejection::NotAllowed);
        }
        let mut members = self.token(at.instance, at.token)?.members.clone();
        if members.is_empty() {
            members.push(Member { task: Some(task), ..Member::new(Element::Person(actor), None) });
        }
        self.can_be_added(people, actor, &members)?;
        self.keep_apart(&found, people)?;
        let place = usize::try_from(found.member.unwrap_or_default()).unwrap_or_default();
        let added = |person: &PersonId| Member { added_by: Some(actor), ..Member::new(Element::Person(*person), None) };
        let added: Vec<Member> = people.iter().map(added).collect();
        let kept = super::task::comment(comment, &[])?;
        self.emit(Kind::SignersAdded { task, people: people.to_vec(), turn, comment: kept })?;
        if found.assignee.is_none() {
            self.emit(Kind::TaskAssigned { task, assignee: Some(actor) })?;
        }
        let place = place.min(members.len());
        match turn {
            Turn::Beside => members.extend(added),
            Turn::After => drop(members.splice((place + 1).min(members.len())..(place + 1).min(members.len()), added)),
            Turn::Before => {
                if let Some(own) = members.get_mut(place) {
                    own.task = None;
                    // Who does a task that was passed on no longer follows the definition, when it opens again either.
                    if found.passed {
                        own.key = Element::Person(actor);
                        own.added_by = Some(actor);
                    }
                }
                members.splice(place..place, added);
                self.emit(Kind::TaskCancelled { task })?;
            }
        }
        self.emit(Kind::Members { instance: at.instance, token: at.token, members })?;
        self.give_turns(at)
    }

    /// Refuses people who are not there, have left, are named twice, or are members.
    fn can_be_added(&self, people: &[PersonId], actor: PersonId, members: &[Member]) -> Result<(), Rejection> {
        let org = &self.context.org;
        let is_member = |person: PersonId| {
            person == actor || members.iter().any(|member| !member.gone && member.key == Element::Person(person))
        };
        let mut seen = BTreeSet::new();
        let unfit: Vec<PersonId> = people
            .iter()
            .copied()
            .filter(|person| {
                !seen.insert(*person) || is_member(*person) || !org.person(*person).is_some_and(|found| found.active)
            })
            .collect();
        if people.is_empty() || !unfit.is_empty() { Err(Rejection::NotPossible { people: unfit }) } else { Ok(()) }
    }

    /// Leaves out a member who has not voted.
    pub(super) fn remove_signer(&mut self, task: Id, person: PersonId, comment: Option<&str>) -> Result<(), Rejection> {
        let (found, bound) = self.in_round(task)?;
        let at = allowed(&bound, &found, Operation::RemoveSigner)?;
        let token = self.token(at.instance, at.token)?;
        let unknown = || Rejection::NotPossible { people: vec![person] };
        let place = self.place_of(token, &found, person).ok_or_else(unknown)?;
        let mut members = token.members.clone();
        let actor = self.context.actor.person().ok_or(Rejection::NotYours)?;
        let meant = member_at(token, place).ok_or_else(unknown)?;
        if !self.may_leave_out(&members, meant, actor) {
            return Err(Rejection::NotYours);
        }
        if members.iter().filter(|member| member.is_open()).count() < 2 {
            return Err(Rejection::NotAllowed);
        }
        let member = usize::try_from(place).ok().and_then(|place| members.get_mut(place)).ok_or_else(unknown)?;
        member.gone = true;
        member.removed_by = Some(actor);
        let close = member.task.filter(|_| self.has_open_task(member));
        let (instance, node) = (at.instance, at.node.name.clone());
        let kept = super::task::comment(comment, &[])?;
        self.emit(Kind::SignerRemoved { instance, node, person, comment: kept })?;
        if let Some(task) = close {
            self.emit(Kind::TaskCancelled { task })?;
        }
        self.emit(Kind::Members { instance, token: at.token, members })?;
        self.decide(at, None)
    }

    /// A task of a round that still runs: an open one, or one of a member who has voted.
    fn in_round(&self, id: Id) -> Result<(Opened, Arc<Bound>), Rejection> {
        let found = self.case.tasks.get(&id).ok_or(Rejection::NotFound)?.clone();
        let token = self.token(found.instance, found.token).ok().filter(|token| token.node == found.node);
        let of_round = token.is_some_and(|token| token.members.iter().any(|member| member.task == Some(id)));
        if found.state != TaskState::Open && !of_round {
            return Err(Rejection::TaskClosed { state: found.state });
        }
        if let Some(item) = self.suspended_at(found.item) {
            return Err(Rejection::Suspended { item });
        }
        let bound = self.bound(self.instance(found.instance)?)?;
        Ok((found, bound))
    }

    /// Whether the actor may leave a member out: he added him, or can still vote himself.
    fn may_leave_out(&self, members: &[Member], member: &Member, actor: PersonId) -> bool {
        member.added_by == Some(actor) || members.iter().any(|member| member.is_open() && self.is_of(member, actor))
    }

    /// The signers of a task's round whom the actor may leave out, each by the name under which he is found.
    pub(super) fn removable(&self, task: Id) -> Vec<PersonId> {
        let found = || {
            let (found, bound) = self.in_round(task).ok()?;
            let at = allowed(&bound, &found, Operation::RemoveSigner).ok()?;
            let members = &self.token(at.instance, at.token).ok()?.members;
            let actor = self.context.actor.person()?;
            let open: Vec<&Member> = members.iter().filter(|member| member.is_open()).collect();
            let may = |member: &&&Member| open.len() > 1 && self.may_leave_out(members, member, actor);
            Some(open.iter().filter(may).filter_map(|member| self.person_of(member)).collect())
        };
        found().unwrap_or_default()
    }

    /// The person by whom a member is called: who has his task, else he himself, else the first who may do it.
    fn person_of(&self, member: &Member) -> Option<PersonId> {
        let task = member.task.and_then(|task| self.case.tasks.get(&task));
        let task = task.filter(|task| task.state == TaskState::Open);
        let himself = match member.key {
            Element::Person(person) => Some(person),
            Element::Unit(_) | Element::Text(_) => None,
        };
        let first = || task.and_then(|task| task.candidates.first().copied());
        task.and_then(|task| task.assignee).or(himself).or_else(first)
    }

    /// The place of a member who has not voted: the person himself, or whoever does his task, the named one first.
    fn place_of(&self, token: &Token, task: &Opened, person: PersonId) -> Option<u32> {
        let open = || (0..).zip(&token.members).filter(|(_, member)| member.is_open());
        let himself = open().find(|(_, member)| member.key == Element::Person(person));
        let mut his = open().filter(|(_, member)| self.is_of(member, person));
        let named = his.clone().find(|(place, _)| Some(*place) == task.member);
        himself.or(named).or_else(|| his.next()).map(|(place, _)| place)
    }

    /// Whether a person is this member, or may do his open task.
    fn is_of(&self, member: &Member, person: PersonId) -> bool {
        let task = member.task.and_then(|task| self.case.tasks.get(&task));
        let task = task.filter(|task| task.state == TaskState::Open);
        let does = |task: &Opened| match task.assignee {
            Some(assignee) => assignee == person,
            None => task.candidates.contains(&person),
        };
        member.key == Element::Person(person) || task.is_some_and(does)
    }
}

/// The definition of a task, where it allows an operation.
fn allowed<'d>(bound: &'d Bound, task: &Opened, operation: Operation) -> Result<At<'d>, Rejection> {
    let (node, definition) = definition(bound, &task.node)?;
    if task.late || !definition.allow.contains(&operation) {
        return Err(Rejection::NotAllowed);
    }
    Ok(At { instance: task.instance, token: task.token, node, task: definition })
}

/// The turns at which people can be added.
pub(super) fn turns(task: &Task) -> Vec<Turn> {
    let at_once = task.group.as_ref().is_some_and(|group| !group.sequence);
    if at_once { vec![Turn::Beside] } else { vec![Turn::Before, Turn::After] }
}
