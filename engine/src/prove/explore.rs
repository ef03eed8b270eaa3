//! Explores the states of single paths, each in the context of the forks around it, breadth first: the first run found to a
//! state is a shortest one.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    rc::Rc,
};

use super::{
    Finding, Graph, Hop, MAX_STATES, Run, Stack,
    ways::{Earlier, Step, steps},
};
use crate::{
    definition::workflow::{Ending, Join, Node, NodeKind, Workflow},
    text::Name,
};

/// Where a path stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    /// At a node; `straight` is where its next outcome leads instead.
    At { node: Name, straight: Option<Name> },
    /// On its way back to `node`, through these branches, each of which opens alone.
    Into { rest: Stack, node: Name },
}

/// What a path can come to in its context.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Exit {
    /// The join of the innermost fork.
    Arrive,
    /// The end of its path, with a result.
    End(Name),
    /// The end of the whole instance.
    Close(Name),
    /// A node before the innermost fork: the fork's own path goes back there.
    Back(Name),
    /// It stands where no way leads to the join of the innermost fork any more, and goes on by itself.
    Astray,
}

/// What a path can come to, each with a shortest run.
type Exits = BTreeMap<Exit, Run>;

/// Where something that happens leads.
#[derive(Debug, Clone)]
enum Target {
    Next(State),
    Out(Exit),
}

/// The exploration of one workflow.
#[derive(Debug)]
pub(super) struct Prover<'a> {
    workflow: &'a Workflow,
    earlier: Earlier,
    /// What is wrong so far, each kind of it once per node.
    pub(super) findings: Vec<Finding>,
    /// The nodes that some run reaches.
    pub(super) reached: BTreeSet<Name>,
    known: BTreeMap<(State, Stack), Rc<Exits>>,
    states: usize,
    /// How many states lie inside each outermost fork.
    inside: BTreeMap<Name, usize>,
}

impl<'a> Prover<'a> {
    pub(super) fn new(workflow: &'a Workflow) -> Self {
        Self {
            workflow,
            earlier: Earlier::of(workflow),
            findings: Vec::new(),
            reached: BTreeSet::new(),
            known: BTreeMap::new(),
            states: 0,
            inside: BTreeMap::new(),
        }
    }

    pub(super) fn explore(&mut self) {
        let start = State::At { node: self.workflow.start.clone(), straight: None };
        self.exits(&start, &Stack::new(), &Run::new());
        if self.states > MAX_STATES {
            let most = self.inside.iter().max_by_key(|(_, states)| **states).map(|(fork, _)| fork.clone());
            self.findings = vec![Finding::TooComplex { fork: most }];
        }
    }

    /// Notes a finding, unless one of its kind is known of the same node.
    fn find(&mut self, finding: Finding) {
        let same = |known: &Finding| match (known, &finding) {
            (Finding::Stuck { node: a, .. }, Finding::Stuck { node: b, .. })
            | (Finding::Lost { node: a, .. }, Finding::Lost { node: b, .. })
            | (Finding::WithinItself { fork: a, .. }, Finding::WithinItself { fork: b, .. })
            | (Finding::TwoResults { fork: a, .. }, Finding::TwoResults { fork: b, .. })
            | (Finding::Loose { fork: a, .. }, Finding::Loose { fork: b, .. }) => a == b,
            _ => false,
        };
        if !self.findings.iter().any(same) {
            self.findings.push(finding);
        }
    }

    /// What a path that begins at `entry` in `stack` can come to; `before` is the run that leads to its beginning.
    fn exits(&mut self, entry: &State, stack: &Stack, before: &Run) -> Rc<Exits> {
        let key = (entry.clone(), stack.clone());
        if let Some(known) = self.known.get(&key) {
            return Rc::clone(known);
        }
        let mut came: BTreeMap<State, Option<(State, Hop)>> = BTreeMap::from([(entry.clone(), None)]);
        let mut open = VecDeque::from([entry.clone()]);
        let mut graph = Graph { before: BTreeMap::new() };
        let mut exits = Exits::new();
        let mut leaving = BTreeSet::new();
        while let Some(state) = open.pop_front() {
            if !self.count(stack) {
                break;
            }
            let run: Run = path(&came, &state);
            if self.is_astray(&state, stack) {
                exits.entry(Exit::Astray).or_insert_with(|| run.clone());
            }
            let whole: Run = before.iter().cloned().chain(run.iter().cloned()).collect();
            for (hop, target) in self.happens(&state, stack, &whole) {
                match target {
                    Target::Next(next) => {
                        graph.add(&state, &next);
                        if !came.contains_key(&next) {
                            came.insert(next.clone(), Some((state.clone(), hop)));
                            open.push_back(next);
                        }
                    }
                    Target::Out(exit) => {
                        leaving.insert(state.clone());
                        exits.entry(exit).or_insert_with(|| run.iter().cloned().chain([hop]).collect());
                    }
                }
            }
        }
        self.stuck(&came, &graph, leaving, before);
        let exits = Rc::new(exits);
        self.known.insert(key, Rc::clone(&exits));
        exits
    }

