//! Groups 会签, 或签, 票签: one task for each member, and exactly one outcome in the end. Who the members are follows facts;
//! how votes are counted is in [`super::tally`].

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Way,
    run::{Run, failed, faulty},
    tally::Tally,
    task::alone,
};
use crate::{
    case::{Element, IncidentCause, Member, TaskState, Token},
    definition::workflow::{Assign, Due, Group, Node, Outcome, Rule, Task},
    event::Kind,
    expr::{Env, Expr},
    id::{Id, PersonId, UnitId},
    rejection::Rejection,
    text::Name,
    value::Value,
};

/// A task of several members at a node.
#[derive(Debug, Clone, Copy)]
pub(super) struct At<'d> {
    pub(super) instance: Id,
    pub(super) token: u32,
    pub(super) node: &'d Node,
    pub(super) task: &'d Task,
}

impl Run<'_> {
    /// A token has arrived at a task with `each`: its members get their tasks, or the first of them his.
    pub(super) fn open_group(&mut self, at: At<'_>, group: &Group) -> Result<(), Rejection> {
        self.close_late(at)?;
        let members = self.meant(at, group)?;
        if members.is_empty() {
            return self.without_members(at, group);
        }
        self.emit(Kind::Members { instance: at.instance, token: at.token, members })?;
        self.give_turns(at)
    }

    /// A round goes on as it was before a vote that was taken back: its votes stay, who has not voted is asked again.
    pub(super) fn open_round(&mut self, at: At<'_>, members: Vec<Member>) -> Result<(), Rejection> {
        self.close_late(at)?;
        self.emit(Kind::Members { instance: at.instance, token: at.token, members })?;
        self.give_turns(at)
    }

    /// Tasks of earlier rounds take no comment any more.
    fn close_late(&mut self, at: At<'_>) -> Result<(), Rejection> {
        let earlier = self.case.tasks.values().filter(|task| {
            task.late && task.state == TaskState::Open && task.instance == at.instance && task.node == at.node.name
        });
        let earlier: Vec<Id> = earlier.map(|task| task.id).collect();
        earlier.into_iter().try_for_each(|task| self.emit(Kind::TaskCancelled { task }))
    }

    /// A member of a round that still runs takes his vote back; in a group one by one it is his turn again.
    pub(super) fn take_vote_back(&mut self, at: At<'_>, task: Id) -> Result<(), Rejection> {
        let members = without_vote(self.members(at)?, task);
        if at.task.group.as_ref().is_none_or(|group| group.sequence) {
            let open = members.iter().filter(|member| self.has_open_task(member)).filter_map(|member| member.task);
            for task in open.collect::<Vec<_>>() {
                self.emit(Kind::TaskCancelled { task })?;
            }
        }
        self.emit(Kind::Members { instance: at.instance, token: at.token, members })?;
        self.give_turns(at)
    }

    /// The members whom `each` means, in their order.
    fn meant(&self, at: At<'_>, group: &Group) -> Result<Vec<Member>, Rejection> {
        let org = &self.context.org;
        let barred = self.barred(at);
        let mut seen = BTreeSet::new();
        let mut members = Vec::new();
        let mut add = |key: Element, unit| {
            let apart = matches!(&key, Element::Person(person) if barred.contains(person));
            if !apart && seen.insert(key.clone()) {
                members.push(Member::new(key, unit));
            }
        };
        match &at.task.assign {
            Assign::Person(expr) => {
                for value in each(self.eval(at.instance, &at.node.name, expr)?) {
                    let Value::Person(person) = value else { continue };
                    if org.person(person).is_some_and(|person| person.active) {
                        add(Element::Person(person), None);
                    }
                }
            }
            Assign::Post { posts, unit: None } => {
                let people: BTreeSet<PersonId> = posts.iter().flat_map(|post| org.holders_anywhere(post)).collect();
                for person in people {
                    add(Element::Person(person), None);
                }
            }
            Assign::Post { posts, unit: Some(unit) } => {
                for value in each(self.eval(at.instance, &at.node.name, unit)?) {
                    let Value::Unit(unit) = value else { continue };
                    if group.per_unit {
                        add(Element::Unit(unit), Some(unit));
                        continue;
                    }
                    for person in self.holders(posts, unit) {
                        add(Element::Person(person), Some(unit));
                    }
                }
            }
        }
        Ok(members)
    }

    fn holders(&self, posts: &[Name], unit: UnitId) -> BTreeSet<PersonId> {
        posts.iter().flat_map(|post| self.context.org.holders(post, unit)).copied().collect()
    }

    /// Who may do the task of a member: he or the holders of his unit, else whom the fallbacks mean.
    pub(super) fn candidates(&self, at: At<'_>, member: &Member) -> Result<Vec<PersonId>, Rejection> {
        // The one whom the definition means among added signers: whoever it means by now.
        if at.task.group.is_none() && member.added_by.is_none() {
            return self.doers_of(at);
        }
        let found: Vec<PersonId> = match (&member.key, &at.task.assign) {
            (Element::Person(person), _) => {
                let active = self.context.org.person(*person).is_some_and(|person| person.active);
                active.then_some(*person).into_iter().collect()
            }
            (Element::Unit(unit), Assign::Post { posts, .. }) => self.holders(posts, *unit).into_iter().collect(),
            (Element::Unit(_) | Element::Text(_), _) => Vec::new(),
        };
        self.or_fallback(at, found)
    }

    /// The members at a token.
    fn members(&self, at: At<'_>) -> Result<&[Member], Rejection> {
        Ok(&self.token(at.instance, at.token)?.members)
    }

    pub(super) fn has_open_task(&self, member: &Member) -> bool {
        let task = member.task.and_then(|task| self.case.tasks.get(&task));
        task.is_some_and(|task| task.state == TaskState::Open)
    }

    /// Opens the tasks of the members whose turn it is: all who have not voted, or the first of them.
    pub(super) fn give_turns(&mut self, at: At<'_>) -> Result<(), Rejection> {
        let in_turns = at.task.group.as_ref().is_none_or(|group| group.sequence);
        let open = (0..).zip(self.members(at)?).filter(|(_, member)| member.is_open());
        let mut places: Vec<u32> =
            open.clone().filter(|(_, member)| !self.has_open_task(member)).map(|(place, _)| place).collect();
        if in_turns {
            // Whoever has his turn keeps it, even where somebody before him is meant again.
            places.truncate(usize::from(places.len() == open.count()));
        }
        let due = self.day(at.instance, &at.node.name, at.task.due.as_ref())?;
        places.into_iter().try_for_each(|place| self.open_member(at, place, due))
    }

    fn open_member(&mut self, at: At<'_>, place: u32, due: Option<jiff::civil::Date>) -> Result<(), Rejection> {
        let member = member_at(self.token(at.instance, at.token)?, place).ok_or(Rejection::NotFound)?;
        let candidates = self.candidates(at, member)?;
        // A unit's task goes to whoever did it before; one who let others sign before him has his again.
        let before = match member.key {
            Element::Person(person) if at.task.group.is_none() => Some(person),
            _ => self.instance(at.instance)?.doers.get(&at.node.name).copied(),
        };
        let assignee = before.filter(|person| candidates.contains(person)).or(alone(&candidates));
        let task = self.fresh()?;
        self.emit(Kind::TaskOpened {
            task,
            instance: at.instance,
            token: at.token,
            node: at.node.name.clone(),
            candidates,
            assignee,
            due,
            member: Some(place),
        })
    }

    /// Nobody is a member: the outcome for that, or an administrator is needed.
    fn without_members(&mut self, at: At<'_>, group: &Group) -> Result<(), Rejection> {
        let outcome = group.empty.as_ref().and_then(|name| at.task.outcomes.iter().find(|found| found.name == *name));
        let leads = |outcome: &&Outcome| self.target(at.instance, at.token, &at.node.name, &outcome.to).is_some();
        match outcome.filter(leads) {
            Some(outcome) => self.end_group(at, outcome),
            None if self.empty_incident(at.instance, at.token).is_some() => Ok(()),
            None => self.open_incident(at.instance, at.token, None, IncidentCause::Empty),
        }
    }

    /// The incident that a group has no members.
    pub(super) fn empty_incident(&self, instance: Id, token: u32) -> Option<Id> {
        let mut all = self.case.incidents.values();
        let here =
            all.find(|found| found.instance == instance && found.token == token && found.cause == IncidentCause::Empty);
        here.map(|found| found.id)
    }

    /// A member has voted, or the members or a fact are others: the group ends, or the next has his turn.
    pub(super) fn decide(&mut self, at: At<'_>, cast: Option<&Name>) -> Result<(), Rejection> {
        let outcome = match &at.task.group {
            Some(group) if self.members(at)?.iter().all(|member| member.gone) => {
                return self.without_members(at, group);
            }
            Some(_) => self.outcome_of_votes(at)?,
            None => self.outcome_of_signers(at, cast)?,
        };
        match outcome {
            Some(outcome) => self.end_group(at, outcome),
            None if at.task.group.as_ref().is_none_or(|group| group.sequence) => self.give_turns(at),
            None => Ok(()),
        }
    }

    fn outcome_of_votes<'d>(&self, at: At<'d>) -> Result<Option<&'d Outcome>, Rejection> {
        let name = self.option_of_votes(at.instance, at.token, at.node, &options(at.task))?;
        Ok(at.task.outcomes.iter().find(|outcome| name == Some(&outcome.name)))
    }

    /// The option that the votes at a token decide for, if they do by now.
    pub(super) fn option_of_votes<'o>(
        &self,
        instance: Id,
        token: u32,
        node: &Node,
        options: &[(&'o Name, &Rule)],
    ) -> Result<Option<&'o Name>, Rejection> {
        let found = self.instance(instance)?;
        let facts = self.facts_of(found)?;
        let lead = match facts.get(&["item".into(), "lead_unit".into()]) {
            Value::Unit(unit) => Some(unit),
            _ => None,
        };
        let tally = Tally::of(&self.token(instance, token)?.members, lead);
        // Nothing is decided before somebody has voted.
        if tally.open == tally.total {
            return Ok(None);
        }
        let votes = tally.facts(options);
        let facts = facts.with_votes(&votes);
        let when = |expr: &Expr| expr.is_true(&facts).map_err(|error| faulty(found, &node.name, &error));
        match tally.decide(options, when)? {
            // The load of a definition proves that this can not be.
            None if tally.open == 0 => Err(failed(&found.workflow, &node.name, "all have voted, and no rule holds")),
            decided => Ok(decided),
        }
    }

    /// Whether a fact has changed that a rule reads.
    pub(super) fn rules_have_moved<'o>(
        &self,
        instance: Id,
        node: &Node,
        mut rules: impl Iterator<Item = &'o Rule>,
    ) -> bool {
        rules.any(|rule| match rule {
            Rule::When(expr) => self.has_moved(instance, &node.name, expr),
            Rule::Lead => self.lead_has_moved(instance, &node.name),
            _ => false,
        })
    }

    /// A single task that several sign: a return ends it, otherwise the last vote does.
    fn outcome_of_signers<'d>(&self, at: At<'d>, cast: Option<&Name>) -> Result<Option<&'d Outcome>, Rejection> {
        let over = !self.members(at)?.iter().any(Member::is_open);
        let outcome = at.task.outcomes.iter().find(|outcome| cast == Some(&outcome.name));
        Ok(outcome.filter(|outcome| over || outcome.is_return))
    }

    /// A group ends with an outcome; the tasks of those who have not voted close, or stay for a comment.
    fn end_group(&mut self, at: At<'_>, outcome: &Outcome) -> Result<(), Rejection> {
        let workflow = self.instance(at.instance)?.workflow.clone();
        self.take(&workflow, &at.node.name, Way::Outcome(outcome.name.clone()));
        if outcome.stay {
            let open = self.members(at)?.iter().filter(|member| member.is_open() && self.has_open_task(member));
            let open: Vec<Id> = open.filter_map(|member| member.task).collect();
            for task in open {
                self.emit(Kind::TaskLate { task })?;
            }
        }
        self.follow_outcome(at.instance, at.token, at.node, outcome)
    }

    /// Brings a group up to date with facts; with `all`, with the organisation too.
    pub(super) fn follow_group(&mut self, at: At<'_>, group: &Group, all: bool) -> Result<(), Rejection> {
        let reads = match &at.task.assign {
            Assign::Post { unit, .. } => unit.as_ref(),
            Assign::Person(person) => Some(person),
        };
        let moved = |expr: &Expr| self.has_moved(at.instance, &at.node.name, expr);
        let (renew, due) =
            (all || reads.is_some_and(moved), matches!(&at.task.due, Some(Due::On(expr)) if moved(expr)));
        let rules = at.task.outcomes.iter().filter_map(|outcome| outcome.rule.as_ref());
        let rules = self.rules_have_moved(at.instance, at.node, rules);
        let fixed = group.fixed && !self.members(at)?.is_empty();
        let changed = renew && !fixed && self.renew_members(at)?;
        if renew {
            self.renew_candidates(at, all)?;
        }
        if due {
            self.renew_due(at)?;
        }
        if changed || rules { self.decide(at, None) } else { Ok(()) }
    }

    /// Brings a group up to date where a member must be kept apart from it by now.
    pub(super) fn separate_group(&mut self, at: At<'_>, group: &Group) -> Result<(), Rejection> {
        let fixed = group.fixed && !self.members(at)?.is_empty();
        let changed = !fixed && self.renew_members(at)?;
        self.renew_candidates(at, false)?;
        if changed { self.decide(at, None) } else { Ok(()) }
    }

    /// Marks who is no longer meant, and adds who is new; whether anything changed.
    fn renew_members(&mut self, at: At<'_>) -> Result<bool, Rejection> {
        let Some(group) = &at.task.group else { return Ok(false) };
        let meant = self.meant(at, group)?;
        let before = self.members(at)?;
        let open_task = |member: &Member| {
            let task = member.task.and_then(|task| self.case.tasks.get(&task));
            task.filter(|task| task.state == TaskState::Open)
        };
        // Cast votes, added signers and tasks that were passed on stay.
        let stays = |member: &Member| {
            member.vote.is_some()
                || member.added_by.is_some()
                || member.removed_by.is_some()
                || open_task(member).is_some_and(|task| task.passed)
        };
        let members = renewed(before, &meant, stays);
        if members == before {
            return Ok(false);
        }
        let gone = members.iter().filter(|member| member.gone);
        let close: Vec<Id> = gone.filter_map(|member| open_task(member).map(|task| task.id)).collect();
        for task in close {
            self.emit(Kind::TaskCancelled { task })?;
        }
        let some = members.iter().any(|member| !member.gone);
        self.emit(Kind::Members { instance: at.instance, token: at.token, members })?;
        if let Some(incident) = self.empty_incident(at.instance, at.token).filter(|_| some) {
            self.emit(Kind::IncidentClosed { incident, how: None, comment: None })?;
        }
        self.give_turns(at)?;
        Ok(true)
    }

    /// Who may do the open tasks of the members: who does a unit's task follows the organisation.
    fn renew_candidates(&mut self, at: At<'_>, all: bool) -> Result<(), Rejection> {
        for member in self.members(at)?.to_vec() {
            let task = member.task.and_then(|task| self.case.tasks.get(&task));
            let Some(task) = task.filter(|task| task.state == TaskState::Open) else { continue };
            match (task.id, task.passed) {
                (task, false) => {
                    let candidates = self.candidates(at, &member)?;
                    self.follow_candidates(task, candidates)?;
                }
                (task, true) if all => self.follow_passed(task)?,
                (_, true) => {}
            }
        }
        Ok(())
    }

    fn renew_due(&mut self, at: At<'_>) -> Result<(), Rejection> {
        let due = self.day(at.instance, &at.node.name, at.task.due.as_ref())?;
        let tasks = self.members(at)?.iter().filter_map(|member| self.case.tasks.get(&member.task?));
        let tasks = tasks.filter(|task| task.state == TaskState::Open && task.due != due);
        let tasks: Vec<Id> = tasks.map(|task| task.id).collect();
        tasks.into_iter().try_for_each(|task| self.emit(Kind::TaskDue { task, due }))
    }
}

