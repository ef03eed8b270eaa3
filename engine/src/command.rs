//! What the outside may ask of a case.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::{
    id::{Id, PersonId},
    text::Name,
    value::Data,
};

/// A command on one case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Creates the root item and starts its kind's workflow on it.
    Create {
        /// The home module.
        module: Name,
        /// The kind.
        kind: Name,
        /// The form's fields, already validated against the form.
        fields: Map<String, Json>,
        /// The node at which the workflow is entered; none: its start. One that the kind's `enter` names.
        #[serde(default)]
        enter: Option<Name>,
    },
    /// Takes a task that has several candidates.
    Claim {
        /// Which.
        task: Id,
    },
    /// Gives a taken task back to its candidates.
    Release {
        /// Which.
        task: Id,
    },
    /// Completes a task. An open one with several candidates is thereby taken.
    Complete {
        /// Which.
        task: Id,
        /// With which outcome.
        outcome: Name,
        /// The form's data, already validated; empty where the task has no form.
        form: Data,
        /// The comment.
        comment: Option<String>,
    },
    /// Takes an offer of an open stage.
    TakeOffer {
        /// The instance.
        instance: Id,
        /// The stage node.
        node: Name,
        /// The offer.
        offer: Name,
        /// The form's data, already validated.
        form: Map<String, Json>,
        /// The comment.
        comment: Option<String>,
    },
    /// Sets fields of an item directly: a row of an import that changes what is there. Fields that are absent here stay.
    Edit {
        /// Which item.
        item: Id,
        /// The form's fields, already validated; null removes one.
        fields: Map<String, Json>,
    },
    /// 转办: somebody else does the task instead.
    Transfer {
        /// Which.
        task: Id,
        /// To whom.
        to: PersonId,
        /// The comment.
        comment: Option<String>,
    },
    /// 委托: somebody else works on the task and hands it back.
    Delegate {
        /// Which.
        task: Id,
        /// To whom.
        to: PersonId,
        /// The comment.
        comment: Option<String>,
    },
    /// The delegate hands the task back, with his opinion.
    HandBack {
        /// Which.
        task: Id,
        /// His opinion.
        comment: Option<String>,
    },
    /// 加签: further people sign.
    AddSigners {
        /// The actor's task.
        task: Id,
        /// Who.
        people: Vec<PersonId>,
        /// When they have their turn.
        turn: Turn,
        /// The comment.
        comment: Option<String>,
    },
    /// 减签: a signer who has not signed is left out.
    RemoveSigner {
        /// The signer's open task, or, before his turn, any open task of the group.
        task: Id,
        /// Who.
        person: PersonId,
        /// The comment.
        comment: Option<String>,
    },
    /// 退回: back to an earlier task of this path.
    Return {
        /// The actor's task.
        task: Id,
        /// The node to go back to.
        to: Name,
        /// Whether it then comes straight back here.
        straight: bool,
        /// The comment, which is needed.
        comment: Option<String>,
    },
    /// 抄送, 传阅: others may read the item, and are told.
    Copy {
        /// The actor's task.
        task: Id,
        /// Who.
        people: Vec<PersonId>,
        /// The comment.
        comment: Option<String>,
    },
    /// 催办: the doer of an open task is urged. Who may is the server's rule.
    Urge {
        /// Which.
        task: Id,
        /// The comment.
        comment: Option<String>,
    },
    /// 撤回: the actor takes back what he completed.
    Withdraw {
        /// The completed task.
        task: Id,
        /// The comment.
        comment: Option<String>,
    },
    /// A message for whatever waits for it in this case.
    Message {
        /// Its name.
        name: Name,
        /// Its key.
        key: Option<String>,
        /// Its data, already validated against the forms of what waits for it.
        data: Map<String, Json>,
        /// The service that sends it; none for the platform.
        #[serde(default)]
        from: Option<Name>,
    },
    /// Another system has answered, or failed for good.
    Answer {
        /// The id of the question.
        asked: Id,
        /// The answer, already validated; or what went wrong.
        answer: Result<Map<String, Json>, String>,
    },
    /// An administrator resolves an incident.
    Resolve {
        /// Which.
        incident: Id,
        /// How.
        how: Resolution,
        /// The comment.
        comment: Option<String>,
    },
    /// Opens a closed item again, at a node that the kind's `reopen` names.
    Reopen {
        /// Which item.
        item: Id,
        /// At which node.
        node: Name,
        /// The reason, which is needed.
        comment: Option<String>,
    },
    /// An administrator moves a running instance to another version of its workflow.
    Migrate {
        /// Which instance.
        instance: Id,
        /// To which version.
        version: Name,
        /// Nodes that have another name there, old and new, beside those that have the same.
        #[serde(default)]
        nodes: crate::migrate::Mapping,
    },
    /// The latest migration of an instance is taken back.
    MigrateBack {
        /// Which instance.
        instance: Id,
    },
    /// The latest migration of an instance stays.
    MigrateConfirm {
        /// Which instance.
        instance: Id,
    },
    /// A timer is due. Refused as [`crate::rejection::Rejection::Gone`] when it is no longer armed or not yet due.
    FireTimer {
        /// Which.
        timer: Id,
    },
    /// Candidates of open tasks are resolved again, after the organisation changed.
    Reassign,
    /// The open tasks of somebody who has left, or changed his posts, go to others; then as [`Command::Reassign`].
    HandOver {
        /// Whose tasks.
        person: PersonId,
        /// To whom.
        to: Handover,
    },
}

