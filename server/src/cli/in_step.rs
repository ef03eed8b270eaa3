//! What a folder of definitions was last in step with: a small file in it that `docket apply` and `docket export` write.
//!
//! One folder may be published to several installations; each has its own entry.

use std::{collections::BTreeMap, io::ErrorKind, path::Path};

use docket_engine::text::Text;
use serde::{Deserialize, Serialize};

use super::output::Stop;
use crate::app::definitions::{Base, Standing};

/// Its name; files that begin with a dot are no definitions.
pub(super) const FILE: &str = ".docket.json";

const ABOUT: &str = "Written by docket apply and docket export: the published texts with which this folder was last in step. \
                     Keep it with the folder, in version control too; do not edit it.";

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct InStep {
    about: String,
    installations: BTreeMap<String, Entry>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    digest: String,
    texts: BTreeMap<String, String>,
}

/// What the folder knows of an installation.
///
/// # Errors
/// [`Stop::Refused`] where the file can not be understood.
pub(super) fn base(folder: &Path, standing: &Standing) -> Result<Base, Stop> {
    let mut all = read(folder)?;
    let entry = standing.installation.as_ref().and_then(|name| all.installations.remove(name));
    Ok(entry.map_or(Base::Nothing, |entry| Base::Texts(entry.texts)))
}

/// Writes down that the folder is in step with what stands.
///
/// # Errors
/// [`Stop::Failed`].
pub(super) fn record(folder: &Path, standing: &Standing) -> Result<(), Stop> {
    let Some(name) = standing.installation.clone() else { return Ok(()) };
    let mut all = read(folder)?;
    ABOUT.clone_into(&mut all.about);
    all.installations.insert(name, Entry { digest: standing.digest.clone(), texts: standing.texts.clone() });
    let json = serde_json::to_string_pretty(&all).map_err(Stop::failed)?;
    let failed = |error: std::io::Error| Stop::failed(format!("{FILE}: {error}"));
    // Put in place as a whole: a process that is killed leaves the old one or the new one.
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    std::io::Write::write_all(&mut file, format!("{json}\n").as_bytes()).map_err(failed)?;
    readable(&file).map_err(failed)?;
    file.persist(folder.join(FILE)).map_err(|error| failed(error.error))?;
    Ok(())
}

/// A temporary file is its owner's alone; this one is everybody's who has the folder.
#[cfg(unix)]
fn readable(file: &tempfile::NamedTempFile) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &tempfile::NamedTempFile) -> std::io::Result<()> {
    Ok(())
}

fn read(folder: &Path) -> Result<InStep, Stop> {
    let text = match std::fs::read_to_string(folder.join(FILE)) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(InStep::default()),
        Err(error) => return Err(Stop::failed(format!("{FILE}: {error}"))),
    };
    serde_json::from_str(&text).map_err(|error| {
        Stop::refused(
            "in-step-file",
            Text::new(
                format!("文件夹里的 {FILE} 读不懂（{error}）。请恢复它，或删除后按 `docket plan` 的提示重新发布"),
                format!(
                    "{FILE} in the folder can not be understood ({error}). Restore it, or remove it and follow what `docket plan` says"
                ),
            ),
        )
    })
}
