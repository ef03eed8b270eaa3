//! `docket migrate`: moves running instances to another version of their workflow.

use std::{path::PathBuf, process::ExitCode};

use docket_engine::{
    id::Id,
    migrate::Mapping,
    text::{Language, Name, Text},
};
use serde_json::{Value as Json, json};

use super::{
    migrate_text as texts,
    output::{self, Stop},
};
use crate::app::migrations::{self, Order, Outcome, Refused};

const EXAMPLE: &str = "Example:
  docket migrate progress-report --dry-run
  docket migrate progress-report --map section-review=review --data /var/lib/docket
  docket migrate progress-report --item 1042 --back
  docket migrate progress-report --confirm

Moves the running instances that are on another version to the one in force. Each can be taken back until it is confirmed, as long
as nothing else has happened to it. Instances that can not be moved stay as they are, and are listed with the reason.
Exit codes: 0 all moved, or shown; 1 some can not be moved, or the arguments do not fit; 2 Docket or the machine failed.";

/// Move running instances to another version of their workflow.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLE)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own on the command line")]
pub(super) struct Migrate {
    /// The workflow.
    workflow: String,
    /// The version to come to, or how it begins; else the one in force.
    #[arg(long, value_name = "VERSION")]
    to: Option<String>,
    /// The node NEW of the version to come to takes the place of OLD. May be given several times.
    #[arg(long, value_name = "OLD=NEW", value_parser = pair)]
    map: Vec<(String, String)>,
    /// Only the instance that runs on this item.
    #[arg(long, value_name = "ID", value_parser = id)]
    item: Option<Id>,
    /// Shows what would become of each instance, and changes nothing.
    #[arg(long)]
    dry_run: bool,
    /// Confirms what was moved: it can not be taken back any more.
    #[arg(long, conflicts_with_all = ["to", "map", "dry_run", "back"])]
    confirm: bool,
    /// Takes back what was moved and has not been confirmed.
    #[arg(long, conflicts_with_all = ["to", "map", "dry_run"])]
    back: bool,
    /// Prints the result as JSON.
    #[arg(long)]
    json: bool,
    /// The data folder.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

fn id(text: &str) -> Result<Id, String> {
    text.parse().map_err(|_| "write the number of an item: 1042 or 1042-7".to_owned())
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((old, new)) if !old.is_empty() && !new.is_empty() => Ok((old.to_owned(), new.to_owned())),
        _ => Err("write OLD=NEW: two names of nodes".to_owned()),
    }
}

impl Migrate {
    /// Runs the command.
    #[must_use]
    pub(super) fn run(self) -> ExitCode {
        let (json, language) = (self.json, output::language());
        output::run(json, language, self.carry_out(language))
    }

    async fn carry_out(self, language: Language) -> Result<String, Stop> {
        let app = output::open(output::settings(self.data.as_deref())).await?;
        let order = self.order()?;
        if self.confirm || self.back {
            let done = migrations::settle(&app, &order, self.back).await.map_err(stop)?;
            return self.told(&done, language);
        }
        let survey = migrations::survey(&app, &order).await.map_err(stop)?;
        let done = if self.dry_run {
            Vec::new()
        } else {
            migrations::carry_out(&app, &survey, &order.nodes).await.map_err(Stop::failed)?
        };
        let report = texts::report(&survey, &done, self.dry_run, language);
        let text = texts::lines(&survey, &done, self.dry_run, language);
        let stranded = survey.rows.iter().filter(|row| row.fate.is_err()).count();
        let refused = done.iter().filter(|outcome| outcome.refused.is_some()).count();
        if stranded + refused == 0 {
            return Ok(if self.json { output::pretty(&report) } else { text });
        }
        if !self.json {
            output::say(&text);
        }
        Err(refusal("stranded", texts::left(stranded + refused), report))
    }

    fn order(&self) -> Result<Order, Stop> {
        let mut nodes = Mapping::new();
        for (old, new) in &self.map {
            if nodes.insert(Name::from(old.as_str()), Name::from(new.as_str())).is_some() {
                let message = Text::new(
                    format!("节点 `{old}` 被映射了两次：只能指定一个新节点"),
                    format!("the node `{old}` is mapped twice: give one new node"),
                );
                return Err(Stop::refused("mapped-twice", message));
            }
        }
        Ok(Order { workflow: Name::from(self.workflow.as_str()), to: self.to.clone(), nodes, item: self.item })
    }

    /// What came of confirming or taking back.
    fn told(&self, done: &[Outcome], language: Language) -> Result<String, Stop> {
        let refused = done.iter().filter(|outcome| outcome.refused.is_some()).count();
        let word = if self.back { "back" } else { "confirmed" };
        let report = json!({"instances": texts::outcomes(done, word, language)});
        let text = texts::settled(done, self.back, language);
        if refused == 0 {
            return Ok(if self.json { output::pretty(&report) } else { text });
        }
        if !self.json {
            output::say(&text);
        }
        Err(refusal("no-way-back", texts::left(refused), report))
    }
}

fn refusal(code: &str, message: Text, report: Json) -> Stop {
    Stop::Refused { code: code.to_owned(), message: Box::new(message), report: Some(Box::new(report)) }
}

fn stop(refused: Refused) -> Stop {
    let names = |all: &[Name]| all.iter().map(Name::as_str).collect::<Vec<_>>().join(", ");
    match refused {
        Refused::UnknownWorkflow(all) => Stop::refused(
            "unknown-workflow",
            Text::new(
                format!("没有这个流程；现有：{}", names(&all)),
                format!("there is no such workflow; there are: {}", names(&all)),
            ),
        ),
        Refused::UnknownVersion(all) => Stop::refused(
            "unknown-version",
            Text::new(
                format!("没有恰好一个以此开头的版本；现有：{}", names(&all)),
                format!("not exactly one version begins like this; there are: {}", names(&all)),
            ),
        ),
        Refused::Mapping(faults) => {
            let told =
                |language| faults.iter().map(|fault| texts::unfit(fault).get(language).to_owned()).collect::<Vec<_>>();
            Stop::refused("mapping", Text::new(told(Language::Zh).join("；"), told(Language::En).join("; ")))
        }
        Refused::Failed(error) => Stop::failed(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_is_two_names() {
        assert_eq!(pair("a=b"), Ok(("a".to_owned(), "b".to_owned())));
        for text in ["", "a", "=b", "a="] {
            assert!(pair(text).is_err(), "{text}");
        }
    }
}
