//! What the commands share: language, settings from arguments and environment, exit codes, output.

use std::{
    future::Future,
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::OnceLock,
};

use docket_engine::text::{Language, Text};
use serde_json::{Value as Json, json};

use crate::{security::Security, settings::Settings, state::App};

/// Why a command stopped.
#[derive(Debug)]
pub(super) enum Stop {
    /// The input as a whole is refused: exit code 1.
    Refused {
        /// Stable code in kebab case.
        code: String,
        /// What is wrong and what to do.
        message: Box<Text>,
        /// The report that says more, for scripts.
        report: Option<Box<Json>>,
    },
    /// Some of it is left undone, which has been told already: exit code 1.
    Left(Text),
    /// Docket or the machine failed: exit code 2.
    Failed(String),
}

impl Stop {
    /// The input is refused.
    pub(super) fn refused(code: &str, message: Text) -> Self {
        Self::Refused { code: code.to_owned(), message: Box::new(message), report: None }
    }

    /// Docket or the machine failed.
    pub(super) fn failed(error: impl std::fmt::Display) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Runs a command to its exit code; its text goes to standard output, why it stopped to standard error, and with `json` a
/// refusal to standard output as well.
pub(super) fn run(json: bool, language: Language, command: impl Future<Output = Result<String, Stop>>) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return complain(&error.to_string(), 2),
    };
    match runtime.block_on(command) {
        Ok(text) => print(&text),
        Err(Stop::Failed(error)) => complain(&error, 2),
        Err(Stop::Left(message)) => complain(message.get(language), 1),
        Err(Stop::Refused { code, message, report }) => {
            let message = message.get(language);
            if json {
                let report =
                    report.map_or_else(|| json!({"refused": {"code": code, "message": message}}), |report| *report);
                print(&pretty(&report));
            }
            complain(message, 1)
        }
    }
}

/// Prints while a command goes on.
pub(super) fn say(text: &str) {
    let _ = print(text);
}

/// Says how far a command has come, on standard error.
pub(super) fn note(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

fn print(text: &str) -> ExitCode {
    let mut out = std::io::stdout().lock();
    // A reader that closes the pipe early has seen enough.
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(2),
    }
}

fn complain(message: &str, code: u8) -> ExitCode {
    let _ = writeln!(std::io::stderr().lock(), "docket: {message}");
    ExitCode::from(code)
}

/// JSON over several lines, with a line break at its end.
#[must_use]
pub(super) fn pretty(json: &Json) -> String {
    format!("{json:#}\n")
}

/// The language that `--lang` chose.
static CHOSEN: OnceLock<Language> = OnceLock::new();

/// Takes the language from `--lang`, where it is given.
pub(super) fn choose(language: Option<Language>) {
    if let Some(language) = language {
        // The command line is read once.
        let _ = CHOSEN.set(language);
    }
}

/// The user's language by `--lang` or the environment: English where it says so, else Chinese.
#[must_use]
pub(super) fn language() -> Language {
    if let Some(chosen) = CHOSEN.get() {
        return *chosen;
    }
    let set =
        ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
    if set.is_some_and(|locale| locale.starts_with("en")) { Language::En } else { Language::Zh }
}

/// The settings by `--data` and the environment.
#[must_use]
pub(super) fn settings(data: Option<&Path>) -> Settings {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let data = data.map(Path::to_owned).or_else(|| variable("DOCKET_DATA").map(PathBuf::from));
    Settings {
        database_url: variable("DATABASE_URL"),
        redis_url: variable("REDIS_URL"),
        ..Settings::new(data.unwrap_or_else(|| PathBuf::from("data")))
    }
}

/// Opens the installation, with the security settings that the environment names.
///
/// # Errors
/// [`Stop::Failed`]; [`Stop::Refused`] where the security settings are not as they should be.
pub(super) async fn open(mut settings: Settings) -> Result<App, Stop> {
    if let Some(path) = std::env::var_os("DOCKET_SECURITY").filter(|path| !path.is_empty()) {
        settings.security = security(Path::new(&path))?;
    }
    App::open(settings).await.map_err(Stop::failed)
}

/// The security settings of the file at `path`.
///
/// # Errors
/// [`Stop`].
pub(super) fn security(path: &Path) -> Result<Security, Stop> {
    let text = String::from_utf8(read_file(path)?).map_err(Stop::failed)?;
    Security::read(&text).map_err(|error| {
        let (path, what) = (path.display(), error.text());
        let message = Text::new(
            format!("安全设置 {path} 不对：{}", what.zh),
            format!("the security settings of {path}: {}", what.en),
        );
        Stop::refused("security", message)
    })
}

/// The bytes of a file.
///
/// # Errors
/// [`Stop::Failed`].
pub(super) fn read_file(path: &Path) -> Result<Vec<u8>, Stop> {
    std::fs::read(path).map_err(|error| Stop::failed(format!("{}: {error}", path.display())))
}
