//! A call, or a stage, for each element of a list: a child for each, begun when the element comes and cancelled when it goes.
//! The results of a call's children are votes.

use std::collections::BTreeSet;

use super::{
    call::Child,
    group::{each, renewed},
    run::Run,
};
use crate::{
    case::{Element, IncidentCause, Member},
    definition::workflow::{Call, CallItem, Each, Node, NodeKind, Rule, Stage, StageEach},
    event::Kind,
    id::Id,
    rejection::Rejection,
    text::Name,
    value::Value,
};

/// Where children begin for elements.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'d> {
    pub(super) instance: Id,
    pub(super) token: u32,
    pub(super) node: &'d Node,
}

/// What begins for an element.
#[derive(Debug, Clone, Copy)]
struct Begins<'d> {
    each: &'d Each,
    workflow: &'d Name,
    item: &'d CallItem,
    pinned: bool,
}

impl<'d> From<&'d StageEach> for Begins<'d> {
    fn from(of: &'d StageEach) -> Self {
        Self { each: &of.each, workflow: &of.call, item: &of.item, pinned: false }
    }
}

impl<'d> Begins<'d> {
    const fn call(call: &'d Call, each: &'d Each) -> Self {
        Self { each, workflow: &call.workflow, item: &call.item, pinned: call.pinned }
    }
}

impl Run<'_> {
    /// The members for the elements of a list, each once.
    fn elements(&self, at: Place<'_>, list: &Each) -> Result<Vec<Member>, Rejection> {
        let mut seen = BTreeSet::new();
        let mut members = Vec::new();
        for value in each(self.eval(at.instance, &at.node.name, &list.list)?) {
            let (key, unit) = match value {
                Value::Unit(unit) => (Element::Unit(unit), Some(unit)),
                Value::Person(person) => (Element::Person(person), None),
                Value::Text(text) => (Element::Text(text), None),
                _ => continue,
            };
            if seen.insert(key.clone()) {
                members.push(Member::new(key, unit));
            }
        }
        Ok(members)
    }

    /// A token has arrived at a call for each element.
    pub(super) fn call_each(&mut self, at: Place<'_>, call: &Call, each: &Each) -> Result<(), Rejection> {
        let members = self.elements(at, each)?;
        if members.is_empty() {
            return self.without_elements(at, each);
        }
        self.emit(Kind::Members { instance: at.instance, token: at.token, members })?;
        self.begin_members(at, Begins::call(call, each))
    }

    fn without_elements(&mut self, at: Place<'_>, each: &Each) -> Result<(), Rejection> {
        match &each.empty {
            Some(to) => self.go(at.instance, at.token, at.node, to),
            None if self.empty_incident(at.instance, at.token).is_some() => Ok(()),
            None => self.open_incident(at.instance, at.token, None, IncidentCause::Empty),
        }
    }

    /// Begins the children whose turn it is: of all elements without one, or of the first that has no result.
    fn begin_members(&mut self, at: Place<'_>, of: Begins<'_>) -> Result<(), Rejection> {
        let members = &self.token(at.instance, at.token)?.members;
        let open = (0..).zip(members).filter(|(_, member)| member.is_open());
        let open = open.take(if of.each.sequence { 1 } else { usize::MAX });
        let begin: Vec<(u32, Value)> = open
            .filter(|(_, member)| member.child.is_none())
            .map(|(place, member)| (place, value_of(&member.key)))
            .collect();
        let stage = matches!(at.node.kind, NodeKind::Stage(_)).then(|| at.node.name.clone());
        for (member, element) in begin {
            let child = Child {
                workflow: of.workflow,
                item: of.item,
                by: self.context.actor.person(),
                member: Some(member),
                offer: None,
                stage: stage.clone(),
                element: Some(&element),
                pinned: of.pinned,
            };
            self.begin_child(at.instance, at.token, at.node, &child)?;
        }
        Ok(())
    }

    /// A child of a call has ended, or elements or a fact are others: the call ends, or the next child begins.
    pub(super) fn decide_call(&mut self, at: Place<'_>, call: &Call, each: &Each) -> Result<(), Rejection> {
        if self.token(at.instance, at.token)?.members.iter().all(|member| member.gone) {
            return self.without_elements(at, each);
        }
        let options: Vec<(&Name, &Rule)> =
            call.results.iter().filter_map(|result| Some((&result.result, result.rule.as_ref()?))).collect();
        let decided = self.option_of_votes(at.instance, at.token, at.node, &options)?;
        match call.results.iter().find(|result| decided == Some(&result.result)) {
            Some(result) => self.go(at.instance, at.token, at.node, &result.to),
            None => self.begin_members(at, Begins::call(call, each)),
        }
    }

    /// Brings a call up to date with facts.
    pub(super) fn follow_call(&mut self, at: Place<'_>, call: &Call, each: &Each) -> Result<(), Rejection> {
        if each.fixed && !self.token(at.instance, at.token)?.members.is_empty() {
            return Ok(());
        }
        let moved = self.has_moved(at.instance, &at.node.name, &each.list);
        let changed = moved && self.renew_elements(at, each, false)?;
        let rules = call.results.iter().filter_map(|result| result.rule.as_ref());
        if changed || self.rules_have_moved(at.instance, at.node, rules) {
            return self.decide_call(at, call, each);
        }
        Ok(())
    }

    /// A token has arrived at a stage, or a fact has changed: its children for elements begin and go.
    pub(super) fn keep_elements(&mut self, at: Place<'_>, stage: &Stage) -> Result<(), Rejection> {
        let Some(of) = &stage.each else { return Ok(()) };
        if !of.each.fixed || self.token(at.instance, at.token)?.members.is_empty() {
            self.renew_elements(at, &of.each, true)?;
        }
        self.begin_members(at, of.into())
    }

    /// Marks which elements are gone, cancels their children, and adds new ones; whether anything changed. With `anew`, an
    /// element that comes again begins anew even where its child had ended.
    fn renew_elements(&mut self, at: Place<'_>, each: &Each, anew: bool) -> Result<bool, Rejection> {
        let before = self.token(at.instance, at.token)?.members.clone();
        let members = renewed(&before, &self.elements(at, each)?, |member| !anew && member.vote.is_some());
        if members == before {
            return Ok(false);
        }
        let running = |child: &Id| self.case.instances.get(child).is_some_and(|child| child.ended.is_none());
        let gone = members.iter().filter(|member| member.gone).filter_map(|member| member.child);
        let cancel: Vec<Id> = gone.filter(running).collect();
        let some = members.iter().any(|member| !member.gone);
        for child in cancel {
            self.cancel(child)?;
        }
        self.emit(Kind::Members { instance: at.instance, token: at.token, members })?;
        if let Some(incident) = self.empty_incident(at.instance, at.token).filter(|_| some) {
            self.emit(Kind::IncidentClosed { incident, how: None, comment: None })?;
        }
        Ok(true)
    }
}

fn value_of(key: &Element) -> Value {
    match key {
        Element::Person(person) => Value::Person(*person),
        Element::Unit(unit) => Value::Unit(*unit),
        Element::Text(text) => Value::Text(text.clone()),
    }
}
