//! `docket check` and `docket test`: what an administrator does with definitions before they are published.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use docket_engine::{
    diagnostic::{Diagnostic, Severity, render, reports},
    load::{Loaded, load},
    scenario::{self, Coverage},
    source::File,
    text::{Language, Text},
};
use jiff::civil::Date;
use serde_json::json;

use super::{
    org::MOST_GAPS,
    output::{self, Stop},
};
use crate::{
    app::{definitions, gaps},
    clock::{Clock, Mode},
    settings::Settings,
};

const CHECK: &str = "Example:
  docket check .
  docket check district/ --json

Exit codes: 0 sound (there may be warnings); 1 faults; 2 Docket or the machine failed.";

/// Check a folder of definitions: every fault at once, with its place and what to write instead.
#[derive(Debug, clap::Args)]
#[command(after_help = CHECK)]
pub(super) struct Check {
    /// The folder.
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// Prints the faults as JSON.
    #[arg(long)]
    json: bool,
    /// Also lists the steps that nobody of this installation's organisation could do.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

const TEST: &str = "Example:
  docket test .
  docket test . --min-coverage 100

Exit codes: 0 all scenarios hold; 1 one does not, the coverage is too low, or the definitions have faults; 2 Docket or the machine failed.";

/// Run the scenarios of a folder on a virtual clock and print which outcomes they take.
#[derive(Debug, clap::Args)]
#[command(after_help = TEST)]
pub(super) struct Test {
    /// The folder.
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// Fails where fewer than this per cent of outcomes are taken.
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    min_coverage: Option<u8>,
    /// Prints the results as JSON.
    #[arg(long)]
    json: bool,
}

impl Check {
    /// Runs the command.
    #[must_use]
    pub(super) fn run(self) -> ExitCode {
        let language = output::language();
        output::run(self.json, language, async { self.check(language).await })
    }

    async fn check(&self, language: Language) -> Result<String, Stop> {
        let loaded = loaded(&self.folder)?;
        let mut diagnostics = loaded.diagnostics.clone();
        diagnostics.extend(loaded.reminders(today()));
        let diagnostics = &diagnostics;
        let (errors, warnings) = counts(diagnostics);
        if errors > 0 {
            return Err(faults(diagnostics, language));
        }
        let found = match (&self.data, &loaded.registry) {
            (Some(data), Some(registry)) => {
                let app = output::open(output::settings(Some(data))).await?;
                gaps::of(&app, registry.clone().into()).await.map_err(Stop::failed)?
            }
            _ => Vec::new(),
        };
        if self.json {
            let mut json = json!({"faults": reports(diagnostics, language), "documents": loaded.documents.len()});
            if let (Some(_), Some(map)) = (&self.data, json.as_object_mut()) {
                map.insert("gaps".to_owned(), gaps::json(&found, language).into());
            }
            return Ok(output::pretty(&json));
        }
        let documents = loaded.documents.len();
        let mut gaps = gaps::lines(&found, language, MOST_GAPS);
        if !gaps.is_empty() {
            gaps.push(String::new());
        }
        let gaps = gaps.join("\n");
        Ok(format!(
            "{}{gaps}{}\n",
            render(diagnostics, language),
            match language {
                Language::Zh => format!("{documents} 份定义没有错误（{warnings} 处警告）"),
                Language::En => format!("{documents} documents without errors ({warnings} warnings)"),
            }
        ))
    }
}

impl Test {
    /// Runs the command.
    #[must_use]
    pub(super) fn run(self) -> ExitCode {
        let language = output::language();
        output::run(self.json, language, async { self.test(language) })
    }

