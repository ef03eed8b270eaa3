//! Branches: `fork` and `any` open them, `join` brings them together again.
//!
//! The token that opens branches stays at its node until their join lets it go on. So a join counts the branches of one
//! round, each once, and what leaves the fork closes what is still under way.

use super::{
    Way,
    run::{Run, Work},
};
use crate::{
    case::{BranchState, Ended, Instance, Place, Token},
    definition::{
        registry::Bound,
        workflow::{Choose, Join, Node},
    },
    event::Kind,
    id::Id,
    rejection::Rejection,
    text::Name,
    value::Value,
};

impl Run<'_> {
    /// Opens every branch.
    pub(super) fn fork(&mut self, instance: Id, token: u32, branches: &[Name]) -> Result<(), Rejection> {
        self.split(instance, token, (0..).zip(branches.iter().cloned()).collect())
    }

    /// Opens the branches whose condition is true, or else the last one.
    pub(super) fn any(&mut self, instance: Id, token: u32, node: &Node, choose: &Choose) -> Result<(), Rejection> {
        let mut open: Vec<(u16, Name)> = Vec::new();
        for (place, (when, to)) in (0..).zip(&choose.branches) {
            if self.eval(instance, &node.name, when)? == Value::Bool(true) {
                open.push((place, to.clone()));
            }
        }
        if open.is_empty() {
            let last = u16::try_from(choose.branches.len()).unwrap_or(u16::MAX);
            open.push((last, choose.otherwise.clone()));
        }
        let workflow = self.instance(instance)?.workflow.clone();
        for (place, _) in &open {
            self.take(&workflow, &node.name, Way::Branch(usize::from(*place)));
        }
        self.split(instance, token, open)
    }

    fn split(&mut self, instance: Id, token: u32, open: Vec<(u16, Name)>) -> Result<(), Rejection> {
        let branches = open.iter().map(|(branch, _)| *branch).collect();
        self.emit(Kind::Split { instance, token, branches })?;
        for (branch, node) in open {
            self.work.push_back(Work::Branch { instance, place: Place { of: token, branch }, node });
        }
        Ok(())
    }

    /// A new branch arrives at its first node, where its round still runs.
    pub(super) fn enter_branch(&mut self, instance: Id, place: Place, node: &Name) -> Result<(), Rejection> {
        let found = self.instance(instance)?;
        let open = found.tokens.iter().any(|token| {
            token.id == place.of
                && !token.transit
                && token.branches.iter().any(|there| there.branch == place.branch && there.state == BranchState::Open)
        });
        let token = found.next_token;
        if open { self.enter(instance, token, node, Some(place)) } else { Ok(()) }
    }

    /// A branch arrives at its join, or, where its own fork has none, at the join around that. One that the join has not waited
    /// for ends there.
    pub(super) fn join(&mut self, instance: Id, token: u32, node: &Node, join: &Join) -> Result<(), Rejection> {
        let found = self.instance(instance)?;
        let place = self.token(instance, token)?.place;
        let above = place.and_then(|place| found.tokens.iter().find(|there| there.id == place.of));
        let bound = self.bound(found)?;
        let here = |fork: &Name| *fork == join.of || bound.workflow.join_of(fork).is_none();
        let above = above.filter(|above| here(&above.node)).map(|above| above.id);
        self.leave(instance, token, &node.name)?;
        match above {
            Some(above) => {
                self.cancel_kept(instance, token)?;
                self.emit(Kind::BranchArrived { instance, token })?;
                self.settle_branches(instance, above)
            }
            None => self.end_path(instance, token, None),
        }
    }

    /// Lets the token at a `fork` or `any` go on where its branches have come far enough.
    pub(super) fn settle_branches(&mut self, instance: Id, token: u32) -> Result<(), Rejection> {
        let found = self.instance(instance)?;
        let bound = self.bound(found)?;
        let standing = self.token(instance, token)?;
        let count = |state: BranchState| standing.branches.iter().filter(|there| there.state == state).count();
        let (open, arrived) = (count(BranchState::Open), count(BranchState::Arrived));
        let gone = gone(found, &bound, standing);
        let fork = standing.node.clone();
        match bound.workflow.join_of(&fork) {
            Some((node, join)) if arrived > 0 && (open == gone || enough(join, arrived)) => {
                // Those that can not come any more are no rest: they have gone elsewhere.
                if open > 0 && (join.stay || !enough(join, arrived)) {
                    self.emit(Kind::BranchesLoosed { instance, token })?;
                }
                self.leave(instance, token, &fork)?;
                self.emit(Kind::NodeEntered { instance, token, node: node.name.clone(), place: None })?;
                self.go(instance, token, node, &join.next)
            }
            None if arrived > 0 && open == 0 => self.come_to_join_around(instance, token, &bound),
            _ if open == 0 => {
                self.leave(instance, token, &fork)?;
                self.end_path(instance, token, None)
            }
            _ => Ok(()),
        }
    }

    /// Lets those forks go on that wait for nothing but branches which can not come any more; false where there is none.
    pub(super) fn pass_astray(&mut self) -> Result<bool, Rejection> {
        let mut forks = Vec::new();
        for found in self.case.instances.values() {
            if found.tokens.iter().all(|token| token.branches.is_empty()) {
                continue;
            }
            let bound = self.bound(found)?;
            let waiting = found.tokens.iter().filter(|token| gone(found, &bound, token) > 0);
            forks.extend(waiting.map(|token| (found.id, token.id)));
        }
        for (instance, token) in forks {
            self.settle_branches(instance, token)?;
            if !self.work.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The paths of a fork without a join of its own have come to the join around it: so does the token that opened them.
    fn come_to_join_around(&mut self, instance: Id, token: u32, bound: &Bound) -> Result<(), Rejection> {
        let fork = self.token(instance, token)?.node.clone();
        let around = self.stack(instance, token)?;
        let join = around.iter().rev().find_map(|(around, _)| bound.workflow.join_of(around));
        self.leave(instance, token, &fork)?;
        match join {
            Some((join, _)) => {
                self.work.push_back(Work::Enter { instance, token, node: join.name.clone() });
                Ok(())
            }
            // Its branch was let go, so that nothing waits for it.
            None => self.end_path(instance, token, None),
        }
    }

    /// The path of a token that has left its node ends, and with the last one the instance.
    pub(super) fn end_path(&mut self, instance: Id, token: u32, result: Option<&Name>) -> Result<(), Rejection> {
        let place = self.token(instance, token)?.place;
        self.cancel_kept(instance, token)?;
        self.emit(Kind::TokenEnded { instance, token, result: result.cloned() })?;
        let found = self.instance(instance)?;
        if found.tokens.is_empty() {
            let result = found.result.clone().unwrap_or_else(|| Name::from("ended"));
            self.close_at(instance, None)?;
            return self.end_instance(instance, Ended::With(result));
        }
        match place.filter(|place| found.tokens.iter().any(|there| there.id == place.of)) {
            Some(place) => self.settle_branches(instance, place.of),
            None => Ok(()),
        }
    }

    /// An instance without open paths ends, and its caller goes on or hears of its error.
    pub(super) fn end_instance(&mut self, instance: Id, ended: Ended) -> Result<(), Rejection> {
        let called = self.instance(instance)?.caller.is_some();
        let error = matches!(ended, Ended::Error(_));
        self.emit(Kind::InstanceEnded { instance, ended })?;
        if called {
            let child = instance;
            self.work.push_back(if error { Work::Fail { child } } else { Work::Resume { child } });
        }
        Ok(())
    }

    /// Closes the branches that a token has opened, with everything that is open in them.
    pub(super) fn close_branches(&mut self, instance: Id, token: u32) -> Result<(), Rejection> {
        let below = |found: &Self| {
            let found = found.case.instances.get(&instance)?;
            let branch = found.tokens.iter().find(|there| there.place.is_some_and(|place| place.of == token))?;
            Some((branch.id, branch.node.clone(), branch.transit))
        };
        while let Some((branch, node, transit)) = below(self) {
            if !transit {
                self.leave(instance, branch, &node)?;
            }
            self.cancel_kept(instance, branch)?;
            self.emit(Kind::TokenEnded { instance, token: branch, result: None })?;
        }
        Ok(())
    }
}

/// How many open branches of a token stand where no way leads to their join any more; one that is to come straight back can.
fn gone(found: &Instance, bound: &Bound, standing: &Token) -> usize {
    let Some(astray) = bound.workflow.astray.get(&standing.node) else { return 0 };
    let here = |there: &&Token| there.place.is_some_and(|place| place.of == standing.id) && !there.transit;
    let lost = |there: &&Token| there.straight.is_none() && astray.contains(&there.node);
    found.tokens.iter().filter(here).filter(lost).count()
}

/// Whether so many arrivals are what a join waits for.
fn enough(join: &Join, arrived: usize) -> bool {
    join.count.and_then(|count| usize::try_from(count).ok()).is_some_and(|count| arrived >= count)
}
