//! From trees to definitions: one file for each kind of document. Everything is read, every fault reported, no panic.
//!
//! What a document may refer to is its [`world::World`]: what the other documents (or, for an older version of a workflow,
//! the published ones) define. Where something there is broken, references to it are taken as good, so that one fault is
//! reported once.

pub(crate) mod acts;
pub(crate) mod branches;
pub(crate) mod calendar;
pub(crate) mod delay;
pub(crate) mod dictionary;
pub(crate) mod entry;
pub(crate) mod events;
pub(crate) mod expression;
pub(crate) mod field;
pub(crate) mod form;
pub(crate) mod group;
pub(crate) mod http;
pub(crate) mod import;
mod links;
pub(crate) mod module;
pub(crate) mod node;
pub(crate) mod operations;
pub(crate) mod organisation;
pub(crate) mod outline;
pub(crate) mod policy;
pub(crate) mod scope;
pub(crate) mod send;
pub(crate) mod stage;
pub(crate) mod task;
pub(crate) mod template;
pub(crate) mod workflow;
pub(crate) mod world;
