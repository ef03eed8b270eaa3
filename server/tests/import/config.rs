//! The shipped configuration, with more documents where a test needs them.

use std::{path::Path, sync::Arc};

use docket_engine::{definition::registry::Registry, diagnostic, load, source::File, text::Language};

/// The definitions of the repository's folders and of `more`, each a path and its text.
pub(crate) fn registry(more: &[(&str, &str)]) -> Arc<Registry> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for folder in
        ["modules", "forms", "workflows", "policies", "calendars", "dictionaries", "organisation", "templates"]
    {
        let Ok(entries) = std::fs::read_dir(root.join(folder)) else { continue };
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        for name in names.into_iter().filter(|name| Path::new(name).extension().is_some_and(|ending| ending == "yaml"))
        {
            let text = std::fs::read_to_string(root.join(folder).join(&name)).unwrap();
            files.push(Arc::new(File { path: format!("{folder}/{name}"), text }));
        }
    }
    for (path, text) in more {
        files.push(Arc::new(File { path: (*path).to_owned(), text: (*text).to_owned() }));
    }
    let loaded = load::load(&files);
    let faults = diagnostic::render(&loaded.diagnostics, Language::En);
    Arc::new(loaded.registry.unwrap_or_else(|| panic!("{faults}")))
}
