//! Explores the states of single paths, each in the context of the forks around it, breadth first: the first run found to a
//! state is a shortest one.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use super::{
    Finding, MAX_DEPTH, MAX_STEPS,
    bits::Bits,
    context::{Context, Mode, State},
    net::{At, Net, Step},
    run::{Label, Move, Run, RunId, Runs},
};
use crate::{
    definition::workflow::{Ending, Join, Node, NodeKind},
    text::Name,
};

/// What a path can come to in its context. Results are known by the node that ends with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Exit {
    /// The join of the innermost fork.
    Arrive,
    /// The end of its path, with a result.
    End(At),
    /// The end of the whole instance.
    Close(At),
    /// A node before the innermost fork: the fork's own path goes back there.
    Back(At),
    /// It stands where no way leads to the join of the innermost fork any more, and goes on by itself.
    Astray,
}

/// What a path can come to, each with a shortest run.
pub(super) type Exits = BTreeMap<Exit, RunId>;

/// Where something that happens leads.
#[derive(Debug, Clone, Copy)]
pub(super) enum Target {
    /// On to a node, whether or not a straight return waits.
    On(At),
    /// To a state.
    Into(State),
    Out(Exit),
}

/// A kind of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Stuck,
    Lost,
    WithinItself,
    TwoResults,
    Loose,
}

/// The exploration of one workflow.
#[derive(Debug)]
pub(super) struct Prover<'a> {
    pub(super) net: &'a Net<'a>,
    pub(super) runs: Runs,
    /// What is wrong so far, each kind of it once per node.
    pub(super) findings: Vec<Finding>,
    noted: BTreeSet<(Kind, At)>,
    /// The nodes that some run reaches.
    pub(super) reached: Bits,
    /// The forks around the path that is explored, each with its branch, the outermost first.
    pub(super) stack: Vec<(At, u16)>,
    /// The numbers of this stack and of those around it.
    stacks: Vec<usize>,
    numbered: BTreeMap<(usize, (At, u16)), usize>,
    /// The runs that lead to the forks of the stack, each from the beginning of its own context.
    pub(super) before: Vec<RunId>,
    known: BTreeMap<(usize, State), Rc<Exits>>,
    steps: usize,
    /// How many steps lie inside each outermost fork.
    inside: BTreeMap<At, usize>,
}

impl<'a> Prover<'a> {
    pub(super) fn new(net: &'a Net<'a>) -> Self {
        Self {
            net,
            runs: Runs::default(),
            findings: Vec::new(),
            noted: BTreeSet::new(),
            reached: Bits::new(net.len()),
            stack: Vec::new(),
            stacks: vec![0],
            numbered: BTreeMap::new(),
            before: Vec::new(),
            known: BTreeMap::new(),
            steps: 0,
            inside: BTreeMap::new(),
        }
    }

    pub(super) fn explore(&mut self) {
        let mut entries = Vec::new();
        for (at, how) in &self.net.starts {
            let mode = if self.net.region(*at).is_empty() { Mode::Plain } else { Mode::Into };
            let run = how.map_or(0, |how| self.runs.push(0, Move::Begin { at: *at, how }));
            entries.push((State { at: *at, mode }, run));
        }
        self.exits(&entries);
        if self.is_too_much() && self.findings.is_empty() {
            let most = self.inside.iter().max_by_key(|(_, steps)| **steps).map(|(fork, _)| self.net.name(*fork));
            self.findings = vec![Finding::TooComplex { fork: most }];
        }
    }

    pub(super) const fn is_too_much(&self) -> bool {
        self.steps > MAX_STEPS
    }

    /// Counts steps; false once they are too many.
    pub(super) fn count(&mut self, steps: usize) -> bool {
        self.steps += steps;
        if let Some((fork, _)) = self.stack.first() {
            *self.inside.entry(*fork).or_default() += steps;
        }
        !self.is_too_much()
    }

    /// Whether a fault of this kind is new at a node: each is reported once.
    pub(super) fn is_new(&mut self, kind: Kind, at: At) -> bool {
        self.noted.insert((kind, at))
    }

    /// A run of the context that is explored, from its very beginning, in names.
    pub(super) fn told(&self, run: RunId) -> Run {
        self.before.iter().chain([&run]).flat_map(|run| self.runs.told(self.net, *run)).collect()
    }

