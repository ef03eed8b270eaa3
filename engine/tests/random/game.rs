//! A token game that is as plain as can be: paths that hold their branches, and the sentences of `docs/reference/engine.md`.
//! It shares nothing with the engine.

use std::collections::BTreeSet;

use crate::{
    model::{At, Flow, How, Kind, Outcome, To},
    state::{Addr, Bad, Branch, Game, Guards, Loose, Move, Path, State},
};

/// How many people sign a group.
pub(crate) const VOTERS: usize = 3;

/// Most nodes that one move enters.
const MAX_ENTERED: usize = 500;

/// A game at work.
pub(crate) struct Play<'a> {
    pub(crate) flow: &'a Flow,
    pub(crate) regions: &'a [Vec<(At, usize)>],
    pub(crate) game: Game,
    pub(crate) bad: BTreeSet<Bad>,
    pub(crate) entered: BTreeSet<At>,
    /// True lets the platform's own nodes take time: each arrival is a move, in any order.
    slow: bool,
    stamp: usize,
}

impl<'a> Play<'a> {
    pub(crate) fn new(flow: &'a Flow, regions: &'a [Vec<(At, usize)>], game: Game) -> Self {
        Self { flow, regions, game, bad: BTreeSet::new(), entered: BTreeSet::new(), slow: false, stamp: 0 }
    }

    /// As [`Play::new`], but each arrival at a node is a move.
    pub(crate) fn slow(flow: &'a Flow, regions: &'a [Vec<(At, usize)>], game: Game) -> Self {
        Self { slow: true, ..Self::new(flow, regions, game) }
    }

    pub(crate) fn start(&mut self, guards: &mut dyn Guards) {
        self.game = Game { root: Some(Path::default()), ..Game::default() };
        let start = self.flow.start;
        self.go(&Addr::default(), start);
        self.settle(guards);
    }

    /// Begins at a node: as a return goes into a branch, where it lies in one.
    pub(crate) fn enter(&mut self, at: At, guards: &mut dyn Guards) {
        self.game = Game { root: Some(Path::default()), ..Game::default() };
        self.open_and_go(Addr::default(), 0, at);
        self.settle(guards);
    }

    /// Carries out a move that [`Play::moves`] lists.
    pub(crate) fn perform(&mut self, what: &Move, guards: &mut dyn Guards) {
        match what {
            Move::Outcome(addr, place) => self.outcome(addr, *place),
            Move::Vote(addr, voter, place) => self.vote(addr, *voter, *place),
            Move::Return(addr, to, straight) => {
                self.completed(addr);
                self.back(addr, *to, *straight);
            }
            Move::Result(addr, place) => {
                let at = self.path(addr).at;
                if let Kind::Call(ways) = &self.flow.nodes[at].kind {
                    self.go(addr, ways[*place]);
                }
            }
            Move::Offer(addr, place) => {
                let at = self.path(addr).at;
                if let Kind::Stage(ways) = &self.flow.nodes[at].kind {
                    self.go(addr, ways[*place]);
                }
            }
            Move::Arrive(addr) => self.arrive(addr, guards),
            Move::Message(at) => {
                if let Kind::Wait(next) = self.flow.nodes[*at].kind {
                    self.all_go(*at, next);
                }
            }
            Move::Event(at) => {
                if let Some(to) = self.flow.nodes[*at].event {
                    self.all_go(*at, to);
                }
            }
        }
        self.settle(guards);
    }

    fn all_go(&mut self, at: At, to: At) {
        for addr in self.paths() {
            // One that was inside another is gone with it.
            if self.has(&addr) && self.path(&addr).at == at && self.path(&addr).going.is_none() {
                self.go(&addr, to);
            }
        }
    }

    // ---- tasks

    fn outcome(&mut self, addr: &Addr, place: usize) {
        let Some(outcome) = self.outcome_of(addr, place) else { return };
        let Some(to) = self.target(addr, outcome.to) else { return };
        self.completed(addr);
        if outcome.back {
            self.back(addr, to, outcome.straight);
        } else {
            let straight = self.path_mut(addr).straight.take();
            self.go(addr, straight.unwrap_or(to));
        }
    }

