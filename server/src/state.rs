//! What a running process shares: settings, clock, database, published definitions, organisation, push.

use std::sync::{Arc, PoisonError, RwLock};

use docket_engine::{command::Actor, context::Context, definition::registry::Registry, org::Org};
use jiff::{Timestamp, civil::Date};

use crate::{
    access::Access,
    app::{definitions::Published, org::Organisation, sessions::Gate, validate::Validators},
    clock::Clock,
    db::Db,
    jobs::Wake,
    push::Hub,
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
    /// Compiled schemas of forms.
    pub validators: Validators,
    /// This process among the nodes; random.
    pub node: String,
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

    pub(crate) fn set_published(&self, published: Arc<Published>) {
        *self.published.write().unwrap_or_else(PoisonError::into_inner) = published;
    }

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

impl App {
    /// Connects, brings the tables up to date, fills an empty database with the configuration, and loads what is published.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn open(settings: Settings) -> Result<Self, StartError> {
        let db = Db::connect(&settings).await?;
        let clock = Clock::new(Clock::at_start(settings.now, None), settings.zone.clone());
        Ok(Self(Arc::new(Shared {
            settings,
            clock,
            db,
            hub: Hub::default(),
            wake: Wake::default(),
            access: Access::default(),
            sessions: Gate::default(),
            validators: Validators::default(),
            node: String::new(),
            published: RwLock::default(),
            organisation: RwLock::default(),
        })))
    }

    /// Moves the clock of a demonstration to `to`; persisted, and heard by every node. Due timers fire at once.
    ///
    /// # Errors
    /// The database's own.
    pub async fn move_clock(&self, to: Timestamp) -> Result<(), sea_orm::DbErr> {
        self.clock.set(self.clock.moved(to));
        Ok(())
    }
}
