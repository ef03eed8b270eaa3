//! What a running process shares: settings, clock, database, published definitions, organisation, push.

use std::sync::{Arc, PoisonError, RwLock};

use docket_engine::{command::Actor, context::Context, definition::registry::Registry, org::Org};
use jiff::{Timestamp, civil::Date};
use sea_orm::EntityTrait;

use crate::{
    access::Access,
    app::{
        definitions::{self, Published},
        generation,
        org::{self, Organisation},
        sessions::Gate,
        validate::Validators,
    },
    audit::keep,
    clock::{Clock, Mode},
    db::{Db, entity::setting},
    jobs::Wake,
    push::{Hub, News, Stale, announce},
    random,
    settings::Settings,
};

/// The shared state; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Shared>);

/// What [`App`] shares.
pub struct Shared {
    /// What the process was started with.
    pub settings: Settings,
    /// The one clock.
    pub clock: Clock,
    /// The database.
    pub db: Db,
    /// Tells streams what became stale.
    pub hub: Hub,
    /// Wakes the jobs.
    pub wake: Wake,
    /// The access rules in force.
    pub access: Access,
    /// Signing in.
    pub sessions: Gate,
    /// When the administrators' log is next looked after.
    pub(crate) keeping: keep::Due,
    /// Compiled schemas of forms.
    pub validators: Validators,
    /// This process among the nodes; random.
    pub node: String,
    /// Held while definitions or organisation are loaded, so that an earlier state never replaces a later one.
    pub(crate) reloading: tokio::sync::Mutex<()>,
    published: RwLock<Arc<Published>>,
    organisation: RwLock<Arc<Organisation>>,
}

impl std::ops::Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl Shared {
    /// What is published: definitions with the Casbin rules read beside them. Replaced as a whole.
    #[must_use]
    pub fn published(&self) -> Arc<Published> {
        Arc::clone(&self.published.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The published definitions.
    #[must_use]
    pub fn registry(&self) -> Arc<Registry> {
        Arc::clone(&self.published().registry)
    }

    /// The organisation with its generation. Replaced as a whole.
    #[must_use]
    pub fn organisation(&self) -> Arc<Organisation> {
        Arc::clone(&self.organisation.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The organisation.
    #[must_use]
    pub fn org(&self) -> Arc<Org> {
        Arc::clone(&self.organisation().org)
    }

    /// To be called with [`Shared::reloading`] held.
    pub(crate) fn set_published(&self, published: Arc<Published>) {
        *self.published.write().unwrap_or_else(PoisonError::into_inner) = published;
    }

    /// To be called with [`Shared::reloading`] held.
    pub(crate) fn set_organisation(&self, organisation: Arc<Organisation>) {
        *self.organisation.write().unwrap_or_else(PoisonError::into_inner) = organisation;
    }

    /// Now, by the one clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Today in the deployment's zone.
    #[must_use]
    pub fn today(&self) -> Date {
        self.clock.today()
    }

    /// What the engine is told when `actor` acts now.
    #[must_use]
    pub fn context(&self, actor: Actor) -> Context {
        Context { now: self.now(), zone: self.clock.zone().clone(), actor, org: self.org(), registry: self.registry() }
    }
}

/// Why a process can not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database does not answer or its tables can not be brought up to date.
    #[error(transparent)]
    Database(#[from] sea_orm::DbErr),
    /// The configuration that is to fill an empty database has faults.
    #[error(transparent)]
    Publish(#[from] crate::app::definitions::PublishError),
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("node", &self.node).finish_non_exhaustive()
    }
}

impl App {
    /// Connects, brings the tables up to date, fills an empty database with the configuration, and loads what is published.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn open(settings: Settings) -> Result<Self, StartError> {
        let db = Db::connect(&settings).await?;
        db.migrate().await?;
        let stored = stored_clock(&settings, &db).await?;
        let clock = Clock::new(Clock::at_start(settings.now, stored), settings.zone.clone());
        let node = random::token().map_err(|failure| sea_orm::DbErr::Custom(failure.to_string()))?;
        let app = Self(Arc::new(Shared {
            settings,
            clock,
            db,
            hub: Hub::default(),
            wake: Wake::default(),
            access: Access::default(),
            sessions: Gate::default(),
            keeping: keep::Due::default(),
            validators: Validators::default(),
            node,
            reloading: tokio::sync::Mutex::default(),
            published: RwLock::default(),
            organisation: RwLock::default(),
        }));
        definitions::reload(&app).await?;
        if app.published().generation == 0 {
            let files = match &app.settings.config {
                Some(folder) => definitions::read_folder(folder)?,
                None => definitions::shipped(),
            };
            definitions::fill(&app, &files).await?;
        }
        org::reload(&app).await?;
        Ok(app)
    }

    /// Moves the clock of a demonstration to `to`; persisted, and heard by every node. Due timers fire at once.
    ///
    /// # Errors
    /// The database's own.
    pub async fn move_clock(&self, to: Timestamp) -> Result<(), sea_orm::DbErr> {
        let mode = self.clock.moved(to);
        let stored = serde_json::to_string(&mode).map_err(|error| sea_orm::DbErr::Custom(error.to_string()))?;
        let write = self.db.write().await?;
        generation::put(&*write, CLOCK, stored).await?;
        announce(&*write, &self.node, &News::Clock(mode)).await?;
        write.commit().await?;
        self.clock.set(mode);
        self.wake.timers.notify_one();
        self.wake.outbox.notify_one();
        self.wake.questions.notify_one();
        self.wake.log.notify_one();
        self.wake.trim.notify_one();
        self.wake.follow_ups.notify_one();
        self.wake.nodes.notify_one();
        self.hub.tell(Stale::everything());
        Ok(())
    }
}

/// The setting that holds how a demonstration's clock runs.
const CLOCK: &str = "clock";

/// Where the clock of a demonstration was moved to; outside one, the clock is the machine's.
async fn stored_clock(settings: &Settings, db: &Db) -> Result<Option<Mode>, sea_orm::DbErr> {
    if !settings.demo {
        return Ok(None);
    }
    let row = setting::Entity::find_by_id(CLOCK).one(db.reader()).await?;
    Ok(row.and_then(|row| serde_json::from_str(&row.value).ok()))
}
