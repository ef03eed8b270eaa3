//! `docket user`: accounts from the command line.

use std::{io::Read as _, path::PathBuf, process::ExitCode};

use docket_engine::text::{Language, Text};

use super::output::{self, Stop};
use crate::{app::sign_in::passwords, audit::Origin, failure::Failure};

const EXAMPLE: &str = "Example:
  docket user password 10023 --data /var/lib/docket < password.txt

The password is the first line of the standard input; it has at least 8 characters.
Exit codes: 0 set; 1 there is no such person, or the password is too short; 2 Docket or the machine failed.";

/// Work on accounts.
#[derive(Debug, clap::Subcommand)]
pub(super) enum User {
    /// Give a person a password, read from the standard input. Ends that person's sessions and lifts a lock.
    Password(Password),
}

/// Arguments of `docket user password`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLE)]
pub(super) struct Password {
    /// The staff number (工号).
    code: String,
    /// The data folder.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

impl User {
    /// Runs the command.
    #[must_use]
    pub(super) fn run(self) -> ExitCode {
        let Self::Password(password) = self;
        let language = output::language();
        output::run(false, language, password.set(language))
    }
}

impl Password {
    async fn set(self, language: Language) -> Result<String, Stop> {
        let mut typed = String::new();
        std::io::stdin().lock().take(4096).read_to_string(&mut typed).map_err(Stop::failed)?;
        let password = typed.lines().next().unwrap_or_default();
        let app = output::open(output::settings(self.data.as_deref())).await?;
        let org = app.org();
        let person = org.people().find(|person| person.code == self.code).ok_or_else(|| {
            let code = &self.code;
            Stop::refused(
                "unknown-person",
                Text::new(
                    format!("没有工号为“{code}”的人员"),
                    format!("there is nobody with the staff number “{code}”"),
                ),
            )
        })?;
        passwords::set(&app, person.id, password, Origin::command_line()).await.map_err(|failure| match failure {
            Failure::Invalid(_) | Failure::TooLarge(_) => {
                Stop::refused("password", Text::new(failure.one_line(Language::Zh), failure.one_line(Language::En)))
            }
            other => Stop::failed(other),
        })?;
        Ok(match language {
            Language::Zh => format!("{} {} 的密码已设置\n", person.code, person.name),
            Language::En => format!("the password of {} {} is set\n", person.code, person.name),
        })
    }
}