    fn vote(&mut self, addr: &Addr, person: usize, place: usize) {
        let path = self.path_mut(addr);
        path.votes[person] = Some(place);
        let votes = path.votes.clone();
        let Kind::Task(task) = &self.flow.nodes[self.path(addr).at].kind else { return };
        let last = task.outcomes.len() - 1;
        let count = |place: usize| votes.iter().filter(|vote| **vote == Some(place)).count();
        let open = votes.iter().filter(|vote| vote.is_none()).count();
        let rest = (0..last).all(|place| count(place) + open < 2);
        if let Some(place) = (0..last).find(|place| count(*place) >= 2).or_else(|| rest.then_some(last)) {
            self.outcome(addr, place);
        }
    }

    fn outcome_of(&self, addr: &Addr, place: usize) -> Option<Outcome> {
        match &self.flow.nodes[self.path(addr).at].kind {
            Kind::Task(task) => task.outcomes.get(place).cloned(),
            _ => None,
        }
    }

    pub(super) fn target(&self, addr: &Addr, to: To) -> Option<At> {
        let at = self.path(addr).at;
        let mut earlier = self.earlier(addr, at).into_iter();
        match to {
            To::Node(to) => Some(to),
            To::Previous => earlier.next_back(),
            To::Starter => earlier.next(),
        }
    }

    /// The tasks completed on a path before `at`, before its branch opened too.
    pub(super) fn earlier(&self, addr: &Addr, at: At) -> Vec<At> {
        let mut trail: Vec<At> = Vec::new();
        for depth in 0..=addr.places.len() {
            let above = Addr { loose: addr.loose, places: addr.places[..depth].to_vec() };
            for passed in &self.path(&above).trail {
                if !trail.contains(passed) {
                    trail.push(*passed);
                }
            }
        }
        trail.into_iter().take_while(|passed| *passed != at).collect()
    }

    fn completed(&mut self, addr: &Addr) {
        let path = self.path_mut(addr);
        let at = path.at;
        match path.trail.iter().position(|passed| *passed == at) {
            None => path.trail.push(at),
            Some(_) if path.straight.is_some() => {}
            Some(place) => path.trail.truncate(place + 1),
        }
    }

    // ---- returns

    fn back(&mut self, addr: &Addr, to: At, straight: bool) {
        if straight {
            let from = self.path(addr).at;
            self.path_mut(addr).straight = Some(from);
            self.go(addr, to);
            return;
        }
        let stack = self.stack(addr);
        let region = self.regions[to].clone();
        let shared = stack.iter().zip(&region).take_while(|(a, b)| a == b).count();
        let outside = stack.len() - addr.places.len();
        if shared < outside {
            self.bad.insert(Bad::Loose);
            return;
        }
        let moving = Addr { loose: addr.loose, places: addr.places[..shared - outside].to_vec() };
        self.forget(&moving, to);
        let path = self.path_mut(&moving);
        (path.straight, path.round) = (None, Vec::new());
        self.open_and_go(moving, shared, to);
    }

    /// A path opens the branches around a node, each alone, but for the outer ones that it is in; and goes there.
    fn open_and_go(&mut self, mut moving: Addr, shared: usize, to: At) {
        let region = self.regions[to].clone();
        for (fork, branch) in &region[shared..] {
            if self.stack(&moving).iter().any(|(around, _)| around == fork) {
                self.bad.insert(Bad::WithinItself);
                return;
            }
            self.entered.insert(*fork);
            let path = self.path_mut(&moving);
            (path.at, path.going, path.votes) = (*fork, None, Vec::new());
            path.round = vec![Branch { number: *branch, state: State::Open(Path::default()) }];
            moving.places.push(0);
        }
        self.go(&moving, to);
    }

    /// Going back forgets the tasks from the target on.
    fn forget(&mut self, addr: &Addr, to: At) {
        let before = |depth| Addr { loose: addr.loose, places: addr.places[..depth].to_vec() };
        let above = (0..addr.places.len()).any(|depth| self.path(&before(depth)).trail.contains(&to));
        let path = self.path_mut(addr);
        match path.trail.iter().position(|passed| *passed == to) {
            Some(place) => path.trail.truncate(place),
            None if above => path.trail.clear(),
            None => {}
        }
    }

