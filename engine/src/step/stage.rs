//! A stage: stays open, begins its child again and again, and one for each element; what follows when a child ends.

use super::{acts::Around, call::Child, each::Place, run::Run};
use crate::{
    case::{Caller, Purpose, Timer},
    definition::workflow::{Every, Node, Stage},
    event::Kind,
    id::Id,
    rejection::Rejection,
    text::Name,
};
use jiff::Timestamp;

/// A child that has ended: its workflow, its result, its item.
type Done<'d> = (&'d Name, &'d Name, Id);

impl Run<'_> {
    /// A token has arrived at a stage.
    pub(super) fn enter_stage(
        &mut self,
        instance: Id,
        token: u32,
        node: &Node,
        stage: &Stage,
    ) -> Result<(), Rejection> {
        self.keep_elements(Place { instance, token, node }, stage)?;
        self.keep_every(instance, token, node, stage)
    }

    /// A child of a stage has ended with a result: what the stage does then.
    pub(super) fn child_done(
        &mut self,
        at: (Id, u32),
        node: &Node,
        stage: &Stage,
        (workflow, result, item): Done<'_>,
    ) -> Result<(), Rejection> {
        match stage.on_done.get(&(workflow.clone(), result.clone())) {
            Some(acts) => self.acts(at, node, acts, Around { child: Some(item), ..Around::default() }),
            None => Ok(()),
        }
    }

    /// A child of an open stage has ended: the stage is left where the offer that began it says so, or the next child begins.
    pub(super) fn stage_goes_on(
        &mut self,
        (instance, token): (Id, u32),
        node: &Node,
        stage: &Stage,
        caller: &Caller,
        result: &Name,
    ) -> Result<(), Rejection> {
        let offer = stage.offers.iter().find(|offer| caller.offer.as_ref() == Some(&offer.name));
        let to = offer.and_then(|offer| offer.call.as_ref()).and_then(|call| call.then.get(result));
        match to {
            Some(to) => self.go(instance, token, node, to),
            None => self.enter_stage(instance, token, node, stage),
        }
    }

    /// Whether a child that an offer of the stage began, or the repeating one, is running.
    pub(super) fn is_begun(&self, instance: Id, token: u32, node: &Node, offer: Option<&Name>) -> bool {
        self.children_at(instance, token, &node.name).iter().any(|child| {
            let caller = self.case.instances.get(child).and_then(|child| child.caller.as_ref());
            caller.is_some_and(|caller| caller.member.is_none() && caller.offer.as_ref() == offer)
        })
    }

    /// Brings the repeating child of a stage up to date with the value of `at`: begins it, arms its timer, or takes that back.
    ///
    /// While a child is open it waits; a value for which a child has begun is not begun again; a value that has passed
    /// begins at once.
    pub(super) fn keep_every(&mut self, instance: Id, token: u32, node: &Node, stage: &Stage) -> Result<(), Rejection> {
        let Some(every) = &stage.every else { return Ok(()) };
        let found = self.instance(instance)?;
        let begun_for = found.tokens.iter().find(|there| there.id == token).and_then(|token| token.begun_for);
        let item = found.item;
        let waits = self.is_begun(instance, token, node, None);
        let at = if waits { None } else { self.moment((instance, token), &node.name, &every.at)? };
        let at = at.filter(|at| begun_for != Some(*at));
        let armed = self.timer_of(instance, token, Purpose::Every).cloned();
        match at {
            Some(at) if at <= self.now() && !self.is_suspended(item) => {
                if let Some(Timer { id, .. }) = armed {
                    self.emit(Kind::TimerCancelled { timer: id })?;
                }
                self.begin_every(instance, token, node, every, at)
            }
            at => self.keep_timer(instance, token, Purpose::Every, at),
        }
    }

    /// Begins the repeating child for the value `at`. A timer did it, so nobody created its item.
    pub(super) fn begin_every(
        &mut self,
        instance: Id,
        token: u32,
        node: &Node,
        every: &Every,
        at: Timestamp,
    ) -> Result<(), Rejection> {
        self.emit(Kind::ChildBegun { instance, token, at })?;
        let stage = Some(node.name.clone());
        self.begin_child(instance, token, node, &Child { stage, ..Child::new(&every.call, &every.item) })
    }
}
