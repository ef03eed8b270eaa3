//! The HTTP interface, on both databases, in process: `scripts/test.sh rust` sets `DOCKET_TEST_POSTGRES`.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what is not as meant is a failure of the test"
)]

mod acting;
mod audit;
mod chain;
mod client;
mod cockpit;
mod definitions;
mod documents;
mod drafts;
mod entries;
mod events;
mod export;
mod fields;
mod installation;
mod item_page;
mod jobs;
mod leaks;
mod lists;
mod locks;
mod messages;
mod migration;
mod operations;
mod organisation;
mod policies;
mod recall;
mod requests;
mod services;
mod sessions;
mod sign_in;
mod signers;
mod tasks;
mod visibility;
