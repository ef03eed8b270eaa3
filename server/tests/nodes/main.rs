//! Whole processes: killed at any moment, and several on one database. `scripts/test.sh rust` sets `DOCKET_TEST_POSTGRES` and
//! `DOCKET_TEST_REDIS`.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what is not as meant is a failure of the test"
)]

mod apply;
mod asked;
mod command;
mod database;
mod killed;
mod migrate;
mod node;
mod two;
