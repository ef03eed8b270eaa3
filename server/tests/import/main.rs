//! Spreadsheets in, without a server: what the report says about the samples, bad files and odd cells.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, as tests do"
)]

mod bad_files;
mod bounds;
mod cells;
mod config;
mod expected;
mod gov_report;
mod organisation;
mod sheets;
mod support;
