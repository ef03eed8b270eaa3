//! The administrators' log: who did what to whom and when, chained by hashes, so that nothing can be changed, removed or put in
//! between unseen.
//!
//! Invariants: an act is recorded in the transaction that carries it out ([`record()`], the last thing in it); nothing changes a
//! row; rows are removed only when they are older than the retention, and the log says so ([`keep`]); no secret and no form data
//! goes into it. The heads of all items' chains are sealed in it at intervals, so that a removed chain shows ([`verify`]).

mod act;
mod chain;
pub(crate) mod keep;
mod record;
mod seal;
pub mod verify;

pub use self::{
    act::{Act, Object, Origin, Outcome, Via, What},
    chain::{Algorithm, Hasher},
    keep::trim,
    record::{record, recorded},
    seal::seal,
};