    // ---- going on

    fn go(&mut self, addr: &Addr, to: At) {
        self.stamp += 1;
        let stamp = if self.slow { 0 } else { self.stamp };
        let path = self.path_mut(addr);
        (path.going, path.round, path.votes) = (Some((stamp, to)), Vec::new(), Vec::new());
    }

    /// Whoever set out first arrives first.
    fn settle(&mut self, guards: &mut dyn Guards) {
        if self.slow {
            while self.game.ended.is_none() && self.pass_astray() {}
            return;
        }
        for _ in 0..MAX_ENTERED {
            if self.game.ended.is_some() {
                return;
            }
            let going = |addr: &Addr| self.path(addr).going;
            let Some(addr) = self.paths().into_iter().filter(|addr| going(addr).is_some()).min_by_key(going) else {
                if self.pass_astray() {
                    continue;
                }
                return;
            };
            self.arrive(&addr, guards);
        }
        self.bad.insert(Bad::Circle);
    }

    /// A fork goes on whose open branches can not come to its join any more.
    fn pass_astray(&mut self) -> bool {
        let forks: Vec<Addr> = self.paths().into_iter().filter(|addr| !self.path(addr).round.is_empty()).collect();
        for addr in forks {
            if self.path(&addr).going.is_none() && self.gone(&addr) > 0 {
                self.round_goes_on(&addr);
                if !self.has(&addr) || self.path(&addr).going.is_some() {
                    return true;
                }
            }
        }
        false
    }

    fn arrive(&mut self, addr: &Addr, guards: &mut dyn Guards) {
        let path = self.path_mut(addr);
        let Some((_, at)) = path.going.take() else { return };
        path.at = at;
        path.straight = path.straight.filter(|back| *back != at);
        self.entered.insert(at);
        match &self.flow.nodes[at].kind {
            Kind::Task(task) => {
                if task.group {
                    self.path_mut(addr).votes = vec![None; VOTERS];
                }
            }
            Kind::Wait(_) | Kind::Call(_) | Kind::Stage(_) => {}
            Kind::Action(next) => self.go(addr, *next),
            Kind::Choose(ways) => {
                let last = ways.len() - 1;
                let place = (0..last).find(|place| guards.holds(at, *place)).unwrap_or(last);
                self.go(addr, ways[place]);
            }
            Kind::Fork(ways) => self.split(addr, (0..).zip(ways.iter().copied()).collect()),
            Kind::Any(ways) => {
                let last = ways.len() - 1;
                let mut open: Vec<(usize, At)> = (0..last).zip(ways.iter().copied()).collect();
                open.retain(|(place, _)| guards.holds(at, *place));
                if open.is_empty() {
                    open.push((last, ways[last]));
                }
                self.split(addr, open);
            }
            Kind::Join { of, .. } => self.join(addr, *of),
            Kind::End { result, how } => self.end(addr, *result, *how),
        }
    }

    fn split(&mut self, addr: &Addr, open: Vec<(usize, At)>) {
        let at = self.path(addr).at;
        if self.stack(addr).iter().any(|(around, _)| *around == at) {
            self.bad.insert(Bad::WithinItself);
        }
        let mut round = Vec::new();
        for (number, to) in open {
            self.stamp += 1;
            let path = Path { going: Some((if self.slow { 0 } else { self.stamp }, to)), at: to, ..Path::default() };
            round.push(Branch { number, state: State::Open(path) });
        }
        self.path_mut(addr).round = round;
    }

    /// The innermost fork that has a join: one without is joined by the join around it.
    fn joined(&self, stack: &[(At, usize)]) -> Option<At> {
        stack.iter().rev().map(|(fork, _)| *fork).find(|fork| self.flow.join_of(*fork).is_some())
    }

    fn join(&mut self, addr: &Addr, of: At) {
        let inside = self.joined(&self.stack(addr));
        if inside != Some(of) {
            self.bad.insert(Bad::Lost);
            self.finish(addr, State::Ended(None));
        } else if addr.places.is_empty() {
            // The join has not waited for this one.
            self.finish(addr, State::Ended(None));
        } else {
            self.finish(addr, State::Arrived);
        }
    }

