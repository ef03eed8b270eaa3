//! One command under way: the scratch copy of the case, what has happened so far, and what is still to be entered.

use std::{
    collections::{BTreeSet, VecDeque},
    sync::Arc,
};

use jiff::Timestamp;

use super::{Step, Taken, Way, facts::Facts, send::Sent};
use crate::{
    apply::apply,
    case::{Case, Ended, Incident, Instance, Item, Member, Place, TaskState, Timer, Token},
    context::Context,
    definition::{
        registry::Bound,
        workflow::{Node, NodeKind},
    },
    effect::Effect,
    event::{Cause, Event, Kind},
    expr::{EvalError, Expr},
    id::{Id, MAX_SEQUENCE},
    rejection::Rejection,
    text::Name,
    value::Value,
};

/// Most nodes that one command may enter.
const MAX_NODES: usize = 1_000;

/// How many events most commands need room for.
const USUAL_EVENTS: usize = 4;

/// What is still to be done.
#[derive(Debug, Clone)]
pub(super) enum Work {
    /// A token arrives at a node.
    Enter { instance: Id, token: u32, node: Name },
    /// A new branch arrives at its first node.
    Branch { instance: Id, place: Place, node: Name },
    /// An instance has ended with a result: its caller goes on.
    Resume { child: Id },
    /// An instance has ended with an error: a caller hears of it.
    Fail { child: Id },
}

/// One command under way.
#[derive(Debug)]
pub(super) struct Run<'a> {
    /// The case as it was before the first change of a fact in this command; none while none has changed.
    before: Option<Box<Case>>,
    /// Where tokens have arrived in this command: instance and node.
    arrived: Vec<(Id, Name)>,
    /// The case as it is by now.
    pub(super) case: Case,
    /// What comes in.
    pub(super) context: &'a Context,
    pub(super) work: VecDeque<Work>,
    /// The messages that are still to be heard.
    pub(super) sent: VecDeque<Sent>,
    pub(super) effects: Vec<Effect>,
    now: Timestamp,
    events: Vec<Event>,
    taken: Vec<Taken>,
    /// The boundary events that have heard of a change in this command.
    pub(super) heard: BTreeSet<(Id, u32, usize)>,
    entered: usize,
    /// The token at work, if one is: what it changes, its causes have led to.
    pub(super) at: Option<(Id, u32)>,
    /// The nodes to which this command goes back.
    pub(super) back: BTreeSet<(Id, Name)>,
    /// The members of the round that is to go on at the task that is entered next.
    pub(super) round: Option<Vec<Member>>,
}

impl<'a> Run<'a> {
    pub(super) fn new(case: Case, context: &'a Context) -> Self {
        Self {
            now: Timestamp::from_millisecond(context.now.as_millisecond()).unwrap_or(context.now),
            before: None,
            arrived: Vec::new(),
            case,
            context,
            work: VecDeque::new(),
            sent: VecDeque::new(),
            effects: Vec::new(),
            events: Vec::with_capacity(USUAL_EVENTS),
            taken: Vec::new(),
            heard: BTreeSet::new(),
            entered: 0,
            at: None,
            back: BTreeSet::new(),
            round: None,
        }
    }

    pub(super) fn finish(self) -> Step {
        Step { events: self.events, effects: self.effects, case: self.case, taken: self.taken }
    }

    /// Now, in the milliseconds that are stored.
    pub(super) const fn now(&self) -> Timestamp {
        self.now
    }

    /// The case before the first change of a fact in this command.
    pub(super) fn before(&self) -> Option<&Case> {
        self.before.as_deref()
    }

    /// Whether a token came to the node in this command.
    pub(super) fn has_arrived(&self, instance: Id, node: &Name) -> bool {
        self.arrived.iter().any(|(at, name)| *at == instance && name == node)
    }

    /// From now on everything that the node reads counts as changed in this command.
    pub(super) fn renew(&mut self, instance: Id, node: &Name) {
        self.arrived.push((instance, node.clone()));
    }

    /// What has happened so far.
    pub(super) fn events(&self) -> &[Event] {
        &self.events
    }

    /// Keeps the case as it is, where what happens now changes a fact that open work may follow.
    fn remember(&mut self, kind: &Kind) {
        let changes = match kind {
            Kind::ItemChanged { .. } | Kind::TaskDue { .. } => true,
            Kind::TaskCompleted { task, form: Some(_), .. } => self.case.tasks.get(task).is_some_and(|task| {
                let instance = self.case.instances.get(&task.instance);
                let bound = instance.and_then(|found| self.context.registry.versions.get(&found.version));
                bound.is_none_or(|bound| bound.workflow.follows_forms)
            }),
            Kind::MessageHeard { form, .. } => *form,
            Kind::Answered { data, .. } => data.is_some(),
            _ => false,
        };
        if changes && self.before.is_none() {
            self.before = Some(Box::new(self.case.clone()));
        }
    }

