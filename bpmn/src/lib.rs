//! BPMN 2.0 XML to Docket's workflows and back (`docs/reference/bpmn.md`).
//!
//! Invariants: text in, text out, no IO; [`read`] is total and bounded, whatever the text; every element of a file that is read
//! has an entry in its report: nothing is left out silently.

mod error;
mod export;
mod import;
mod ledger;
mod model;
mod report;
mod ways;
mod xml;
mod yaml;

pub use error::{Error, Problem};
pub use export::export;
pub use import::read;
pub use report::{Entry, Fate, Report, Workflow};
pub use xml::{DOCKET, MAX_BYTES, MAX_DEPTH, MAX_NODES};
pub use yaml::{Entry as YamlEntry, Yaml};
