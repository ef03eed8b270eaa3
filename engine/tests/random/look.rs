//! Looking at a game: its paths, and everything that may happen.

use std::collections::BTreeMap;

use crate::{
    game::{Play, VOTERS},
    model::{At, Kind},
    state::{Addr, Move, Path, State},
};

impl Play<'_> {
    /// All paths, those at a fork included.
    pub(crate) fn paths(&self) -> Vec<Addr> {
        let mut all = Vec::new();
        let roots = self.game.root.iter().map(|path| (None, path));
        let loose = self.game.loose.iter().enumerate().map(|(place, loose)| (Some(place), &loose.path));
        for (loose, path) in roots.chain(loose) {
            below(path, &Addr { loose, places: Vec::new() }, &mut all);
        }
        all
    }

    pub(super) fn has(&self, addr: &Addr) -> bool {
        self.paths().contains(addr)
    }

    pub(crate) fn path(&self, addr: &Addr) -> &Path {
        let mut path = match addr.loose {
            Some(loose) => &self.game.loose[loose].path,
            None => self.game.root.as_ref().unwrap(),
        };
        for place in &addr.places {
            let State::Open(below) = &path.round[*place].state else { unreachable!("no path at {addr:?}") };
            path = below;
        }
        path
    }

    pub(super) fn path_mut(&mut self, addr: &Addr) -> &mut Path {
        let mut path = match addr.loose {
            Some(loose) => &mut self.game.loose[loose].path,
            None => self.game.root.as_mut().unwrap(),
        };
        for place in &addr.places {
            let State::Open(below) = &mut path.round[*place].state else { unreachable!("no path at {addr:?}") };
            path = below;
        }
        path
    }

    /// The branches that a path is in, the outermost first; of a loose one, as it was.
    pub(crate) fn stack(&self, addr: &Addr) -> Vec<(At, usize)> {
        let mut stack = addr.loose.map_or_else(Vec::new, |loose| self.game.loose[loose].inside.clone());
        for (depth, place) in addr.places.iter().enumerate() {
            let above = self.path(&Addr { loose: addr.loose, places: addr.places[..depth].to_vec() });
            stack.push((above.at, above.round[*place].number));
        }
        stack
    }

    /// Where paths stand, and how many.
    pub(crate) fn standing(&self) -> BTreeMap<At, usize> {
        let mut all = BTreeMap::new();
        for addr in self.paths() {
            *all.entry(self.path(&addr).at).or_default() += 1;
        }
        all
    }

    /// Everything that may happen now. With `votes`, members of groups vote; else a group ends with any outcome.
    pub(crate) fn moves(&self, votes: bool) -> Vec<Move> {
        let mut all = Vec::new();
        for addr in self.paths() {
            let path = self.path(&addr);
            if path.going.is_some() {
                all.push(Move::Arrive(addr));
                continue;
            }
            let node = &self.flow.nodes[path.at];
            match &node.kind {
                Kind::Task(task) => {
                    let open =
                        (0..task.outcomes.len()).filter(|place| self.target(&addr, task.outcomes[*place].to).is_some());
                    for place in open {
                        if task.group && votes {
                            let people = (0..VOTERS).filter(|person| path.votes[*person].is_none());
                            all.extend(people.map(|person| Move::Vote(addr.clone(), person, place)));
                        } else {
                            all.push(Move::Outcome(addr.clone(), place));
                        }
                    }
                    if task.returns {
                        for to in self.earlier(&addr, path.at) {
                            all.push(Move::Return(addr.clone(), to, false));
                            all.push(Move::Return(addr.clone(), to, true));
                        }
                    }
                }
                Kind::Wait(_) => all.push(Move::Message(path.at)),
                Kind::Call(_) => all.extend((0..2).map(|place| Move::Result(addr.clone(), place))),
                Kind::Stage(ways) => all.extend((0..ways.len()).map(|place| Move::Offer(addr.clone(), place))),
                _ => {}
            }
            if node.event.is_some() {
                all.push(Move::Event(path.at));
            }
        }
        all
    }
}

fn below(path: &Path, addr: &Addr, all: &mut Vec<Addr>) {
    all.push(addr.clone());
    for (place, branch) in path.round.iter().enumerate() {
        if let State::Open(path) = &branch.state {
            let mut addr = addr.clone();
            addr.places.push(place);
            below(path, &addr, all);
        }
    }
}
