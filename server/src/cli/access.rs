//! `docket access`: why somebody sees something, what other policies would change, and rules as Casbin's CSV.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use docket_engine::{
    diagnostic::Severity,
    id::{Id, PersonId},
    text::{Language, Text},
};
use serde_json::json;

use super::{
    check,
    output::{self, Stop},
    publish,
};
use crate::{
    access::Fields,
    app::{
        definitions::{self, PolicyFile},
        policies::{
            self, csv,
            dry_run::{self, Change, Ended, Line, Report},
            explain::{self, Explained, Question},
            runs::Progress,
        },
    },
    audit::Origin,
    state::App,
};

const EXPLAIN: &str = "Example:
  docket access explain 10023 1042
  docket access explain 10023 1042-7 --action export

Exit codes: 0 explained; 1 there is no such person or item; 2 Docket or the machine failed.";

const DRY_RUN: &str = "Example:
  docket access dry-run policies/
  docket access dry-run new-policy.yaml --data /var/lib/docket

Shows, on the live data, who would gain and who would lose how many items. Nothing is published.
Exit codes: 0 shown; 1 the policies have faults; 2 Docket or the machine failed.";

const IMPORT: &str = "Example:
  docket access export > rules.csv
  docket access import rules.csv --name district --why 'rules of the new office'

The rules take the place of all policies that are published.
Exit codes: 0 published; 1 the file is refused, with its line; 2 Docket or the machine failed.";

/// Look into access: why somebody sees something, what a change would do, rules as Casbin's CSV.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Access {
    /// Explain why a person may do something with an item, or may not.
    #[command(after_help = EXPLAIN)]
    Explain(Explain),
    /// Show who would gain and lose what by other policies.
    #[command(after_help = DRY_RUN)]
    DryRun(DryRun),
    /// Write the rules in force as Casbin's CSV to the standard output.
    Export(Export),
    /// Publish the rules of a CSV of Casbin's.
    #[command(after_help = IMPORT)]
    Import(Import),
}

