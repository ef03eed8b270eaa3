//! A workflow by numbers: its nodes, and everything that a single path can do at each, where the engine leaves it to people,
//! time and facts.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Start, bits::Bits, run::Label};
use crate::{
    definition::workflow::{Ending, Goto, Join, Node, NodeKind, Operation, Outcome, Workflow},
    text::Name,
};

/// A node by its number; they are numbered in the order of their names.
pub(super) type At = usize;

/// One thing that can happen to a path at a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// On to a node.
    On(At),
    /// On, by an outcome that is no return: where a straight return waits, it leads there instead.
    Forward(At),
    /// Back to a node; what it leaves behind closes.
    Back(At),
    /// Back to a node alone, and from there straight back here.
    Straight(At),
    /// The end, with the node that says with what.
    End(Ending),
}

/// Ways back to any of a set of nodes.
#[derive(Debug, Clone)]
pub(super) struct Returns {
    pub(super) label: Label,
    pub(super) to: Bits,
    /// Whether they come straight back afterwards.
    pub(super) straight: bool,
}

/// A workflow by numbers.
#[derive(Debug)]
pub(super) struct Net<'a> {
    nodes: Vec<&'a Node>,
    numbers: BTreeMap<&'a Name, At>,
    joins: BTreeMap<At, (At, &'a Join)>,
    regions: Vec<Vec<(At, u16)>>,
    /// Of each fork, where its branches can not come to its join any more.
    astray: BTreeMap<At, BTreeSet<At>>,
    steps: Vec<Vec<(Label, Step)>>,
    returns: Vec<Vec<Returns>>,
    /// Where a run begins first, and what each of the others is.
    pub(super) starts: Vec<(At, Option<Start>)>,
}

impl<'a> Net<'a> {
    pub(super) fn of(workflow: &'a Workflow, entries: &[(Name, Start)]) -> Self {
        let nodes: Vec<&Node> = workflow.nodes.values().collect();
        let numbers: BTreeMap<&Name, At> = workflow.nodes.keys().zip(0..).collect();
        let number = |name: &Name| numbers.get(name).copied();
        let region = |node: &&Node| {
            let region = workflow.regions.get(&node.name).into_iter().flatten();
            region.filter_map(|(fork, branch)| Some((number(fork)?, *branch))).collect()
        };
        let regions = nodes.iter().map(region).collect();
        let among = |nodes: &BTreeSet<Name>| nodes.iter().filter_map(number).collect();
        let astray = workflow.astray.iter().filter_map(|(fork, nodes)| Some((number(fork)?, among(nodes)))).collect();
        let first = number(&workflow.start).map(|start| (start, None));
        // That nothing can begin at a join is said where it is named.
        let joins = |node: &Name| workflow.nodes.get(node).is_some_and(|node| matches!(node.kind, NodeKind::Join(_)));
        let others = entries.iter().filter(|(node, _)| !joins(node));
        let others = others.filter_map(|(node, start)| Some((number(node)?, Some(*start))));
        let mut net = Self {
            joins: BTreeMap::new(),
            regions,
            astray,
            steps: Vec::new(),
            returns: Vec::new(),
            starts: first.into_iter().chain(others).collect(),
            nodes,
            numbers,
        };
        for (at, node) in net.nodes.iter().enumerate() {
            if let NodeKind::Join(join) = &node.kind
                && let Some(fork) = net.number(&join.of)
            {
                net.joins.entry(fork).or_insert((at, join));
            }
        }
        let earlier = net.earlier();
        let first = net.first_tasks();
        net.steps = net.nodes.iter().map(|node| net.steps_of(node)).collect();
        let returns = net.nodes.iter().zip(earlier).enumerate();
        net.returns = returns.map(|(at, (node, earlier))| returns_of(at, node, earlier, &first)).collect();
        net
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn node(&self, at: At) -> Option<&'a Node> {
        self.nodes.get(at).copied()
    }

    pub(super) fn name(&self, at: At) -> Name {
        self.node(at).map_or_else(|| Name::from(""), |node| node.name.clone())
    }

    pub(super) fn number(&self, name: &Name) -> Option<At> {
        self.numbers.get(name).copied()
    }

    /// Whether a branch of `fork` can not come to its join any more from `at`.
    pub(super) fn is_astray(&self, fork: At, at: At) -> bool {
        self.astray.get(&fork).is_some_and(|astray| astray.contains(&at))
    }

    /// The join of the branches of a fork.
    pub(super) fn join_of(&self, fork: At) -> Option<(At, &'a Join)> {
        self.joins.get(&fork).copied()
    }

    /// The branches that a node lies in, the outermost first.
    pub(super) fn region(&self, at: At) -> &[(At, u16)] {
        self.regions.get(at).map(Vec::as_slice).unwrap_or_default()
    }

    /// Everything that can happen to a path at a node, in the written order, but for what [`Net::returns`] gives.
    pub(super) fn steps(&self, at: At) -> &[(Label, Step)] {
        self.steps.get(at).map(Vec::as_slice).unwrap_or_default()
    }

    /// The ways back that only the run can tell: the operation 退回, `previous` and `starter`.
    pub(super) fn returns(&self, at: At) -> &[Returns] {
        self.returns.get(at).map(Vec::as_slice).unwrap_or_default()
    }

