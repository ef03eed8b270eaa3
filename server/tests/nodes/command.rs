//! `docket …` as a script sees it, on a database of its own.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value as Json;

use super::database::Database;

/// An installation with folders beside it.
pub(crate) struct Place {
    folder: tempfile::TempDir,
    database: Option<String>,
}

/// Runs `test` on each database.
pub(crate) fn on_each_database(test: impl Fn(&Place)) {
    test(&Place { folder: tempfile::tempdir().unwrap(), database: None });
    let runtime = tokio::runtime::Runtime::new().unwrap();
    if let Some(database) = runtime.block_on(Database::create()) {
        test(&Place { folder: tempfile::tempdir().unwrap(), database: Some(database.url.clone()) });
        runtime.block_on(database.remove());
    }
}

impl Place {
    /// A path beside the data.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The address of its database; none for SQLite.
    pub(crate) fn database(&self) -> Option<&str> {
        self.database.as_deref()
    }

    /// Runs `docket` with these arguments among the folders.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_docket"));
        command
            .env_remove("DATABASE_URL")
            .env_remove("REDIS_URL")
            .envs(self.database.as_ref().map(|url| ("DATABASE_URL", url)));
        command.env("DOCKET_DATA", self.path("data")).env("LC_ALL", "en").current_dir(self.folder.path());
        command.args(arguments).output().unwrap()
    }

    /// As [`Place::run`] with `--json`: the exit code and what was printed.
    #[track_caller]
    pub(crate) fn json(&self, arguments: &[&str]) -> (i32, Json) {
        let output = self.run(&[arguments, &["--json"]].concat());
        let told = String::from_utf8_lossy(&output.stderr);
        let json = serde_json::from_slice(&output.stdout);
        (output.status.code().unwrap(), json.unwrap_or_else(|error| panic!("{arguments:?}: {error}: {told}")))
    }

    /// What goes well, with what it printed.
    #[track_caller]
    pub(crate) fn done(&self, arguments: &[&str]) -> Json {
        let (code, json) = self.json(arguments);
        assert_eq!(code, 0, "{arguments:?}: {json:#}");
        json
    }
}

/// Copies a folder with what is below it.
pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name())).unwrap();
        if path.is_dir() {
            copy(&path, &to.join(name));
        } else {
            std::fs::copy(&path, to.join(name)).unwrap();
        }
    }
}
