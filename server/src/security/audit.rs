//! The administrators' log: how it is hashed and how long it is kept.

use jiff::SignedDuration;
use serde::Deserialize;

use super::{SecurityError, key, within};
use crate::audit::{Algorithm, Hasher};

/// The fewest days that the log is kept: six months (I1).
const LEAST_DAYS: u32 = 180;
/// The most: a hundred years.
const MOST_DAYS: u32 = 36_500;

/// Settings of the administrators' log.
#[derive(Debug, Clone)]
pub struct Audit {
    /// How new rows are hashed.
    pub hasher: Hasher,
    /// How long rows are kept.
    pub keep: SignedDuration,
    /// How often the heads of chains are sealed.
    pub seal_every: SignedDuration,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Written {
    hash: Hash,
    key: Option<String>,
    retention_days: u32,
    seal_minutes: u32,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Hash {
    Sha256,
    Sm3,
}

impl Default for Written {
    fn default() -> Self {
        Self { hash: Hash::Sha256, key: None, retention_days: 2 * LEAST_DAYS, seal_minutes: 60 }
    }
}

impl Default for Audit {
    fn default() -> Self {
        Self {
            hasher: Hasher::default(),
            keep: SignedDuration::from_hours(24 * i64::from(2 * LEAST_DAYS)),
            seal_every: SignedDuration::from_hours(1),
        }
    }
}

impl Audit {
    pub(super) fn of(written: &Written) -> Result<Self, SecurityError> {
        let days = written.retention_days;
        if days < LEAST_DAYS {
            return Err(SecurityError::new(
                "audit.retention_days",
                format!("审计日志至少保存六个月（{LEAST_DAYS} 天），不能改短为 {days} 天"),
                format!("the log is kept for six months ({LEAST_DAYS} days) at least, not for {days}"),
            ));
        }
        let days = within("audit.retention_days", days, LEAST_DAYS, MOST_DAYS)?;
        let minutes = within("audit.seal_minutes", written.seal_minutes, 1, 24 * 60)?;
        let algorithm = match written.hash {
            Hash::Sha256 => Algorithm::Sha256,
            Hash::Sm3 => Algorithm::Sm3,
        };
        let key = written.key.as_deref().map(|written| key("audit.key", written, 32)).transpose()?;
        Ok(Self {
            hasher: Hasher::new(algorithm, key),
            keep: SignedDuration::from_hours(24 * i64::from(days)),
            seal_every: SignedDuration::from_mins(minutes.into()),
        })
    }
}
