//! Messages from other systems: whose they are is told by their signature alone (Standard Webhooks).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::{SignedDuration, Timestamp};
use sha2::Sha256;

use super::{Service, Services};

/// How old a message may be, and how far ahead of this clock.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);
/// Most signatures of one message: a sender that changes its secret signs with both.
const MOST_SIGNATURES: usize = 5;
/// The longest `webhook-id`, in characters.
const LONGEST_ID: usize = 128;

/// A message as it came.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Incoming<'a> {
    /// The header `webhook-id`.
    pub(crate) id: &'a str,
    /// The header `webhook-timestamp`: seconds since the epoch.
    pub(crate) timestamp: &'a str,
    /// The header `webhook-signature`: `v1,BASE64`, several with spaces between them.
    pub(crate) signature: &'a str,
    /// The body.
    pub(crate) body: &'a [u8],
}

impl Services {
    /// The service that signed a message, by name; none where nobody did, or not lately.
    pub(crate) fn sender(&self, message: &Incoming<'_>, now: Timestamp) -> Option<(&str, &Service)> {
        // A full stop in the id would let one signature stand for two messages.
        let fits = |text: &str| {
            (1..=LONGEST_ID).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'.')
        };
        if !fits(message.id) || !is_recent(message.timestamp, now) {
            return None;
        }
        let signatures: Vec<Vec<u8>> = message
            .signature
            .split(' ')
            .take(MOST_SIGNATURES)
            .filter_map(|one| STANDARD.decode(one.strip_prefix("v1,")?).ok())
            .collect();
        let signed = |service: &Service| {
            let mac = code(&service.secret, message.id, message.timestamp, message.body);
            // Compared in constant time.
            mac.is_some_and(|mac| signatures.iter().any(|signature| mac.clone().verify_slice(signature).is_ok()))
        };
        self.0.iter().find(|(_, service)| signed(service)).map(|(name, service)| (name.as_str(), service))
    }
}

fn is_recent(timestamp: &str, now: Timestamp) -> bool {
    // Digits alone, so that one moment is written in one way.
    let digits = timestamp.bytes().all(|byte| byte.is_ascii_digit());
    let at = timestamp.parse().ok().filter(|_| digits).and_then(|seconds| Timestamp::from_second(seconds).ok());
    at.is_some_and(|at| now.duration_since(at).abs() <= TOLERANCE)
}

/// The code over `id.timestamp.body`.
pub(super) fn code(secret: &[u8], id: &str, timestamp: &str, body: &[u8]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
    for part in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
        mac.update(part);
    }
    Some(mac)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::call::signature;

    const ONE: &[u8] = b"0123456789abcdef0123456789abcdef";
    const OTHER: &[u8] = b"another secret that is long enough";

    fn services() -> Services {
        let of = |secret: &[u8]| serde_json::json!({"secret": STANDARD.encode(secret), "messages": ["paid"]});
        Services::read(&serde_json::json!({"archive": of(ONE), "finance": of(OTHER)}).to_string()).unwrap()
    }

    fn now() -> Timestamp {
        Timestamp::from_second(1_700_000_000).unwrap()
    }

    fn sender(id: &str, timestamp: &str, signature: &str, body: &[u8]) -> Option<String> {
        let message = Incoming { id, timestamp, signature, body };
        services().sender(&message, now()).map(|(name, _)| name.to_owned())
    }

    #[test]
    fn a_message_is_whose_secret_signed_it() {
        let (at, body) = ("1700000000", br#"{"name": "paid"}"#.as_slice());
        let by = |secret: &[u8]| signature(secret, "msg_1", at, body);
        assert_eq!(sender("msg_1", at, &by(ONE), body).as_deref(), Some("archive"));
        assert_eq!(sender("msg_1", at, &by(OTHER), body).as_deref(), Some("finance"));
        let both = format!("v1a,AAAA {} {}", by(b"an older secret, not known here"), by(OTHER));
        assert_eq!(sender("msg_1", at, &both, body).as_deref(), Some("finance"));
    }

    #[test]
    fn whatever_differs_is_nobodys() {
        let (at, body) = ("1700000000", b"{}".as_slice());
        let signed = signature(ONE, "msg_1", at, body);
        assert_eq!(sender("msg_2", at, &signed, body), None);
        assert_eq!(sender("msg_1", "1700000001", &signed, body), None);
        assert_eq!(sender("msg_1", at, &signed, b"{ }"), None);
        for signature in ["", "v1,", "v1", &signed[3..], &signed.replace("v1,", "v2,"), &"v1,AAAA ".repeat(9)] {
            assert_eq!(sender("msg_1", at, signature, body), None, "{signature}");
        }
        // Where its parts begin and end is not up to the sender.
        let joined = signature(ONE, "msg", "1.1700000000", body);
        assert_eq!(sender("msg.1", at, &joined, body), None);
    }

    #[test]
    fn a_message_is_five_minutes_old_at_most() {
        let with = |seconds: i64| {
            let at = (1_700_000_000 + seconds).to_string();
            sender("msg_1", &at, &signature(ONE, "msg_1", &at, b"{}"), b"{}").is_some()
        };
        assert!(with(-300) && with(0) && with(300));
        assert!(!with(-301) && !with(301));
        for at in ["+1700000000", "-1", "", "1700000000.0", "99999999999999999999"] {
            assert_eq!(sender("msg_1", at, &signature(ONE, "msg_1", at, b"{}"), b"{}"), None, "{at}");
        }
    }
}
