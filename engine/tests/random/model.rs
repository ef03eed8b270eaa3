//! A workflow as the tests know it: numbered nodes. It is written as YAML for the engine, and played by the naive game as it is.

/// A node by its number; it is called `n3`.
pub(crate) type At = usize;

/// A workflow.
#[derive(Debug, Clone)]
pub(crate) struct Flow {
    pub(crate) nodes: Vec<Node>,
    pub(crate) start: At,
    /// Where an item may be created, or opened again, instead.
    pub(crate) entries: Vec<At>,
}

/// A node, with the target of its interrupting event where it has one.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    pub(crate) event: Option<At>,
}

#[derive(Debug, Clone)]
pub(crate) enum Kind {
    Task(Task),
    Action(At),
    /// The last is the one of `else`.
    Choose(Vec<At>),
    /// The last is the one of `else`.
    Any(Vec<At>),
    Fork(Vec<At>),
    Join {
        of: At,
        count: Option<usize>,
        stay: bool,
        next: At,
    },
    Wait(At),
    /// What follows the two results of the called workflow.
    Call([At; 2]),
    /// Where each offer leads.
    Stage(Vec<At>),
    End {
        result: usize,
        how: How,
    },
}

#[derive(Debug, Clone)]
pub(crate) struct Task {
    pub(crate) outcomes: Vec<Outcome>,
    /// Whether any of three people may sign it, and the outcome that the majority gives it.
    pub(crate) group: bool,
    /// Whether the operation 退回 is allowed.
    pub(crate) returns: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    pub(crate) to: To,
    pub(crate) back: bool,
    pub(crate) straight: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum To {
    Node(At),
    Previous,
    Starter,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum How {
    Normal,
    Cancel,
    Error,
}

impl Flow {
    /// The join of a fork's branches.
    pub(crate) fn join_of(&self, fork: At) -> Option<At> {
        self.nodes.iter().position(|node| matches!(node.kind, Kind::Join { of, .. } if of == fork))
    }

    /// Whether something goes back to what was done before, whatever that was.
    pub(crate) fn remembers(&self) -> bool {
        self.nodes.iter().any(|node| match &node.kind {
            Kind::Task(task) => task.returns || task.outcomes.iter().any(|outcome| !matches!(outcome.to, To::Node(_))),
            _ => false,
        })
    }

    /// Whether no way leads from a node to the join of `fork`, but one to an end; a return is a way to anywhere.
    pub(crate) fn is_astray(&self, at: At, fork: At) -> bool {
        let Some(join) = self.join_of(fork) else { return false };
        let (mut seen, mut open, mut ends) = (vec![at], vec![at], false);
        while let Some(at) = open.pop() {
            let returns = matches!(&self.nodes[at].kind, Kind::Task(task) if task.returns || task.outcomes.iter().any(|outcome| outcome.back));
            if returns || at == join {
                return false;
            }
            ends |= matches!(self.nodes[at].kind, Kind::End { .. });
            let next = self.ways(at).into_iter().map(|(to, _)| to).filter(|to| !seen.contains(to)).collect::<Vec<_>>();
            seen.extend(&next);
            open.extend(next);
        }
        ends
    }

    /// Where a node can lead by its shape: the target, and whether it is a return. Branches are in their order.
    pub(crate) fn ways(&self, at: At) -> Vec<(At, bool)> {
        let node = &self.nodes[at];
        let on = |to: &At| (*to, false);
        let mut ways: Vec<(At, bool)> = match &node.kind {
            Kind::Task(task) => {
                let fixed = |outcome: &Outcome| match outcome.to {
                    To::Node(to) => Some((to, outcome.back)),
                    _ => None,
                };
                task.outcomes.iter().filter_map(fixed).collect()
            }
            Kind::Action(next) | Kind::Wait(next) | Kind::Join { next, .. } => vec![on(next)],
            Kind::Choose(to) | Kind::Any(to) | Kind::Fork(to) | Kind::Stage(to) => to.iter().map(on).collect(),
            Kind::Call(to) => to.iter().map(on).collect(),
            Kind::End { .. } => Vec::new(),
        };
        ways.extend(node.event.iter().map(on));
        ways
    }
}
