//! Makes random workflows: nested blocks first, then, in some, ways that lead anywhere.

use crate::{
    dice::Dice,
    model::{At, Flow, How, Kind, Node, Outcome, Task, To},
};

/// What a workflow may be made of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taste {
    /// About how many blocks.
    pub(crate) size: usize,
    /// How many ways are bent to lead anywhere.
    pub(crate) bends: usize,
    /// Whether returns may go to what was done before, whatever that was.
    pub(crate) memory: bool,
    /// Whether tasks may be groups.
    pub(crate) groups: bool,
    /// At how many nodes, at most, it may begin beside its start.
    pub(crate) entries: usize,
}

/// A random workflow.
pub(crate) fn flow(dice: &mut Dice, taste: Taste) -> Flow {
    let mut maker = Maker { dice, nodes: Vec::new(), budget: taste.size, taste };
    let how = if maker.dice.percent(95) { How::Normal } else { How::Cancel };
    let end = maker.add(Kind::End { result: 0, how });
    let start = maker.sequence(end, 0);
    let first = maker.add(Kind::Task(Task { outcomes: vec![forward(start)], group: false, returns: false }));
    maker.returns();
    for _ in 0..taste.bends {
        maker.bend();
    }
    maker.events();
    let start = if maker.dice.percent(80) { first } else { start };
    let entries = (0..maker.dice.below(taste.entries + 1)).map(|_| maker.somewhere()).collect();
    prune(Flow { nodes: maker.nodes, start, entries })
}

const fn forward(to: At) -> Outcome {
    Outcome { to: To::Node(to), back: false, straight: false }
}

struct Maker<'d> {
    dice: &'d mut Dice,
    nodes: Vec<Node>,
    budget: usize,
    taste: Taste,
}

impl Maker<'_> {
    fn add(&mut self, kind: Kind) -> At {
        self.nodes.push(Node { kind, event: None });
        self.nodes.len() - 1
    }

    /// Blocks one after the other, of which the last leads to `next`; the first node.
    fn sequence(&mut self, next: At, depth: usize) -> At {
        let mut first = next;
        for _ in 0..=self.dice.below(3) {
            first = self.block(first, depth);
        }
        first
    }

    fn task(&mut self, next: At) -> At {
        let mut outcomes = vec![forward(next)];
        if self.dice.percent(12) {
            let result = usize::from(self.dice.percent(30));
            let how = [How::Normal, How::Cancel, How::Cancel, How::Error][self.dice.below(4)];
            outcomes.push(forward(self.nodes.len()));
            self.add(Kind::End { result, how });
        }
        let group = self.taste.groups && self.dice.percent(20);
        self.add(Kind::Task(Task { outcomes, group, returns: false }))
    }

    fn block(&mut self, next: At, depth: usize) -> At {
        if self.budget == 0 || depth > 3 {
            return self.task(next);
        }
        self.budget -= 1;
        match self.dice.below(20) {
            0..=4 => self.task(next),
            5 => self.add(Kind::Action(next)),
            6 => self.add(Kind::Wait(next)),
            7 => {
                let other = if self.dice.percent(50) { next } else { self.sequence(next, depth + 1) };
                self.add(Kind::Call([next, other]))
            }
            8 => {
                let offers = self.several(next, depth);
                self.add(Kind::Stage(offers))
            }
            9..=11 => {
                let ways = self.several(next, depth);
                self.add(Kind::Choose(ways))
            }
            12 => {
                // Once more, or on.
                let again = self.add(Kind::Action(next));
                let ask = self.task(next);
                self.nodes[again].kind = Kind::Choose(vec![ask, next]);
                again
            }
            _ => self.branches(next, depth),
        }
    }

    fn several(&mut self, next: At, depth: usize) -> Vec<At> {
        let count = 2 + self.dice.below(2);
        (0..count).map(|_| if self.dice.percent(30) { next } else { self.sequence(next, depth + 1) }).collect()
    }

    fn branches(&mut self, next: At, depth: usize) -> At {
        let fork = self.add(Kind::Action(next));
        let branches = 2 + self.dice.below(2);
        // A fork without a join of its own leads to the join around it.
        if matches!(self.nodes[next].kind, Kind::Join { .. }) && self.dice.percent(40) {
            let ways: Vec<At> = (0..branches).map(|_| self.sequence(next, depth + 1)).collect();
            self.nodes[fork].kind = if self.dice.percent(65) { Kind::Fork(ways) } else { Kind::Any(ways) };
            return fork;
        }
        let count = self.dice.percent(30).then(|| 1 + self.dice.below(3));
        let stay = count.is_some() && self.dice.percent(50);
        let join = self.add(Kind::Join { of: fork, count, stay, next });
        let ways: Vec<At> = (0..branches).map(|_| self.sequence(join, depth + 1)).collect();
        self.nodes[fork].kind = if self.dice.percent(65) { Kind::Fork(ways) } else { Kind::Any(ways) };
        fork
    }

    /// Some tasks may send back: mostly to other tasks.
    fn returns(&mut self) {
        for at in 0..self.nodes.len() {
            if !matches!(&self.nodes[at].kind, Kind::Task(_)) || !self.dice.percent(25) {
                continue;
            }
            let to = match self.dice.below(8) {
                0 if self.taste.memory => To::Previous,
                1 if self.taste.memory => To::Starter,
                _ => To::Node(self.somewhere()),
            };
            let straight = self.dice.percent(30);
            let returns = self.taste.memory && self.dice.percent(30);
            if let Kind::Task(task) = &mut self.nodes[at].kind {
                task.outcomes.push(Outcome { to, back: true, straight });
                task.returns = returns && !task.group;
            }
        }
    }

    /// A node to go back to: mostly a task, never a join or an end.
    fn somewhere(&mut self) -> At {
        loop {
            let to = self.dice.below(self.nodes.len());
            match &self.nodes[to].kind {
                Kind::Task(_) => return to,
                Kind::Join { .. } | Kind::End { .. } => {}
                _ if self.dice.percent(20) => return to,
                _ => {}
            }
        }
    }

    /// One way leads anywhere.
    fn bend(&mut self) {
        let to = self.dice.below(self.nodes.len());
        let at = self.dice.below(self.nodes.len());
        let place = self.dice.below(3);
        match &mut self.nodes[at].kind {
            Kind::Task(task) => {
                let place = place % task.outcomes.len();
                if let To::Node(old) = &mut task.outcomes[place].to {
                    *old = to;
                }
            }
            Kind::Action(old) | Kind::Wait(old) | Kind::Join { next: old, .. } => *old = to,
            Kind::Choose(old) | Kind::Any(old) | Kind::Fork(old) | Kind::Stage(old) => {
                let place = place % old.len();
                old[place] = to;
            }
            Kind::Call(old) => old[place % 2] = to,
            Kind::End { .. } => {}
        }
    }

    /// Some nodes that stay open have an interrupting event.
    fn events(&mut self) {
        for at in 0..self.nodes.len() {
            let stays = matches!(
                &self.nodes[at].kind,
                Kind::Task(_) | Kind::Wait(_) | Kind::Call(_) | Kind::Stage(_) | Kind::Fork(_) | Kind::Any(_)
            );
            if stays && self.dice.percent(8) {
                let ways: Vec<At> = match &self.nodes[at].kind {
                    Kind::Fork(_) | Kind::Any(_) => {
                        let of = |node: &Node| match node.kind {
                            Kind::Join { of, next, .. } if of == at => Some(next),
                            _ => None,
                        };
                        self.nodes.iter().find_map(of).into_iter().collect()
                    }
                    _ => Vec::new(),
                };
                let to = match ways.first() {
                    Some(to) if self.dice.percent(85) => *to,
                    _ => {
                        let all: Vec<At> = ways_of(&self.nodes[at].kind);
                        if all.is_empty() {
                            continue;
                        }
                        if self.dice.percent(85) {
                            all[self.dice.below(all.len())]
                        } else {
                            self.dice.below(self.nodes.len())
                        }
                    }
                };
                self.nodes[at].event = Some(to);
            }
        }
    }
}

