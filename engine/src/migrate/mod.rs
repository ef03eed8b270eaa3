//! Moving running instances from one version of a workflow to another: a plan computed from both definitions, and for each
//! instance what becomes of it, or where it is stranded. The rule: `docs/reference/migration.md`.
//!
//! Invariant: what [`check`] lets through stands where a run of the new version can stand.

mod check;
mod foresee;
mod forms;
mod level;
mod plan;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{case::Token, id::Id, text::Name};

pub use check::check;
pub(crate) use check::{same_event, same_trigger};
pub use foresee::{Foreseen, foresee};
pub use plan::plan;

/// Which node of the new version takes the place of one of the old version, where their names differ.
pub type Mapping = BTreeMap<Name, Name>;

/// How the nodes of one version of a workflow become those of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The workflow.
    pub workflow: Name,
    /// The version to leave.
    pub from: Name,
    /// The version to come to.
    pub to: Name,
    /// What becomes of each node of the old version.
    pub nodes: BTreeMap<Name, Fate>,
    /// What differs at nodes that are there in both, in the order of the old nodes' names.
    pub notes: Vec<Note>,
}

/// What becomes of a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It is there under the same name.
    Kept,
    /// It is there under this name.
    Mapped(Name),
    /// What is there under this name is of another kind.
    OtherKind(Name),
    /// It is not there any more.
    Gone,
}

impl Plan {
    /// The node that takes the place of an old one, if one of the same kind does.
    #[must_use]
    pub fn target(&self, node: &Name) -> Option<Name> {
        match self.nodes.get(node)? {
            Fate::Kept => Some(node.clone()),
            Fate::Mapped(to) => Some(to.clone()),
            Fate::OtherKind(_) | Fate::Gone => None,
        }
    }

    /// The nodes that have another name now.
    #[must_use]
    pub fn renamed(&self) -> Mapping {
        let renamed = self.nodes.iter().filter_map(|(node, fate)| match fate {
            Fate::Mapped(to) => Some((node.clone(), to.clone())),
            Fate::Kept | Fate::OtherKind(_) | Fate::Gone => None,
        });
        renamed.collect()
    }
}

/// Something that differs at a node and stops nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The node, by its new name.
    pub node: Name,
    /// What differs.
    pub what: Difference,
}

/// What differs at a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// The outcome is new.
    OutcomeNew(Name),
    /// The outcome is gone.
    OutcomeGone(Name),
    /// The outcome leads elsewhere.
    OutcomeElsewhere(Name),
    /// Another form is filled in, or none, or the form has changed.
    Form,
    /// So many boundary events are new.
    EventsNew(usize),
    /// So many boundary events are gone.
    EventsGone(usize),
    /// The branch that begins with this node is new.
    BranchNew(Name),
    /// The branch that began with this node is gone.
    BranchGone(Name),
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "fault")]
pub enum Unfit {
    /// They are versions of different workflows.
    OtherWorkflow,
    /// They are the same version.
    SameVersion,
    /// The mapping names a node that the old version does not have.
    UnknownOld {
        /// Which.
        node: Name,
    },
    /// The mapping names a node that the new version does not have.
    UnknownNew {
        /// Which.
        node: Name,
    },
    /// Two old nodes would become one.
    Twice {
        /// The new node.
        node: Name,
    },
}

/// What becomes of an instance.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// The instance.
    pub instance: Id,
    /// Where its tokens stand, and will stand.
    pub places: Vec<Place>,
    /// Forms of which a field may be read before it is filled in: node and field, by their new names.
    pub unfilled: Vec<(Name, Name)>,
    /// Its tokens afterwards.
    pub(crate) tokens: Vec<Token>,
}

/// Where a token stands, and will stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The token.
    pub token: u32,
    /// Its node.
    pub from: Name,
    /// Its node afterwards.
    pub to: Name,
    /// How many members its group, or its call for each element, has.
    pub members: usize,
}

/// What can not be moved, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stranded {
    /// The token.
    pub token: u32,
    /// The node at which it stands.
    pub node: Name,
    /// Why.
    pub why: Why,
}

/// Why a token can not be moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum Why {
    /// Its node is gone.
    Gone,
    /// What has the place of its node is of another kind.
    OtherKind,
    /// No token of the new version could stand there: in other branches than it is in, or in none.
    Elsewhere,
    /// The branch that began with this node is gone.
    BranchGone {
        /// The first node of the branch.
        first: Name,
    },
    /// The node to which it is to come straight back is gone, or is no task.
    WayBackGone {
        /// Which.
        node: Name,
    },
    /// A member's vote is gone.
    VoteGone {
        /// Which.
        outcome: Name,
    },
    /// The new version can end with a result that the call which waits for it has no way on for.
    NoWayOn {
        /// The result.
        result: Name,
        /// The instance that calls it.
        caller: Id,
    },
    /// A child could not go on below the new node.
    ChildLost {
        /// Which.
        child: Id,
    },
}
