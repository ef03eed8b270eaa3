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
    },
}
