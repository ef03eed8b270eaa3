//! Effects: what leaves the process, performed from the outbox.

pub mod templates;
