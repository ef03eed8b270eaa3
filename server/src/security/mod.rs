//! How an installation keeps itself safe: the one file of `--security` (`docs/operations.md`). Settings of the server, never part
//! of a definition: whoever publishes definitions can neither weaken nor read them.

mod audit;
mod sign_in;

use docket_engine::text::Text;
use serde::Deserialize;

use self::sign_in::{WrittenFactor, WrittenLock, WrittenPasswords, WrittenSessions};
pub use self::{
    audit::Audit,
    sign_in::{Lock, Passwords, SecondFactor, Sessions},
};

/// The security settings of an installation.
#[derive(Debug, Clone)]
pub struct Security {
    /// The administrators' log.
    pub audit: Audit,
    /// What a password must be like.
    pub password: Passwords,
    /// When an account is locked.
    pub lock: Lock,
    /// How long sessions go on.
    pub session: Sessions,
    /// Second factors.
    pub second_factor: SecondFactor,
    /// Whether nobody may hold two of the three duties (I2).
    pub separate_duties: bool,
}

/// What is wrong with the file of security settings.
#[derive(Debug, thiserror::Error)]
pub enum SecurityError {
    /// It is not the JSON that it should be.
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    /// A setting is not as it should be.
    #[error("`{at}`: {}", what.en)]
    Unfit {
        /// Which, such as `audit.retention_days`.
        at: &'static str,
        /// What is wrong, and what to write.
        what: Text,
    },
}

/// The file as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    audit: audit::Written,
    password: WrittenPasswords,
    lock: WrittenLock,
    session: WrittenSessions,
    second_factor: WrittenFactor,
    duties: WrittenDuties,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WrittenDuties {
    separate: bool,
}

impl Default for WrittenDuties {
    fn default() -> Self {
        Self { separate: true }
    }
}

impl Default for Security {
    fn default() -> Self {
        // The defaults of the file are within its own bounds, which a test holds.
        Self::of(&Written::default()).unwrap_or_else(|_| unreachable!("the defaults are within their bounds"))
    }
}

impl Security {
    /// The settings of a file; what it does not say is as strict as the defaults.
    ///
    /// # Errors
    /// [`SecurityError`] names the setting and what to write.
    pub fn read(text: &str) -> Result<Self, SecurityError> {
        // A list would be read as an object whose values are all missing.
        let written: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text)?;
        Self::of(&serde_json::from_value(written.into())?)
    }

    fn of(written: &Written) -> Result<Self, SecurityError> {
        Ok(Self {
            audit: Audit::of(&written.audit)?,
            password: Passwords::of(&written.password)?,
            lock: Lock::of(&written.lock)?,
            session: Sessions::of(&written.session)?,
            second_factor: SecondFactor::of(&written.second_factor)?,
            separate_duties: written.duties.separate,
        })
    }

    /// As a demonstration has it, where everybody has the one password: it does not grow old when the clock is moved.
    #[must_use]
    pub fn demonstration() -> Self {
        let security = Self::default();
        Self { password: Passwords { age: None, ..security.password.clone() }, ..security }
    }
}

impl SecurityError {
    fn new(at: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Unfit { at, what: Text::new(zh.into(), en.into()) }
    }

    /// What is wrong, in both languages.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Json(error) => {
                Text::new(format!("不是所要的 JSON：{error}"), format!("it is not the JSON wanted: {error}"))
            }
            Self::Unfit { at, what } => Text::new(format!("`{at}`：{}", what.zh), format!("`{at}`: {}", what.en)),
        }
    }
}

/// The bytes of a key that is written in base64, of at least `least` bytes.
fn key(at: &'static str, written: &str, least: usize) -> Result<Vec<u8>, SecurityError> {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let key = STANDARD.decode(written).ok().filter(|key| key.len() >= least);
    key.ok_or_else(|| {
        SecurityError::new(
            at,
            format!("应为 base64 写成的至少 {least} 字节：openssl rand -base64 {least}"),
            format!("write at least {least} bytes in base64: openssl rand -base64 {least}"),
        )
    })
}

/// A number within bounds.
fn within(at: &'static str, number: u32, least: u32, most: u32) -> Result<u32, SecurityError> {
    if (least..=most).contains(&number) {
        return Ok(number);
    }
    Err(SecurityError::new(
        at,
        format!("应在 {least} 与 {most} 之间"),
        format!("it must lie between {least} and {most}"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        Security::read(text).unwrap_err().text().zh
    }

    #[test]
    fn nothing_written_is_the_default_and_what_is_unknown_is_refused() {
        assert_eq!(Security::read("{}").unwrap().audit.hasher.name(), "sha256");
        assert!(refused(r#"{"audits": {}}"#).contains("audits"));
        assert!(refused("[]").contains("JSON"));
    }

    #[test]
    fn what_is_too_weak_is_refused_with_its_bounds() {
        for (text, place) in [
            (r#"{"password": {"length": 6}}"#, "password.length"),
            (r#"{"password": {"classes": 1}}"#, "password.classes"),
            (r#"{"password": {"history": 0}}"#, "password.history"),
            (r#"{"lock": {"failures": 6}}"#, "lock.failures"),
            (r#"{"lock": {"minutes": 9}}"#, "lock.minutes"),
            (r#"{"session": {"idle_minutes": 481}}"#, "session.idle_minutes"),
            (r#"{"second_factor": {"required": ["audit"]}}"#, "second_factor.key"),
            (r#"{"second_factor": {"key": "c2hvcnQ="}}"#, "second_factor.key"),
        ] {
            assert!(refused(text).contains(place), "{text}");
        }
    }

    #[test]
    fn the_log_is_kept_for_six_months_at_least() {
        let refused = refused(r#"{"audit": {"retention_days": 179}}"#);
        assert!(refused.contains("audit.retention_days") && refused.contains("180"), "{refused}");
        let kept = Security::read(r#"{"audit": {"retention_days": 365, "hash": "sm3"}}"#).unwrap().audit;
        assert_eq!((kept.keep.as_hours(), kept.hasher.name()), (365 * 24, "sm3"));
    }

    #[test]
    fn a_key_is_long_enough_and_never_shown() {
        assert!(refused(r#"{"audit": {"key": "c2hvcnQ="}}"#).contains("openssl"));
        let text = r#"{"audit": {"hash": "sm3", "key": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="}}"#;
        let security = Security::read(text).unwrap();
        assert_eq!(security.audit.hasher.name(), "hmac-sm3");
        assert!(!format!("{security:?}").contains("48"), "{security:?}");
    }
}
