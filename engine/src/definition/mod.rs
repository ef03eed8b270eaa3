//! Definitions as the engine runs them: typed, resolved, immutable. `load` makes them from YAML; nothing else does.

pub mod astray;
pub mod calendar;
pub mod dictionary;
mod expressions;
pub mod form;
pub mod module;
pub mod organisation;
pub mod policy;
pub(crate) mod read;
pub mod regions;
pub mod registry;
pub mod template;
pub mod workflow;

pub use read::task::usual_title;
