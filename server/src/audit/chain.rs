//! How a row of the log is hashed: over the row before it, with SHA-256 or SM3, with a key where there is one.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::{Digest, Sha256};
use sm3::Sm3;

use crate::{
    app::runner::chain::{GENESIS, canonical},
    db::entity::audit,
};

/// The hash of a chain that is empty.
pub(super) const EMPTY: &str = GENESIS;

/// A hash function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Algorithm {
    /// SHA-256 (FIPS 180-4).
    #[default]
    Sha256,
    /// SM3 (GB/T 32905).
    Sm3,
}

/// The algorithm that new rows are hashed with, and the key, if there is one.
#[derive(Clone, Default)]
pub struct Hasher {
    algorithm: Algorithm,
    key: Option<Vec<u8>>,
}

impl std::fmt::Debug for Hasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl Hasher {
    /// Hashes by `algorithm`, as an HMAC where there is a key.
    #[must_use]
    pub const fn new(algorithm: Algorithm, key: Option<Vec<u8>>) -> Self {
        Self { algorithm, key }
    }

    /// The name that stands beside every row.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match (self.algorithm, self.key.is_some()) {
            (Algorithm::Sha256, false) => "sha256",
            (Algorithm::Sha256, true) => "hmac-sha256",
            (Algorithm::Sm3, false) => "sm3",
            (Algorithm::Sm3, true) => "hmac-sm3",
        }
    }

    /// The hash of `row`, which names its algorithm, after a row with the hash `before`. Nothing where this process does not
    /// know the algorithm or has no key.
    pub(super) fn row(&self, before: &str, row: &audit::Model) -> Option<String> {
        let text = canonical(&json!({
            "sequence": row.sequence, "at": row.at, "actor": row.actor_id, "for": row.for_id, "via": row.via,
            "address": row.address, "act": row.act, "object_kind": row.object_kind, "object": row.object,
            "detail": row.detail, "result": row.result, "algorithm": row.algorithm,
        }));
        self.by_name(&row.algorithm, &[before.as_bytes(), text.as_bytes()])
    }

    /// Hashes `parts` by the algorithm called `name`.
    pub(super) fn by_name(&self, name: &str, parts: &[&[u8]]) -> Option<String> {
        let key = self.key.as_deref();
        match name {
            "sha256" => Some(plain::<Sha256>(parts)),
            "sm3" => Some(plain::<Sm3>(parts)),
            "hmac-sha256" => Some(keyed(Hmac::<Sha256>::new_from_slice(key?).ok()?, parts)),
            "hmac-sm3" => Some(keyed(Hmac::<Sm3>::new_from_slice(key?).ok()?, parts)),
            _ => None,
        }
    }
}

fn plain<D: Digest>(parts: &[&[u8]]) -> String {
    let mut hash = D::new();
    for part in parts {
        hash.update(part);
    }
    hex(&hash.finalize())
}

fn keyed(mut mac: impl Mac, parts: &[&[u8]]) -> String {
    for part in parts {
        mac.update(part);
    }
    hex(&mac.finalize().into_bytes())
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing into a `String` can not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standards_own_examples_come_out() {
        let hasher = Hasher::default();
        let sm3 = hasher.by_name("sm3", &[b"a", b"bc"]).unwrap();
        assert_eq!(sm3, "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0", "GB/T 32905, example 1");
        let sha = hasher.by_name("sha256", &[b"abc"]).unwrap();
        assert_eq!(sha, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "FIPS 180-4");
        assert_eq!(hasher.by_name("hmac-sm3", &[b"abc"]), None, "there is no key");
        let keyed = Hasher::new(Algorithm::Sm3, Some(b"key".to_vec()));
        assert_eq!(keyed.name(), "hmac-sm3");
        assert_ne!(keyed.by_name("hmac-sm3", &[b"abc"]), keyed.by_name("hmac-sha256", &[b"abc"]));
        assert!(!format!("{keyed:?}").contains("107"), "the key is not shown");
    }
}