    /// Records what happened, and applies it at once.
    pub(super) fn emit(&mut self, kind: Kind) -> Result<(), Rejection> {
        self.remember(&kind);
        if let Kind::NodeEntered { instance, node, .. } = &kind {
            self.arrived.push((*instance, node.clone()));
        }
        let event = Event { at: self.now(), by: self.context.actor.clone(), kind };
        apply(&mut self.case, &event).map_err(|corrupt| failed("", "", corrupt.message))?;
        self.events.push(event);
        Ok(())
    }

    /// The next free id.
    pub(super) const fn fresh(&self) -> Result<Id, Rejection> {
        if self.case.next > MAX_SEQUENCE { Err(Rejection::Full) } else { Ok(self.case.fresh()) }
    }

    /// Notes which way was taken.
    pub(super) fn take(&mut self, workflow: &Name, node: &Name, way: Way) {
        self.taken.push(Taken { workflow: workflow.clone(), node: node.clone(), way });
    }

    pub(super) fn instance(&self, id: Id) -> Result<&Instance, Rejection> {
        self.case.instances.get(&id).ok_or(Rejection::NotFound)
    }

    pub(super) fn token(&self, instance: Id, token: u32) -> Result<&Token, Rejection> {
        self.instance(instance)?.tokens.iter().find(|there| there.id == token).ok_or(Rejection::NotFound)
    }

    pub(super) fn item(&self, id: Id) -> Result<&Item, Rejection> {
        self.case.items.get(&id).ok_or(Rejection::NotFound)
    }

    /// The workflow, at its version, of an instance.
    pub(super) fn bound(&self, instance: &Instance) -> Result<Arc<Bound>, Rejection> {
        let found = self.context.registry.versions.get(&instance.version).map(Arc::clone);
        found.ok_or_else(|| {
            failed(&instance.workflow, "", format!("version {} of the workflow is not known", instance.version))
        })
    }

    /// The value of `expr` at `node` of an instance.
    pub(super) fn eval(&self, instance: Id, node: &str, expr: &Expr) -> Result<Value, Rejection> {
        let instance = self.instance(instance)?;
        let facts = self.facts_of(instance)?;
        expr.eval(&facts).map_err(|error| faulty(instance, node, &error))
    }

    /// As [`Run::eval`], for what may read the task at a token.
    pub(super) fn eval_at(&self, (instance, token): (Id, u32), node: &str, expr: &Expr) -> Result<Value, Rejection> {
        let instance = self.instance(instance)?;
        let facts = self.facts_of(instance)?.at_token(token);
        expr.eval(&facts).map_err(|error| faulty(instance, node, &error))
    }

    /// The facts of an instance as they are by now.
    pub(super) fn facts_of<'b>(&'b self, instance: &'b Instance) -> Result<Facts<'b>, Rejection> {
        Facts::of(&self.case, instance, self.context).ok_or_else(|| {
            failed(&instance.workflow, "", format!("version {} of the workflow is not known", instance.version))
        })
    }

    /// Does everything that is to be done, until nothing is left that follows from it.
    pub(super) fn settle(&mut self, reassign: bool) -> Result<(), Rejection> {
        loop {
            while let Some(work) = self.work.pop_front() {
                match work {
                    Work::Enter { instance, token, node } if self.is_on_its_way(instance, token) => {
                        self.enter(instance, token, &node, None)?;
                    }
                    // Another path has meanwhile ended everything, or closed the branches that it was in.
                    Work::Enter { .. } => {}
                    Work::Branch { instance, place, node } => self.enter_branch(instance, place, &node)?,
                    Work::Resume { child } => self.resume(child)?,
                    Work::Fail { child } => self.fail(child)?,
                }
            }
            if self.pass_astray()? || self.begin_held()? || self.deliver()? {
                continue;
            }
            if self.before.is_some() {
                self.follow_changes()?;
                if !self.work.is_empty() {
                    continue;
                }
            }
            if reassign || self.before.is_some() {
                self.follow_facts(reassign)?;
            }
            self.follow_separation()?;
            self.follow_incidents()?;
            self.follow_suspension()?;
            if self.work.is_empty() {
                return Ok(());
            }
        }
    }

    /// Whether a token has left its node and is still there, or is to begin.
    fn is_on_its_way(&self, instance: Id, token: u32) -> bool {
        let Ok(found) = self.instance(instance) else { return false };
        let there = found.tokens.iter().find(|there| there.id == token);
        found.ended.is_none() && there.map_or(token >= found.next_token, |there| there.transit)
    }

