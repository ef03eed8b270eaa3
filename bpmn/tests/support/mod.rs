//! What the tests share: files of the project, expectations.
#![allow(dead_code, reason = "each test uses a part of it")]
#![expect(clippy::unwrap_used, reason = "what fails here is a failure of the test")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use docket_bpmn::Yaml;

/// The root of the project.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The files below a folder of the project with this ending, in the order of their names.
pub fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The name of a file without its folders.
pub fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// Every workflow of the project: those that are shipped, those of the engine's tests, and our own. Each with where it stands.
pub fn workflows() -> Vec<(String, Yaml)> {
    let mut found = Vec::new();
    for folder in ["workflows", "engine/tests/patterns", "engine/tests/stories", "bpmn/tests/workflows"] {
        for path in files(folder, ".yaml") {
            let text = fs::read_to_string(&path).unwrap();
            let Ok(documents) = Yaml::read(&text) else { continue };
            for document in documents {
                if document.entries().first().is_some_and(|first| first.key == "workflow") {
                    let at = path.strip_prefix(root()).unwrap().display();
                    found.push((format!("{at}: {}", document.text_of("workflow").unwrap()), document));
                }
            }
        }
    }
    found
}

/// Holds `found` against the file at `path`; `UPDATE_EXPECT=1` writes it.
pub fn expect(path: &Path, found: &str) {
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(path, found).unwrap();
        return;
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    assert!(expected == found, "{} differs; see it with UPDATE_EXPECT=1 and git diff\n{found}", path.display());
}
