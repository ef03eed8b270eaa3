//! Docket's server: HTTP, storage, access, import, push, jobs and the command line (`docs/architecture.md`).
//!
//! Invariants: handlers are thin; only `app/runner` writes items, instances, tasks, timers and history; everything reads
//! the one clock.

pub mod access;
pub mod api;
pub mod app;
pub mod audit;
pub mod cli;
pub mod clock;
pub mod db;
pub mod effects;
pub mod failure;
pub mod identity;
pub mod import;
pub mod jobs;
pub mod push;
pub mod random;
pub mod security;
pub mod services;
pub mod settings;
pub mod state;
pub mod ui;
