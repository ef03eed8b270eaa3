//! Use cases: each says what one request, job or command of the command line does.

pub mod cockpits;
pub mod definitions;
pub mod events;
pub mod exports;
pub mod history;
pub mod imports;
pub mod items;
pub mod me;
pub mod modules;
pub mod notices;
pub mod org;
pub mod organisation;
pub mod passwords;
pub mod people;
pub mod pinyin;
pub mod runner;
pub mod sessions;
pub mod tasks;
pub mod todo;
pub mod units;