    fn test(&self, language: Language) -> Result<String, Stop> {
        let loaded = loaded(&self.folder)?;
        let Some(registry) = &loaded.registry else {
            return Err(faults(&loaded.diagnostics, language));
        };
        let outcome = scenario::run(&loaded.scenarios, registry);
        let percent = outcome.percent();
        let failed = outcome.results.iter().filter(|(_, failure)| failure.is_some()).count();
        let short = self.min_coverage.is_some_and(|least| percent < usize::from(least));
        let json = json!({
            "scenarios": outcome
                .results
                .iter()
                .map(|(title, failure)| json!({"title": title, "failure": failure}))
                .collect::<Vec<_>>(),
            "coverage": {
                "percent": percent,
                "nodes": coverage(&outcome.nodes),
                "outcomes": coverage(&outcome.outcomes),
                "events": coverage(&outcome.events),
            },
        });
        let text = tested(&outcome, percent, language);
        if failed > 0 || short {
            let code = if failed > 0 { "failed-scenarios" } else { "low-coverage" };
            return Err(Stop::Refused {
                code: code.to_owned(),
                message: Box::new(Text::same(text)),
                report: Some(Box::new(json)),
            });
        }
        Ok(if self.json { output::pretty(&json) } else { text })
    }
}

fn coverage(of: &Coverage) -> serde_json::Value {
    json!({"covered": of.covered, "uncovered": of.uncovered})
}

/// The results for people.
fn tested(outcome: &scenario::Outcome, percent: usize, language: Language) -> String {
    let mut lines: Vec<String> = Vec::new();
    for (title, failure) in &outcome.results {
        match failure {
            None => lines.push(format!("✓ {title}")),
            Some(failure) => lines.push(format!("✗ {title}\n{failure}")),
        }
    }
    let of = |part: &Coverage| format!("{}/{}", part.covered.len(), part.all());
    let (nodes, outcomes, events) = (of(&outcome.nodes), of(&outcome.outcomes), of(&outcome.events));
    lines.push(match language {
        Language::Zh => format!(
            "{} 个场景；走过 {percent}%：节点 {nodes}，结果 {outcomes}，边界事件 {events}",
            outcome.results.len()
        ),
        Language::En => format!(
            "{} scenarios; {percent}% taken: nodes {nodes}, outcomes {outcomes}, boundary events {events}",
            outcome.results.len()
        ),
    });
    let missed = outcome.uncovered();
    if !missed.is_empty() {
        lines.push(match language {
            Language::Zh => format!("没有场景走过：{}", missed.join("、")),
            Language::En => format!("taken by no scenario: {}", missed.join(", ")),
        });
    }
    lines.push(String::new());
    lines.join("\n")
}

/// The day by the machine's clock.
fn today() -> Date {
    Clock::new(Mode::Running(0), Settings::new("").zone).today()
}

fn counts(diagnostics: &[Diagnostic]) -> (usize, usize) {
    let errors = diagnostics.iter().filter(|fault| fault.severity == Severity::Error).count();
    (errors, diagnostics.len() - errors)
}

/// The definitions in a folder; one without any is refused.
pub(super) fn files(folder: &Path) -> Result<Vec<Arc<File>>, Stop> {
    let files = definitions::read_folder(folder).map_err(Stop::failed)?;
    if files.is_empty() {
        let shown = folder.display();
        let message = Text::new(
            format!("`{shown}` 里没有定义文件（.yaml）"),
            format!("there are no definitions (.yaml) in `{shown}`"),
        );
        return Err(Stop::refused("no-files", message));
    }
    Ok(files)
}

fn loaded(folder: &Path) -> Result<Loaded, Stop> {
    Ok(load(&files(folder)?))
}

/// All faults, rendered, as why the command stops.
pub(super) fn faults(diagnostics: &[Diagnostic], language: Language) -> Stop {
    let (errors, warnings) = counts(diagnostics);
    let rendered = |of: Language| {
        let sum = match of {
            Language::Zh => format!("{errors} 处错误，{warnings} 处警告"),
            Language::En => format!("{errors} errors, {warnings} warnings"),
        };
        format!("{sum}\n\n{}", render(diagnostics, of))
    };
    Stop::Refused {
        code: "faults".to_owned(),
        message: Box::new(Text::new(rendered(Language::Zh), rendered(Language::En))),
        report: Some(Box::new(json!({"faults": reports(diagnostics, language)}))),
    }
}