/// What becomes of somebody's open tasks when he leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Handover {
    /// They go to those whom the definition means by now.
    Candidates,
    /// They go to these people; where none of them can do one, to those whom the definition means.
    People {
        /// Who.
        people: Vec<PersonId>,
    },
    /// Nobody gets them: each becomes an incident.
    Nobody,
}

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// A person, for himself.
    Person(PersonId),
    /// Somebody in another one's name: it is the other one's act, and both are recorded (R17).
    For {
        /// In whose name.
        person: PersonId,
        /// Who does it.
        through: PersonId,
    },
    /// The platform: a timer, an import's follow-up, a job.
    System,
}

impl Actor {
    /// `person`, for himself or through somebody.
    #[must_use]
    pub const fn new(person: PersonId, through: Option<PersonId>) -> Self {
        match through {
            Some(through) => Self::For { person, through },
            None => Self::Person(person),
        }
    }

    /// The person whose act it is.
    #[must_use]
    pub const fn person(&self) -> Option<PersonId> {
        match self {
            Self::Person(person) | Self::For { person, .. } => Some(*person),
            Self::System => None,
        }
    }

    /// Who does it in that person's name; none where he does it himself.
    #[must_use]
    pub const fn through(&self) -> Option<PersonId> {
        match self {
            Self::For { through, .. } => Some(*through),
            Self::Person(_) | Self::System => None,
        }
    }

    /// Everybody who has a hand in it.
    pub fn hands(&self) -> impl Iterator<Item = PersonId> {
        self.person().into_iter().chain(self.through())
    }
}

/// When added signers have their turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    /// 前加签: before the actor, who gets a task again after them.
    Before,
    /// 后加签: after the actor.
    After,
    /// 并加签: at the same time, in a group that signs at the same time.
    Beside,
}

/// How an incident is resolved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resolution {
    /// These people do the task.
    Reassign {
        /// Who.
        people: Vec<PersonId>,
    },
    /// The node is tried again from its beginning.
    Retry,
    /// The node is passed over with one of its outcomes; for a node without outcomes: with none.
    Skip {
        /// The outcome.
        outcome: Option<Name>,
    },
    /// The token goes to another node.
    Jump {
        /// Which.
        node: Name,
    },
}
