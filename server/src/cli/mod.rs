//! The command line.

mod access;
mod admin;
mod audit;
mod bpmn;
mod check;
mod explain;
mod export;
mod import;
mod import_report;
mod in_step;
mod jobs;
mod migrate;
mod migrate_text;
mod org;
mod output;
mod publish;
mod serve;
mod user;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use docket_engine::text::Language;

/// Docket: a workflow platform in which a module is configuration.
#[derive(Debug, Parser)]
#[command(name = "docket", version, about)]
struct Cli {
    /// The language of messages; else LC_ALL, LC_MESSAGES or LANG says, else Chinese.
    #[arg(long, global = true, value_name = "LANGUAGE")]
    lang: Option<Lang>,
    #[command(subcommand)]
    command: Command,
}

/// A language on the command line.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Lang {
    /// Chinese.
    Zh,
    /// English.
    En,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Serve),
    Check(check::Check),
    Test(check::Test),
    Plan(publish::Plan),
    Apply(publish::Apply),
    Export(export::Export),
    Explain(explain::Explain),
    Import(import::Import),
    #[command(subcommand)]
    Access(access::Access),
    #[command(subcommand)]
    Bpmn(bpmn::Bpmn),
    Jobs(jobs::Jobs),
    Migrate(migrate::Migrate),
    #[command(subcommand)]
    Org(org::Org),
    #[command(subcommand)]
    Admin(admin::Admin),
    #[command(subcommand)]
    Audit(audit::Audit),
    #[command(subcommand)]
    User(user::User),
    /// Print the OpenAPI document, which the server serves at /api/openapi.json.
    #[command(after_help = "Example:\n  docket openapi > openapi.json")]
    Openapi,
}

/// Runs the program.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let refused = error.use_stderr();
            let printed = error.print();
            // `--help` and `--version` are answers; arguments that can not be read refuse the input as a whole.
            return if printed.is_err() { ExitCode::from(2) } else { ExitCode::from(u8::from(refused)) };
        }
    };
    output::choose(cli.lang.map(|lang| match lang {
        Lang::Zh => Language::Zh,
        Lang::En => Language::En,
    }));
    match cli.command {
        Command::Serve(serve) => serve.run(),
        Command::Check(check) => check.run(),
        Command::Test(test) => test.run(),
        Command::Plan(plan) => plan.run(),
        Command::Apply(apply) => apply.run(),
        Command::Export(export) => export.run(),
        Command::Explain(explain) => explain.run(),
        Command::Import(import) => import.run(),
        Command::Access(access) => access.run(),
        Command::Bpmn(bpmn) => bpmn.run(),
        Command::Jobs(jobs) => jobs.run(),
        Command::Migrate(migrate) => migrate.run(),
        Command::Org(org) => org.run(),
        Command::Admin(admin) => admin.run(),
        Command::Audit(audit) => audit.run(),
        Command::User(user) => user.run(),
        Command::Openapi => output::run(false, output::language(), async { Ok(crate::api::openapi()) }),
    }
}
