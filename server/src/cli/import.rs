//! `docket import`: the same import as the browser's, with the same report.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use docket_engine::{
    command::Actor,
    id::PersonId,
    text::{Language, Text},
};
use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::{
    import_report,
    output::{self, Stop},
    serve,
};
use crate::{
    app::imports::{self, Batch, Choice, ImportError, Order, Upload},
    db::FILE,
    failure::Failure,
    import::report::Report,
    settings::Settings,
    state::App,
};

const EXAMPLE: &str = "Example:
  docket import MODULE KIND tasks.xlsx --category A --category B --dry-run
  docket import MODULE KIND tasks.xlsx --category A --as K0137 --json

Exit codes: 0 the spreadsheet was read, also where rows were refused; 1 the file as a whole is refused; 2 Docket or the machine failed.";

/// Import a spreadsheet of items: shows what each row becomes, and imports the new and changed rows.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLE)]
pub(super) struct Import {
    /// The module's name.
    module: String,
    /// The kind's name.
    kind: String,
    /// The spreadsheet: .xlsx, .xls or .csv.
    file: PathBuf,
    /// A category to import; may repeat.
    #[arg(long = "category", value_name = "NAME")]
    categories: Vec<String>,
    /// A row that repeats another or an item, and goes in all the same; may repeat.
    #[arg(long, value_name = "ROW")]
    accept: Vec<u32>,
    /// A row that stays out although it could go in; may repeat.
    #[arg(long, value_name = "ROW")]
    leave_out: Vec<u32>,
    /// The staff number of the person who imports.
    #[arg(long = "as", value_name = "CODE")]
    actor: Option<String>,
    /// Fills an empty data folder with the demonstration's organisation.
    #[arg(long)]
    demo: bool,
    /// Shows the report and imports nothing.
    #[arg(long)]
    dry_run: bool,
    /// The moment at which it happens (RFC 3339) instead of the machine's clock.
    #[arg(long, value_name = "TIME")]
    now: Option<Timestamp>,
    /// Prints the report as JSON.
    #[arg(long)]
    json: bool,
    /// The data folder.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

impl Import {
    /// Runs the command.
    #[must_use]
    pub(super) fn run(self) -> ExitCode {
        let (json, language) = (self.json, output::language());
        output::run(json, language, self.import(language))
    }

    async fn import(self, language: Language) -> Result<String, Stop> {
        let bytes = output::read_file(&self.file)?;
        let settings = Settings { demo: self.demo, now: self.now, ..output::settings(self.data.as_deref()) };
        // A dry run leaves nothing behind, not even an empty database.
        let (settings, _folder) = if self.dry_run { without_traces(settings)? } else { (settings, None) };
        let app = output::open(settings).await?;
        if self.demo {
            serve::seed(&app).await?;
        }
        let person = self.person(&app).await?;
        let order = Order { module: self.module.clone(), kind: self.kind.clone(), categories: self.categories.clone() };
        let upload = Upload { name: file_name(&self.file), bytes };
        if self.dry_run {
            imports::allow(&app, person, &order.kind).await.map_err(failed)?;
            let report = imports::report(&app, &Actor::Person(person), &order, upload).await.map_err(stop)?;
            return Ok(self.text(&report, None, language));
        }
        let preview = imports::upload(&app, person, &order, upload).await.map_err(stop)?;
        let key = format!("import-{}", preview.id);
        let choice = Choice { accept: self.accept.clone(), leave_out: self.leave_out.clone() };
        let batch = imports::commit(&app, person, preview.id, &choice, key).await.map_err(failed)?;
        Ok(self.text(&batch.report, Some(&batch), language))
    }

    fn text(&self, report: &Report, batch: Option<&Batch>, language: Language) -> String {
        let committed = batch.and_then(|batch| batch.committed.as_ref());
        if !self.json {
            return import_report::text(report, committed, language);
        }
        let mut json = report.to_json(language);
        if let (Json::Object(fields), Some(committed)) = (&mut json, committed) {
            let items = &committed.items;
            let done = json!({"created": committed.created, "changed": committed.changed, "items": items});
            fields.insert("committed".to_owned(), done);
        }
        output::pretty(&json)
    }

    /// Who imports: the one named; in a demonstration, else the first who may.
    async fn person(&self, app: &App) -> Result<PersonId, Stop> {
        let org = app.org();
        if let Some(code) = &self.actor {
            let found = org.people().find(|person| person.active && person.code == *code);
            return found.map(|person| person.id).ok_or_else(|| {
                Stop::refused(
                    "unknown-person",
                    Text::new(
                        format!("没有工号为“{code}”的在职人员"),
                        format!("there is no active person with the staff number “{code}”"),
                    ),
                )
            });
        }
        if self.demo {
            for person in org.people().filter(|person| person.active) {
                if imports::allow(app, person.id, &self.kind).await.is_ok() {
                    return Ok(person.id);
                }
            }
        }
        Err(Stop::refused(
            "no-person",
            Text::new("请用 --as 工号 指明由谁导入", "say with --as CODE who imports: a staff number"),
        ))
    }
}

/// Settings over a temporary folder, where the data folder has no database yet.
fn without_traces(settings: Settings) -> Result<(Settings, Option<tempfile::TempDir>), Stop> {
    if settings.database_url.is_some() || settings.data.join(FILE).exists() {
        return Ok((settings, None));
    }
    let folder = tempfile::tempdir().map_err(Stop::failed)?;
    Ok((Settings { data: folder.path().to_owned(), ..settings }, Some(folder)))
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Why an import stopped, for the exit code and the message.
pub(super) fn stop(error: ImportError) -> Stop {
    match error {
        ImportError::Refused(refusal) => Stop::refused(refusal.code, refusal.message),
        ImportError::Failed(failure) => failed(failure),
    }
}

fn failed(failure: Failure) -> Stop {
    match failure {
        Failure::Forbidden => Stop::refused(
            "forbidden",
            Text::new("此人的岗位没有导入权限", "the person's posts do not give the right to import"),
        ),
        Failure::Invalid(_) | Failure::LedgerChanged(_) | Failure::Unreadable(_) | Failure::TooLarge(_) => {
            let text = |language| failure.one_line(language);
            Stop::refused("invalid", Text::new(text(Language::Zh), text(Language::En)))
        }
        other => Stop::failed(other),
    }
}
