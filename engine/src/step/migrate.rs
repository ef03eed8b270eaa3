//! An instance moves to another version of its workflow, and back.

use std::collections::BTreeMap;

use super::{
    each::Place,
    group::At,
    run::{Run, failed},
};
use crate::{
    apply::mark,
    case::{Purpose, Task, TaskState, Timer},
    definition::workflow::{Boundary, Due, Node, NodeKind, Outcome, Trigger, Wait},
    event::Kind,
    id::Id,
    migrate::{Mapping, check, plan, same_event, same_trigger},
    rejection::Rejection,
    text::Name,
};

impl Run<'_> {
    /// Moves a running instance; what is open in it follows the new version from then on.
    pub(super) fn migrate(&mut self, instance: Id, version: &Name, nodes: &Mapping) -> Result<(), Rejection> {
        let found = self.instance(instance)?;
        if found.ended.is_some() {
            return Err(Rejection::NotFound);
        }
        let registry = &self.context.registry;
        let (from, to) = (self.bound(found)?, registry.versions.get(version).ok_or(Rejection::NotFound)?);
        let plan = plan(&from, to, nodes).map_err(|faults| Rejection::NoPlan { faults })?;
        let shown = check(&self.case, found, &plan, (&from, to), registry)
            .map_err(|stranded| Rejection::Strands { stranded })?;
        let mut pinned = self.pinned(&to.workflow);
        // What has been pinned stays at that version.
        for (name, there) in &mut pinned {
            if let Some(before) = found.pinned.get(name) {
                there.clone_from(before);
            }
        }
        let stood: Vec<(u32, Name)> = found.tokens.iter().map(|token| (token.id, token.node.clone())).collect();
        self.emit(Kind::Migrated {
            instance,
            from: plan.from.clone(),
            to: plan.to.clone(),
            nodes: plan.renamed(),
            pinned,
            tokens: shown.tokens,
        })?;
        for (token, node) in stood {
            // What another token has heard may have closed this one.
            let Some(now) = self.token(instance, token).ok().filter(|there| !there.transit) else { continue };
            let now = now.node.clone();
            let (Some(old), Some(new)) = (from.workflow.nodes.get(&node), to.workflow.nodes.get(&now)) else {
                return Err(failed(&plan.workflow, &node, "there is no such node"));
            };
            self.renew(instance, &now);
            self.move_timers((instance, token), old, new)?;
        }
        self.move_tasks(instance, &to.workflow.nodes)?;
        self.decide_again(instance, &to.workflow.nodes)
    }

    /// Groups and calls for each element may be over by the new rules, and joins need no more branches.
    fn decide_again(&mut self, instance: Id, nodes: &BTreeMap<Name, Node>) -> Result<(), Rejection> {
        let stood: Vec<u32> = self.instance(instance)?.tokens.iter().map(|token| token.id).collect();
        for token in stood {
            let Some(standing) = self.token(instance, token).ok().filter(|there| !there.transit) else { continue };
            let voted = standing.members.iter().any(|member| !member.gone && member.vote.is_some());
            let decides = voted || self.empty_incident(instance, token).is_some();
            let Some(node) = nodes.get(&standing.node) else { continue };
            match &node.kind {
                NodeKind::Fork(_) | NodeKind::Any(_) => self.settle_branches(instance, token)?,
                NodeKind::Task(task) if decides && task.group.is_some() => {
                    self.decide(At { instance, token, node, task }, None)?;
                }
                NodeKind::Call(call) if decides => {
                    if let Some(each) = &call.each {
                        self.decide_call(Place { instance, token, node }, call, each)?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Timers of what is the same stay, others go, and those of what is new begin now.
    fn move_timers(&mut self, (instance, token): (Id, u32), old: &Node, new: &Node) -> Result<(), Rejection> {
        let mut fresh: Vec<bool> = vec![true; new.boundary.len()];
        let mut becomes = Vec::with_capacity(old.boundary.len());
        for event in &old.boundary {
            let same = new.boundary.iter().zip(&fresh).position(|(known, free)| *free && same_event(event, known));
            if let Some(free) = same.and_then(|place| fresh.get_mut(place)) {
                *free = false;
            }
            becomes.push(same);
        }
        let here = |timer: &&Timer| timer.instance == instance && timer.token == token;
        let timers: Vec<Timer> = self.case.timers.values().filter(here).cloned().collect();
        for timer in timers {
            let purpose = match (timer.purpose, &new.kind) {
                (Purpose::Boundary(place), _) => {
                    let same = becomes.get(usize::from(place)).copied().flatten();
                    same.and_then(|place| u16::try_from(place).ok()).map(Purpose::Boundary)
                }
                (Purpose::Wait, _) => Some(Purpose::Wait).filter(|_| same_wait(old, new)),
                (Purpose::Every, NodeKind::Stage(stage)) => stage.every.as_ref().map(|_| Purpose::Every),
                (Purpose::Every, _) => None,
            };
            self.move_timer(&timer, purpose)?;
        }
        for (place, event) in (0..).zip(&new.boundary) {
            if !fresh.get(usize::from(place)).copied().unwrap_or(false) {
                continue;
            }
            let due = match &event.trigger {
                Trigger::After(delay) => Some(self.after(instance, self.now(), *delay, &new.name)?),
                Trigger::At(expr) => self.moment((instance, token), &new.name, expr)?,
                Trigger::Changed(_) | Trigger::Message(_) | Trigger::Error(_) => None,
            };
            self.keep_timer(instance, token, Purpose::Boundary(place), due)?;
        }
        let hears = |(event, fresh): (&Boundary, &bool)| *fresh && matches!(event.trigger, Trigger::Message(_));
        if new.boundary.iter().zip(&fresh).any(hears) && !self.take_kept_at_boundary(instance, token, new)? {
            return Ok(());
        }
        match &new.kind {
            NodeKind::Wait(wait) if !same_wait(old, new) => self.wait(instance, token, new, wait),
            _ => Ok(()),
        }
    }

    fn move_timer(&mut self, timer: &Timer, purpose: Option<Purpose>) -> Result<(), Rejection> {
        if purpose == Some(timer.purpose) {
            return Ok(());
        }
        self.emit(Kind::TimerCancelled { timer: timer.id })?;
        let Some(purpose) = purpose else { return Ok(()) };
        let Timer { instance, token, due, count, first, .. } = *timer;
        let id = self.fresh()?;
        self.emit(Kind::TimerArmed { timer: id, instance, token, purpose, due, count, first })
    }

    /// Tasks that only take a comment close where their node takes none any more. A due date that the new version does not know
    /// goes; one in days from the opening comes where there was none.
    fn move_tasks(&mut self, instance: Id, nodes: &BTreeMap<Name, Node>) -> Result<(), Rejection> {
        let open = self.case.tasks.values().filter(|task| task.instance == instance && task.state == TaskState::Open);
        let open: Vec<Task> = open.cloned().collect();
        for task in open {
            let node = nodes.get(&task.node);
            let known = node.and_then(|node| match &node.kind {
                NodeKind::Task(known) => Some(known),
                _ => None,
            });
            let comments = |outcomes: &[Outcome]| outcomes.iter().any(|outcome| outcome.stay);
            match known {
                Some(known) if !task.late || comments(&known.outcomes) => {
                    let due = match &known.due {
                        None => None,
                        Some(Due::After(delay)) if task.due.is_none() => {
                            let due = self.after(instance, task.opened_at, *delay, &task.node)?;
                            Some(self.context.zone.to_datetime(due).date())
                        }
                        Some(_) => task.due,
                    };
                    if due != task.due {
                        self.emit(Kind::TaskDue { task: task.id, due })?;
                    }
                }
                _ => self.emit(Kind::TaskCancelled { task: task.id })?,
            }
        }
        Ok(())
    }

    /// After all that follows from a migration: it can be taken back if it has only moved things.
    pub(super) fn end_migration(&mut self, instance: Id) -> Result<(), Rejection> {
        let moves = |kind: &Kind| {
            matches!(
                kind,
                Kind::Migrated { .. }
                    | Kind::TaskCandidates { .. }
                    | Kind::TaskAssigned { .. }
                    | Kind::TaskDue { .. }
                    | Kind::TaskPassed { .. }
                    | Kind::TimerArmed { .. }
                    | Kind::TimerCancelled { .. }
                    | Kind::TimerPaused { .. }
                    | Kind::TimerResumed { .. }
                    | Kind::IncidentOpened { .. }
                    | Kind::IncidentClosed { .. }
            )
        };
        if self.events().iter().all(|event| moves(&event.kind)) {
            return self.emit(Kind::MigrationOpen { instance });
        }
        // It may have led to the instance's end.
        let open = self.case.instances.get(&instance).is_some_and(|found| found.migrated.is_some());
        if open { self.emit(Kind::MigrationConfirmed { instance }) } else { Ok(()) }
    }

    /// Takes the latest migration back, where nothing has happened since.
    pub(super) fn migrate_back(&mut self, instance: Id) -> Result<(), Rejection> {
        let back = self.instance(instance)?.migrated.as_ref().ok_or(Rejection::NoWayBack)?;
        let same = mark(&self.case, instance).is_ok_and(|mark| mark == back.mark);
        if !same || !self.context.registry.versions.contains_key(&back.version) {
            return Err(Rejection::NoWayBack);
        }
        self.emit(Kind::MigratedBack { instance })
    }

    /// The latest migration stays.
    pub(super) fn migrate_confirm(&mut self, instance: Id) -> Result<(), Rejection> {
        if self.instance(instance)?.migrated.is_none() {
            return Err(Rejection::NoWayBack);
        }
        self.emit(Kind::MigrationConfirmed { instance })
    }
}

fn same_wait(old: &Node, new: &Node) -> bool {
    match (&old.kind, &new.kind) {
        (NodeKind::Wait(Wait { until: one, .. }), NodeKind::Wait(Wait { until: other, .. })) => {
            same_trigger(one, other)
        }
        _ => true,
    }
}