    fn end(&mut self, addr: &Addr, result: usize, how: How) {
        // One that could not come to its join any more may end; its result is not the workflow's.
        if how != How::Normal || addr.places.is_empty() {
            self.leads_elsewhere(addr);
        }
        if how == How::Normal {
            if addr.loose.is_none() {
                self.game.result = Some(result);
            }
            self.finish(addr, State::Ended(Some(result)));
        } else {
            self.game = Game { ended: Some((how, result)), ..Game::default() };
        }
    }

    /// A branch that a join may leave running must come to it, but for one that could not come any more.
    fn leads_elsewhere(&mut self, addr: &Addr) {
        if addr.loose.is_some_and(|loose| !self.game.loose[loose].astray) {
            self.bad.insert(Bad::Loose);
        }
    }

    /// A path is over.
    fn finish(&mut self, addr: &Addr, becomes: State) {
        let Some((place, above)) = addr.places.split_last() else {
            match addr.loose {
                Some(loose) => drop(self.game.loose.remove(loose)),
                None => self.game.root = None,
            }
            if self.game.root.is_none() && self.game.loose.is_empty() {
                self.game.ended = Some((How::Normal, self.game.result.unwrap_or(usize::MAX)));
            }
            return;
        };
        let above = Addr { loose: addr.loose, places: above.to_vec() };
        let owner = self.path_mut(&above);
        let before = std::mem::replace(&mut owner.round[*place].state, becomes);
        if let (State::Open(path), State::Arrived) = (before, &owner.round[*place].state) {
            for passed in path.trail {
                if !owner.trail.contains(&passed) {
                    owner.trail.push(passed);
                }
            }
        }
        self.round_goes_on(&above);
    }

    /// How many branches stand where they can not come to their join any more.
    fn gone(&self, addr: &Addr) -> usize {
        let owner = self.path(addr);
        let paths = owner.round.iter().filter_map(|branch| match &branch.state {
            State::Open(path) => Some(path),
            State::Arrived | State::Ended(_) => None,
        });
        paths
            .filter(|path| path.going.is_none() && path.straight.is_none() && self.flow.is_astray(path.at, owner.at))
            .count()
    }

    fn round_goes_on(&mut self, addr: &Addr) {
        let owner = self.path(addr);
        let (fork, round) = (owner.at, owner.round.clone());
        let arrived = round.iter().filter(|branch| branch.state == State::Arrived).count();
        let open = round.iter().filter(|branch| matches!(branch.state, State::Open(_))).count();
        let join = self.flow.nodes.iter().enumerate().find_map(|(at, node)| match &node.kind {
            Kind::Join { of, count, stay, next } if *of == fork => Some((at, *count, *stay, *next)),
            _ => None,
        });
        let gone = self.gone(addr);
        match join {
            Some((at, count, stay, next))
                if arrived > 0 && (open == gone || count.is_some_and(|count| arrived >= count)) =>
            {
                let astray = count.is_none_or(|count| arrived < count);
                if stay || astray {
                    let stack = self.stack(addr);
                    for Branch { number, state } in round {
                        if let State::Open(path) = state {
                            let inside = stack.iter().copied().chain([(fork, number)]).collect();
                            self.game.loose.push(Loose { inside, astray, path });
                        }
                    }
                }
                self.entered.insert(at);
                self.go(addr, next);
            }
            None if open == 0 && arrived > 0 => {
                let around = self.joined(&self.stack(addr)).and_then(|fork| self.flow.join_of(fork));
                if let Some(around) = around {
                    self.go(addr, around);
                }
            }
            _ if open == 0 => {
                let results: BTreeSet<usize> = round
                    .iter()
                    .filter_map(|branch| if let State::Ended(result) = branch.state { result } else { None })
                    .collect();
                if results.len() > 1 {
                    self.bad.insert(Bad::TwoResults);
                }
                if addr.places.is_empty() {
                    self.leads_elsewhere(addr);
                }
                let result = self.game.result;
                self.finish(addr, State::Ended(result));
            }
            _ => {}
        }
    }
}