    /// A token arrives at a node.
    pub(super) fn enter(
        &mut self,
        instance: Id,
        token: u32,
        name: &Name,
        place: Option<Place>,
    ) -> Result<(), Rejection> {
        let found = self.instance(instance)?;
        let (workflow, item) = (found.workflow.clone(), found.item);
        let bound = self.bound(found)?;
        let Some(node) = bound.workflow.nodes.get(name) else {
            return Err(failed(&workflow, name, "there is no such node"));
        };
        self.count_entered(workflow)?;
        self.emit(Kind::NodeEntered { instance, token, node: name.clone(), place })?;
        self.at = Some((instance, token));
        if let Some(stage) = &node.stage {
            self.change(item, "stage", stage.as_str().into())?;
        }
        // Those of a task are armed behind it, because they may read it.
        if !matches!(node.kind, NodeKind::Task(_)) && !self.arm_boundary(instance, token, node)? {
            return Ok(());
        }
        if self.waits_for_lock(instance, token, node)? {
            return Ok(());
        }
        self.begin(instance, token, node)
    }

    /// Counts what the command has entered, or has delivered, against a definition that runs in circles.
    pub(super) fn count_entered(&mut self, workflow: Name) -> Result<(), Rejection> {
        self.entered += 1;
        if self.entered > MAX_NODES { Err(Rejection::RanAway { workflow }) } else { Ok(()) }
    }

    /// What a node does begins.
    pub(super) fn begin(&mut self, instance: Id, token: u32, node: &Node) -> Result<(), Rejection> {
        match &node.kind {
            NodeKind::Task(task) => {
                self.open_task(instance, token, node, task)?;
                // It may have been passed over.
                if self.token(instance, token).is_ok_and(|standing| !standing.transit) {
                    self.arm_boundary(instance, token, node)?;
                }
                Ok(())
            }
            NodeKind::Action(action) => self.act(instance, token, node, action),
            NodeKind::Choose(choose) => self.choose(instance, token, node, choose),
            NodeKind::Any(choose) => self.any(instance, token, node, choose),
            NodeKind::Fork(branches) => self.fork(instance, token, branches),
            NodeKind::Join(join) => self.join(instance, token, node, join),
            NodeKind::Wait(wait) => self.wait(instance, token, node, wait),
            NodeKind::Call(call) => self.call(instance, token, node, call),
            NodeKind::Stage(stage) => self.enter_stage(instance, token, node, stage),
            NodeKind::End(end) => self.end(instance, token, node, end),
        }
    }

    /// A token leaves its node for another; what is open there closes.
    pub(super) fn go(&mut self, instance: Id, token: u32, from: &Node, to: &Name) -> Result<(), Rejection> {
        self.leave(instance, token, &from.name)?;
        self.work.push_back(Work::Enter { instance, token, node: to.clone() });
        Ok(())
    }

    /// The completions that led to the token at work, or to its callers, and can still be taken back.
    pub(super) fn causes(&self) -> Vec<Cause> {
        let mut causes = Vec::new();
        let mut at = self.at;
        while let Some((instance, token)) = at {
            let Some(found) = self.case.instances.get(&instance) else { break };
            let standing = found.tokens.iter().find(|there| there.id == token);
            for task in standing.into_iter().flat_map(|token| &token.causes) {
                if found.undo.iter().any(|undo| undo.task == *task && undo.until >= self.now()) {
                    causes.push(Cause { instance, task: *task });
                }
            }
            at = found.caller.as_ref().map(|caller| (caller.instance, caller.token));
        }
        causes
    }

    /// A token leaves a stage whose children go on until it is entered again.
    pub(super) fn go_keeping(&mut self, instance: Id, token: u32, from: &Node, to: &Name) -> Result<(), Rejection> {
        self.emit(Kind::StageKept { instance, token })?;
        self.close_branches(instance, token)?;
        self.close_at(instance, Some(token))?;
        self.emit(Kind::NodeLeft { instance, token, node: from.name.clone() })?;
        self.work.push_back(Work::Enter { instance, token, node: to.clone() });
        Ok(())
    }

    /// A token leaves its node: its branches, timers, open tasks, incidents and children close.
    pub(super) fn leave(&mut self, instance: Id, token: u32, node: &Name) -> Result<(), Rejection> {
        let standing = self.token(instance, token)?;
        let (forked, alone) = (!standing.branches.is_empty(), standing.members.is_empty());
        let task = standing.task.filter(|_| alone);
        if forked {
            self.close_branches(instance, token)?;
        }
        if self.case.instances.len() > 1 {
            for child in self.children_at(instance, token, node) {
                self.cancel(child)?;
            }
        }
        match task {
            Some(task) => self.close_task(task, (instance, token))?,
            None => self.close_at(instance, Some(token))?,
        }
        self.emit(Kind::NodeLeft { instance, token, node: node.clone() })
    }

