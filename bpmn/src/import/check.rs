//! Loads the workflows that were made, so that the report promises no more than `docket check` accepts.

use std::sync::Arc;

use docket_engine::{
    diagnostic::{Diagnostic, Severity},
    load::load,
    source::File,
    yaml::documents,
};

use super::{Made, ours};
use crate::{
    ledger::Ledger,
    report::{Fate, Workflow},
    xml::{Document, Node},
};

/// Most nodes of all workflows together that are loaded to see whether they are sound.
const MAX_CHECKED: usize = 600;

/// Codes of faults that the rest of the configuration mends: a workflow of ours comes without it.
const OUTSIDE: [&str; 7] = [
    "unknown-form",
    "unknown-post",
    "unknown-template",
    "unknown-workflow",
    "unknown-entry",
    "unknown-dictionary",
    "unknown-kind",
];

/// The workflows as text. What the loader refuses is said of the element that it comes from.
pub(crate) fn check(made: &[Made<'_>], ledger: &mut Ledger<'_>, document: &Document<'_>) -> Vec<Workflow> {
    let files: Vec<Arc<File>> = made
        .iter()
        .map(|made| Arc::new(File { path: format!("{}.yaml", made.name), text: made.document.write() }))
        .collect();
    let nodes: usize = made.iter().map(|made| made.origins.len()).sum();
    let checked = nodes <= MAX_CHECKED;
    let found = if checked { load(&files).diagnostics } else { Vec::new() };
    let mut workflows = Vec::new();
    for (made, file) in made.iter().zip(&files) {
        let mut loads = checked;
        if !checked {
            ledger.say(
                made.from,
                Fate::Open,
                format!("文件共有 {nodes} 个节点，超过 {MAX_CHECKED} 个，此处不检查：请运行 `docket check`"),
                format!(
                    "the file has {nodes} nodes, more than the {MAX_CHECKED} that are checked here: run `docket check`"
                ),
            );
        }
        for fault in
            found.iter().filter(|fault| fault.severity == Severity::Error && fault.place.file.path == file.path)
        {
            let origin = origin(made, file, fault);
            let outside = OUTSIDE.contains(&fault.code);
            if outside && ours::treat(origin).is_some() {
                continue;
            }
            loads = false;
            if outside {
                // Who made the node has said that this has to be there.
                continue;
            }
            let line = fault.place.start().line;
            ledger.say(
                origin,
                Fate::Open,
                format!("{} 第 {line} 行：{}", file.path, fault.message.zh),
                format!("{}:{line}: {}", file.path, fault.message.en),
            );
        }
        workflows.push(Workflow {
            name: made.name.clone(),
            line: document.line(made.from),
            yaml: file.text.clone(),
            loads,
        });
    }
    workflows
}

/// The element of the node in which a fault lies; the process where it lies in none.
fn origin<'a>(made: &Made<'a>, file: &Arc<File>, fault: &Diagnostic) -> Node<'a> {
    let trees = documents(file).unwrap_or_default();
    let nodes = trees.first().and_then(|tree| tree.get("nodes"));
    let mut inside = nodes
        .into_iter()
        .flat_map(docket_engine::yaml::Tree::entries)
        .filter(|entry| entry.key_span.start <= fault.place.span.start);
    inside.next_back().and_then(|entry| made.origins.get(&entry.key)).copied().unwrap_or(made.from)
}
