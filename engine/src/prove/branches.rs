//! What the branches of a fork can come to together. They share nothing but their fork and their join, so that no product of
//! them is built.

use std::{collections::BTreeSet, rc::Rc};

use super::{
    Finding,
    context::State,
    explore::{Exit, Exits, Kind, Prover, Target},
    net::At,
    run::{Label, Move, Run, RunId},
};
use crate::{
    definition::workflow::{Join, NodeKind},
    text::Name,
};

/// Branches that open together, and the run that leads to them.
struct Together<'f> {
    fork: At,
    found: &'f [Rc<Exits>],
    run: RunId,
}

impl Prover<'_> {
    /// What the branches of a fork can come to together. With `all`, every branch opens; otherwise any of them.
    pub(super) fn fork(&mut self, fork: At, branches: Vec<(u16, State)>, all: bool, run: RunId) -> Vec<(Move, Target)> {
        if self.stack.iter().any(|(around, _)| *around == fork) {
            if self.is_new(Kind::WithinItself, fork) {
                self.findings.push(Finding::WithinItself { fork: self.net.name(fork), run: self.told(run) });
            }
            return Vec::new();
        }
        if self.is_deep() {
            return Vec::new();
        }
        let before = self.runs.push(run, Move::Way { at: fork, label: Label::None });
        self.before.push(before);
        let found: Vec<Rc<Exits>> =
            branches.into_iter().map(|(branch, entry)| self.exits_in((fork, branch), entry)).collect();
        self.before.pop();
        let join = self.net.join_of(fork);
        // The `else` branch of an `any` is alone.
        let several = found.get(..if all { found.len() } else { found.len().saturating_sub(1) }).unwrap_or_default();
        let together = Together { fork, found: several, run };
        self.report_loose(&together, join);
        let inside = |run: RunId| Move::Branch { fork, inside: run };
        let mut out = Vec::new();
        let around = || self.stack.iter().rev().find_map(|(around, _)| self.net.join_of(*around));
        let next = match join {
            Some((_, join)) => self.net.number(&join.next),
            None => around().map(|(at, _)| at),
        };
        if let (Some(arrival), Some(next)) = (arrives(&found, join.and_then(|(_, join)| join.count), all), next) {
            out.push((inside(arrival), Target::On(next)));
        }
        let dies = if all { found.iter().all(|exits| ends(exits)) } else { found.iter().any(|exits| ends(exits)) };
        // Where one branch can not but arrive, what follows the join ends last.
        if dies {
            self.report_two_results(&together);
        }
        // What several branches can come to is one thing.
        let mut known: BTreeSet<Exit> = BTreeSet::new();
        for (exit, run) in found.iter().flat_map(|exits| exits.iter()) {
            self.count(1);
            if !known.insert(*exit) {
                continue;
            }
            match exit {
                Exit::End(_) if dies => out.push((inside(*run), Target::Out(*exit))),
                Exit::Arrive | Exit::End(_) | Exit::Astray => {}
                Exit::Close(_) => out.push((inside(*run), Target::Out(*exit))),
                Exit::Back(to) => out.push((inside(*run), self.back(*to))),
            }
        }
        out
    }

    /// Reports two branches that end with different results: which of them the workflow ends with would be chance.
    fn report_two_results(&mut self, together: &Together<'_>) {
        let ending: Vec<Vec<(Name, RunId)>> = together.found.iter().map(|exits| self.results(exits)).collect();
        let ending: Vec<&Vec<(Name, RunId)>> = ending.iter().filter(|ends| !ends.is_empty()).collect();
        let all: BTreeSet<&Name> = ending.iter().flat_map(|ends| ends.iter()).map(|(result, _)| result).collect();
        if all.len() < 2 {
            return;
        }
        for (place, one) in ending.iter().enumerate() {
            for other in ending.iter().skip(place + 1) {
                for (first, first_run) in *one {
                    let Some((second, second_run)) = other.iter().find(|(second, _)| second != first) else { continue };
                    if self.is_new(Kind::TwoResults, together.fork) {
                        let first = (first.clone(), self.with_branch(together, *first_run));
                        let second = (second.clone(), self.with_branch(together, *second_run));
                        self.findings.push(Finding::TwoResults { fork: self.net.name(together.fork), first, second });
                    }
                    return;
                }
            }
        }
    }

    /// The results with which a branch can end.
    fn results(&self, exits: &Exits) -> Vec<(Name, RunId)> {
        let result = |(exit, run): (&Exit, &RunId)| match exit {
            Exit::End(at) => match &self.net.node(*at)?.kind {
                NodeKind::End(end) => Some((end.result.clone(), *run)),
                _ => None,
            },
            _ => None,
        };
        exits.iter().filter_map(result).collect()
    }

    fn with_branch(&mut self, together: &Together<'_>, inside: RunId) -> Run {
        let run = self.runs.push(together.run, Move::Branch { fork: together.fork, inside });
        self.told(run)
    }

    /// Reports a branch that a join may leave running and that leads elsewhere than to it. The branches open together.
    fn report_loose(&mut self, together: &Together<'_>, join: Option<(At, &Join)>) {
        let Some((at, Join { stay: true, count: Some(count), .. })) = join else { return };
        let arriving = together.found.iter().filter(|exits| exits.contains_key(&Exit::Arrive)).count();
        // A branch is left only where enough others can arrive before it.
        let left = |exits: &&Rc<Exits>| {
            let others = arriving.saturating_sub(usize::from(exits.contains_key(&Exit::Arrive)));
            usize::try_from(*count).is_ok_and(|count| others >= count)
        };
        let leaving = together.found.iter().filter(left).flat_map(|exits| exits.iter());
        let astray =
            leaving.filter(|(exit, _)| !matches!(exit, Exit::Arrive | Exit::Astray)).map(|(_, run)| *run).next();
        if let Some(inside) = astray
            && self.is_new(Kind::Loose, together.fork)
        {
            let run = self.with_branch(together, inside);
            let (fork, join) = (self.net.name(together.fork), self.net.name(at));
            self.findings.push(Finding::Loose { fork, join, run });
        }
    }
}

fn ends(exits: &Exits) -> bool {
    exits.keys().any(|exit| matches!(exit, Exit::End(_)))
}

/// A run in which a branch comes to the join and this lets the path go on: once enough have, or the others are over as well.
fn arrives(found: &[Rc<Exits>], count: Option<u32>, all: bool) -> Option<RunId> {
    let arriving = found.iter().filter(|exits| exits.contains_key(&Exit::Arrive)).count();
    let enough = count.and_then(|count| usize::try_from(count).ok()).is_some_and(|count| arriving >= count);
    // Of an `any`, one branch may be alone.
    let gone = |exits: &Exits| ends(exits) || exits.contains_key(&Exit::Astray);
    let over = !all || found.iter().all(|exits| exits.contains_key(&Exit::Arrive) || gone(exits));
    if enough || over { found.iter().find_map(|exits| exits.get(&Exit::Arrive)).copied() } else { None }
}
