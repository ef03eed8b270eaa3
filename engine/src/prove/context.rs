//! What is known of one path in the context of the forks around it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{
    bits::Bits,
    explore::{Exits, Prover, Target},
    net::{At, Net},
    run::{Label, Move, RunId},
};

/// Where a path stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct State {
    pub(super) at: At,
    pub(super) mode: Mode,
}

/// How it stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mode {
    /// At the node.
    Plain,
    /// At the node, and its next outcome that is no return leads straight to the task that sent it back. Which task that is does
    /// not matter: whatever can be done under one can be done under another, and where the way on leads is reached by itself.
    Under,
    /// On its way to the node, through branches, each of which opens alone.
    Into,
}

/// A context that is explored.
#[derive(Debug)]
pub(super) struct Context {
    /// The states, in the order in which they were found, each with a shortest run.
    pub(super) order: Vec<(State, RunId)>,
    places: BTreeMap<State, usize>,
    /// What leads to what, by places in the order; returns to any of a set of nodes are left out.
    pub(super) edges: Vec<(usize, usize)>,
    /// The states from which the context is left, or a way leads on that is looked at elsewhere.
    pub(super) leaving: Vec<usize>,
    pub(super) exits: Exits,
    /// The nodes to which some return of a set leads, and some straight return.
    pub(super) backed: Bits,
    pub(super) straightened: Bits,
    /// The nodes whose returns have been looked at.
    pub(super) returned: Bits,
    /// Under a straight return: the ways on from each node that keep it, and the one that leads back.
    pub(super) kept: BTreeMap<At, Vec<(Move, At)>>,
    pub(super) forward: BTreeMap<At, Move>,
}

impl Context {
    pub(super) fn new(nodes: usize, entries: &[(State, RunId)]) -> Self {
        let mut context = Self {
            order: Vec::new(),
            places: BTreeMap::new(),
            edges: Vec::new(),
            leaving: Vec::new(),
            exits: Exits::new(),
            backed: Bits::new(nodes),
            straightened: Bits::new(nodes),
            returned: Bits::new(nodes),
            kept: BTreeMap::new(),
            forward: BTreeMap::new(),
        };
        for (state, run) in entries {
            context.come(*state, || *run);
        }
        context
    }

    /// The place of a state, which may be new.
    pub(super) fn come(&mut self, state: State, run: impl FnOnce() -> RunId) -> usize {
        let order = &mut self.order;
        *self.places.entry(state).or_insert_with(|| {
            order.push((state, run()));
            order.len() - 1
        })
    }

    pub(super) fn run_of(&self, state: State) -> Option<RunId> {
        self.order.get(*self.places.get(&state)?).map(|(_, run)| *run)
    }

    /// The nodes at which a path was found only under a straight return.
    pub(super) fn under_alone(&self) -> Vec<At> {
        let plain = |at: At| self.places.contains_key(&State { at, mode: Mode::Plain });
        let under = self.order.iter().filter(|(state, _)| state.mode == Mode::Under);
        under.map(|(state, _)| state.at).filter(|at| !plain(*at)).collect()
    }

    /// How a path that is sent straight back from a node comes to it again; and how many nodes were tried.
    pub(super) fn way_on(&self, net: &Net<'_>, from: At) -> (usize, Option<Vec<Move>>) {
        let sent = |label: Label| Move::Way { at: from, label };
        if let Some((label, last)) = net.straight(from).find_map(|(to, label)| Some((label, *self.forward.get(&to)?))) {
            return (1, Some(vec![sent(label), last]));
        }
        let mut came: BTreeMap<At, (Option<At>, Move)> = BTreeMap::new();
        let mut open = VecDeque::new();
        for (to, label) in net.straight(from) {
            came.entry(to).or_insert((None, sent(label)));
            open.push_back(to);
        }
        let mut tried = 0;
        while let Some(at) = open.pop_front() {
            tried += 1;
            let kept = self.kept.get(&at).map(Vec::as_slice).unwrap_or_default();
            let home = kept.iter().find(|(_, to)| *to == from).map(|(last, _)| last);
            if let Some(last) = self.forward.get(&at).or(home) {
                let mut moves = vec![*last];
                let mut back = Some(at);
                while let Some((before, last)) = back.and_then(|at| came.get(&at)) {
                    moves.push(*last);
                    back = *before;
                }
                moves.reverse();
                return (tried, Some(moves));
            }
            for (last, to) in kept {
                if let std::collections::btree_map::Entry::Vacant(new) = came.entry(*to) {
                    new.insert((Some(at), *last));
                    open.push_back(*to);
                }
            }
        }
        (tried, None)
    }

