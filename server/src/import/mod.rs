//! Spreadsheets in: from bytes to a report that says what each row and cell would become.
//!
//! Invariants: pure (no IO, no clock, no database); bounded whatever the bytes; what the report shows is what a commit does.
//! A file becomes a [`workbook`], its header a [`table`], each row a [`report::Draft`] and then, judged against the ledger, a
//! [`report::Row`].

pub mod cell;
pub mod directory;
pub mod fold;
mod nearest;
pub mod note;
pub mod organisation;
pub mod preview;
pub mod report;
pub mod row;
pub mod setting;
mod shown;
mod skip;
pub mod table;
pub mod verdict;
pub mod workbook;
