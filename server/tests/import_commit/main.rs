//! Imports into a database: preview, commit, and what another commit may do in between. On SQLite, and on PostgreSQL where
//! `DOCKET_TEST_POSTGRES` names a server.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, as tests do"
)]

mod admins;
mod commands;
mod commits;
mod http;
mod organisation;
mod support;
