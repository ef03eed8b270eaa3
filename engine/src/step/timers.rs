//! Timers: armed at a node, for a moment that follows the facts that it reads; each fires once.

use jiff::{Timestamp, civil::Date};

use super::{
    acts::Around,
    run::{Run, failed},
};
use crate::{
    case::{Purpose, Timer},
    definition::workflow::{Boundary, Delay, Node, NodeKind, Trigger},
    event::Kind,
    expr::Expr,
    id::Id,
    rejection::Rejection,
    time,
    value::Value,
    workdays::Workdays,
};

impl Run<'_> {
    /// The moment that `expr` gives: an instant, or the first one of a date; none where it is absent.
    pub(super) fn moment(&self, at: (Id, u32), node: &str, expr: &Expr) -> Result<Option<Timestamp>, Rejection> {
        match self.eval_at(at, node, expr)? {
            Value::Date(date) => self.start_of(date, node).map(Some),
            Value::Time(time) => Ok(Some(Timestamp::from_millisecond(time.as_millisecond()).unwrap_or(time))),
            _ => Ok(None),
        }
    }

    fn start_of(&self, date: Date, node: &str) -> Result<Timestamp, Rejection> {
        time::start_of_day(date, &self.context.zone)
            .ok_or_else(|| failed("", node, format!("`{date}` leaves the range of time")))
    }

    /// `delay` after `time`, its days counted in the deployment's zone, working days by the calendar of the item's module.
    pub(super) fn after(
        &self,
        instance: Id,
        time: Timestamp,
        delay: Delay,
        node: &str,
    ) -> Result<Timestamp, Rejection> {
        let zone = &self.context.zone;
        let moved = match delay {
            Delay::Span(span) => time::moved(time, span, zone),
            Delay::Workdays(count) => {
                let date = self.workdays(instance)?.add(zone.to_datetime(time).date(), count.into());
                date.and_then(|date| time::on_day(time, date, zone))
            }
        };
        moved.ok_or_else(|| failed("", node, "a timer leaves the range of time"))
    }

    /// The working days of the module of an instance's item.
    pub(super) fn workdays(&self, instance: Id) -> Result<&Workdays, Rejection> {
        let item = self.item(self.instance(instance)?.item)?;
        Ok(self.context.registry.workdays(&item.module))
    }

    /// The armed timer of a token for one purpose.
    pub(super) fn timer_of(&self, instance: Id, token: u32, purpose: Purpose) -> Option<&Timer> {
        let mut all = self.case.timers.values();
        all.find(|timer| timer.instance == instance && timer.token == token && timer.purpose == purpose)
    }

    /// Makes the timer of a token stand at `due`, or takes it back.
    pub(super) fn keep_timer(
        &mut self,
        instance: Id,
        token: u32,
        purpose: Purpose,
        due: Option<Timestamp>,
    ) -> Result<(), Rejection> {
        // One that repeats stands behind its first time, and stays there while that is the same.
        let armed = self.timer_of(instance, token, purpose).map(|timer| (timer.id, timer.first()));
        match (armed, due) {
            (Some((timer, _)), None) => self.emit(Kind::TimerCancelled { timer }),
            (Some((_, at)), Some(due)) if at == due => Ok(()),
            (None, None) => Ok(()),
            (armed, Some(due)) => {
                let timer = armed.map_or_else(|| self.fresh(), |(timer, _)| Ok(timer))?;
                self.emit(Kind::TimerArmed { timer, instance, token, purpose, due, count: 0, first: None })
            }
        }
    }

    /// Arms the boundary events of a node that has just been entered; false where a kept message has led out of it.
    pub(super) fn arm_boundary(&mut self, instance: Id, token: u32, node: &Node) -> Result<bool, Rejection> {
        for (place, boundary) in (0..).zip(&node.boundary) {
            let due = match &boundary.trigger {
                Trigger::After(delay) => Some(self.after(instance, self.now(), *delay, &node.name)?),
                Trigger::At(expr) => self.moment((instance, token), &node.name, expr)?,
                Trigger::Changed(_) | Trigger::Message(_) | Trigger::Error(_) => continue,
            };
            self.keep_timer(instance, token, Purpose::Boundary(place), due)?;
        }
        self.take_kept_at_boundary(instance, token, node)
    }

    /// A timer is due.
    pub(super) fn fire(&mut self, timer: Id) -> Result<(), Rejection> {
        let timer = self.case.timers.get(&timer).ok_or(Rejection::Gone)?.clone();
        if timer.paused || timer.due > self.now() {
            return Err(Rejection::Gone);
        }
        let (instance, token) = (timer.instance, timer.token);
        let found = self.instance(instance)?;
        let name = found.tokens.iter().find(|there| there.id == token).map(|token| token.node.clone());
        let (bound, workflow) = (self.bound(found)?, found.workflow.clone());
        let node = name.and_then(|name| bound.workflow.nodes.get(&name)).ok_or(Rejection::Gone)?;
        if let Purpose::Boundary(place) = timer.purpose {
            return self.fire_boundary(&timer, place, &workflow, node);
        }
        self.emit(Kind::TimerFired { timer: timer.id })?;
        match (timer.purpose, &node.kind) {
            (Purpose::Every, NodeKind::Stage(stage)) => match &stage.every {
                Some(every) => self.begin_every(instance, token, node, every, timer.due),
                None => Ok(()),
            },
            (Purpose::Wait, NodeKind::Wait(wait)) => self.go(instance, token, node, &wait.next),
            (Purpose::Every | Purpose::Wait | Purpose::Boundary(_), _) => Ok(()),
        }
    }

    pub(super) fn boundary(
        &mut self,
        instance: Id,
        token: u32,
        node: &Node,
        boundary: &Boundary,
    ) -> Result<(), Rejection> {
        self.acts((instance, token), node, &boundary.acts, Around::default())?;
        match &boundary.to {
            Some(to) => self.go(instance, token, node, to),
            None => Ok(()),
        }
    }
}
