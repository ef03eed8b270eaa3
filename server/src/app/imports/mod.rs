//! Imports of items: upload, preview, commit (R23). What was accepted is exactly what is shown.
//!
//! Invariants: a preview writes nothing but itself; a commit goes through the runner, all rows or none; it is refused where
//! the ledger has changed so that a row would be judged otherwise.

mod batch;
mod commit;
mod ledger;

use std::sync::Arc;

use docket_engine::{command::Actor, definition::registry::Registry, id::PersonId, org::Org, text::Text};
use jiff::{Timestamp, tz::TimeZone};

pub use batch::{Batch, Committed, State, load};
pub use commit::{Choice, commit};

use crate::{
    access::Subject,
    failure::Failure,
    import::{
        note::Refusal,
        preview::{self, Read},
        report::Report,
        setting::Setting,
        verdict,
    },
    state::App,
};

/// What is imported into.
#[derive(Debug, Clone)]
pub struct Order {
    /// The module's name.
    pub module: String,
    /// The kind's name.
    pub kind: String,
    /// The chosen categories.
    pub categories: Vec<String>,
}

/// A file to import.
#[derive(Debug, Clone)]
pub struct Upload {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Why there is no preview.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file as a whole is refused.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// Something else.
    #[error(transparent)]
    Failed(#[from] Failure),
}

impl From<ImportError> for Failure {
    fn from(error: ImportError) -> Self {
        let refusal = match error {
            ImportError::Failed(failure) => return failure,
            ImportError::Refused(refusal) => refusal,
        };
        match refusal.code {
            "unknown-module" | "unknown-kind" | "no-import" => Self::NotFound,
            "too-large" => Self::TooLarge(refusal.message),
            "no-category" | "unknown-category" => Self::invalid("/category", refusal.code, refusal.message),
            _ => Self::Unreadable(refusal.message),
        }
    }
}

/// Refuses a person who may not import items of `kind`.
///
/// # Errors
/// [`Failure::Forbidden`].
pub async fn allow(app: &App, person: PersonId, kind: &str) -> Result<(), Failure> {
    let rules = app.access.rules(&app.published()).await?;
    let subject = Arc::new(Subject::of(&app.org(), person));
    if rules.visibility(&subject, "import", kind).is_never() { Err(Failure::Forbidden) } else { Ok(()) }
}

/// The report on a file: nothing is written.
///
/// # Errors
/// [`ImportError`].
pub async fn report(app: &App, actor: &Actor, order: &Order, upload: Upload) -> Result<Report, ImportError> {
    let work = Work::new(app, actor, order.clone());
    let read = work.clone().read(upload).await?;
    judge(app, work, read).await
}

/// The report again, on the ledger as it is now.
///
/// # Errors
/// [`ImportError`].
async fn again(app: &App, actor: &Actor, order: &Order, report: Report) -> Result<Report, ImportError> {
    judge(app, Work::new(app, actor, order.clone()), preview::again(report)).await
}

async fn judge(app: &App, work: Work, read: Read) -> Result<Report, ImportError> {
    let keys = verdict::keys(&read.drafts);
    let known = ledger::known(app.db.reader(), &work.registry, &keys).await.map_err(Failure::from)?;
    let known = match work.actor.person() {
        Some(person) => ledger::masked(app, person, known).await?,
        None => known,
    };
    work.judge(read, known).await
}

/// Uploads a file and keeps its preview.
///
/// # Errors
/// [`ImportError`].
pub async fn upload(app: &App, person: PersonId, order: &Order, upload: Upload) -> Result<Batch, ImportError> {
    allow(app, person, &order.kind).await?;
    let (name, hash) = (upload.name.clone(), batch::hash(&upload.bytes));
    let report = report(app, &Actor::Person(person), order, upload).await?;
    Ok(batch::store(app, person, order, (name, hash), report).await?)
}

/// What a report is made with, apart from the file; runs on threads of its own, as large sheets take a while.
#[derive(Clone)]
struct Work {
    registry: Arc<Registry>,
    org: Arc<Org>,
    order: Order,
    now: Timestamp,
    zone: TimeZone,
    actor: Actor,
}

impl Work {
    fn new(app: &App, actor: &Actor, order: Order) -> Self {
        Self {
            registry: app.registry(),
            org: app.org(),
            order,
            now: app.now(),
            zone: app.clock.zone().clone(),
            actor: actor.clone(),
        }
    }

    fn setting(&self) -> Result<Setting<'_>, Refusal> {
        let kind = (self.order.module.as_str(), self.order.kind.as_str());
        let moment = (self.now, self.zone.clone(), self.actor.clone());
        Setting::new(&self.registry, &self.org, kind, &self.order.categories, moment)
    }

    async fn read(self, upload: Upload) -> Result<Read, ImportError> {
        apart(move || preview::read(&upload.name, &upload.bytes, &self.setting()?)).await
    }

    async fn judge(self, read: Read, known: Vec<verdict::Known>) -> Result<Report, ImportError> {
        apart(move || Ok(preview::judge(read, &known, &self.setting()?))).await
    }
}

/// Runs `work` beside the threads that serve requests.
async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, ImportError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| Failure::internal(format!("an import broke off: {error}")))?.map_err(ImportError::Refused)
}

/// The message of a refusal and of a failure, for a command line.
impl ImportError {
    /// What is wrong and what to do.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Refused(refusal) => refusal.message.clone(),
            Self::Failed(failure) => Text::same(failure.to_string()),
        }
    }
}
