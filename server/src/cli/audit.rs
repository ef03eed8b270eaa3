//! `docket audit`: checks every hash chain.

use std::{path::PathBuf, process::ExitCode};

use docket_engine::text::{Language, Text};
use serde_json::{Value as Json, json};

use super::output::{self, Stop};
use crate::audit::verify::{self, Chain, Report};

const EXAMPLE: &str = "Example:
  docket audit verify --data /var/lib/docket
  docket audit verify --json

Checks the administrators' log, the history of every item, and the seals that hold them together. Where the log's hash has a
key, DOCKET_SECURITY must name the file that holds it.
Exit codes: 0 every chain is whole; 1 chains are broken: the first broken row of each is told; 2 Docket or the machine failed.";

/// Work on the administrators' log.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Audit {
    /// Check every hash chain, down to the first broken row.
    Verify(Verify),
}

/// Arguments of `docket audit verify`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLE)]
pub(super) struct Verify {
    /// Prints the report as JSON.
    #[arg(long)]
    json: bool,
    /// The data folder.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

impl Audit {
    /// Runs the command.
    #[must_use]
    pub(super) fn run(self) -> ExitCode {
        let Self::Verify(verify) = self;
        let (json, language) = (verify.json, output::language());
        output::run(json, language, verify.verify(language))
    }
}

impl Verify {
    async fn verify(self, language: Language) -> Result<String, Stop> {
        let app = output::open(output::settings(self.data.as_deref())).await?;
        let report = verify::verify(&app).await.map_err(Stop::failed)?;
        app.db.close().await.map_err(Stop::failed)?;
        if report.is_whole() {
            return Ok(if self.json { output::pretty(&to_json(&report, language)) } else { sum(&report, language) });
        }
        Err(Stop::Refused {
            code: "broken-chain".to_owned(),
            message: Box::new(Text::new(faults(&report, Language::Zh), faults(&report, Language::En))),
            report: Some(Box::new(to_json(&report, language))),
        })
    }
}

fn sum(report: &Report, language: Language) -> String {
    let Report { rows, items, entries, seals, end: (number, hash), .. } = report;
    match language {
        Language::Zh => format!(
            "全部链完整：审计日志 {rows} 条，事项 {items} 个共 {entries} 条历史，封存 {seals} 次\n末条：第 {number} 条 {hash}\n"
        ),
        Language::En => format!(
            "every chain is whole: {rows} rows of the log, {items} items with {entries} entries, {seals} seals\nthe last row: {number} {hash}\n"
        ),
    }
}

/// Every broken chain, one a line.
fn faults(report: &Report, language: Language) -> String {
    let mut lines = vec![match language {
        Language::Zh => format!("{} 条链已断开：", report.count),
        Language::En => format!("{} chains are broken:", report.count),
    }];
    lines.extend(report.broken.iter().map(|broken| format!("  {}", broken.sentence().get(language))));
    let more = report.count.saturating_sub(report.broken.len() as u64);
    if more > 0 {
        lines.push(match language {
            Language::Zh => format!("  另有 {more} 条"),
            Language::En => format!("  and {more} more"),
        });
    }
    lines.join("\n")
}

fn to_json(report: &Report, language: Language) -> Json {
    let broken: Vec<Json> = report
        .broken
        .iter()
        .map(|broken| {
            let (chain, id) = match broken.chain {
                Chain::Log => ("log", None),
                Chain::Item(root) => ("item", Some(root.to_string())),
                Chain::Seal(seal) => ("seal", Some(seal.to_string())),
            };
            json!({"chain": chain, "id": id, "row": broken.row, "message": broken.sentence().get(language)})
        })
        .collect();
    json!({
        "whole": report.is_whole(), "rows": report.rows, "items": report.items, "entries": report.entries,
        "seals": report.seals, "end": {"row": report.end.0, "hash": report.end.1},
        "broken_chains": report.count, "broken": broken,
    })
}