    /// The states from which no way leads out of the context, each with its run.
    pub(super) fn lost(&self, prover: &Prover<'_>) -> Vec<(State, RunId)> {
        let fine = self.fine(prover);
        let onward = self.onward();
        let lost = (0..).zip(&self.order).filter(|(place, _)| !fine.contains(place)).map(|(_, found)| *found);
        // Where a straight return leads on, what it leads to is looked at by itself.
        lost.filter(|(state, _)| state.mode != Mode::Under || !onward.contains(&state.at)).collect()
    }

    /// The nodes from which a straight return can be brought to its end.
    fn onward(&self) -> BTreeSet<At> {
        let mut before: BTreeMap<At, Vec<At>> = BTreeMap::new();
        for (from, ways) in &self.kept {
            for (_, to) in ways {
                before.entry(*to).or_default().push(*from);
            }
        }
        let mut found = BTreeSet::new();
        let mut open: Vec<At> = self.forward.keys().copied().collect();
        while let Some(at) = open.pop() {
            if found.insert(at) {
                open.extend(before.get(&at).into_iter().flatten());
            }
        }
        found
    }

    /// The places of the states from which some way leads out of the context, where a straight return leads to nothing new: it
    /// comes back to whoever sent the path.
    fn fine(&self, prover: &Prover<'_>) -> BTreeSet<usize> {
        let mut before: Vec<Vec<usize>> = vec![Vec::new(); self.order.len()];
        for (from, to) in &self.edges {
            before.get_mut(*to).into_iter().for_each(|all| all.push(*from));
        }
        // The nodes to which a return leads to something fine.
        let nodes = prover.net.len();
        let (mut back, mut straight) = (Bits::new(nodes), Bits::new(nodes));
        for to in self.backed.iter().filter(|to| matches!(prover.back(*to), Target::Out(_))) {
            back.insert(to);
        }
        let mut fine = BTreeSet::new();
        let mut open = self.leaving.clone();
        loop {
            while let Some(place) = open.pop() {
                let Some((state, _)) = self.order.get(place).filter(|_| fine.insert(place)) else { continue };
                if state.mode == Mode::Under {
                    straight.insert(state.at);
                } else if matches!(prover.back(state.at), Target::Into(there) if there == *state) {
                    back.insert(state.at);
                }
                open.extend(before.get(place).into_iter().flatten());
            }
            let waiting = (0..).zip(&self.order).filter(|(place, _)| !fine.contains(place));
            let going = waiting.filter(|(_, (state, _))| {
                let mut returns = prover.net.returns(state.at).iter();
                state.mode != Mode::Into
                    && (returns.any(|found| found.to.meets(if found.straight { &straight } else { &back }))
                        || self.comes_back(prover, *state, &fine))
            });
            open.extend(going.map(|(place, _)| place));
            if open.is_empty() {
                return fine;
            }
        }
    }

    /// Whether a path under a straight return can send straight back itself and so stands at the node again, under none, where
    /// some way leads out.
    fn comes_back(&self, prover: &Prover<'_>, state: State, fine: &BTreeSet<usize>) -> bool {
        let plain = self.places.get(&State { mode: Mode::Plain, ..state });
        state.mode == Mode::Under
            && plain.is_some_and(|plain| fine.contains(plain))
            && self.way_on(prover.net, state.at).1.is_some()
    }
}
