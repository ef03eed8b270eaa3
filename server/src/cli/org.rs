//! `docket org import`: units, people with posts, and groups from a workbook.

use std::{path::PathBuf, process::ExitCode};

use docket_engine::text::{Language, Text};

use super::{
    import::stop,
    output::{self, Stop},
};
use crate::{
    app::organisation,
    audit::Origin,
    import::organisation::{Report, Verdict},
};

const EXAMPLE: &str = "Example:
  docket org import organisation.xlsx --dry-run
  docket org import organisation.xlsx --json

Exit codes: 0 imported; 1 a row or the file is refused, and nothing was imported; 2 Docket or the machine failed.";

/// Work on the organisation.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Org {
    /// Import a workbook with the sheets that the organisation form describes. All rows go in, or none.
    Import(Import),
}

/// Arguments of `docket org import`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLE)]
pub(super) struct Import {
    /// The workbook.
    file: PathBuf,
    /// Shows the report and imports nothing.
    #[arg(long)]
    dry_run: bool,
    /// Prints the report as JSON.
    #[arg(long)]
    json: bool,
    /// The data folder.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

impl Org {
    /// Runs the command.
    #[must_use]
    pub(super) fn run(self) -> ExitCode {
        let Self::Import(import) = self;
        let (json, language) = (import.json, output::language());
        output::run(json, language, import.import(language))
    }
}

impl Import {
    async fn import(self, language: Language) -> Result<String, Stop> {
        let bytes = output::read_file(&self.file)?;
        let app = output::open(output::settings(self.data.as_deref())).await?;
        let name = self.file.file_name().unwrap_or_default().to_string_lossy();
        let report = if self.dry_run {
            organisation::read(&app, &name, bytes).await
        } else {
            organisation::import(&app, &name, bytes, &Origin::command_line()).await
        };
        let report = report.map_err(stop)?;
        if self.json && report.is_clean() {
            return Ok(output::pretty(&report.to_json(language)));
        }
        if report.is_clean() {
            return Ok(sum(&report, language));
        }
        Err(Stop::Refused {
            code: "refused-rows".to_owned(),
            message: Box::new(Text::new(faults(&report, Language::Zh), faults(&report, Language::En))),
            report: Some(Box::new(report.to_json(language))),
        })
    }
}

fn sum(report: &Report, language: Language) -> String {
    let count = |verdict: Verdict| report.rows.iter().filter(|row| row.verdict == verdict).count();
    let (new, known) = (count(Verdict::New), count(Verdict::Known));
    let plan = &report.plan;
    let (units, people, groups) = (plan.units.len(), plan.people.len(), plan.groups.len());
    match language {
        Language::Zh => {
            format!("单位 {units} 个，人员 {people} 人，单位组 {groups} 个；新增 {new} 行，已有 {known} 行\n")
        }
        Language::En => format!("{units} units, {people} people, {groups} groups; {new} new rows, {known} known\n"),
    }
}

/// Every fault, one a line.
fn faults(report: &Report, language: Language) -> String {
    let mut lines = vec![match language {
        Language::Zh => "有的行不通过，没有导入任何内容：".to_owned(),
        Language::En => "rows are refused, and nothing was imported:".to_owned(),
    }];
    for row in report.rows.iter().filter(|row| row.verdict == Verdict::Refused) {
        for note in &row.cells {
            let message = note.message.get(language);
            lines.push(match language {
                Language::Zh => {
                    format!("  “{}”第 {} 行 {}：{message} [{}]", row.sheet, row.row, note.column, note.code)
                }
                Language::En => format!("  “{}” row {} {}: {message} [{}]", row.sheet, row.row, note.column, note.code),
            });
        }
    }
    lines.join("\n")
}
