//! What an installation is started with. The command line fills it in; nothing else reads the environment.

use std::path::PathBuf;

use jiff::{Timestamp, tz::TimeZone};

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
        }
    }
}
