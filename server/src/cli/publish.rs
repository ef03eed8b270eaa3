//! `docket plan` and `docket apply`: shows, then publishes, what changed in a folder of definitions.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::ExitCode,
};

use docket_engine::{
    diagnostic::{render, reports},
    text::{Language, Text},
};
use serde_json::{Value as Json, json};

use super::{
    check, in_step,
    org::MOST_GAPS,
    output::{self, Stop},
};
use crate::{
    app::{
        definitions::{self, Base, Change, Newer, Publication, PublishError, Stranded},
        gaps, migrations,
    },
    audit::Origin,
    state::App,
};

const PLAN: &str = "Example:
  docket plan .
  docket plan district/ --json --data /var/lib/docket

Exit codes: 0 shown; 1 `docket apply` would refuse the folder; 2 Docket or the machine failed.";

/// Show what `docket apply` would publish and withdraw, and what it would refuse.
#[derive(Debug, clap::Args)]
#[command(after_help = PLAN)]
pub(super) struct Plan {
    /// The folder.
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// Prints the plan as JSON.
    #[arg(long)]
    json: bool,
    /// The data folder.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

const APPLY: &str = "Example:
  docket apply . --data data
  DATABASE_URL=postgres://… docket apply district/ --json
  docket apply . --base 3f2a90c17be4d650

A running server takes it over within a second. Running instances stay on their version.
Refuses to undo what was published since the folder was last in step: the file .docket.json in it says when that was.
Exit codes: 0 published; 1 faults, newer changes, or running instances that could not go on; 2 Docket or the machine failed.";

/// Publish a folder of definitions.
#[derive(Debug, clap::Args)]
#[command(after_help = APPLY)]
pub(super) struct Apply {
    /// The folder.
    folder: PathBuf,
    /// Replaces all of what is published, as long as it is what `docket plan` or the refusal showed under this number.
    #[arg(long, value_name = "NUMBER")]
    base: Option<String>,
    /// Prints what was published as JSON.
    #[arg(long)]
    json: bool,
    /// The data folder.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

impl Plan {
    /// Runs the command.
    #[must_use]
    pub(super) fn run(self) -> ExitCode {
        let language = output::language();
        output::run(self.json, language, async move {
            let files = check::files(&self.folder)?;
            let app = output::open(output::settings(self.data.as_deref())).await?;
            let base = known(&app, &self.folder).await?;
            let plan = definitions::plan(&app, &files, &base).await.map_err(|error| stop(error, language))?;
            if let Some(newer) = plan.newer {
                return Err(refused(&newer, language));
            }
            let older = migrations::older(&app).await.map_err(Stop::failed)?;
            if self.json {
                return Ok(output::pretty(&report(&plan.publication, &older)));
            }
            let mut lines = changes(&plan.publication);
            lines.push(sum(&plan.publication, language));
            lines.extend(behind(&older, language));
            if let Some(registry) = docket_engine::load::load(&files).registry {
                let gaps = gaps::of(&app, registry.into()).await.map_err(Stop::failed)?;
                lines.extend(gaps::lines(&gaps, language, MOST_GAPS));
            }
            let digest = &plan.publication.standing.digest;
            lines.push(match language {
                Language::Zh => format!("现行配置的编号：{digest}\n"),
                Language::En => format!("what is published now has the number {digest}\n"),
            });
            Ok(lines.join("\n"))
        })
    }
}

impl Apply {
    /// Runs the command.
    #[must_use]
    pub(super) fn run(self) -> ExitCode {
        let language = output::language();
        output::run(self.json, language, async move {
            let files = check::files(&self.folder)?;
            let app = output::open(output::settings(self.data.as_deref())).await?;
            let base = match &self.base {
                Some(digest) => Base::Exactly(digest.clone()),
                None => known(&app, &self.folder).await?,
            };
            let publication = definitions::publish_over(&app, &files, &Origin::command_line(), &base).await;
            let publication = publication.map_err(|error| stop(error, language))?;
            in_step::record(&self.folder, &publication.standing)?;
            let older = migrations::older(&app).await.map_err(Stop::failed)?;
            let gaps = gaps::all(&app).await.map_err(Stop::failed)?;
            if self.json {
                let mut json = report(&publication, &older);
                if let Some(map) = json.as_object_mut() {
                    map.insert("gaps".to_owned(), gaps::json(&gaps, language).into());
                }
                return Ok(output::pretty(&json));
            }
            let mut lines = changes(&publication);
            lines.push(sum(&publication, language));
            lines.extend(behind(&older, language));
            lines.extend(gaps::lines(&gaps, language, MOST_GAPS));
            lines.push(String::new());
            Ok(lines.join("\n"))
        })
    }
}

/// What the folder knows of this installation.
async fn known(app: &App, folder: &Path) -> Result<Base, Stop> {
    let standing = definitions::standing(app.db.reader()).await.map_err(Stop::failed)?;
    in_step::base(folder, &standing)
}

/// The workflows of which instances run on an older version than the one in force.
fn behind(older: &BTreeMap<String, u64>, language: Language) -> Vec<String> {
    let line = |(workflow, running): (&String, &u64)| match language {
        Language::Zh => {
            format!(
                "流程 {workflow} 有 {running} 个实例在旧版本上运行：`docket migrate {workflow} --dry-run` 查看能否迁移"
            )
        }
        Language::En => format!(
            "{running} instances of workflow {workflow} run on older versions: see `docket migrate {workflow} --dry-run`"
        ),
    };
    older.iter().map(line).collect()
}

fn report(publication: &Publication, older: &BTreeMap<String, u64>) -> Json {
    let named = |all: &[(String, String)]| -> Vec<Json> {
        all.iter().map(|(kind, name)| json!({"kind": kind, "name": name})).collect()
    };
    json!({
        "published": named(&publication.published),
        "withdrawn": named(&publication.withdrawn),
        "unchanged": publication.unchanged,
        "base": publication.standing.digest,
        "older_instances": older,
    })
}

fn changes(publication: &Publication) -> Vec<String> {
    let published = publication.published.iter().map(|(kind, name)| format!("+ {kind} {name}"));
    published.chain(publication.withdrawn.iter().map(|(kind, name)| format!("- {kind} {name}"))).collect()
}

fn sum(publication: &Publication, language: Language) -> String {
    let (new, gone, same) = (publication.published.len(), publication.withdrawn.len(), publication.unchanged);
    match language {
        Language::Zh => format!("发布 {new} 份，撤下 {gone} 份，{same} 份不变"),
        Language::En => format!("{new} published, {gone} withdrawn, {same} unchanged"),
    }
}

/// Why publishing stopped.
pub(super) fn stop(error: PublishError, language: Language) -> Stop {
    match error {
        PublishError::Faults(diagnostics) => check::faults(&diagnostics, language),
        PublishError::Newer(newer) => refused(&newer, language),
        PublishError::Strands(stranded) => strands(&stranded, language),
        PublishError::LocksOut => Stop::refused(
            "locks-out",
            Text::new(
                "新配置里没有人再担任安全管理员，之后无人能够改回。请保留现任安全管理员的岗位（`duty: security`）",
                "nobody would be security administrator with this configuration, and nobody could put that right. Keep the post (`duty: security`) of those who are",
            ),
        ),
        other => Stop::failed(other),
    }
}

/// What is published is newer than what the folder knows.
fn refused(newer: &Newer, language: Language) -> Stop {
    let digest = &newer.digest;
    let documents = newer.documents.iter().map(|(document, change)| match change {
        Change::Published(at) => json!({"document": document, "change": "published", "at": at.to_string()}),
        Change::Withdrawn => json!({"document": document, "change": "withdrawn"}),
    });
    let report = json!({
        "refused": {"code": "newer-changes", "message": explained(newer, language), "base": digest},
        "newer": documents.collect::<Vec<_>>(),
    });
    Stop::Refused {
        code: "newer-changes".to_owned(),
        message: Box::new(Text::new(explained(newer, Language::Zh), explained(newer, Language::En))),
        report: Some(Box::new(report)),
    }
}

fn explained(newer: &Newer, language: Language) -> String {
    let digest = &newer.digest;
    if newer.documents.is_empty() {
        return match language {
            Language::Zh => {
                format!("现行配置的编号已是 {digest}，不是所给的那个：之后又有人发布过。请运行 `docket plan` 查看")
            }
            Language::En => {
                format!(
                    "what is published has the number {digest}, not the one given: somebody has published since. See `docket plan`"
                )
            }
        };
    }
    let mut lines = vec![match language {
        Language::Zh => "这个文件夹不了解下列已经发布的修改，发布它会把这些修改撤掉，所以没有发布：".to_owned(),
        Language::En => {
            "the folder does not know of these published changes, and publishing it would undo them. Nothing was published:"
                .to_owned()
        }
    }];
    lines.extend(newer.documents.iter().map(|(document, change)| match (change, language) {
        (Change::Published(at), Language::Zh) => format!("  {document}（{at} 发布）"),
        (Change::Published(at), Language::En) => format!("  {document} (published {at})"),
        (Change::Withdrawn, Language::Zh) => format!("  {document}（已撤下）"),
        (Change::Withdrawn, Language::En) => format!("  {document} (withdrawn)"),
    }));
    lines.push(match language {
        Language::Zh => format!(
            "请用 `docket export 新文件夹` 取出现行配置，把这些修改合并到本文件夹后再发布；\n确实要撤掉它们，或已经合并：`docket apply 文件夹 --base {digest}`"
        ),
        Language::En => format!(
            "`docket export NEW-FOLDER` gives what is published: take these changes over into this folder and apply it again.\nTo undo them all the same, or where they have been merged: `docket apply FOLDER --base {digest}`"
        ),
    });
    lines.join("\n")
}

/// Running instances could not go on.
fn strands(stranded: &[Stranded], language: Language) -> Stop {
    let told = |language: Language| {
        let mut lines = vec![match language {
            Language::Zh => "正在运行的流程用不了新的配置，所以没有发布：".to_owned(),
            Language::En => {
                "running instances could not go on with the new configuration. Nothing was published:".to_owned()
            }
        }];
        for one in stranded {
            let (workflow, running, version) = (&one.workflow, one.running, one.version.get(..12).unwrap_or_default());
            lines.push(match language {
                Language::Zh => format!("流程 {workflow} 的版本 {version}（{running} 个实例在运行）："),
                Language::En => format!("workflow {workflow}, version {version} ({running} instances run on it):"),
            });
            lines.push(render(&one.faults, language));
        }
        lines.push(match language {
            Language::Zh => "请保留这些旧版本还在用的字段和名称，等这些实例结束后再删除".to_owned(),
            Language::En => {
                "keep the fields and names that these versions use until their instances have ended".to_owned()
            }
        });
        lines.join("\n")
    };
    let rows = stranded.iter().map(|one| {
        json!({
            "workflow": one.workflow, "version": one.version, "running": one.running,
            "faults": reports(&one.faults, language),
        })
    });
    let report = json!({
        "refused": {"code": "strands-instances", "message": told(language)},
        "stranded": rows.collect::<Vec<_>>(),
    });
    Stop::Refused {
        code: "strands-instances".to_owned(),
        message: Box::new(Text::new(told(Language::Zh), told(Language::En))),
        report: Some(Box::new(report)),
    }
}
