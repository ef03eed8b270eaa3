//! One call of a service: signed, bounded in time and size.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::Mac as _;
use jiff::Timestamp;
use reqwest::{Response, StatusCode, header};
use serde_json::{Map, Value as Json};

use super::{Asked, incoming};

/// The largest answer, in bytes.
const MOST_BYTES: usize = 1 << 20;
/// How much of an answer that is no success is told, in characters.
const EXCERPT: usize = 200;

/// Why a call brought no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trouble {
    /// What happened, in English, in short.
    pub(crate) message: String,
    /// Whether trying again may help.
    pub(crate) again: bool,
}

impl Trouble {
    /// One that another try does not end.
    pub(crate) fn lasting(message: impl Into<String>) -> Self {
        Self { message: message.into(), again: false }
    }

    /// One that may pass.
    fn passing(message: impl Into<String>) -> Self {
        Self { message: message.into(), again: true }
    }
}

impl Asked {
    /// Sends `body` to `path` under the idempotency key `id`; the answer's JSON object, empty where `wanted` is false.
    pub(crate) async fn call(
        &self,
        path: &str,
        id: &str,
        body: &Map<String, Json>,
        now: Timestamp,
        wanted: bool,
    ) -> Result<Map<String, Json>, Trouble> {
        let body = serde_json::to_string(body).map_err(|error| Trouble::lasting(error.to_string()))?;
        let timestamp = now.as_second().to_string();
        let request = self
            .client
            .post(format!("{}{path}", self.url.as_str().trim_end_matches('/')))
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/json")
            .header("Idempotency-Key", id)
            .header("webhook-id", id)
            .header("webhook-timestamp", &timestamp)
            .header("webhook-signature", signature(&self.secret, id, &timestamp, body.as_bytes()))
            .body(body);
        let answer = request.send().await.map_err(|error| unreachable(&error))?;
        let status = answer.status();
        let bytes = read(answer).await?;
        if !status.is_success() {
            return Err(refused(status, &bytes));
        }
        if !wanted {
            return Ok(Map::new());
        }
        serde_json::from_slice(&bytes)
            .map_err(|error| Trouble::lasting(format!("the answer is no JSON object: {error}")))
    }
}

/// The signature of a message by the Standard Webhooks scheme: HMAC-SHA256 over `id.timestamp.body`.
pub(crate) fn signature(secret: &[u8], id: &str, timestamp: &str, body: &[u8]) -> String {
    // A key of any length fits.
    let Some(mac) = incoming::code(secret, id, timestamp, body) else { return String::new() };
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// What kept an answer from coming, with its causes, without the address.
fn unreachable(error: &reqwest::Error) -> Trouble {
    let mut message = if error.is_timeout() { "no answer in time".to_owned() } else { "not reachable".to_owned() };
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        // What a text can not take is left out.
        let _ = write!(message, ": {error}");
        cause = error.source();
    }
    Trouble::passing(message)
}

async fn read(mut answer: Response) -> Result<Vec<u8>, Trouble> {
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| unreachable(&error))? {
        if bytes.len() + chunk.len() > MOST_BYTES {
            return Err(Trouble::lasting("the answer is larger than 1 MiB"));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn refused(status: StatusCode, bytes: &[u8]) -> Trouble {
    let again = status.is_server_error()
        || [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_EARLY, StatusCode::TOO_MANY_REQUESTS].contains(&status);
    let text: String = String::from_utf8_lossy(bytes).trim().chars().take(EXCERPT).collect();
    let message = if text.is_empty() { status.to_string() } else { format!("{status}: {text}") };
    Trouble { message, again }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_that_of_standard_webhooks() {
        // The example of the scheme's specification.
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let body = br#"{"test": 2432232314}"#;
        let signed = signature(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