/// The outcomes with their rules.
fn options(task: &Task) -> Vec<(&Name, &Rule)> {
    task.outcomes.iter().filter_map(|outcome| Some((&outcome.name, outcome.rule.as_ref()?))).collect()
}

/// The members after a change: those who are no longer meant are out, unless they stay whatever is meant; those who are meant
/// again are in; new ones come last.
pub(super) fn renewed(before: &[Member], meant: &[Member], stays: impl Fn(&Member) -> bool) -> Vec<Member> {
    let by_key: BTreeMap<&Element, Option<UnitId>> = meant.iter().map(|found| (&found.key, found.unit)).collect();
    let there: BTreeSet<&Element> = before.iter().filter(|found| !found.gone).map(|found| &found.key).collect();
    let mut members = before.to_vec();
    for member in members.iter_mut().filter(|member| !stays(member)) {
        match by_key.get(&member.key) {
            None => member.gone = true,
            // Somebody who went and was added since is a member already.
            Some(_) if member.gone && there.contains(&member.key) => {}
            Some(unit) if member.gone => *member = Member::new(member.key.clone(), *unit),
            Some(unit) => member.unit = *unit,
        }
    }
    let known: BTreeSet<&Element> = before.iter().map(|member| &member.key).collect();
    let new: Vec<Member> = meant.iter().filter(|found| !known.contains(&found.key)).cloned().collect();
    members.extend(new);
    members
}

/// The members of a round without the vote that a task was completed with.
pub(super) fn without_vote(members: &[Member], task: Id) -> Vec<Member> {
    let mut members = members.to_vec();
    for member in members.iter_mut().filter(|member| member.task == Some(task)) {
        member.vote = None;
        member.task = None;
    }
    members
}

pub(super) fn member_at(token: &Token, place: u32) -> Option<&Member> {
    token.members.get(usize::try_from(place).ok()?)
}

/// The elements of a list, or the value itself.
pub(super) fn each(value: Value) -> Vec<Value> {
    match value {
        Value::List(all) => all,
        one => vec![one],
    }
}
