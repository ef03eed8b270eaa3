//! `docket export`: the published definitions as files.

use std::{
    collections::BTreeMap,
    path::{Component, Path, PathBuf},
    process::ExitCode,
};

use docket_engine::text::{Language, Text};
use serde_json::json;

use super::{
    in_step,
    output::{self, Stop},
};
use crate::app::definitions;

const EXAMPLE: &str = "Example:
  docket export published/
  docket export published/ --data /var/lib/docket --json

Writes no file over another one with another text. Scenarios are not published, so they are not exported.
Exit codes: 0 written; 1 a file is in the way; 2 Docket or the machine failed.";

/// Write the published definitions into a folder, which is in step with them then.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLE)]
pub(super) struct Export {
    /// The folder; made where it does not exist.
    folder: PathBuf,
    /// Prints what was written as JSON.
    #[arg(long)]
    json: bool,
    /// The data folder.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

impl Export {
    /// Runs the command.
    #[must_use]
    pub(super) fn run(self) -> ExitCode {
        let (json, language) = (self.json, output::language());
        output::run(json, language, self.export(language))
    }

    async fn export(self, language: Language) -> Result<String, Stop> {
        let app = output::open(output::settings(self.data.as_deref())).await?;
        let (files, standing) = definitions::export(&app).await.map_err(Stop::failed)?;
        let mut places = BTreeMap::new();
        for file in &files {
            let inside = Path::new(&file.path).components().all(|part| matches!(part, Component::Normal(_)));
            if !inside {
                return Err(Stop::failed(format!("`{}` does not stay inside the folder", file.path)));
            }
            places.insert(self.folder.join(&file.path), &file.text);
        }
        let failed = |path: &Path, error: std::io::Error| Stop::failed(format!("{}: {error}", path.display()));
        for (path, text) in &places {
            if path.exists() && std::fs::read(path).map_err(|error| failed(path, error))? != text.as_bytes() {
                return Err(in_the_way(path));
            }
        }
        std::fs::create_dir_all(&self.folder).map_err(|error| failed(&self.folder, error))?;
        for (path, text) in &places {
            let parent = path.parent().unwrap_or(&self.folder);
            std::fs::create_dir_all(parent).map_err(|error| failed(parent, error))?;
            std::fs::write(path, text).map_err(|error| failed(path, error))?;
        }
        in_step::record(&self.folder, &standing)?;
        if self.json {
            let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
            return Ok(output::pretty(&json!({"files": paths, "base": standing.digest})));
        }
        Ok(match language {
            Language::Zh => format!("写出 {} 个文件\n", files.len()),
            Language::En => format!("{} files written\n", files.len()),
        })
    }
}

fn in_the_way(path: &Path) -> Stop {
    let path = path.display();
    Stop::refused(
        "file-in-the-way",
        Text::new(
            format!("`{path}` 已经存在，内容不同；没有写出任何文件。请换一个空文件夹"),
            format!("`{path}` exists with another text; nothing was written. Take an empty folder"),
        ),
    )
}
