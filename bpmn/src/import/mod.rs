//! From BPMN 2.0 XML to workflows, with a report that speaks of every element.

mod activity;
mod assign;
mod border;
mod check;
mod document;
mod draft;
mod event;
mod gateway;
mod heard;
mod names;
mod ours;
mod plan;
mod roots;
mod scope;
mod sub;

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    error::Error,
    ledger::Ledger,
    model::{self, Model, Process},
    report::{Fate, Report},
    xml::{Document, Node},
    yaml::Yaml,
};
use names::Names;

/// Reads a BPMN 2.0 file: the workflows that it gives, and what became of each of its elements.
///
/// Total and bounded: files of more than [`crate::MAX_BYTES`] bytes, deeper than [`crate::MAX_DEPTH`] elements, with a DTD or with
/// entities are refused.
///
/// # Errors
/// Where the file is no XML within the bounds, no BPMN 2.0, or refers to what is not in it.
pub fn read(text: &str) -> Result<Report, Error> {
    let document = Document::parse(text)?;
    let model = model::read(&document)?;
    let mut import = Import {
        model: &model,
        document: &document,
        ledger: Ledger::new(&document),
        names: Names::default(),
        made: Vec::new(),
        processes: BTreeMap::new(),
        busy: BTreeSet::new(),
        heard: heard::heard(&model),
    };
    import.ledger.part(model.root);
    for process in &model.processes {
        import.process(process);
    }
    roots::roots(&mut import);
    Ok(import.finish())
}

/// The import of one file.
#[derive(Debug)]
pub(crate) struct Import<'a> {
    pub(crate) model: &'a Model<'a>,
    pub(crate) document: &'a Document<'a>,
    pub(crate) ledger: Ledger<'a>,
    /// The names of workflows.
    names: Names,
    made: Vec<Made<'a>>,
    /// What each process became, by its id.
    processes: BTreeMap<&'a str, Called>,
    /// The processes that are being made.
    busy: BTreeSet<&'a str>,
    /// The messages that something waits for.
    heard: BTreeSet<String>,
}

/// A workflow that was made.
#[derive(Debug)]
pub(crate) struct Made<'a> {
    /// Its name.
    pub(crate) name: String,
    /// The process or sub-process.
    pub(crate) from: Node<'a>,
    /// The document.
    pub(crate) document: Yaml,
    /// The element that each node comes from.
    pub(crate) origins: BTreeMap<String, Node<'a>>,
}

/// What a caller knows of a workflow.
#[derive(Debug, Clone, Default)]
pub(crate) struct Called {
    /// Its name.
    pub(crate) name: String,
    /// The results that it can have.
    pub(crate) results: Vec<String>,
}

impl<'a> Import<'a> {
    /// Makes the workflow of a process, once. None where there is nothing in it, or where it calls itself.
    pub(crate) fn process(&mut self, process: &'a Process<'a>) -> Option<Called> {
        if let Some(known) = self.processes.get(process.id) {
            return Some(known.clone());
        }
        if !self.busy.insert(process.id) {
            return None;
        }
        if process.scope.nodes.is_empty() {
            self.ledger.say(
                process.node,
                Fate::Dropped,
                "这个流程里没有节点（黑盒池）",
                "there is nothing in this process (a black box)",
            );
            return None;
        }
        let wish = process.node.attribute((crate::xml::DOCKET, "workflow")).map(str::to_owned);
        let title = process
            .name
            .or_else(|| model::attribute(self.model.root, "name").filter(|_| self.model.processes.len() == 1));
        let wish = wish.unwrap_or_else(|| names::slug(title.unwrap_or(process.id), "process"));
        let name = self.names.give(&wish);
        let called = scope::workflow(self, &name, process.node, title, &process.scope, None);
        self.processes.insert(process.id, called.clone());
        Some(called)
    }

    /// The name of a workflow of its own for a part of `parent`.
    pub(crate) fn name_below(&mut self, parent: &str, name: &str) -> String {
        self.names.give(&format!("{parent}-{}", names::slug(name, "part")))
    }

    pub(crate) fn keep(&mut self, made: Made<'a>) {
        self.made.push(made);
    }

    fn finish(mut self) -> Report {
        self.made.sort_by_key(|made| made.from.range().start);
        let workflows = check::check(&self.made, &mut self.ledger, self.document);
        Report { workflows, entries: self.ledger.finish() }
    }
}
