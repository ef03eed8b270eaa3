//! `docket admin`: the first system, security and audit administrators.

use std::{io::Read as _, path::PathBuf, process::ExitCode};

use docket_engine::text::{Language, Text};

use super::output::{self, Stop};
use crate::{access::Duty, app::admins, failure::Failure};

const EXAMPLE: &str = "Example:
  docket admin create S0001 --duty system --name 王明 < password.txt
  docket admin create S0002 --duty security < password.txt
  docket admin create S0003 --duty audit < password.txt

The password is the first line of the standard input; it is changed at the first sign-in. Nothing else makes the first holder of a
duty; nobody holds two of them unless the security settings say so.
Exit codes: 0 made; 1 refused, with the reason; 2 Docket or the machine failed.";

/// Work on administrators.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Admin {
    /// Make the first holder of one of the three duties.
    Create(Create),
}

/// Arguments of `docket admin create`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLE)]
pub(super) struct Create {
    /// The staff number (工号), of somebody new or of somebody who is there.
    code: String,
    /// Which duty.
    #[arg(long, value_name = "DUTY")]
    duty: Which,
    /// The name of somebody new; else the duty's own.
    #[arg(long, value_name = "NAME", default_value = "")]
    name: String,
    /// The data folder.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// A duty on the command line.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Which {
    /// The system administrator.
    System,
    /// The security administrator.
    Security,
    /// The audit administrator.
    Audit,
}

impl Admin {
    /// Runs the command.
    #[must_use]
    pub(super) fn run(self) -> ExitCode {
        let Self::Create(create) = self;
        let language = output::language();
        output::run(false, language, create.create(language))
    }
}

impl Create {
    async fn create(self, language: Language) -> Result<String, Stop> {
        let mut typed = String::new();
        std::io::stdin().lock().take(4096).read_to_string(&mut typed).map_err(Stop::failed)?;
        let password = typed.lines().next().unwrap_or_default();
        let app = output::open(output::settings(self.data.as_deref())).await?;
        let duty = match self.duty {
            Which::System => Duty::System,
            Which::Security => Duty::Security,
            Which::Audit => Duty::Audit,
        };
        let made = admins::create(&app, duty, &self.code, &self.name, password).await;
        made.map_err(|failure| match failure {
            Failure::Invalid(_) | Failure::TooLarge(_) => {
                Stop::refused("admin", Text::new(failure.one_line(Language::Zh), failure.one_line(Language::En)))
            }
            other => Stop::failed(other),
        })?;
        app.db.close().await.map_err(Stop::failed)?;
        let (code, title) = (&self.code, duty.title());
        Ok(match language {
            Language::Zh => format!("{code} 已成为{}，首次登录时须修改密码\n", title.zh),
            Language::En => format!("{code} is {} now, and changes the password at the first sign-in\n", title.en),
        })
    }
}
