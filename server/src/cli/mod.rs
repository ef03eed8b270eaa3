//! The command line.

mod import;
mod import_report;
mod org;
mod output;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Docket: a workflow platform in which a module is configuration.
#[derive(Debug, Parser)]
#[command(name = "docket", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Prints the OpenAPI document.
    Openapi,
    Import(import::Import),
    #[command(subcommand)]
    Org(org::Org),
}

/// Runs the program.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match cli.command {
        Command::Import(import) => import.run(),
        Command::Org(org) => org.run(),
        Command::Openapi => {
            use std::io::Write;
            let mut out = std::io::stdout().lock();
            match out.write_all(crate::api::openapi().as_bytes()) {
                Ok(()) => ExitCode::SUCCESS,
                Err(_) => ExitCode::from(2),
            }
        }
    }
}
