//! Faults that only follow from others, which are left out: one slip is one message.

use std::sync::Arc;

use crate::diagnostic::{self, Diagnostic};

/// Faults that say that another document is not there.
const MISSING: [&str; 8] = [
    "unknown-dictionary",
    "unknown-form",
    "unknown-kind",
    "unknown-module",
    "unknown-post",
    "unknown-role",
    "unknown-template",
    "unknown-workflow",
];

/// How many causes are followed, so that a file full of slips is still read in bounded time.
const MOST: usize = 50;

/// Leaves out of `faults` what follows from others. `lost` says that some document could not be recognised: then it may be
/// the one that others look for.
pub(super) fn leave_out(faults: &mut Vec<Diagnostic>, lost: bool) {
    if lost {
        faults.retain(|fault| !MISSING.contains(&fault.code));
    }
    diagnostic::sort(faults);
    let misplaced: Vec<Diagnostic> = faults.iter().filter(|fault| is_misplaced(fault)).take(MOST).cloned().collect();
    for cause in &misplaced {
        let follows = |fault: &Diagnostic| in_same_file(fault, cause) && is_consequence(fault, cause);
        // A misplaced `outcomes` explains the task above it; a misplaced `form` everything that reads it.
        if is_about(cause, "outcomes") {
            if let Some(at) = faults.iter().rposition(|fault| follows(fault) && start(fault) < start(cause)) {
                faults.remove(at);
            }
        } else {
            faults.retain(|fault| !follows(fault));
        }
    }
}

fn start(fault: &Diagnostic) -> usize {
    fault.place.span.start
}

fn in_same_file(a: &Diagnostic, b: &Diagnostic) -> bool {
    Arc::ptr_eq(&a.place.file, &b.place.file)
}

/// Whether `fault` says that a key stands where it does not count, or holds the wrong shape.
fn is_misplaced(fault: &Diagnostic) -> bool {
    matches!(fault.code, "wrong-type" | "unknown-key" | "not-a-node")
        && ["outcomes", "form", "nodes"].iter().any(|key| is_about(fault, key))
}

/// Whether the key of `fault`'s value is `key`.
fn is_about(fault: &Diagnostic, key: &str) -> bool {
    if fault.place.text() == key {
        return true;
    }
    let before = fault.place.file.text.get(..start(fault)).unwrap_or_default().trim_end_matches([' ', '\n', '\r', '-']);
    fault.code == "wrong-type" && before.strip_suffix(':').is_some_and(|before| before.trim_end().ends_with(key))
}

fn is_consequence(fault: &Diagnostic, cause: &Diagnostic) -> bool {
    match fault.code {
        "no-outcome" => is_about(cause, "outcomes"),
        "unknown-node" => is_about(cause, "nodes"),
        "unknown-fact" => is_about(cause, "form") && fault.message.en.contains("`forms."),
        _ => false,
    }
}
