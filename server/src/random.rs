//! Randomness from the operating system, for tokens.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::failure::Failure;

/// 256 random bits, as 43 letters that are safe in URLs and cookies.
///
/// # Errors
/// Where the operating system gives none.
pub fn token() -> Result<String, Failure> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(Failure::internal)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
