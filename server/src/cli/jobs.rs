//! `docket jobs`: timers and effects that failed, and trying them again.

use std::{path::PathBuf, process::ExitCode};

use docket_engine::text::{Language, Text};
use serde_json::{Value as Json, json};

use super::output::{self, Stop};
use crate::app::failing::{self, Failing, Which};

const EXAMPLE: &str = "Example:
  docket jobs
  docket jobs --json --data /var/lib/docket
  docket jobs retry timer/1042-7
  docket jobs retry --all

A running server takes re-armed ones up within a second.
Exit codes: 0 listed, or re-armed; 1 nothing with this id has failed; 2 Docket or the machine failed.";

/// List timers and effects that failed, with why; `retry` tries them again.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLE)]
pub(super) struct Jobs {
    #[command(subcommand)]
    deed: Option<Deed>,
    /// Prints the result as JSON.
    #[arg(long, global = true)]
    json: bool,
    /// The data folder.
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
}

#[derive(Debug, clap::Subcommand)]
enum Deed {
    /// Try again what failed: at once, and again up to ten times.
    Retry(Retry),
}

const RETRY: &str = "Example:
  docket jobs retry effect/15
  docket jobs retry --all

Exit codes: 0 re-armed; 1 nothing with this id has failed; 2 Docket or the machine failed.";

/// Arguments of `docket jobs retry`.
#[derive(Debug, clap::Args)]
#[command(after_help = RETRY)]
#[group(required = true, multiple = false)]
struct Retry {
    /// Which one, as `docket jobs` lists it.
    id: Option<String>,
    /// All that failed.
    #[arg(long)]
    all: bool,
}

impl Jobs {
    /// Runs the command.
    #[must_use]
    pub(super) fn run(self) -> ExitCode {
        let (json, language) = (self.json, output::language());
        output::run(json, language, self.carry_out(language))
    }

    async fn carry_out(self, language: Language) -> Result<String, Stop> {
        let app = output::open(output::settings(self.data.as_deref())).await?;
        let Some(Deed::Retry(retry)) = self.deed else {
            let failing = failing::list(&app).await.map_err(Stop::failed)?;
            return Ok(if self.json { output::pretty(&listed(&failing)) } else { lines(&failing, language) });
        };
        let which = retry.id.clone().map_or(Which::All, Which::One);
        let armed = failing::retry(&app, &which).await.map_err(Stop::failed)?;
        if let (Some(id), 0) = (retry.id, armed) {
            return Err(Stop::refused(
                "nothing-failed",
                Text::new(
                    format!("没有编号为 `{id}` 的失败任务；`docket jobs` 列出全部"),
                    format!("nothing called `{id}` has failed; `docket jobs` lists what has"),
                ),
            ));
        }
        Ok(if self.json {
            output::pretty(&json!({"rearmed": armed}))
        } else {
            match language {
                Language::Zh => format!("重新启动 {armed} 个\n"),
                Language::En => format!("{armed} re-armed\n"),
            }
        })
    }
}

fn listed(failing: &[Failing]) -> Json {
    let rows = failing.iter().map(|row| {
        json!({
            "id": row.id,
            "kind": row.sort.name(),
            "item": row.item.to_string(),
            "title": row.title,
            "attempts": row.attempts,
            "stuck": row.next_attempt.is_none(),
            "next_attempt": row.next_attempt.map(|at| at.to_string()),
            "last_error": row.last_error,
        })
    });
    json!({"failing": rows.collect::<Vec<_>>(), "stuck": stuck(failing)})
}

fn stuck(failing: &[Failing]) -> usize {
    failing.iter().filter(|row| row.next_attempt.is_none()).count()
}

fn lines(failing: &[Failing], language: Language) -> String {
    let mut lines: Vec<String> = failing.iter().map(|row| line(row, language)).collect();
    let stuck = stuck(failing);
    let retrying = failing.len() - stuck;
    lines.push(match language {
        Language::Zh if failing.is_empty() => "没有失败的定时器或通知".to_owned(),
        Language::En if failing.is_empty() => "no timer and no effect has failed".to_owned(),
        Language::Zh => format!(
            "{stuck} 个已停止，{retrying} 个会自动重试。排除原因后运行 `docket jobs retry ID` 或 `docket jobs retry --all`"
        ),
        Language::En => format!(
            "{stuck} stuck, {retrying} will be tried again. Remove the cause, then `docket jobs retry ID` or `docket jobs retry --all`"
        ),
    });
    lines.push(String::new());
    lines.join("\n")
}

fn line(row: &Failing, language: Language) -> String {
    let (id, item, attempts, error) = (&row.id, row.item, row.attempts, &row.last_error);
    let title = row.title.as_deref().unwrap_or_default();
    match (row.next_attempt, language) {
        (None, Language::Zh) => format!("{id}  事项 {item} {title}：失败 {attempts} 次，已停止：{error}"),
        (None, Language::En) => format!("{id}  item {item} {title}: failed {attempts} times, stuck: {error}"),
        (Some(at), Language::Zh) => format!("{id}  事项 {item} {title}：失败 {attempts} 次，{at} 后重试：{error}"),
        (Some(at), Language::En) => {
            format!("{id}  item {item} {title}: failed {attempts} times, next at {at}: {error}")
        }
    }
}
