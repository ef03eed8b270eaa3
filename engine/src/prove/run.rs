//! A run, as steps that a person can follow.

use crate::text::{Name, Text};

/// One step of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Hop {
    /// A way out of a node: its label, where it has one.
    Way { node: Name, label: Option<Text> },
    /// A branch of a fork, and what happens in it.
    Branch { fork: Name, inside: Run },
}

/// The steps of a run.
pub(crate) type Run = Vec<Hop>;

/// The most steps that are shown.
const SHOWN: usize = 12;

/// A run in words: `draft (submit) → both [review (approve)] → …`.
pub(crate) fn shown(run: &Run, language: crate::text::Language) -> String {
    let mut parts: Vec<String> = Vec::new();
    for hop in run {
        match hop {
            Hop::Way { node, label: None } => parts.push(format!("`{node}`")),
            Hop::Way { node, label: Some(label) } => parts.push(format!("`{node}` ({})", label.get(language))),
            Hop::Branch { fork, inside } => parts.push(format!("`{fork}` [{}]", shown(inside, language))),
        }
    }
    if parts.len() > SHOWN {
        let tail = parts.split_off(parts.len() - SHOWN / 2);
        parts.truncate(SHOWN / 2);
        parts.push("…".to_owned());
        parts.extend(tail);
    }
    parts.join(" → ")
}
