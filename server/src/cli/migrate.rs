//! `docket migrate`: moves running instances to another version of their workflow.

use std::{path::PathBuf, process::ExitCode};

use docket_engine::{
    id::Id,
    migrate::Mapping,
    text::{Language, Name, Text},
};

use super::{
    migrate_text::{self as texts, Counts},
    output::{self, Stop},
};
use crate::{
    app::migrations::{self, Found, Order, Outcome, Refused, Route, Which, said},
    audit::Origin,
    state::App,
};

const EXAMPLE: &str = "Example:
  docket migrate progress-report --dry-run
  docket migrate progress-report --map section-review=review --data /var/lib/docket
  docket migrate progress-report --item 1042 --back
  docket migrate progress-report --confirm

Moves the running instances that are on another version to the one in force. Each can be taken back until it is confirmed, as long
as nothing else has happened to it. Instances that can not be moved stay as they are, and are listed with the reason. Each instance is
moved by itself: broken off, the same command goes on with the rest. How far it has come stands on standard error.
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
    /// Prints one JSON document on each line: the plan, each instance, the counts.
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
            return self.settle(&app, &order, language).await;
        }
        let route = migrations::route(&app, &order).await.map_err(stop)?;
        let (version, json) = (&route.to.workflow.version, self.json);
        let which = Which::Elsewhere(version);
        let mut parts = Parts::new(&app, &order, which, language).await?;
        output::say(&texts::header(&route, json, language));
        let mut counts = Counts::default();
        while let Some(part) = parts.next().await? {
            if self.dry_run {
                for row in migrations::look(&app, &order, &route, &part).await.map_err(Stop::failed)? {
                    match &row.fate {
                        Ok(foreseen) => {
                            counts.done += 1;
                            counts.final_at_once += usize::from(!foreseen.reversible);
                        }
                        Err(_) => counts.left += 1,
                    }
                    output::say(&texts::row(&route, &row, json, language));
                }
            } else {
                let done = migrations::carry_out(&app, &order, &route, &Origin::command_line(), &part).await;
                told(&done.map_err(Stop::failed)?, Some(&route), "moved", json, language, &mut counts);
            }
        }
        output::say(&texts::moved(&order.workflow, counts, self.dry_run, json, language));
        left(counts)
    }

    async fn settle(&self, app: &App, order: &Order, language: Language) -> Result<String, Stop> {
        migrations::known(app, order).map_err(stop)?;
        let word = if self.back { "back" } else { "confirmed" };
        let mut parts = Parts::new(app, order, Which::Open, language).await?;
        let mut counts = Counts::default();
        while let Some(part) = parts.next().await? {
            let done = migrations::settle(app, order, &Origin::command_line(), &part, self.back)
                .await
                .map_err(Stop::failed)?;
            told(&done, None, word, self.json, language, &mut counts);
        }
        output::say(&texts::settled(counts, self.back, self.json, language));
        left(counts)
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
}

/// The instances that are meant, part by part, with how far it has come on standard error.
struct Parts<'a> {
    app: &'a App,
    order: &'a Order,
    which: Which<'a>,
    language: Language,
    after: Option<Id>,
    handled: u64,
    total: u64,
}

impl<'a> Parts<'a> {
    async fn new(app: &'a App, order: &'a Order, which: Which<'a>, language: Language) -> Result<Self, Stop> {
        let total = migrations::count(app, order, which).await.map_err(Stop::failed)?;
        Ok(Self { app, order, which, language, after: None, handled: 0, total })
    }

    async fn next(&mut self) -> Result<Option<Vec<Found>>, Stop> {
        if self.total > migrations::PART && self.handled > 0 {
            output::note(&texts::progress(self.handled, self.total, self.language));
        }
        let found = migrations::find(self.app, self.order, self.which, self.after).await.map_err(Stop::failed)?;
        let Some(last) = found.last() else { return Ok(None) };
        self.after = Some(last.instance);
        self.handled += u64::try_from(found.len()).unwrap_or_default();
        Ok(Some(found))
    }
}

fn told(done: &[Outcome], route: Option<&Route>, word: &str, json: bool, language: Language, counts: &mut Counts) {
    for outcome in done {
        match outcome.refused {
            None => counts.done += 1,
            Some(_) => counts.left += 1,
        }
        output::say(&texts::outcome(route, outcome, word, json, language));
    }
}

/// What is left where it was makes the exit code 1.
fn left(counts: Counts) -> Result<String, Stop> {
    if counts.left == 0 { Ok(String::new()) } else { Err(Stop::Left(texts::left(counts.left))) }
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
                |language| faults.iter().map(|fault| said::unfit(fault).get(language).to_owned()).collect::<Vec<_>>();
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
