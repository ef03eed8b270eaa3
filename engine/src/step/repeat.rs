//! Boundary timers that repeat: each time on the grid of the first one, as often as the definition says.

use jiff::Timestamp;

use super::{
    Way,
    run::{Run, failed},
};
use crate::{
    case::Timer,
    definition::workflow::{Boundary, Node, Repeat, Trigger},
    event::Kind,
    id::Id,
    rejection::Rejection,
    text::Name,
    time::{NoOccurrence, Occurrence, Series},
};

impl Run<'_> {
    /// A boundary timer is due: its event happens, and is armed again where it repeats.
    pub(super) fn fire_boundary(
        &mut self,
        timer: &Timer,
        place: u16,
        workflow: &Name,
        node: &Node,
    ) -> Result<(), Rejection> {
        let Some(boundary) = node.boundary.get(usize::from(place)) else {
            return self.emit(Kind::TimerFired { timer: timer.id });
        };
        let again = match &boundary.repeat {
            Some(repeat) => Some((repeat, self.occurrence(timer, repeat, node)?)),
            None => None,
        };
        if let Some((_, Occurrence { fires: false, next })) = again {
            return self.arm_again(timer, timer.id, next, timer.count);
        }
        self.emit(Kind::TimerFired { timer: timer.id })?;
        self.take(workflow, &node.name, Way::Boundary(place.into()));
        self.boundary(timer.instance, timer.token, node, boundary)?;
        let count = timer.count.saturating_add(1);
        match again {
            Some((repeat, Occurrence { next, .. })) if repeat.times.is_none_or(|times| count < times) => {
                let id = self.fresh()?;
                self.arm_again(timer, id, next, count)
            }
            _ => Ok(()),
        }
    }

    fn arm_again(&mut self, before: &Timer, timer: Id, due: Timestamp, count: u32) -> Result<(), Rejection> {
        let Timer { instance, token, purpose, .. } = *before;
        let first = Some(before.first());
        self.emit(Kind::TimerArmed { timer, instance, token, purpose, due, count, first })
    }

    fn series(&self, first: Timestamp, repeat: &Repeat) -> Series {
        Series { start: first, every: repeat.every, zone: self.context.zone.clone() }
    }

    fn occurrence(&self, timer: &Timer, repeat: &Repeat, node: &Node) -> Result<Occurrence, Rejection> {
        let series = self.series(timer.first(), repeat);
        series.next_occurrence(timer.due, self.now(), repeat.missed).map_err(|error| no_time(node, error))
    }

    /// A boundary timer runs again after a suspension; `due` is what its trigger gives now.
    ///
    /// One that repeats goes on with its grid: times that passed while it stood still do not happen.
    pub(super) fn resume_boundary(
        &mut self,
        timer: &Timer,
        node: &Node,
        boundary: &Boundary,
        due: Timestamp,
    ) -> Result<(), Rejection> {
        let id = timer.id;
        match (&boundary.repeat, &boundary.trigger) {
            (Some(repeat), Trigger::At(_)) if due == timer.first() => {
                let due = if timer.first.is_some() && timer.due <= self.now() {
                    let next = self.series(timer.first(), repeat).next_after(self.now());
                    next.map_err(|error| no_time(node, error))?
                } else {
                    timer.due
                };
                self.emit(Kind::TimerResumed { timer: id, due, first: timer.first })
            }
            (Some(_), Trigger::At(_)) => {
                self.emit(Kind::TimerResumed { timer: id, due, first: None })?;
                let Timer { instance, token, purpose, .. } = *timer;
                // Another first time begins the series anew.
                self.emit(Kind::TimerArmed { timer: id, instance, token, purpose, due, count: 0, first: None })
            }
            _ => self.emit(Kind::TimerResumed { timer: id, due, first: None }),
        }
    }
}

fn no_time(node: &Node, error: NoOccurrence) -> Rejection {
    failed("", &node.name, error.to_string())
}
