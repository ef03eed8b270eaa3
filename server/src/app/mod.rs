//! Use cases: each says what one request, job or command of the command line does.

pub mod definitions;
pub mod org;
pub mod runner;
