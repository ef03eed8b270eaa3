//! Spreadsheets in, without a server: what the report says about the samples, bad files and odd cells.

mod bad_files;
mod bounds;
mod cells;
mod config;
mod expected;
mod gov_report;
mod organisation;
mod sheets;
mod support;