    /// Whether a branch stands where its join does not wait for it any more.
    fn is_astray(&self, state: &State, stack: &Stack) -> bool {
        let (State::At { node, straight: None }, Some((fork, _))) = (state, stack.last()) else { return false };
        self.workflow.astray.get(fork).is_some_and(|astray| astray.contains(node))
    }

    fn count(&mut self, stack: &Stack) -> bool {
        self.states += 1;
        if let Some((fork, _)) = stack.first() {
            *self.inside.entry(fork.clone()).or_default() += 1;
        }
        self.states <= MAX_STATES
    }

    /// Reports the nearest state from which nothing leads out of the context any more.
    fn stuck(
        &mut self,
        came: &BTreeMap<State, Option<(State, Hop)>>,
        graph: &Graph<State>,
        leaving: BTreeSet<State>,
        before: &Run,
    ) {
        if self.states > MAX_STATES {
            return;
        }
        let fine = graph.reaching(leaving);
        let lost = came.keys().filter(|state| !fine.contains(*state));
        let nearest = lost.map(|state| (path(came, state), state)).min_by_key(|(run, _)| run.len());
        // What leads into something that is wrong by itself is no second fault.
        if let Some((run, State::At { node, .. })) = nearest
            && self.findings.is_empty()
        {
            let run = before.iter().cloned().chain(run).collect();
            self.find(Finding::Stuck { node: node.clone(), run });
        }
    }

    /// Everything that can happen to a path in a state.
    fn happens(&mut self, state: &State, stack: &Stack, run: &Run) -> Vec<(Hop, Target)> {
        let (node, straight) = match state {
            State::Into { rest, node } => return self.enter_branch(rest, node, stack, run),
            State::At { node, straight } => (node, straight),
        };
        let workflow = self.workflow;
        let Some(node) = workflow.nodes.get(node) else { return Vec::new() };
        self.reached.insert(node.name.clone());
        let at = |to: &Name| State::At { node: to.clone(), straight: None };
        match &node.kind {
            NodeKind::Fork(branches) => {
                let branches = (0..).zip(branches).map(|(place, to)| (place, at(to))).collect();
                let mut all = self.fork(node, branches, true, straight.as_ref(), stack, run);
                all.extend(self.events(node, straight.as_ref(), stack));
                all
            }
            NodeKind::Any(choose) => {
                let branches = choose.branches.iter().map(|(_, to)| to).chain([&choose.otherwise]);
                let branches = (0..).zip(branches).map(|(place, to)| (place, at(to))).collect();
                let mut all = self.fork(node, branches, false, straight.as_ref(), stack, run);
                all.extend(self.events(node, straight.as_ref(), stack));
                all
            }
            NodeKind::Join(join) => self.join(node, join, stack, run),
            _ => self.events(node, straight.as_ref(), stack),
        }
    }

    /// Everything that can happen to a path at a node, but for what its branches do; of a fork, its boundary events.
    fn events(&self, node: &Node, straight: Option<&Name>, stack: &Stack) -> Vec<(Hop, Target)> {
        let all = steps(node, &self.earlier).into_iter();
        all.map(|(hop, step)| (hop, self.target(node, step, straight, stack))).collect()
    }

