//! The tables as SeaORM entities. `docs/architecture.md` (Storage) says what the columns hold.

#![allow(
    missing_docs,
    reason = "docs/architecture.md describes the columns; the derives write items without documentation"
)]

pub mod acting_ended;
pub mod audit;
pub mod audit_head;
pub mod casbin_rule;
pub mod change;
pub mod command;
pub mod credential;
pub mod definition;
pub mod follow_up;
pub mod history;
pub mod import_batch;
pub mod incident;
pub mod instance;
pub mod item;
pub mod item_category;
pub mod item_person;
pub mod item_source;
pub mod item_unit;
pub mod notice;
pub mod outbox;
pub mod password_before;
pub mod person;
pub mod policy_draft;
pub mod policy_dry_run;
pub mod policy_version;
pub mod post_holding;
pub mod recovery_code;
pub mod root;
pub mod seal_head;
pub mod second_factor;
pub mod session;
pub mod setting;
pub mod stand_in;
pub mod task;
pub mod task_candidate;
pub mod task_draft;
pub mod timer;
pub mod unit;
pub mod unit_group;
