//! Suspension: the timers of a suspended item, and of everything below it, stand still; its dates shift when it is resumed.

use jiff::{Timestamp, civil::Date};
use serde_json::Value as Json;

use super::run::{Run, failed};
use crate::{
    case::{Item, ItemState, Purpose, TaskState, Timer},
    definition::{
        form::WellKnown,
        workflow::{Delay, Due, Node, NodeKind, Trigger},
    },
    event::Kind,
    expr::scope::{item_fact, state},
    id::Id,
    rejection::Rejection,
    time,
    value::{Span, Value},
};

/// Whether an item in this state is over.
pub(super) const fn is_closed(state: ItemState) -> bool {
    matches!(state, ItemState::Done | ItemState::Cancelled)
}

impl Run<'_> {
    /// The suspended item at or above `item`, the nearest.
    pub(super) fn suspended_at(&self, item: Id) -> Option<Id> {
        let mut above = Some(item);
        while let Some(item) = above.and_then(|id| self.case.items.get(&id)) {
            if item.state == ItemState::Suspended {
                return Some(item.id);
            }
            above = item.parent;
        }
        None
    }

    pub(super) fn is_suspended(&self, item: Id) -> bool {
        self.suspended_at(item).is_some()
    }

    /// Gives an item a state, with what belongs to it: since when it is suspended, and its dates when it is resumed.
    pub(super) fn set_state(&mut self, item: Id, to: ItemState) -> Result<(), Rejection> {
        let found = self.item(item)?;
        let (from, since) = (found.state, found.suspended_on);
        if from == to {
            return Ok(());
        }
        self.change(item, "state", state(to).into())?;
        let today = self.context.today();
        if to == ItemState::Suspended {
            self.change(item, "suspended_on", today.to_string().into())?;
        } else if from == ItemState::Suspended {
            self.change(item, "suspended_on", Json::Null)?;
        }
        match since {
            Some(since) if from == ItemState::Suspended && to == ItemState::Open => self.shift(item, since, today),
            _ => Ok(()),
        }
    }

    /// Moves the next due dates of an item and of the open items below it by the days of its suspension.
    fn shift(&mut self, item: Id, since: Date, today: Date) -> Result<(), Rejection> {
        let mut below = vec![item];
        let mut next = 0;
        while let Some(id) = below.get(next).copied() {
            let children = self.case.items.values().filter(|child| child.parent == Some(id));
            below.extend(children.filter(|child| child.state == ItemState::Open).map(|child| child.id));
            next += 1;
        }
        for id in below.iter().copied() {
            let found = self.item(id)?;
            // What was overdue when it was suspended stays overdue.
            let Some(next_due) = found.next_due.filter(|next_due| *next_due >= since) else { continue };
            let moved = next_due.checked_add(today - since).map_err(|_| failed("", "", "a date leaves its range"))?;
            let moved = match self.final_date(found) {
                Some(due) if next_due <= due => moved.min(due),
                _ => moved,
            };
            self.change(id, "next_due", moved.to_string().into())?;
        }
        self.shift_tasks(&below, since, today)
    }

    /// Moves the due dates of open tasks that were reckoned from the day on which the task opened.
    fn shift_tasks(&mut self, items: &[Id], since: Date, today: Date) -> Result<(), Rejection> {
        let mut moved = Vec::new();
        for task in self.case.tasks.values().filter(|task| task.state == TaskState::Open && items.contains(&task.item))
        {
            let bound = self.bound(self.instance(task.instance)?)?;
            let Some(Node { kind: NodeKind::Task(definition), .. }) = bound.workflow.nodes.get(&task.node) else {
                continue;
            };
            // What was overdue when it was suspended stays overdue.
            let (Some(Due::After(delay)), Some(due)) = (&definition.due, task.due.filter(|due| *due >= since)) else {
                continue;
            };
            let due = match delay {
                Delay::Span(_) => {
                    due.checked_add(today - since).map_err(|_| failed("", "", "a date leaves its range"))?
                }
                Delay::Workdays(_) => self.resumed(task.instance, due, since)?,
            };
            moved.push((task.id, due));
        }
        for (task, due) in moved {
            self.emit(Kind::TaskDue { task, due: Some(due) })?;
        }
        Ok(())
    }

    fn final_date(&self, item: &Item) -> Option<Date> {
        let form = self.context.registry.form_of(&item.module, &item.kind);
        match item_fact(item, form.map(AsRef::as_ref), WellKnown::Due.name()) {
            Value::Date(date) => Some(date),
            _ => None,
        }
    }

    /// An item of a cancelled instance becomes cancelled.
    pub(super) fn cancel_item(&mut self, item: Id) -> Result<(), Rejection> {
        match self.item(item)?.state {
            ItemState::Open | ItemState::Suspended => self.set_state(item, ItemState::Cancelled),
            ItemState::Done | ItemState::Cancelled => Ok(()),
        }
    }

    /// Stops the timers of what is suspended by now, and lets those of what is no longer run again.
    pub(super) fn follow_suspension(&mut self) -> Result<(), Rejection> {
        let mut changed = Vec::new();
        for timer in self.case.timers.values() {
            let item = self.instance(timer.instance)?.item;
            let suspended = self.is_suspended(item);
            if timer.paused != suspended {
                changed.push((timer.clone(), item, suspended));
            }
        }
        for (timer, item, suspended) in changed {
            match (timer.paused, suspended) {
                (false, true) => self.emit(Kind::TimerPaused { timer: timer.id })?,
                (true, false) => self.restart(&timer, item)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Lets a timer run again: at the value of its expression, or later by the days of the suspension.
    fn restart(&mut self, timer: &Timer, item: Id) -> Result<(), Rejection> {
        let (instance, token) = (timer.instance, timer.token);
        let found = self.instance(instance)?;
        let bound = self.bound(found)?;
        let name = found.tokens.iter().find(|there| there.id == token).map(|token| token.node.clone());
        let Some(node) = name.and_then(|name| bound.workflow.nodes.get(&name)) else { return Ok(()) };
        let mut event = None;
        let due = match (timer.purpose, &node.kind) {
            (Purpose::Every, NodeKind::Stage(stage)) => {
                self.emit(Kind::TimerResumed { timer: timer.id, due: timer.due, first: None })?;
                return self.keep_every(instance, token, node, stage);
            }
            (Purpose::Wait, NodeKind::Wait(wait)) => self.restarted(timer, instance, node, item, &wait.until)?,
            (Purpose::Every | Purpose::Wait, _) => None,
            (Purpose::Boundary(place), _) => {
                event = node.boundary.get(usize::from(place));
                match event {
                    Some(boundary) => self.restarted(timer, instance, node, item, &boundary.trigger)?,
                    None => None,
                }
            }
        };
        match (due, event) {
            (Some(due), Some(boundary)) => self.resume_boundary(timer, node, boundary, due),
            (Some(due), None) => self.emit(Kind::TimerResumed { timer: timer.id, due, first: None }),
            (None, _) => self.emit(Kind::TimerCancelled { timer: timer.id }),
        }
    }

    /// When a timer fires after a suspension.
    fn restarted(
        &self,
        timer: &Timer,
        instance: Id,
        node: &Node,
        item: Id,
        trigger: &Trigger,
    ) -> Result<Option<Timestamp>, Rejection> {
        match trigger {
            Trigger::At(expr) => self.moment((instance, timer.token), &node.name, expr),
            Trigger::After(Delay::Span(_)) => {
                let days = self.suspended_since(item).map_or(0, |since| (self.context.today() - since).get_days());
                self.after(instance, timer.due, Delay::Span(Span::of_days(days)), &node.name).map(Some)
            }
            Trigger::After(Delay::Workdays(_)) => {
                let zone = &self.context.zone;
                let due = zone.to_datetime(timer.due).date();
                let due = match self.suspended_since(item) {
                    Some(since) => self.resumed(instance, due, since)?,
                    None => due,
                };
                time::on_day(timer.due, due, zone)
                    .map(Some)
                    .ok_or_else(|| failed("", &node.name, "a timer leaves the range of time"))
            }
            Trigger::Changed(_) | Trigger::Message(_) | Trigger::Error(_) => Ok(None),
        }
    }

    /// A day that was reckoned in working days, after a suspension: as many of them from today on as were left when it began.
    fn resumed(&self, instance: Id, day: Date, since: Date) -> Result<Date, Rejection> {
        let workdays = self.workdays(instance)?;
        let moved = workdays.add(self.context.today(), workdays.between(since, day));
        moved.ok_or_else(|| failed("", "", "a date leaves its range"))
    }

    /// Since when the item, or one above it, had been suspended before this command.
    fn suspended_since(&self, item: Id) -> Option<Date> {
        let mut above = Some(item);
        let before = self.before().unwrap_or(&self.case);
        while let Some(item) = above.and_then(|id| before.items.get(&id)) {
            if let (ItemState::Suspended, Some(since)) = (item.state, item.suspended_on) {
                return Some(since);
            }
            above = item.parent;
        }
        None
    }
}