    fn target(&self, from: &Node, step: Step, straight: Option<&Name>, stack: &Stack) -> Target {
        let on = |to: Name| {
            let straight = straight.filter(|back| **back != to).cloned();
            Target::Next(State::At { node: to, straight })
        };
        match (step, straight) {
            (Step::Forward(_), Some(back)) => Target::Next(State::At { node: back.clone(), straight: None }),
            (Step::Forward(to) | Step::On(to), _) => on(to),
            (Step::Straight(to), _) => Target::Next(State::At { node: to, straight: Some(from.name.clone()) }),
            (Step::Back(to), _) => self.back(to, stack),
            (Step::End(result, Ending::Normal), _) => Target::Out(Exit::End(result)),
            (Step::End(result, _), _) => Target::Out(Exit::Close(result)),
        }
    }

    /// A return, by the rule of `docs/reference/engine.md`: as far out as needed, then in again.
    fn back(&self, to: Name, stack: &Stack) -> Target {
        let region = self.workflow.regions.get(&to).map(Vec::as_slice).unwrap_or_default();
        let shared = stack.iter().zip(region).take_while(|(a, b)| a == b).count();
        if shared < stack.len() {
            return Target::Out(Exit::Back(to));
        }
        match region.get(shared..).unwrap_or_default() {
            [] => Target::Next(State::At { node: to, straight: None }),
            rest => Target::Next(State::Into { rest: rest.to_vec(), node: to }),
        }
    }

    fn enter_branch(&mut self, rest: &Stack, node: &Name, stack: &Stack, run: &Run) -> Vec<(Hop, Target)> {
        let Some(((fork, branch), deeper)) = rest.split_first() else { return Vec::new() };
        let Some(fork) = self.workflow.nodes.get(fork) else { return Vec::new() };
        let entry = match deeper {
            [] => State::At { node: node.clone(), straight: None },
            deeper => State::Into { rest: deeper.to_vec(), node: node.clone() },
        };
        self.fork(fork, vec![(*branch, entry)], true, None, stack, run)
    }

    fn join(&mut self, node: &Node, join: &Join, stack: &Stack, run: &Run) -> Vec<(Hop, Target)> {
        let hop = Hop::Way { node: node.name.clone(), label: None };
        // A fork without a join of its own is joined by the one around it.
        let nearest = stack.iter().rev().find(|(fork, _)| self.workflow.join_of(fork).is_some());
        if nearest.is_some_and(|(fork, _)| *fork == join.of) {
            return vec![(hop, Target::Out(Exit::Arrive))];
        }
        let run = run.iter().cloned().chain([hop]).collect();
        self.find(Finding::Lost { node: node.name.clone(), of: join.of.clone(), run });
        Vec::new()
    }

    /// What the branches of a fork can come to together. With `all`, every branch opens; otherwise any of them.
    fn fork(
        &mut self,
        fork: &Node,
        branches: Vec<(u16, State)>,
        all: bool,
        straight: Option<&Name>,
        stack: &Stack,
        run: &Run,
    ) -> Vec<(Hop, Target)> {
        if stack.iter().any(|(around, _)| *around == fork.name) {
            self.find(Finding::WithinItself { fork: fork.name.clone(), run: run.clone() });
            return Vec::new();
        }
        let mut found: Vec<Rc<Exits>> = Vec::new();
        for (branch, entry) in branches {
            let mut inner = stack.clone();
            inner.push((fork.name.clone(), branch));
            let before: Run = run.iter().cloned().chain([Hop::Way { node: fork.name.clone(), label: None }]).collect();
            found.push(self.exits(&entry, &inner, &before));
        }
        let join = self.workflow.join_of(&fork.name);
        // The `else` branch of an `any` is alone.
        let together = found.get(..if all { found.len() } else { found.len().saturating_sub(1) }).unwrap_or_default();
        self.loose(fork, join, together, run);
        let inside = |run: &Run| Hop::Branch { fork: fork.name.clone(), inside: run.clone() };
        let mut out = Vec::new();
        let around = || stack.iter().rev().find_map(|(around, _)| self.workflow.join_of(around));
        let next = join.map_or_else(|| around().map(|(node, _)| &node.name), |(_, join)| Some(&join.next));
        if let (Some(arrival), Some(next)) = (arrives(&found, join.and_then(|(_, join)| join.count), all), next) {
            let straight = straight.filter(|back| *back != next).cloned();
            out.push((inside(arrival), Target::Next(State::At { node: next.clone(), straight })));
        }
        let dies = if all { found.iter().all(|exits| ends(exits)) } else { found.iter().any(|exits| ends(exits)) };
        // Where one branch can not but arrive, what follows the join ends last.
        if dies {
            self.two_results(fork, together, run);
        }
        for (exit, run) in found.iter().flat_map(|exits| exits.iter()) {
            match exit {
                Exit::End(_) if dies => out.push((inside(run), Target::Out(exit.clone()))),
                Exit::Arrive | Exit::End(_) | Exit::Astray => {}
                Exit::Close(_) => out.push((inside(run), Target::Out(exit.clone()))),
                Exit::Back(to) => out.push((inside(run), self.back(to.clone(), stack))),
            }
        }
        out
    }

