//! What a game is: paths that hold their branches; and what may happen in it.

use crate::model::{At, How};

#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(crate) struct Game {
    /// The path that began at the start.
    pub(crate) root: Option<Path>,
    /// Branches that a join has not waited for and that go on.
    pub(crate) loose: Vec<Loose>,
    /// The result of the `end` that was reached last.
    pub(crate) result: Option<usize>,
    pub(crate) ended: Option<(How, usize)>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Loose {
    /// The branches that it was in, its own last.
    pub(crate) inside: Vec<(At, usize)>,
    /// True for one that had gone where no way leads to its join.
    pub(crate) astray: bool,
    pub(crate) path: Path,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(crate) struct Path {
    pub(crate) at: At,
    /// On its way to a node, as the so-manieth that set out.
    pub(crate) going: Option<(usize, At)>,
    pub(crate) trail: Vec<At>,
    pub(crate) straight: Option<At>,
    pub(crate) round: Vec<Branch>,
    pub(crate) votes: Vec<Option<usize>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Branch {
    pub(crate) number: usize,
    pub(crate) state: State,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum State {
    Open(Path),
    Arrived,
    Ended(Option<usize>),
}

/// Where a path is found: in which loose branch, and through which places of rounds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Addr {
    pub(crate) loose: Option<usize>,
    pub(crate) places: Vec<usize>,
}

/// Something that may happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Move {
    /// A task ends with an outcome.
    Outcome(Addr, usize),
    /// A member of a group votes.
    Vote(Addr, usize, usize),
    /// 退回.
    Return(Addr, At, bool),
    /// A called workflow ends with a result.
    Result(Addr, usize),
    Offer(Addr, usize),
    /// The message for which a node waits: everything there hears it.
    Message(At),
    /// The message of a node's interrupting event.
    Event(At),
    /// A path comes to the node to which it is going.
    Arrive(Addr),
}

/// What must not happen in a sound workflow, with the code that the loader has for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Bad {
    Stuck,
    Lost,
    WithinItself,
    TwoResults,
    Loose,
    Dead,
    Circle,
}

/// What guards give: of a `choose` the branch; of an `any` whether a branch holds.
pub(crate) trait Guards {
    fn holds(&mut self, at: At, place: usize) -> bool;
}