    /// What a path that begins in one of these states can come to in the present stack.
    pub(super) fn exits(&mut self, entries: &[(State, RunId)]) -> Rc<Exits> {
        let stack = self.stacks.last().copied().unwrap_or_default();
        let known = entries.first().and_then(|(entry, _)| self.known.get(&(stack, *entry)));
        if let Some(known) = known {
            return Rc::clone(known);
        }
        let mut context = Context::new(self.net.len(), entries);
        let mut next = 0;
        while self.count(1) {
            match context.order.get(next).copied() {
                Some((state, run)) => {
                    self.expand(&mut context, (next, state), run);
                    next += 1;
                }
                None if self.come_straight_back(&mut context) => {}
                None => break,
            }
        }
        self.report_stuck(&context);
        let exits = Rc::new(context.exits);
        if let Some((entry, _)) = entries.first() {
            self.known.insert((stack, *entry), Rc::clone(&exits));
        }
        exits
    }

    /// As [`Self::exits`], in one more branch around.
    pub(super) fn exits_in(&mut self, branch: (At, u16), entry: State) -> Rc<Exits> {
        let around = self.stacks.last().copied().unwrap_or_default();
        let new = self.numbered.len() + 1;
        let number = *self.numbered.entry((around, branch)).or_insert(new);
        self.stack.push(branch);
        self.stacks.push(number);
        let exits = self.exits(&[(entry, 0)]);
        self.stack.pop();
        self.stacks.pop();
        exits
    }

    /// Everything that can happen to a path in a state.
    fn expand(&mut self, context: &mut Context, (place, state): (usize, State), run: RunId) {
        let at = state.at;
        if state.mode == Mode::Into {
            for (last, target) in self.enter_branch(at, run) {
                self.come(context, (place, state), run, (last, target));
            }
            return;
        }
        let Some(node) = self.net.node(at) else { return };
        self.reached.insert(at);
        // Its join does not wait for it any more.
        if state.mode == Mode::Plain && self.stack.last().is_some_and(|(fork, _)| self.net.is_astray(*fork, at)) {
            context.exits.entry(Exit::Astray).or_insert(run);
        }
        for (last, target) in self.branches(at, node, run) {
            self.come(context, (place, state), run, (last, target));
        }
        for (label, step) in self.net.steps(at) {
            if !self.count(1) {
                return;
            }
            let last = Move::Way { at, label: *label };
            let target = match step {
                Step::Forward(_) if state.mode == Mode::Under => {
                    context.forward.entry(at).or_insert(last);
                    continue;
                }
                Step::Forward(to) | Step::On(to) => Target::On(*to),
                Step::Back(to) => self.back(*to),
                Step::Straight(to) => Target::Into(State { at: *to, mode: Mode::Under }),
                Step::End(Ending::Normal) => Target::Out(Exit::End(at)),
                Step::End(_) => Target::Out(Exit::Close(at)),
            };
            self.come(context, (place, state), run, (last, target));
        }
        // The way back does not depend on whether a straight return waits.
        if context.returned.insert(at) {
            self.expand_returns(context, (place, state), run);
        }
    }

    fn expand_returns(&mut self, context: &mut Context, from: (usize, State), run: RunId) {
        let at = from.1.at;
        for returns in self.net.returns(at) {
            let done = if returns.straight { &mut context.straightened } else { &mut context.backed };
            let new = returns.to.without(done);
            done.extend(&returns.to);
            self.count(new.len());
            for to in new {
                let target =
                    if returns.straight { Target::Into(State { at: to, mode: Mode::Under }) } else { self.back(to) };
                self.come(context, from, run, (Move::Way { at, label: returns.label }, target));
            }
        }
    }

    fn come(
        &mut self,
        context: &mut Context,
        (place, from): (usize, State),
        run: RunId,
        (last, target): (Move, Target),
    ) {
        let to = match target {
            Target::On(to) => {
                if from.mode == Mode::Under {
                    context.kept.entry(from.at).or_default().push((last, to));
                }
                State { at: to, mode: if from.mode == Mode::Under { Mode::Under } else { Mode::Plain } }
            }
            Target::Into(to) => to,
            Target::Out(exit) => {
                context.leaving.push(place);
                context.exits.entry(exit).or_insert_with(|| self.runs.push(run, last));
                return;
            }
        };
        let there = context.come(to, || self.runs.push(run, last));
        context.edges.push((place, there));
    }