    /// Reports two branches that end with different results: which of them the workflow ends with would be chance.
    fn two_results(&mut self, fork: &Node, found: &[Rc<Exits>], run: &Run) {
        let ends = |exits: &Exits| -> Vec<(Name, Run)> {
            let end = |(exit, run): (&Exit, &Run)| match exit {
                Exit::End(result) => Some((result.clone(), run.clone())),
                _ => None,
            };
            exits.iter().filter_map(end).collect()
        };
        for (place, one) in found.iter().enumerate() {
            for other in found.iter().skip(place + 1) {
                for (first, first_run) in ends(one) {
                    let Some((second, second_run)) = ends(other).into_iter().find(|(second, _)| *second != first)
                    else {
                        continue;
                    };
                    let with = |inside: &Run| -> Run {
                        let branch = Hop::Branch { fork: fork.name.clone(), inside: inside.clone() };
                        run.iter().cloned().chain([branch]).collect()
                    };
                    let (first, second) = ((first, with(&first_run)), (second, with(&second_run)));
                    self.find(Finding::TwoResults { fork: fork.name.clone(), first, second });
                    return;
                }
            }
        }
    }

    /// Reports a branch that a join may leave running and that leads elsewhere than to it. The branches open together.
    fn loose(&mut self, fork: &Node, join: Option<(&Node, &Join)>, found: &[Rc<Exits>], run: &Run) {
        let Some((Node { name, .. }, Join { stay: true, count: Some(count), .. })) = join else { return };
        let arriving = found.iter().filter(|exits| exits.contains_key(&Exit::Arrive)).count();
        // A branch is left only where enough others can arrive before it.
        let left = |exits: &&Rc<Exits>| {
            let others = arriving.saturating_sub(usize::from(exits.contains_key(&Exit::Arrive)));
            usize::try_from(*count).is_ok_and(|count| others >= count)
        };
        let astray = found
            .iter()
            .filter(left)
            .flat_map(|exits| exits.iter())
            .find(|(exit, _)| !matches!(exit, Exit::Arrive | Exit::Astray));
        if let Some((_, inside)) = astray {
            let branch = Hop::Branch { fork: fork.name.clone(), inside: inside.clone() };
            let run = run.iter().cloned().chain([branch]).collect();
            self.find(Finding::Loose { fork: fork.name.clone(), join: name.clone(), run });
        }
    }
}

fn ends(exits: &Exits) -> bool {
    exits.keys().any(|exit| matches!(exit, Exit::End(_)))
}

/// A run in which a branch comes to the join and this lets the path go on: once enough have, or the others are over as well.
fn arrives(found: &[Rc<Exits>], count: Option<u32>, all: bool) -> Option<&Run> {
    let arriving = found.iter().filter(|exits| exits.contains_key(&Exit::Arrive)).count();
    let enough = count.and_then(|count| usize::try_from(count).ok()).is_some_and(|count| arriving >= count);
    // Of an `any`, one branch may be alone.
    let gone = |exits: &Exits| ends(exits) || exits.contains_key(&Exit::Astray);
    let over = !all || found.iter().all(|exits| exits.contains_key(&Exit::Arrive) || gone(exits));
    if enough || over { found.iter().find_map(|exits| exits.get(&Exit::Arrive)) } else { None }
}

/// The run from the beginning of a context to a state.
fn path(came: &BTreeMap<State, Option<(State, Hop)>>, state: &State) -> Run {
    let mut run = Vec::new();
    let mut at = state;
    while let Some(Some((before, hop))) = came.get(at) {
        run.push(hop.clone());
        at = before;
    }
    run.reverse();
    run
}
