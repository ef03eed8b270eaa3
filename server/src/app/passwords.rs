//! Argon2id on blocking threads, a few at a time: hashing is meant to be expensive, and must not starve the rest.

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier},
};
use docket_engine::text::Text;
use tokio::{
    sync::{OnceCell, Semaphore},
    task,
};

use crate::{failure::Failure, settings::Web};

/// Hashes that are computed at a time.
const AT_A_TIME: usize = 4;
/// The longest password, in bytes: what is longer is refused before it is hashed.
const MAX_PASSWORD: usize = 1024;

/// Bounded hashing.
#[derive(Debug)]
pub struct Hashing {
    permits: Semaphore,
    nobody: OnceCell<String>,
}

impl Default for Hashing {
    fn default() -> Self {
        Self { permits: Semaphore::new(AT_A_TIME), nobody: OnceCell::new() }
    }
}

impl Hashing {
    /// The hash of `password` with a new salt, as a PHC string.
    ///
    /// # Errors
    /// A password that is too long.
    pub async fn hash(&self, web: &Web, password: &str) -> Result<String, Failure> {
        let params = Params::new(web.hash_memory_kib, web.hash_passes, 1, None).map_err(Failure::internal)?;
        self.blocking(password, move |password| {
            let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
            argon.hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(Failure::internal)
        })
        .await
    }

    /// Whether `password` is the one of `hash`; the hash names its own parameters.
    ///
    /// # Errors
    /// A password that is too long.
    pub async fn verify(&self, password: &str, hash: String) -> Result<bool, Failure> {
        self.blocking(password, move |password| {
            Ok(Argon2::default().verify_password(password.as_bytes(), hash.as_str()).is_ok())
        })
        .await
    }

    /// Takes as long as [`Hashing::verify`].
    ///
    /// # Errors
    /// As [`Hashing::verify`].
    pub async fn verify_nothing(&self, web: &Web, password: &str) -> Result<(), Failure> {
        let hash = self.nobody.get_or_try_init(|| self.hash(web, "nobody")).await?;
        self.verify(password, hash.clone()).await?;
        Ok(())
    }

    async fn blocking<T: Send + 'static>(
        &self,
        password: &str,
        work: impl FnOnce(String) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        if password.len() > MAX_PASSWORD {
            return Err(Failure::TooLarge(Text::new("密码过长", "the password is too long")));
        }
        let password = password.to_owned();
        let _permit = self.permits.acquire().await.map_err(Failure::internal)?;
        task::spawn_blocking(move || work(password)).await.map_err(Failure::internal)?
    }
}