fn ways_of(kind: &Kind) -> Vec<At> {
    Flow { nodes: vec![Node { kind: kind.clone(), event: None }], start: 0, entries: Vec::new() }
        .ways(0)
        .into_iter()
        .filter(|(_, back)| !back)
        .map(|(to, _)| to)
        .collect()
}

/// Leaves out what nothing leads to any more, so that few workflows are refused for their shape alone.
fn prune(flow: Flow) -> Flow {
    let mut reached = vec![false; flow.nodes.len()];
    let mut open = vec![flow.start];
    while let Some(at) = open.pop() {
        if !std::mem::replace(&mut reached[at], true) {
            open.extend(flow.ways(at).into_iter().map(|(to, _)| to));
            // A join stays only with what it joins.
            if let Kind::Join { of, .. } = flow.nodes[at].kind {
                open.push(of);
            }
        }
    }
    let new: Vec<At> = (0..flow.nodes.len()).map(|at| reached[..at].iter().filter(|there| **there).count()).collect();
    let mut nodes: Vec<Node> =
        flow.nodes.into_iter().zip(&reached).filter(|(_, there)| **there).map(|(node, _)| node).collect();
    for node in &mut nodes {
        node.event = node.event.map(|to| new[to]);
        match &mut node.kind {
            Kind::Task(task) => {
                for outcome in &mut task.outcomes {
                    if let To::Node(to) = &mut outcome.to {
                        *to = new[*to];
                    }
                }
            }
            Kind::Action(to) | Kind::Wait(to) => *to = new[*to],
            Kind::Join { of, next, .. } => (*of, *next) = (new[*of], new[*next]),
            Kind::Choose(all) | Kind::Any(all) | Kind::Fork(all) | Kind::Stage(all) => {
                for to in all.iter_mut() {
                    *to = new[*to];
                }
            }
            Kind::Call(all) => {
                for to in all.iter_mut() {
                    *to = new[*to];
                }
            }
            Kind::End { .. } => {}
        }
    }
    let mut entries: Vec<At> = flow.entries.iter().filter(|at| reached[**at]).map(|at| new[*at]).collect();
    entries.sort_unstable();
    entries.dedup();
    Flow { nodes, start: new[flow.start], entries }
}
