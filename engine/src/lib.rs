//! Docket's engine: definitions, their checks, and the pure step (`DESIGN.md`, Engine).
//!
//! Invariants: no IO, no async, no clock, no randomness, no hash-map iteration; `now`, the actor and the organisation come
//! in through [`context::Context`], events and effects go out.

pub mod apply;
pub mod case;
pub mod check;
pub mod command;
pub mod context;
pub mod definition;
pub mod diagnostic;
pub mod effect;
pub mod event;
pub mod expr;
pub mod gaps;
pub mod id;
pub mod load;
pub mod migrate;
pub mod org;
mod prove;
pub mod rejection;
pub mod scenario;
pub mod source;
pub mod step;
pub mod text;
pub mod time;
pub mod value;
pub mod workdays;
pub mod yaml;
