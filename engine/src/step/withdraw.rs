//! Withdrawal 撤回: somebody takes back what he completed, with everything that it led to (R16).

use jiff::Timestamp;
use serde_json::Value as Json;

use super::{
    acts::value_of,
    group::{At, without_vote},
    run::{Run, failed},
    task::comment,
};
use crate::{
    case::{Case, Change, Instance, Member, Place, Task as Opened, TaskState, Undo},
    context::Context,
    definition::workflow::{Node, Task},
    effect::Effect,
    event::{Cause, Kind, Left, Passing},
    id::Id,
    rejection::Rejection,
    time,
    value::Value,
};

/// Until when the actor can take back what he completed; none where he can not, or not any more.
#[must_use]
pub fn withdrawable(case: &Case, task: Id, context: &Context) -> Option<Timestamp> {
    let run = Run::new(case.clone(), context);
    let (instance, undo) = run.may_withdraw(task).ok()?;
    run.carrier(case.instances.get(&instance)?, &undo).map(|_| undo.until)
}

impl Run<'_> {
    /// Remembers a completion that can be taken back.
    pub(super) fn keep_withdrawable(&mut self, task: Id, node: &Node, definition: &Task) -> Result<(), Rejection> {
        let Some(withdraw) = &definition.withdraw else { return Ok(()) };
        let until = time::moved(self.now(), withdraw.within, &self.context.zone)
            .ok_or_else(|| failed("", &node.name, "a time leaves its range"))?;
        self.emit(Kind::Withdrawable { task, until })
    }

    /// What is remembered of a completion, where the actor may take it back now.
    fn may_withdraw(&self, task: Id) -> Result<(Id, Undo), Rejection> {
        let mut all = self.case.instances.values().flat_map(|of| of.undo.iter().map(move |undo| (of, undo)));
        let Some((of, undo)) = all.find(|(_, undo)| undo.task == task) else {
            let open = self.case.tasks.get(&task).is_some_and(|task| task.state == TaskState::Open);
            return Err(if open { Rejection::NotAllowed } else { Rejection::TooLate { until: None } });
        };
        if self.context.actor.person() != Some(undo.by) {
            return Err(Rejection::NotYours);
        }
        if undo.until < self.now() {
            return Err(Rejection::TooLate { until: Some(undo.until) });
        }
        if let Some(item) = self.suspended_at(of.item) {
            return Err(Rejection::Suspended { item });
        }
        if undo.outside {
            return Err(Rejection::Outside);
        }
        let bound = self.bound(of)?;
        let (node, definition) = super::operations::definition(&bound, &undo.node)?;
        let when = definition.withdraw.as_ref().and_then(|withdraw| withdraw.when.as_ref());
        if let Some(when) = when
            && self.eval(of.id, &node.name, when)? != Value::Bool(true)
        {
            return Err(Rejection::NotAllowed);
        }
        Ok((of.id, undo.clone()))
    }

    /// The token that goes back: that of the completion, or the one into which its branch has gone; none where its path has
    /// ended or was closed.
    fn carrier(&self, found: &Instance, undo: &Undo) -> Option<u32> {
        let carries =
            |token: u32| found.tokens.iter().any(|there| there.id == token && there.causes.contains(&undo.task));
        if carries(undo.token) {
            return Some(undo.token);
        }
        let region = self.bound(found).ok()?.workflow.regions.get(&undo.node).cloned().unwrap_or_default();
        let above = found.tokens.iter().filter(|token| token.causes.contains(&undo.task)).filter_map(|token| {
            let stack = self.stack(found.id, token.id).ok()?;
            let inside = stack.len() < region.len()
                && stack.iter().zip(&region).all(|((fork, place), into)| *fork == into.0 && place.branch == into.1);
            let topmost = !stack.iter().any(|(_, place)| carries(place.of));
            (inside && topmost).then_some((stack.len(), token.id))
        });
        above.max().map(|(_, token)| token)
    }

    /// 撤回.
    pub(super) fn withdraw(&mut self, task: Id, said: Option<&str>) -> Result<(), Rejection> {
        let (instance, undo) = self.may_withdraw(task)?;
        let until = Some(undo.until);
        let token = self.carrier(self.instance(instance)?, &undo).ok_or(Rejection::TooLate { until })?;
        let comment = comment(said, &[])?;
        let vote = self.is_vote(instance, &undo);
        let waits = !vote && self.waits(instance, token, &undo)?;
        let loose = self.loose(self.instance(instance)?, task, token)?;
        let (restore, left) = self.restorable(&undo);
        let members = latest_round(self.instance(instance)?, &undo);
        self.emit(Kind::Withdrawn { task, left, moved: (!waits && !vote).then_some(token), comment })?;
        let causes: Vec<Cause> = undo.after.iter().map(|task| Cause { instance, task: *task }).collect();
        for (change, before) in restore {
            let (item, field, after) = (change.item, change.field.clone(), change.before.clone());
            self.emit(Kind::ItemChanged { item, field, before, after, causes: causes.clone() })?;
        }
        self.effects.push(Effect::Recall { task });
        if vote {
            let bound = self.bound(self.instance(instance)?)?;
            let (node, definition) = super::operations::definition(&bound, &undo.node)?;
            return self.take_vote_back(At { instance, token: undo.token, node, task: definition }, task);
        }
        for token in loose {
            let node = self.token(instance, token)?.node.clone();
            self.leave(instance, token, &node)?;
            self.emit(Kind::TokenEnded { instance, token, result: None })?;
        }
        self.reopen(instance, token, waits, &Undo { members, ..undo })
    }

    /// Whether a completion is a vote of a round that still runs: it alone is taken back.
    fn is_vote(&self, instance: Id, undo: &Undo) -> bool {
        self.token(instance, undo.token).is_ok_and(|token| {
            token.node == undo.node && token.members.iter().any(|member| member.task == Some(undo.task))
        })
    }

    /// Whether the path above a branch waits for others, or has come back to them alone.
    fn waits(&self, instance: Id, token: u32, undo: &Undo) -> Result<bool, Rejection> {
        let standing = self.token(instance, token)?;
        let region =
            self.bound(self.instance(instance)?)?.workflow.regions.get(&undo.node).cloned().unwrap_or_default();
        let Some((fork, branch)) = region.get(self.stack(instance, token)?.len()) else { return Ok(false) };
        let opened = standing.branches.iter().any(|there| there.branch == *branch);
        Ok(token != undo.token && standing.node == *fork && (undo.waits || !opened))
    }

    /// The paths beside `token` that the completion of `task` led to and that no join waits for any more.
    fn loose(&self, found: &Instance, task: Id, token: u32) -> Result<Vec<u32>, Rejection> {
        let mut loose = Vec::new();
        for there in found.tokens.iter().filter(|there| there.id != token && there.causes.contains(&task)) {
            if there.place.is_none() && self.stack(found.id, token)?.iter().all(|(_, place)| place.of != there.id) {
                loose.push(there.id);
            }
        }
        Ok(loose)
    }

    /// The changes that are undone, each with the value of now; and the fields that somebody else has changed since.
    fn restorable<'u>(&self, undo: &'u Undo) -> (Vec<(&'u Change, Json)>, Vec<Left>) {
        let (mut restore, mut left) = (Vec::new(), Vec::new());
        for change in &undo.changes {
            match self.case.items.get(&change.item).map(|item| value_of(item, &change.field)) {
                Some(now) if now == change.before => {}
                Some(now) if now == change.after => restore.push((change, now)),
                _ => left.push(Left { item: change.item, field: change.field.clone() }),
            }
        }
        (restore, left)
    }

    /// The task opens again for the one who completed it. `waits`: its branch alone does, else `token` goes back into it.
    fn reopen(&mut self, instance: Id, token: u32, waits: bool, undo: &Undo) -> Result<(), Rejection> {
        let found = self.instance(instance)?;
        let region = self.bound(found)?.workflow.regions.get(&undo.node).cloned().unwrap_or_default();
        let mut region = region.get(self.stack(instance, token)?.len()..).unwrap_or_default();
        let (mut token, mut place) = (token, None);
        match region {
            [(_, branch), inner @ ..] if waits => {
                place = Some(Place { of: token, branch: *branch });
                token = found.next_token;
                region = inner;
            }
            _ => {
                let node = self.token(instance, token)?.node.clone();
                self.leave(instance, token, &node)?;
            }
        }
        let (token, place) = self.open_forks(instance, token, place, region)?;
        self.back.insert((instance, undo.node.clone()));
        let member = (0..).zip(&undo.members).find(|(_, member)| member.task == Some(undo.task)).map(|(at, _)| at);
        self.round = member.map(|_: u32| without_vote(&undo.members, undo.task));
        self.enter(instance, token, &undo.node, place)?;
        let here = |task: &&Opened| {
            task.state == TaskState::Open
                && !task.late
                && (task.instance, task.token, task.member) == (instance, token, member)
        };
        let opened = self.case.tasks.values().find(here).map(|task| (task.id, task.assignee, task.candidates.clone()));
        match opened {
            Some((_, Some(person), _)) if person == undo.by => Ok(()),
            Some((task, _, candidates)) if candidates.contains(&undo.by) => {
                self.emit(Kind::TaskAssigned { task, assignee: Some(undo.by) })
            }
            Some((task, ..)) => {
                let how = Passing::Transfer;
                self.emit(Kind::TaskPassed { task, how, from: None, to: vec![undo.by], comment: None })
            }
            None => Ok(()),
        }
    }
}

/// The members of the round that a completion was a vote of, with the votes that came after it.
fn latest_round(found: &Instance, undo: &Undo) -> Vec<Member> {
    let same = |other: &&Undo| {
        (other.token, &other.node) == (undo.token, &undo.node)
            && other.members.iter().any(|member| member.task == Some(undo.task))
    };
    found.undo.iter().rev().find(same).map_or_else(Vec::new, |latest| latest.members.clone())
}
