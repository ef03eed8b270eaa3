//! What an installation is started with. The command line fills it in; nothing else reads the environment.

use std::path::PathBuf;

use docket_engine::text::Text;
use jiff::{Timestamp, tz::TimeZone};

use crate::{security::Security, services::Services};

/// The settings of one process.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The folder of the SQLite file and of attachments. Created when it does not exist.
    pub data: PathBuf,
    /// `postgres://…`; without it the database is the file `docket.sqlite` in `data`.
    pub database_url: Option<String>,
    /// `redis://…`: wakes the other nodes sooner. Losing it loses nothing but delay.
    pub redis_url: Option<String>,
    /// The configuration that fills an empty database; without it the embedded one does.
    pub config: Option<PathBuf>,
    /// Whether this is a demonstration: the clock may be moved.
    pub demo: bool,
    /// Where the clock stands; without it the clock runs.
    pub now: Option<Timestamp>,
    /// The deployment's zone: what `today` is.
    pub zone: TimeZone,
    /// Most database connections at a time, at least 2.
    pub connections: u32,
    /// The other systems that this installation asks, and that send it messages.
    pub services: Services,
    /// Passwords, sessions, the administrators' log.
    pub security: Security,
    /// For how many days the keys of commands and their answers are kept, at least [`LEAST_KEY_DAYS`].
    pub keep_keys_days: u16,
    /// What the HTTP side is started with.
    pub web: Web,
}

/// The fewest days for which keys of commands are kept: whoever sends a command again does so within that time.
pub const LEAST_KEY_DAYS: u16 = 30;

/// Settings of the HTTP side.
#[derive(Debug, Clone)]
pub struct Web {
    /// The system's title in both languages (R2).
    pub title: Text,
    /// Whether the session's cookie is for HTTPS only.
    pub secure_cookie: bool,
    /// Whether a proxy's `X-Forwarded-Proto` and `X-Forwarded-For` are believed.
    pub trust_forwarded: bool,
    /// Memory of one password hash, in KiB.
    pub hash_memory_kib: u32,
    /// Passes of one password hash.
    pub hash_passes: u32,
}

impl Default for Web {
    fn default() -> Self {
        Self {
            title: Text::new("Docket 工作流平台", "Docket"),
            secure_cookie: false,
            trust_forwarded: false,
            hash_memory_kib: 19_456,
            hash_passes: 2,
        }
    }
}

impl Settings {
    /// The defaults over the data folder `data`.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            database_url: None,
            redis_url: None,
            config: None,
            demo: false,
            now: None,
            zone: TimeZone::get("Asia/Shanghai").unwrap_or(TimeZone::UTC),
            connections: 16,
            services: Services::default(),
            security: Security::default(),
            keep_keys_days: 90,
            web: Web::default(),
        }
    }
}
