//! `docket explain`: what the code of a fault means, with an example.

use std::process::ExitCode;

use docket_engine::{
    check::{Rule, explain},
    text::{Language, Text},
};
use serde_json::{Value as Json, json};

use super::output::{self, Stop};

const EXPLAIN: &str = "Example:
  docket explain unknown-key
  docket explain unknown-key --json
  docket explain

Exit codes: 0 explained; 1 there is no such code.";

/// Explain the code of a fault, with an example; without a code, list them all.
#[derive(Debug, clap::Args)]
#[command(after_help = EXPLAIN)]
pub(super) struct Explain {
    /// The code, as it stands beside a fault.
    code: Option<String>,
    /// Prints JSON, in both languages.
    #[arg(long)]
    json: bool,
}

impl Explain {
    /// Runs the command.
    #[must_use]
    pub(super) fn run(self) -> ExitCode {
        let language = output::language();
        output::run(self.json, language, async move { self.explain(language) })
    }

    fn explain(&self, language: Language) -> Result<String, Stop> {
        let Some(code) = &self.code else {
            return Ok(if self.json {
                output::pretty(&explain::sorted().into_iter().map(page).collect())
            } else {
                list(language)
            });
        };
        let rule = explain::find(code).ok_or_else(|| unknown(code))?;
        Ok(if self.json { output::pretty(&page(rule)) } else { rule.page(language) })
    }
}

/// Every code with its title, one a line.
fn list(language: Language) -> String {
    let rules = explain::sorted();
    let width = rules.iter().map(|rule| rule.code.len()).max().unwrap_or_default();
    let line = |rule: &&Rule| {
        let title = rule.explanation.as_ref().map_or("", |explanation| explanation.title(language));
        format!("{:width$}  {title}\n", rule.code)
    };
    rules.iter().map(line).collect()
}

fn page(rule: &Rule) -> Json {
    let both = |of: &dyn Fn(Language) -> &'static str| json!({"zh": of(Language::Zh), "en": of(Language::En)});
    let explanation = rule.explanation.as_ref();
    json!({
        "code": rule.code,
        "severity": rule.severity,
        "title": explanation.map(|explanation| both(&|language| explanation.title(language))),
        "why": both(&|language| rule.about(language)),
        "example": explanation.map(|explanation| json!({
            "in": both(&|language| explanation.frame.words(language)),
            "wrong": explanation.wrong,
            "right": explanation.right,
        })),
    })
}

fn unknown(code: &str) -> Stop {
    let near = explain::nearest(code);
    let zh = near.map_or_else(String::new, |near| format!("；是不是想写 `{near}`？"));
    let en = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
    Stop::refused(
        "unknown-code",
        Text::new(
            format!("没有代码 `{code}`{zh}（不带参数运行 `docket explain` 可列出全部）"),
            format!("there is no code `{code}`{en} (`docket explain` alone lists them all)"),
        ),
    )
}
