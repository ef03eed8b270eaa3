//! A stage: stays open, and begins its child again and again.

use super::run::Run;
use crate::{
    case::{Purpose, Timer},
    definition::workflow::{Every, Node, Stage},
    event::Kind,
    id::Id,
    rejection::Rejection,
};
use jiff::Timestamp;

impl Run<'_> {
    /// Brings the repeating child of a stage up to date with the value of `at`: begins it, arms its timer, or takes that back.
    ///
    /// While a child is open it waits; a value for which a child has begun is not begun again; a value that has passed
    /// begins at once.
    pub(super) fn keep_every(&mut self, instance: Id, token: u32, node: &Node, stage: &Stage) -> Result<(), Rejection> {
        let Some(every) = &stage.every else { return Ok(()) };
        let found = self.instance(instance)?;
        let begun_for = found.tokens.iter().find(|there| there.id == token).and_then(|token| token.begun_for);
        let item = found.item;
        let waits = !self.children(instance, Some(token)).is_empty();
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
        self.begin_child(instance, token, node, &every.call, &every.item, None)
    }
}
