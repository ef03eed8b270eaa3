//! What leaves the process. The server writes effects to its outbox in the transaction of the command and performs them later.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::{
    id::{Id, PersonId},
    text::Name,
};

/// An effect.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "effect")]
pub enum Effect {
    /// A notice to people, from a template.
    Notify {
        /// The template.
        template: Name,
        /// The item that it is about.
        item: Id,
        /// The task that it is about, if one.
        task: Option<Id>,
        /// To whom, sorted, each once.
        to: Vec<PersonId>,
        /// What the template may show: `item`, `root`, `node`, `due`, `today`.
        data: Map<String, Json>,
        /// The completions because of which it is sent and that can be taken back.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        causes: Vec<Id>,
    },
    /// A call of another system. Its answer, or its failure after all tries, comes back as [`crate::command::Command::Answer`].
    Ask {
        /// The id of the question, which is also the key by which the other system can tell a repeated call.
        asked: Id,
        /// The item that it is about.
        item: Id,
        /// The service.
        service: Name,
        /// What is appended to its address.
        path: String,
        /// The JSON body.
        body: Map<String, Json>,
        /// The form that the answer must fit, by the workflow's version.
        form: Option<Name>,
        /// The version of the workflow.
        version: Name,
        /// How often it is tried in all.
        tries: u8,
        /// Seconds to wait before the second try; doubled before each further one.
        back_off: u32,
    },
    /// Notices that this completion caused and that have not left yet are dropped: it was taken back.
    Recall {
        /// The completed task.
        task: Id,
    },
}
