//! Reading configuration from the repository, for tests.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use docket_engine::source::File;

/// The folders of the shipped configuration.
pub(crate) const FOLDERS: [&str; 8] =
    ["calendars", "dictionaries", "forms", "modules", "organisation", "policies", "templates", "workflows"];

/// The repository.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// Every `.yaml` file of `folder` and below it, sorted, with paths relative to `base`.
pub(crate) fn yaml_files(base: &Path, folder: &Path) -> Vec<Arc<File>> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "yaml") {
                let text = text(&path);
                let path = path.strip_prefix(base).unwrap().to_string_lossy().replace('\\', "/");
                files.push(Arc::new(File { path, text }));
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// The text of a file, as the program reads it: bytes that are no UTF-8 become U+FFFD.
pub(crate) fn text(path: &Path) -> String {
    String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned()
}

/// The shipped configuration.
pub(crate) fn shipped() -> Vec<Arc<File>> {
    let base = repository();
    FOLDERS.iter().flat_map(|folder| yaml_files(&base, &base.join(folder))).collect()
}