    /// Where a path at a node can be sent straight back to.
    pub(super) fn straight(&self, at: At) -> impl Iterator<Item = (At, Label)> {
        let named = self.steps(at).iter().filter_map(|(label, step)| match step {
            Step::Straight(to) => Some((*to, *label)),
            _ => None,
        });
        let others = self.returns(at).iter().filter(|returns| returns.straight);
        named.chain(others.flat_map(|returns| returns.to.iter().map(|to| (to, returns.label))))
    }

    /// The tasks that may have been completed before each node on the same path, from the shape alone.
    fn earlier(&self) -> Vec<Bits> {
        let mut before = vec![Bits::new(self.len()); self.len()];
        let mut queued = Bits::new(self.len());
        // First in, first out: a join waits until all that lead to it are up to date.
        let mut open: VecDeque<At> = (0..self.len()).collect();
        while let Some(at) = open.pop_front() {
            queued.remove(at);
            let (Some(node), Some(mut here)) = (self.node(at), before.get(at).cloned()) else { continue };
            if matches!(node.kind, NodeKind::Task(_)) {
                here.insert(at);
            }
            // What a branch that has arrived did is earlier for the path that opened it, also where others leave the fork.
            let joined = if let NodeKind::Join(join) = &node.kind { self.number(&join.of) } else { None };
            for to in node.ways().filter_map(|way| self.number(way.to)).chain(joined) {
                if before.get_mut(to).is_some_and(|there| there.extend(&here)) && queued.insert(to) {
                    open.push_back(to);
                }
            }
        }
        before
    }

    /// The tasks that a run can come to first.
    fn first_tasks(&self) -> Bits {
        let mut found = Bits::new(self.len());
        let mut seen = Bits::new(self.len());
        let mut open: Vec<At> = self.starts.iter().map(|(at, _)| *at).collect();
        while let Some(at) = open.pop() {
            let Some(node) = self.node(at).filter(|_| seen.insert(at)) else { continue };
            if let NodeKind::Task(task) = &node.kind {
                found.insert(at);
                // What leaves a task without its being completed leads on to what can still be the first one.
                let empty = task.group.as_ref().and_then(|group| group.empty.as_ref());
                let empty = task.outcomes.iter().filter(|outcome| Some(&outcome.name) == empty);
                let past = empty.filter_map(|outcome| outcome.to.node());
                let past = past.chain(node.boundary.iter().filter_map(|boundary| boundary.to.as_ref()));
                open.extend(past.filter_map(|to| self.number(to)));
                continue;
            }
            open.extend(node.ways().filter_map(|way| self.number(way.to)));
        }
        found
    }

    fn steps_of(&self, node: &Node) -> Vec<(Label, Step)> {
        let mut all: Vec<(Label, Option<Step>)> = Vec::new();
        let on = |to: &Name| self.number(to).map(Step::On);
        match &node.kind {
            NodeKind::Task(task) => {
                let outcomes = (0..).zip(&task.outcomes);
                all.extend(outcomes.map(|(place, outcome)| (Label::Outcome(place), self.outcome(outcome))));
            }
            NodeKind::Action(action) => all.push((Label::None, on(&action.next))),
            NodeKind::Wait(wait) => all.push((Label::None, on(&wait.next))),
            NodeKind::Choose(choose) => {
                let branches = choose.branches.iter().map(|(_, to)| to).chain([&choose.otherwise]);
                all.extend(branches.map(|to| (Label::None, on(to))));
            }
            NodeKind::Call(call) => {
                let results = (0..).zip(&call.results);
                all.extend(results.map(|(place, result)| (Label::Result(place), on(&result.to))));
                let empty = call.each.as_ref().and_then(|each| each.empty.as_ref());
                all.extend(empty.map(|to| (Label::Empty, on(to))));
            }
            NodeKind::Stage(stage) => {
                for (place, offer) in (0..).zip(&stage.offers) {
                    let ways = offer.call.iter().flat_map(|call| call.then.values()).chain(&offer.to);
                    all.extend(ways.map(|to| (Label::Offer(place), on(to))));
                }
            }
            NodeKind::End(end) => all.push((Label::None, Some(Step::End(end.how)))),
            NodeKind::Any(_) | NodeKind::Fork(_) | NodeKind::Join(_) => {}
        }
        for (place, boundary) in (0..).zip(&node.boundary) {
            all.extend(boundary.to.iter().map(|to| (Label::Event(place), on(to))));
        }
        all.into_iter().filter_map(|(label, step)| Some((label, step?))).collect()
    }

    /// Where an outcome leads that names its node.
    fn outcome(&self, outcome: &Outcome) -> Option<Step> {
        let to = self.number(outcome.to.node()?)?;
        Some(match (outcome.is_return, outcome.straight) {
            (true, true) => Step::Straight(to),
            (true, false) => Step::Back(to),
            (false, _) => Step::Forward(to),
        })
    }
}

fn returns_of(at: At, node: &Node, mut earlier: Bits, first: &Bits) -> Vec<Returns> {
    let NodeKind::Task(task) = &node.kind else { return Vec::new() };
    let mut first = first.clone();
    earlier.remove(at);
    first.remove(at);
    let mut all = Vec::new();
    for (place, outcome) in (0..).zip(&task.outcomes) {
        let to = match outcome.to {
            Goto::Previous => &earlier,
            Goto::Starter => &first,
            Goto::Node(_) => continue,
        };
        all.push(Returns { label: Label::Outcome(place), to: to.clone(), straight: outcome.straight });
    }
    if task.allow.contains(&Operation::Return) {
        all.push(Returns { label: Label::Return, to: earlier.clone(), straight: false });
        all.push(Returns { label: Label::Return, to: earlier, straight: true });
    }
    all
}