/// Arguments of `docket access explain`.
#[derive(Debug, clap::Args)]
pub(super) struct Explain {
    /// The staff number (工号).
    person: String,
    /// The item's number.
    item: String,
    /// The action.
    #[arg(long, default_value = "read")]
    action: String,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
    /// The data folder.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// Arguments of `docket access dry-run`.
#[derive(Debug, clap::Args)]
pub(super) struct DryRun {
    /// A policy, or a folder of policies.
    #[arg(value_name = "DIR|FILE")]
    from: PathBuf,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
    /// The data folder.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// Arguments of `docket access export`.
#[derive(Debug, clap::Args)]
pub(super) struct Export {
    /// The data folder.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// Arguments of `docket access import`.
#[derive(Debug, clap::Args)]
pub(super) struct Import {
    /// The CSV.
    file: PathBuf,
    /// The name of the policy that it becomes.
    #[arg(long, value_name = "NAME")]
    name: String,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    why: String,
    /// The data folder.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

impl Access {
    /// Runs the command.
    #[must_use]
    pub(super) fn run(self) -> ExitCode {
        let language = output::language();
        match self {
            Self::Explain(explain) => output::run(explain.json, language, explain.carry_out(language)),
            Self::DryRun(dry_run) => output::run(dry_run.json, language, dry_run.carry_out(language)),
            Self::Export(export) => output::run(false, language, export.carry_out()),
            Self::Import(import) => output::run(false, language, import.carry_out(language)),
        }
    }
}

impl Explain {
    async fn carry_out(self, language: Language) -> Result<String, Stop> {
        let app = output::open(output::settings(self.data.as_deref())).await?;
        let org = app.org();
        let person = org.people().find(|person| person.code == self.person).ok_or_else(|| {
            let code = &self.person;
            Stop::refused(
                "unknown-person",
                Text::new(
                    format!("没有工号为“{code}”的人员"),
                    format!("there is nobody with the staff number “{code}”"),
                ),
            )
        })?;
        let unknown = || {
            let item = &self.item;
            Stop::refused(
                "unknown-item",
                Text::new(format!("没有编号为 {item} 的事项"), format!("there is no item with the number {item}")),
            )
        };
        let id: Id = self.item.parse().map_err(|_| unknown())?;
        let (item, parent) = explain::item(&app, id).await.map_err(|_| unknown())?;
        let question = Question { person: person.id, action: &self.action, item: &item, parent: parent.as_ref() };
        let explained = explain::explain(&app, question, &Fields::whole()).await.map_err(Stop::failed)?;
        Ok(if self.json { output::pretty(&as_json(&explained, language)) } else { as_text(&explained, language) })
    }
}

fn as_json(explained: &Explained, language: Language) -> serde_json::Value {
    let rules = explained.rules.iter().map(|rule| {
        let lacking = rule.lacking.iter().map(|atom| json!({"atom": atom.atom, "holds": atom.holds, "facts": atom.facts}));
        json!({
            "text": rule.text.get(language), "role": rule.role, "has_role": rule.has_role, "deny": rule.deny,
            "holds": rule.holds, "condition": rule.condition, "fields": rule.fields, "lacking": lacking.collect::<Vec<_>>(),
        })
    });
    json!({
        "allowed": explained.allowed, "summary": explained.summary.get(language), "rules": rules.collect::<Vec<_>>(),
    })
}

fn as_text(explained: &Explained, language: Language) -> String {
    let word = |zh: &'static str, en: &'static str| match language {
        Language::Zh => zh,
        Language::En => en,
    };
    let mut lines = vec![explained.summary.get(language).to_owned()];
    for rule in &explained.rules {
        let mark = match (rule.holds, rule.has_role) {
            (true, _) => word("符合", "holds"),
            (false, true) => word("不符合", "does not hold"),
            (false, false) => word("没有此角色", "not his role"),
        };
        lines.push(format!("\n[{mark}] {}", rule.text.get(language)));
        for atom in &rule.lacking {
            let should =
                if atom.holds { word("不应成立", "should not hold") } else { word("不成立", "does not hold") };
            lines.push(format!("    {} {should}", atom.atom));
            lines.extend(atom.facts.iter().map(|(name, value)| format!("      {name} = {value}")));
        }
    }
    lines.push(String::new());
    lines.join("\n")
}

/// The policies of a file or folder.
fn read(from: &Path) -> Result<Vec<PolicyFile>, Stop> {
    let unreadable = |error: std::io::Error| {
        let shown = from.display();
        Stop::refused(
            "unreadable",
            Text::new(format!("无法读取 {shown}：{error}"), format!("{shown} can not be read: {error}")),
        )
    };
    if from.is_dir() {
        let files = definitions::read_folder(from).map_err(Stop::failed)?;
        let policies = files.iter().filter(|file| file.path.starts_with("policies/") || !file.path.contains('/'));
        return Ok(policies.map(|file| PolicyFile { path: file.path.clone(), text: file.text.clone() }).collect());
    }
    let text = std::fs::read_to_string(from).map_err(unreadable)?;
    let name = from.file_name().and_then(|name| name.to_str()).unwrap_or("policy.yaml");
    Ok(vec![PolicyFile { path: format!("policies/{name}"), text }])
}

impl DryRun {
    async fn carry_out(self, language: Language) -> Result<String, Stop> {
        let files = read(&self.from)?;
        let app = output::open(output::settings(self.data.as_deref())).await?;
        let candidate = policies::candidate(&app, &files).await.map_err(Stop::failed)?;
        let Some(published) = candidate.published else {
            let errors = candidate.faults.into_iter().filter(|fault| fault.severity == Severity::Error);
            return Err(check::faults(&errors.collect::<Vec<_>>(), language));
        };
        let in_force = app.published();
        let change = Change {
            before: app.access.rules(&in_force).await.map_err(Stop::failed)?,
            after: policies::rules(&published).await.map_err(Stop::failed)?,
            registry: std::sync::Arc::clone(&in_force.registry),
        };
        let (report, ended) = dry_run::run(&app, &change, &mut Progress::of_nobody()).await.map_err(Stop::failed)?;
        if self.json {
            return Ok(output::pretty(&serde_json::to_value(&report).map_err(Stop::failed)?));
        }
        Ok(report_text(&app, &report, ended, language))
    }
}

fn report_text(app: &App, report: &Report, ended: Ended, language: Language) -> String {
    let (gaining, losing) = (report.gaining.len(), report.losing.len());
    let mut lines = vec![match language {
        Language::Zh => format!("增加可见内容的 {gaining} 人，减少的 {losing} 人\n"),
        Language::En => format!("{gaining} people gain something, {losing} lose something\n"),
    }];
    if ended == Ended::TimedOut {
        lines.push(match language {
            Language::Zh => "超过时限，以下不完整\n".to_owned(),
            Language::En => "it took too long: this is not all\n".to_owned(),
        });
    }
    lines.extend(report.lines.iter().map(|line| line_text(app, line, language)));
    if report.left_out > 0 {
        lines.push(match language {
            Language::Zh => format!("另有 {} 行未列出\n", report.left_out),
            Language::En => format!("{} more lines are not shown\n", report.left_out),
        });
    }
    lines.concat()
}

fn line_text(app: &App, line: &Line, language: Language) -> String {
    let org = app.org();
    let name = |id: &i64| org.person(PersonId(*id)).map_or_else(|| id.to_string(), |person| person.name.clone());
    let people: Vec<String> = line.examples.iter().map(name).collect();
    let items = |items: &[i64]| {
        let items: Vec<String> = items.iter().map(|item| dry_run::shown(*item)).collect();
        if items.is_empty() { String::new() } else { format!(" ({})", items.join(", ")) }
    };
    let (gained, lost) = (items(&line.gained_items), items(&line.lost_items));
    let Line { module, kind, action, people: many, gained: more, lost: less, .. } = line;
    let text = match language {
        Language::Zh => format!(
            "{module}/{kind} {action}：{}（{}）共 {many} 人，每人增加 {more} 项{gained}，减少 {less} 项{lost}\n",
            line.roles.join("、"),
            people.join("、")
        ),
        Language::En => format!(
            "{module}/{kind} {action}: {many} people ({}; {}), each gains {more}{gained} and loses {less}{lost}\n",
            line.roles.join(", "),
            people.join(", ")
        ),
    };
    let fields = line.fields.iter().map(|field| {
        let (name, gained, lost) = (&field.field, field.gained, field.lost);
        match language {
            Language::Zh => format!("    字段 {name}：在 {gained} 项中出现，在 {lost} 项中消失\n"),
            Language::En => format!("    field {name}: appears in {gained}, goes in {lost}\n"),
        }
    });
    [text].into_iter().chain(fields).collect()
}

impl Export {
    async fn carry_out(self) -> Result<String, Stop> {
        let app = output::open(output::settings(self.data.as_deref())).await?;
        Ok(csv::written(&app.published().rules))
    }
}

impl Import {
    async fn carry_out(self, language: Language) -> Result<String, Stop> {
        let shown = self.file.display();
        let text = std::fs::read_to_string(&self.file).map_err(|error| {
            Stop::refused(
                "unreadable",
                Text::new(format!("无法读取 {shown}：{error}"), format!("{shown} can not be read: {error}")),
            )
        })?;
        let document = csv::document(&self.name, &text).map_err(|refused| {
            let line = refused.line;
            Stop::refused(
                "csv",
                Text::new(
                    format!("{shown} 第 {line} 行：{}", refused.message.zh),
                    format!("{shown}, line {line}: {}", refused.message.en),
                ),
            )
        })?;
        let app = output::open(output::settings(self.data.as_deref())).await?;
        let file = PolicyFile { path: format!("policies/{}.yaml", self.name), text: document };
        let done = definitions::publish_policies(&app, &[file], &Origin::command_line(), &self.why).await;
        done.map_err(|error| publish::stop(error, language))?;
        Ok(match language {
            Language::Zh => "已发布\n".to_owned(),
            Language::En => "published\n".to_owned(),
        })
    }
}
