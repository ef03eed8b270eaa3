//! Secrets of second factors at rest: XChaCha20-Poly1305 under the key of the settings, bound to their person.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use docket_engine::id::PersonId;

use crate::failure::Failure;

/// Bytes of a nonce.
const NONCE: usize = 24;

/// Encrypts the secret of `person`.
pub(super) fn seal(key: &[u8; 32], person: PersonId, secret: &[u8]) -> Result<String, Failure> {
    let mut nonce = [0_u8; NONCE];
    getrandom::fill(&mut nonce).map_err(Failure::internal)?;
    let about = person.to_string();
    let payload = Payload { msg: secret, aad: about.as_bytes() };
    let sealed = cipher(key)?.encrypt(&XNonce::from(nonce), payload).map_err(Failure::internal)?;
    Ok(STANDARD.encode([nonce.as_slice(), &sealed].concat()))
}

/// Decrypts what [`seal`] gave.
pub(super) fn open(key: &[u8; 32], person: PersonId, sealed: &str) -> Result<Vec<u8>, Failure> {
    let broken = || Failure::internal("the secret of a second factor can not be read: another key, or damaged");
    let bytes = STANDARD.decode(sealed).map_err(|_| broken())?;
    let (nonce, sealed) = bytes.split_at_checked(NONCE).ok_or_else(broken)?;
    let nonce = <[u8; NONCE]>::try_from(nonce).map_err(|_| broken())?;
    let about = person.to_string();
    let payload = Payload { msg: sealed, aad: about.as_bytes() };
    cipher(key)?.decrypt(&XNonce::from(nonce), payload).map_err(|_| broken())
}

fn cipher(key: &[u8; 32]) -> Result<XChaCha20Poly1305, Failure> {
    XChaCha20Poly1305::new_from_slice(key).map_err(Failure::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_comes_back_for_its_person_with_its_key_alone() {
        let sealed = seal(&[1; 32], PersonId(7), b"secret").unwrap();
        assert_eq!(open(&[1; 32], PersonId(7), &sealed).unwrap(), b"secret");
        assert!(open(&[2; 32], PersonId(7), &sealed).is_err());
        assert!(open(&[1; 32], PersonId(8), &sealed).is_err());
        assert!(open(&[1; 32], PersonId(7), "c2hvcnQ=").is_err());
        assert_ne!(seal(&[1; 32], PersonId(7), b"secret").unwrap(), sealed);
    }
}
