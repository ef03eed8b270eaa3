//! The files of a configuration: of a folder, and those that the binary carries.

use std::{io::Read as _, path::Path, sync::Arc};

use docket_engine::source::File;
use rust_embed::RustEmbed;

use super::PublishError;

/// How much of a file is read, in bytes: one more than the engine takes, so that it can say that the file is too large.
const MAX_FILE: u64 = (1 << 20) + 1;
/// The folders of a configuration; where a folder has any of them, nothing else in it is read.
const FOLDERS: [&str; 8] =
    ["calendars", "dictionaries", "forms", "modules", "organisation", "policies", "templates", "workflows"];

/// The configuration files below `folder`: every `.yaml` and `.yml`, sorted by path. Where the folder has the folders of a
/// configuration (`modules/`, `forms/`, …), only those are read: a project keeps other things beside them.
///
/// # Errors
/// [`PublishError::Unreadable`].
pub fn read_folder(folder: &Path) -> Result<Vec<Arc<File>>, PublishError> {
    let parts: Vec<&str> = FOLDERS.into_iter().filter(|part| folder.join(part).is_dir()).collect();
    let mut files = Vec::new();
    if parts.is_empty() {
        read_below(folder, "", &mut files)?;
    }
    for part in parts {
        read_below(&folder.join(part), part, &mut files)?;
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn read_below(folder: &Path, shown: &str, files: &mut Vec<Arc<File>>) -> Result<(), PublishError> {
    let unreadable = |error: std::io::Error| PublishError::Unreadable(format!("{}: {error}", folder.display()));
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()).filter(|name| !name.starts_with('.')) else {
            continue;
        };
        let shown = if shown.is_empty() { name.to_owned() } else { format!("{shown}/{name}") };
        if path.is_dir() {
            read_below(&path, &shown, files)?;
        } else if path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml") {
            files.push(read_file(&path, shown)?);
        }
    }
    Ok(())
}

/// Reads a file for the engine, which says what is wrong with it: where its bytes are no UTF-8, U+FFFD stands for them.
fn read_file(path: &Path, shown: String) -> Result<Arc<File>, PublishError> {
    let unreadable = |error: std::io::Error| PublishError::Unreadable(format!("{shown}: {error}"));
    let mut bytes = Vec::new();
    std::fs::File::open(path).map_err(unreadable)?.take(MAX_FILE).read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(Arc::new(File { path: shown, text: String::from_utf8_lossy(&bytes).into_owned() }))
}

macro_rules! embedded {
    ($($name:ident = $folder:literal),* $(,)?) => {
        $(
            #[derive(RustEmbed)]
            #[folder = $folder]
            struct $name;
        )*

        /// The shipped configuration, which the binary carries.
        #[must_use]
        pub fn shipped() -> Vec<Arc<File>> {
            let mut files = Vec::new();
            $(
                let folder = $folder.trim_start_matches("../");
                files.extend($name::iter().filter_map(|name| embedded_file(folder, &name, $name::get(&name)?)));
            )*
            files.sort_by(|a: &Arc<File>, b| a.path.cmp(&b.path));
            files
        }
    };
}

embedded! {
    Calendars = "../calendars",
    Dictionaries = "../dictionaries",
    Forms = "../forms",
    Modules = "../modules",
    Organisation = "../organisation",
    Policies = "../policies",
    Templates_ = "../templates",
    Workflows = "../workflows",
}

fn embedded_file(folder: &str, name: &str, file: rust_embed::EmbeddedFile) -> Option<Arc<File>> {
    let yaml = Path::new(name).extension().is_some_and(|ending| ending == "yaml" || ending == "yml");
    let text = String::from_utf8(file.data.into_owned()).ok().filter(|_| yaml)?;
    Some(Arc::new(File { path: format!("{folder}/{name}"), text }))
}
