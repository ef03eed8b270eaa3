//! The document of a workflow: its head, its comments, its nodes.

use std::collections::BTreeSet;

use super::{Import, ours};
use crate::{
    model::{Scope, child_text, children},
    report::Fate,
    xml::{BPMN, Node},
    yaml::{Entry, Yaml},
};

/// What stands at the head of a workflow.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parts<'b, 'a> {
    /// Its name.
    pub(super) name: &'b str,
    /// The process or sub-process.
    pub(super) from: Node<'a>,
    /// Its title.
    pub(super) title: Option<&'a str>,
    /// Its first node.
    pub(super) start: &'b str,
    /// Comments of what has no node of its own.
    pub(super) loose: &'b [String],
}

/// The document of a workflow.
pub(super) fn document<'a>(
    parts: &Parts<'_, 'a>,
    nodes: Vec<Entry>,
    scope: &Scope<'a>,
    import: &mut Import<'a>,
) -> Yaml {
    let Parts { name, from, title, start, loose } = *parts;
    let mut head = vec![Entry::new("workflow", name)];
    if let Some(first) = head.first_mut() {
        first.comment.extend(loose.iter().cloned());
    }
    for child in children(from, "documentation") {
        import.ledger.parts(child);
        let lines = child.text().into_iter().flat_map(str::lines).map(|line| line.trim().to_owned());
        if let Some(first) = head.first_mut() {
            first.comment.extend(lines.filter(|line| !line.is_empty()));
        }
    }
    // Notes that are tied to nothing stand at the beginning.
    let tied: BTreeSet<usize> = scope.notes.values().flatten().map(|note| note.id().get_usize()).collect();
    for note in children(from, "textAnnotation").filter(|note| !tied.contains(&note.id().get_usize())) {
        let text = child_text(note, "text").unwrap_or_default();
        if let Some(first) = head.first_mut() {
            first.comment.extend(text.lines().map(|line| line.trim().to_owned()));
        }
        import.ledger.say(note, Fate::Mapped, "成为流程开头的注释", "kept as a comment at the beginning");
        import.ledger.parts(note);
    }
    let mut more = match ours::head(from, title) {
        Some(more) => {
            for child in from.children().filter(|child| child.has_tag_name((BPMN, "extensionElements"))) {
                import.ledger.parts(child);
            }
            more
        }
        None => vec![Entry::new("title", title.unwrap_or(name).trim())],
    };
    head.append(&mut more);
    head.push(Entry::new("start", start));
    head.push(Entry::new("nodes", nodes));
    canonical(Yaml::Map(head))
}

/// A workflow with its keys in the usual order.
fn canonical(document: Yaml) -> Yaml {
    const FIRST: [&str; 5] = ["workflow", "title", "needs", "start", "stages"];
    let Yaml::Map(mut entries) = document else { return document };
    let place = |entry: &Entry| match FIRST.iter().position(|key| *key == entry.key) {
        Some(at) => at,
        None if entry.key == "nodes" => usize::MAX,
        None => FIRST.len(),
    };
    entries.sort_by_key(place);
    Yaml::Map(entries)
}
