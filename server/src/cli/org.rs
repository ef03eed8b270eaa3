//! `docket org import`: units, people with posts, and groups from a workbook.

use std::{path::PathBuf, process::ExitCode};

use docket_engine::text::{Language, Text};

use super::{
    import::stop,
    output::{self, Stop},
};
use crate::{
    app::{gaps, organisation, organisation_export},
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
    /// Write the organisation into a workbook in the layout in which it is imported.
    Export(Export),
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

/// Arguments of `docket org export`.
#[derive(Debug, clap::Args)]
pub(super) struct Export {
    /// The workbook to write; it must not be there yet.
    file: PathBuf,
    /// The data folder.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// The most gaps that are told one by one.
pub(super) const MOST_GAPS: usize = 20;

impl Org {
    /// Runs the command.
    #[must_use]
    pub(super) fn run(self) -> ExitCode {
        let language = output::language();
        match self {
            Self::Import(import) => output::run(import.json, language, import.import(language)),
            Self::Export(export) => output::run(false, language, export.export(language)),
        }
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
        if report.is_clean() {
            // What the organisation is by now, after the import.
            let gaps = gaps::all(&app).await.map_err(Stop::failed)?;
            if self.json {
                let mut json = report.to_json(language);
                if let Some(map) = json.as_object_mut() {
                    map.insert("gaps".to_owned(), gaps::json(&gaps, language).into());
                }
                return Ok(output::pretty(&json));
            }
            let mut lines = vec![sum(&report, language)];
            lines.extend(gaps::lines(&gaps, language, MOST_GAPS).into_iter().map(|line| format!("{line}\n")));
            return Ok(lines.concat());
        }
        Err(Stop::Refused {
            code: "refused-rows".to_owned(),
            message: Box::new(Text::new(faults(&report, Language::Zh), faults(&report, Language::En))),
            report: Some(Box::new(report.to_json(language))),
        })
    }
}

impl Export {
    async fn export(self, language: Language) -> Result<String, Stop> {
        if self.file.exists() {
            let shown = self.file.display();
            let message = Text::new(format!("{shown} 已经存在"), format!("{shown} is there already"));
            return Err(Stop::refused("file-exists", message));
        }
        let app = output::open(output::settings(self.data.as_deref())).await?;
        let workbook = organisation_export::workbook(&app).await.map_err(Stop::failed)?;
        std::fs::write(&self.file, &workbook.bytes).map_err(Stop::failed)?;
        let shown = self.file.display();
        Ok(match language {
            Language::Zh => format!("已写入 {shown}\n"),
            Language::En => format!("written to {shown}\n"),
        })
    }
}

fn sum(report: &Report, language: Language) -> String {
    let count = |verdict: Verdict| report.rows.iter().filter(|row| row.verdict == verdict).count();
    let (new, changed, same) = (count(Verdict::New), count(Verdict::Changed), count(Verdict::Unchanged));
    let plan = &report.plan;
    let (units, people, groups) = (plan.units.len(), plan.people.len(), plan.groups.len());
    match language {
        Language::Zh => {
            format!(
                "单位 {units} 个，人员 {people} 人，单位组 {groups} 个；新增 {new} 行，更新 {changed} 行，{same} 行不变\n"
            )
        }
        Language::En => format!(
            "{units} units, {people} people, {groups} groups; {new} new rows, {changed} changed, {same} unchanged\n"
        ),
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