    /// The running instances that a token of `instance`, or any of its tokens, has called.
    pub(super) fn children(&self, instance: Id, token: Option<u32>) -> Vec<Id> {
        let called = |child: &&Instance| {
            child.ended.is_none()
                && child.caller.as_ref().is_some_and(|caller| {
                    caller.instance == instance && token.is_none_or(|token| caller.token == token)
                })
        };
        self.case.instances.values().filter(called).map(|child| child.id).collect()
    }

    /// The running instances that a token has called where it stands: not those of a stage that it has left.
    pub(super) fn children_at(&self, instance: Id, token: u32, node: &Name) -> Vec<Id> {
        let mut all = self.children(instance, Some(token));
        all.retain(|child| {
            let caller = self.case.instances.get(child).and_then(|child| child.caller.as_ref());
            caller.and_then(|caller| caller.stage.as_ref()).is_none_or(|stage| stage == node)
        });
        all
    }

    /// Cancels what goes on in stages that a token has left, before the token goes.
    pub(super) fn cancel_kept(&mut self, instance: Id, token: u32) -> Result<(), Rejection> {
        if self.token(instance, token)?.kept.is_empty() {
            return Ok(());
        }
        self.children(instance, Some(token)).into_iter().try_for_each(|child| self.cancel(child))
    }

    /// An instance and all running instances below it, callers before what they called.
    pub(super) fn with_children(&self, instance: Id) -> Vec<Id> {
        let mut all = vec![instance];
        let mut next = 0;
        while let Some(id) = all.get(next).copied() {
            all.extend(self.children(id, None));
            next += 1;
        }
        all
    }

    /// Closes the task of a token without members, its timers and incidents.
    fn close_task(&mut self, task: Id, (instance, token): (Id, u32)) -> Result<(), Rejection> {
        if self.case.tasks.get(&task).is_some_and(|task| task.state == TaskState::Open) {
            self.emit(Kind::TaskCancelled { task })?;
        }
        let here = |timer: &&Timer| timer.instance == instance && timer.token == token;
        while let Some(timer) = self.case.timers.values().find(here).map(|timer| timer.id) {
            self.emit(Kind::TimerCancelled { timer })?;
        }
        let here = |found: &&Incident| found.instance == instance && found.token == token;
        while let Some(incident) = self.case.incidents.values().find(here).map(|found| found.id) {
            self.emit(Kind::IncidentClosed { incident, how: None, comment: None })?;
        }
        Ok(())
    }

    pub(super) fn close_at(&mut self, instance: Id, token: Option<u32>) -> Result<(), Rejection> {
        let here = |at: Id, its: u32| at == instance && token.is_none_or(|token| token == its);
        let tasks = self.case.tasks.values();
        let tasks: Vec<Id> = tasks
            .filter(|task| task.state == TaskState::Open && here(task.instance, task.token))
            // A task of a group that has ended is open for a comment until its instance ends.
            .filter(|task| !task.late || token.is_none())
            .map(|task| task.id)
            .collect();
        for task in tasks {
            self.emit(Kind::TaskCancelled { task })?;
        }
        let timers = self.case.timers.values().filter(|timer| here(timer.instance, timer.token));
        let timers: Vec<Id> = timers.map(|timer| timer.id).collect();
        for timer in timers {
            self.emit(Kind::TimerCancelled { timer })?;
        }
        let incidents = self.case.incidents.values().filter(|found| here(found.instance, found.token));
        let incidents: Vec<Id> = incidents.map(|incident| incident.id).collect();
        for incident in incidents {
            self.emit(Kind::IncidentClosed { incident, how: None, comment: None })?;
        }
        Ok(())
    }

    /// Cancels an instance and everything below it; items of its own become cancelled.
    pub(super) fn cancel(&mut self, instance: Id) -> Result<(), Rejection> {
        for instance in self.with_children(instance).into_iter().rev() {
            let found = self.instance(instance)?.clone();
            self.close_at(instance, None)?;
            for token in found.tokens.iter().filter(|token| !token.transit) {
                self.emit(Kind::NodeLeft { instance, token: token.id, node: token.node.clone() })?;
            }
            self.emit(Kind::InstanceEnded { instance, ended: Ended::Cancelled })?;
            let caller = found.caller.as_ref().and_then(|caller| self.case.instances.get(&caller.instance));
            if caller.is_some_and(|caller| caller.item != found.item) {
                self.cancel_item(found.item)?;
            }
        }
        Ok(())
    }
}

/// A definition that failed.
pub(super) fn failed(workflow: &str, node: &str, message: impl Into<String>) -> Rejection {
    Rejection::Evaluation { workflow: workflow.into(), node: node.into(), message: message.into() }
}

/// An expression that failed.
pub(super) fn faulty(instance: &Instance, node: &str, error: &EvalError) -> Rejection {
    failed(&instance.workflow, node, error.message.clone())
}