    /// A return, by the rule of `docs/reference/engine.md`: as far out as needed, then in again.
    pub(super) fn back(&self, to: At) -> Target {
        let region = self.net.region(to);
        let shared = self.stack.iter().zip(region).take_while(|(a, b)| a == b).count();
        if shared < self.stack.len() {
            return Target::Out(Exit::Back(to));
        }
        let mode = if region.len() > shared { Mode::Into } else { Mode::Plain };
        Target::Into(State { at: to, mode })
    }

    /// A path on its way to a node opens the next of the branches around that alone.
    fn enter_branch(&mut self, to: At, run: RunId) -> Vec<(Move, Target)> {
        let depth = self.stack.len();
        let Some((fork, branch)) = self.net.region(to).get(depth).copied() else { return Vec::new() };
        let deeper = self.net.region(to).len() > depth + 1;
        let entry = State { at: to, mode: if deeper { Mode::Into } else { Mode::Plain } };
        self.fork(fork, vec![(branch, entry)], true, run)
    }

    fn branches(&mut self, at: At, node: &Node, run: RunId) -> Vec<(Move, Target)> {
        let branch = |(place, to): (u16, &Name)| {
            let at = self.net.number(to)?;
            Some((place, State { at, mode: Mode::Plain }))
        };
        match &node.kind {
            NodeKind::Fork(branches) => {
                let branches = (0..).zip(branches).filter_map(branch).collect();
                self.fork(at, branches, true, run)
            }
            NodeKind::Any(choose) => {
                let branches = choose.branches.iter().map(|(_, to)| to).chain([&choose.otherwise]);
                let branches = (0..).zip(branches).filter_map(branch).collect();
                self.fork(at, branches, false, run)
            }
            NodeKind::Join(join) => self.join(at, join, run),
            _ => Vec::new(),
        }
    }

    fn join(&mut self, at: At, join: &Join, run: RunId) -> Vec<(Move, Target)> {
        let last = Move::Way { at, label: Label::None };
        // A fork without a join of its own is joined by the one around it.
        let nearest = self.stack.iter().rev().find(|(fork, _)| self.net.join_of(*fork).is_some());
        if nearest.is_some_and(|(fork, _)| self.net.number(&join.of) == Some(*fork)) {
            return vec![(last, Target::Out(Exit::Arrive))];
        }
        if self.is_new(Kind::Lost, at) {
            let run = self.runs.push(run, last);
            let run = self.told(run);
            self.findings.push(Finding::Lost { node: self.net.name(at), of: join.of.clone(), run });
        }
        Vec::new()
    }

    /// Whether one more fork may stand around a path.
    pub(super) fn is_deep(&mut self) -> bool {
        let deep = self.stack.len() >= MAX_DEPTH;
        if deep {
            self.count(MAX_STEPS);
        }
        deep
    }

    /// Who went straight back and came to the task only under another straight return: where the way leads on, the task is
    /// entered again with none. True where such are new.
    fn come_straight_back(&mut self, context: &mut Context) -> bool {
        let mut new = false;
        for at in context.under_alone() {
            let Some(run) = context.run_of(State { at, mode: Mode::Under }) else { continue };
            let (tried, found) = context.way_on(self.net, at);
            if !self.count(1 + tried) {
                return false;
            }
            if let Some(moves) = found {
                let run = moves.into_iter().fold(run, |run, last| self.runs.push(run, last));
                context.come(State { at, mode: Mode::Plain }, || run);
                new = true;
            }
        }
        new
    }

    /// Whether an event can take a path away from a node, with everything in its branches.
    fn is_left(&self, at: At) -> bool {
        self.net.node(at).is_some_and(|node| node.boundary.iter().any(|boundary| boundary.to.is_some()))
    }

    /// Reports the nearest state from which nothing leads out of the context any more.
    fn report_stuck(&mut self, context: &Context) {
        // What leads into something that is wrong by itself is no second fault.
        if self.is_too_much() || !self.findings.is_empty() || self.stack.iter().any(|(fork, _)| self.is_left(*fork)) {
            return;
        }
        let nearest = context.lost(self).into_iter().min_by_key(|(_, run)| self.runs.length(*run));
        if let Some((State { at, mode: Mode::Plain | Mode::Under }, run)) = nearest
            && self.is_new(Kind::Stuck, at)
        {
            self.findings.push(Finding::Stuck { node: self.net.name(at), run: self.told(run) });
        }
    }
}
