//! Open work follows facts: when a fact changes that its expressions read, candidates and due dates of open tasks are
//! resolved again and timers are armed anew, in the same command.

use std::collections::BTreeSet;

use super::{
    Way,
    each::Place,
    facts::Facts,
    group::{At, member_at},
    run::Run,
    task::alone,
};
use crate::{
    case::{Instance, Purpose, TaskState},
    definition::workflow::{Assign, Call, Due, Node, NodeKind, Task, Trigger, Wait},
    event::{Kind, Passing},
    expr::{Env, Expr},
    id::{Id, PersonId},
    rejection::Rejection,
    text::Name,
};

impl Run<'_> {
    /// Resolves open tasks and timers again where what they read has changed; with `all`, the candidates of every task.
    pub(super) fn follow_facts(&mut self, all: bool) -> Result<(), Rejection> {
        let stands = self.stands();
        // A group is followed once, not for each of its members.
        let groups: BTreeSet<(Id, u32)> =
            stands.iter().filter(|at| self.is_group(at)).map(|(instance, token, _)| (*instance, *token)).collect();
        let open = self.case.tasks.values().filter(|task| {
            task.state == TaskState::Open && !task.late && !groups.contains(&(task.instance, task.token))
        });
        let open: Vec<(Id, Id, Name)> = open.map(|task| (task.id, task.instance, task.node.clone())).collect();
        for (task, instance, name) in open {
            let bound = self.bound(self.instance(instance)?)?;
            if let Some(node @ Node { kind: NodeKind::Task(definition), .. }) = bound.workflow.nodes.get(&name) {
                self.follow_task(task, instance, node, definition, all)?;
            }
        }
        for (instance, token, name) in stands {
            // What follows from one node may have closed another.
            let stands = |found: &&Instance| {
                found.tokens.iter().any(|there| there.id == token && !there.transit && there.node == name)
            };
            let Some(found) = self.case.instances.get(&instance).filter(stands) else {
                continue;
            };
            let bound = self.bound(found)?;
            let Some(node) = bound.workflow.nodes.get(&name) else { continue };
            self.follow_boundary(instance, token, node)?;
            if let NodeKind::Task(task @ Task { group: Some(group), .. }) = &node.kind {
                self.follow_group(At { instance, token, node, task }, group, all)?;
            }
            if let NodeKind::Call(call @ Call { each: Some(each), .. }) = &node.kind
                && self.token(instance, token)?.held.is_none()
            {
                self.follow_call(Place { instance, token, node }, call, each)?;
            }
            if let NodeKind::Stage(stage) = &node.kind
                && stage.each.as_ref().is_some_and(|each| self.has_moved(instance, &node.name, &each.each.list))
            {
                self.keep_elements(Place { instance, token, node }, stage)?;
            }
            if let NodeKind::Stage(stage) = &node.kind
                && stage.every.as_ref().is_some_and(|every| self.has_moved(instance, &node.name, &every.at))
            {
                self.keep_every(instance, token, node, stage)?;
            }
            if let NodeKind::Wait(wait @ Wait { until: Trigger::At(at), .. }) = &node.kind
                && self.has_moved(instance, &node.name, at)
            {
                let at = self.moment((instance, token), &node.name, at)?;
                self.wait_until(instance, token, node, wait, at)?;
            }
        }
        Ok(())
    }

    /// Tells boundary events what has changed since the command began, each once.
    pub(super) fn follow_changes(&mut self) -> Result<(), Rejection> {
        for (instance, token, name) in self.stands() {
            let Some(found) = self.case.instances.get(&instance).filter(|found| found.ended.is_none()) else {
                continue;
            };
            let (bound, workflow) = (self.bound(found)?, found.workflow.clone());
            let Some(node) = bound.workflow.nodes.get(&name) else { continue };
            if let NodeKind::Wait(Wait { until: Trigger::Changed(watched), next, .. }) = &node.kind
                && self.facts_before(instance, &name).is_some()
                && watched.iter().any(|expr| self.has_moved(instance, &name, expr))
            {
                self.go(instance, token, node, next)?;
                continue;
            }
            for (place, boundary) in node.boundary.iter().enumerate() {
                let Trigger::Changed(watched) = &boundary.trigger else { continue };
                let changed = self.facts_before(instance, &name).is_some()
                    && watched.iter().any(|expr| self.has_moved(instance, &name, expr));
                if changed && self.heard.insert((instance, token, place)) {
                    self.take(&workflow, &node.name, Way::Boundary(place));
                    self.boundary(instance, token, node, boundary)?;
                    if boundary.to.is_some() {
                        break;
                    }
                }
            }
        }
        Ok(())
    }

    fn is_group(&self, (instance, _, node): &(Id, u32, Name)) -> bool {
        let bound = self.case.instances.get(instance).and_then(|found| self.bound(found).ok());
        let node = bound.as_ref().and_then(|bound| bound.workflow.nodes.get(node));
        node.is_some_and(|node| matches!(&node.kind, NodeKind::Task(task) if task.group.is_some()))
    }

    /// Where the tokens of running instances stand.
    pub(super) fn stands(&self) -> Vec<(Id, u32, Name)> {
        let running = self.case.instances.values().filter(|instance| instance.ended.is_none());
        running
            .flat_map(|instance| {
                let standing = instance.tokens.iter().filter(|token| !token.transit);
                standing.map(|token| (instance.id, token.id, token.node.clone()))
            })
            .collect()
    }

    fn follow_task(
        &mut self,
        task: Id,
        instance: Id,
        node: &Node,
        definition: &Task,
        all: bool,
    ) -> Result<(), Rejection> {
        let reads = |assign: &Assign| match assign {
            Assign::Post { unit: Some(expr), .. } | Assign::Person(expr) => self.has_moved(instance, &node.name, expr),
            Assign::Post { unit: None, .. } => false,
        };
        if self.case.tasks.get(&task).is_some_and(|found| found.passed) {
            if all {
                self.follow_passed(task)?;
            }
        } else if !self.is_added(task) && (all || reads(&definition.assign) || definition.fallback.iter().any(reads)) {
            let token = self.case.tasks.get(&task).map_or(0, |found| found.token);
            let candidates = self.doers_of(At { instance, token, node, task: definition })?;
            self.follow_candidates(task, candidates)?;
        }
        let due = definition.due.as_ref().and_then(Due::expr);
        if due.is_some_and(|due| self.has_moved(instance, &node.name, due)) {
            let due = self.day(instance, &node.name, definition.due.as_ref())?;
            if self.case.tasks.get(&task).is_some_and(|task| task.due != due) {
                self.emit(Kind::TaskDue { task, due })?;
            }
        }
        Ok(())
    }

    /// Who does a task that was passed on does not follow the definition; but whoever has left can not do it.
    pub(super) fn follow_passed(&mut self, task: Id) -> Result<(), Rejection> {
        let Some(found) = self.case.tasks.get(&task).cloned() else { return Ok(()) };
        let active = |person: &PersonId| self.context.org.person(*person).is_some_and(|person| person.active);
        if let (Some(owner), Some(delegate)) = (found.owner, found.assignee)
            && !active(&delegate)
        {
            let how = Passing::HandBack;
            self.emit(Kind::TaskPassed { task, how, from: Some(delegate), to: vec![owner], comment: None })?;
        }
        let stay: Vec<PersonId> = found.candidates.iter().copied().filter(active).collect();
        if self.case.tasks.get(&task).is_some_and(|found| found.owner.is_some()) {
            return Ok(());
        }
        self.follow_candidates(task, stay)
    }

    /// Whether a task is that of an added signer.
    fn is_added(&self, task: Id) -> bool {
        let Some(found) = self.case.tasks.get(&task) else { return false };
        let token = self.token(found.instance, found.token).ok();
        let member = token.zip(found.member).and_then(|(token, place)| member_at(token, place));
        member.is_some_and(|member| member.added_by.is_some())
    }

    pub(super) fn follow_candidates(&mut self, task: Id, candidates: Vec<PersonId>) -> Result<(), Rejection> {
        let Some(found) = self.case.tasks.get(&task).filter(|found| found.candidates != candidates) else {
            return Ok(());
        };
        let before = found.assignee;
        let assignee = before.filter(|person| candidates.contains(person)).or(alone(&candidates));
        self.emit(Kind::TaskCandidates { task, candidates })?;
        if assignee != before {
            self.emit(Kind::TaskAssigned { task, assignee })?;
        }
        Ok(())
    }

    fn follow_boundary(&mut self, instance: Id, token: u32, node: &Node) -> Result<(), Rejection> {
        for (place, boundary) in (0..).zip(&node.boundary) {
            let Trigger::At(expr) = &boundary.trigger else { continue };
            if !self.has_moved_at((instance, token), &node.name, expr) {
                continue;
            }
            let purpose = Purpose::Boundary(place);
            let at = self.moment((instance, token), &node.name, expr)?;
            // One that has fired fires again only for another moment.
            let armed = self.timer_of(instance, token, purpose).is_some();
            if armed || at != self.moment_before((instance, token), expr) {
                self.keep_timer(instance, token, purpose, at)?;
            }
        }
        Ok(())
    }

    /// The facts of an instance before this command, where it stood at `node` then.
    fn facts_before(&self, instance: Id, node: &Name) -> Option<Facts<'_>> {
        // While no fact has changed, they are what they are now.
        let before = self.before().unwrap_or(&self.case);
        let then = before.instances.get(&instance)?;
        if self.has_arrived(instance, node) { None } else { Facts::of(before, then, self.context) }
    }

    /// Whether a fact that `expr` reads is another one than before this command, or the node was entered in it.
    pub(super) fn has_moved(&self, instance: Id, node: &Name, expr: &Expr) -> bool {
        let Some(now) = self.case.instances.get(&instance).and_then(|now| self.facts_of(now).ok()) else {
            return false;
        };
        let Some(before) = self.facts_before(instance, node) else { return true };
        expr.reads().iter().any(|path| now.get(path) != before.get(path))
    }

    /// As [`Run::has_moved`], for what may read the task at a token.
    fn has_moved_at(&self, (instance, token): (Id, u32), node: &Name, expr: &Expr) -> bool {
        let Some(now) = self.case.instances.get(&instance).and_then(|now| self.facts_of(now).ok()) else {
            return false;
        };
        let Some(before) = self.facts_before(instance, node) else { return true };
        let (now, before) = (now.at_token(token), before.at_token(token));
        expr.reads().iter().any(|path| now.get(path) != before.get(path))
    }

    /// Whether the item has another lead unit than before this command.
    pub(super) fn lead_has_moved(&self, instance: Id, node: &Name) -> bool {
        let path = [Name::from("item"), Name::from("lead_unit")];
        let now = self.case.instances.get(&instance).and_then(|now| self.facts_of(now).ok());
        match (now, self.facts_before(instance, node)) {
            (Some(now), Some(before)) => now.get(&path) != before.get(&path),
            _ => false,
        }
    }

    /// What `expr` gave before this command; none where it gave nothing.
    fn moment_before(&self, (instance, token): (Id, u32), expr: &Expr) -> Option<jiff::Timestamp> {
        let before = self.before().unwrap_or(&self.case);
        let then = before.instances.get(&instance)?;
        let value = expr.eval(&Facts::of(before, then, self.context)?.at_token(token)).ok()?;
        match value {
            crate::value::Value::Date(date) => crate::time::start_of_day(date, &self.context.zone),
            crate::value::Value::Time(time) => jiff::Timestamp::from_millisecond(time.as_millisecond()).ok(),
            _ => None,
        }
    }
}
