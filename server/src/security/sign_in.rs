//! Passwords, locks, sessions and second factors.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use serde::Deserialize;

use super::{SecurityError, key, within};

/// What a password must be like.
#[derive(Debug, Clone)]
pub struct Passwords {
    /// The fewest characters.
    pub length: usize,
    /// The fewest classes of characters: small letters, capitals, digits, others.
    pub classes: usize,
    /// How long it does; none: for ever.
    pub age: Option<SignedDuration>,
    /// How many passwords before it may not come again.
    pub history: u64,
    /// Whether one that an administrator gave is changed at the first sign-in.
    pub first_change: bool,
}

/// When an account is locked.
#[derive(Debug, Clone, Copy)]
pub struct Lock {
    /// After how many failures in a row.
    pub failures: i32,
    /// For how long.
    pub for_long: SignedDuration,
}

/// How long sessions go on.
#[derive(Debug, Clone, Copy)]
pub struct Sessions {
    /// A session ends after this long without anything done, in milliseconds.
    pub idle_ms: i64,
    /// A session ends this long after signing in, in milliseconds.
    pub total_ms: i64,
    /// Whether signing in ends the same person's other sessions.
    pub single: bool,
}

/// One-time codes by time (TOTP, RFC 6238).
#[derive(Clone, Default)]
pub struct SecondFactor {
    /// The key by which secrets are stored; none: nobody can set one up.
    pub key: Option<[u8; 32]>,
    /// The roles and duties that need one.
    pub required: BTreeSet<String>,
}

impl std::fmt::Debug for SecondFactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecondFactor").field("required", &self.required).finish_non_exhaustive()
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct WrittenPasswords {
    length: u32,
    classes: u32,
    age_days: u32,
    history: u32,
    first_change: bool,
}

impl Default for WrittenPasswords {
    fn default() -> Self {
        Self { length: 8, classes: 3, age_days: 90, history: 5, first_change: true }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct WrittenLock {
    failures: u32,
    minutes: u32,
}

impl Default for WrittenLock {
    fn default() -> Self {
        Self { failures: 5, minutes: 10 }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct WrittenSessions {
    idle_minutes: u32,
    hours: u32,
    single: bool,
}

impl Default for WrittenSessions {
    fn default() -> Self {
        Self { idle_minutes: 120, hours: 12, single: false }
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct WrittenFactor {
    key: Option<String>,
    required: BTreeSet<String>,
}

impl std::fmt::Debug for WrittenFactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WrittenFactor").field("required", &self.required).finish_non_exhaustive()
    }
}

impl Passwords {
    pub(super) fn of(written: &WrittenPasswords) -> Result<Self, SecurityError> {
        let days = within("password.age_days", written.age_days, 1, 365)?;
        Ok(Self {
            length: within("password.length", written.length, 8, 64)? as usize,
            classes: within("password.classes", written.classes, 2, 4)? as usize,
            age: Some(SignedDuration::from_hours(24 * i64::from(days))),
            history: within("password.history", written.history, 1, 24)?.into(),
            first_change: written.first_change,
        })
    }
}

impl Lock {
    pub(super) fn of(written: &WrittenLock) -> Result<Self, SecurityError> {
        let failures = within("lock.failures", written.failures, 3, 5)?;
        let minutes = within("lock.minutes", written.minutes, 10, 24 * 60)?;
        Ok(Self { failures: i32::try_from(failures).unwrap_or(5), for_long: SignedDuration::from_mins(minutes.into()) })
    }
}

impl Sessions {
    pub(super) fn of(written: &WrittenSessions) -> Result<Self, SecurityError> {
        let idle = within("session.idle_minutes", written.idle_minutes, 1, 8 * 60)?;
        let hours = within("session.hours", written.hours, 1, 24)?;
        Ok(Self { idle_ms: i64::from(idle) * 60_000, total_ms: i64::from(hours) * 3_600_000, single: written.single })
    }
}

impl SecondFactor {
    pub(super) fn of(written: &WrittenFactor) -> Result<Self, SecurityError> {
        let at = "second_factor.key";
        let key = written.key.as_deref().map(|written| key(at, written, 32)).transpose()?;
        let key = key.map(|key| <[u8; 32]>::try_from(key.as_slice()));
        let key = key.transpose().map_err(|_| {
            SecurityError::new(
                at,
                "应正好 32 字节：openssl rand -base64 32",
                "write exactly 32 bytes: openssl rand -base64 32",
            )
        })?;
        if key.is_none() && !written.required.is_empty() {
            return Err(SecurityError::new(
                at,
                "要求动态口令时必须设置：openssl rand -base64 32",
                "it is needed where second factors are required: openssl rand -base64 32",
            ));
        }
        Ok(Self { key, required: written.required.clone() })
    }
}
