//! Expressions as an author of definitions meets them: what they give, and what is refused where.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what is not as meant is a failure of the test"
)]

#[path = "expr/absence.rs"]
mod absence;
#[path = "expr/bounds.rs"]
mod bounds;
#[path = "expr/dates.rs"]
mod dates;
#[path = "expr/facts.rs"]
mod facts;
#[path = "expr/faults.rs"]
mod faults;
#[path = "expr/random.rs"]
mod random;
#[path = "expr/syntax.rs"]
mod syntax;
#[path = "expr/workdays.rs"]
mod workdays;
#[path = "expr/zones.rs"]
mod zones;
