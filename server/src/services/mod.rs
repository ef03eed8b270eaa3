//! The other systems that this installation asks, and that send it messages: where they are, with which secret, and what they
//! may say. Settings of the server, never part of a definition, so that whoever writes workflows can neither read a secret nor
//! choose an address.
//!
//! Invariants: an address that is not public is only reached where the settings say so for that service; redirects are not
//! followed; an answer has a bounded size and time.

mod address;
pub(crate) mod call;
pub(crate) mod incoming;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::{Certificate, Client, Url, redirect::Policy};
use serde::Deserialize;

use self::address::{Addresses, allowed};

/// The fewest bytes of a secret.
const SECRET_BYTES: usize = 24;
/// How long an answer may take, where the settings do not say, and at most.
const TIMEOUT_S: u64 = 10;
const MOST_TIMEOUT_S: u64 = 60;
/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(5);

/// The services, by name.
#[derive(Debug, Clone, Default)]
pub struct Services(Arc<BTreeMap<String, Service>>);

/// One service.
#[derive(Clone)]
pub(crate) struct Service {
    secret: Arc<[u8]>,
    /// The messages that it may send.
    messages: BTreeSet<String>,
    /// How it is asked; none for one that only sends messages.
    asked: Option<Asked>,
}

/// How a service is asked.
#[derive(Clone)]
pub(crate) struct Asked {
    url: Url,
    secret: Arc<[u8]>,
    client: Client,
    /// How long an answer may take.
    pub(crate) timeout: Duration,
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.asked.as_ref().map(|asked| asked.url.as_str());
        f.debug_struct("Service").field("url", &url).field("messages", &self.messages).finish_non_exhaustive()
    }
}

/// What is wrong with the file of services.
#[derive(Debug, thiserror::Error)]
pub enum ServicesError {
    /// It is not the JSON that it should be.
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    /// A service is not as it should be.
    #[error("service `{name}`: {what}")]
    Unfit {
        /// Which.
        name: String,
        /// What is wrong, and what to write.
        what: String,
    },
}

/// A service as the file writes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    url: Option<String>,
    secret: String,
    #[serde(default)]
    messages: BTreeSet<String>,
    timeout_s: Option<u64>,
    ca_file: Option<PathBuf>,
    #[serde(default)]
    allow_http: bool,
    #[serde(default)]
    allow_private: bool,
}

impl Services {
    /// The services of a settings file: `{"NAME": {"url", "secret", "messages", "timeout_s", "ca_file", "allow_http",
    /// "allow_private"}}`.
    ///
    /// # Errors
    /// [`ServicesError`] names the service and what to write.
    pub fn read(text: &str) -> Result<Self, ServicesError> {
        let written: BTreeMap<String, Written> = serde_json::from_str(text)?;
        let service = |(name, written): (String, Written)| match Service::of(&written) {
            Ok(service) => Ok((name, service)),
            Err(what) => Err(ServicesError::Unfit { name, what }),
        };
        let services: BTreeMap<String, Service> = written.into_iter().map(service).collect::<Result<_, _>>()?;
        // Whose a message is must be told by its signature.
        let mut secrets = BTreeMap::new();
        for (name, service) in &services {
            if let Some(other) = secrets.insert(&service.secret, name) {
                let what = format!("`secret` is that of `{other}`: each service needs its own");
                return Err(ServicesError::Unfit { name: name.clone(), what });
            }
        }
        Ok(Self(Arc::new(services)))
    }

    /// How the service called `name` is asked; none where there is no such service, or it only sends messages.
    pub(crate) fn asked(&self, name: &str) -> Option<&Asked> {
        self.0.get(name)?.asked.as_ref()
    }

    /// The messages that the service called `name` may send.
    pub(crate) fn messages(&self, name: &str) -> Option<&BTreeSet<String>> {
        self.0.get(name).map(|service| &service.messages)
    }
}

impl Service {
    fn of(written: &Written) -> Result<Self, String> {
        let secret = written.secret.strip_prefix("whsec_").unwrap_or(&written.secret);
        let secret = STANDARD.decode(secret).map_err(|_| "`secret` must be written in base64".to_owned())?;
        if secret.len() < SECRET_BYTES {
            return Err(format!("`secret` must have at least {SECRET_BYTES} bytes: openssl rand -base64 32"));
        }
        let secret: Arc<[u8]> = secret.into();
        let messages = written.messages.clone();
        if written.url.is_none() && messages.is_empty() {
            return Err(
                "`url` says where it is asked, or `messages` what it may send: one of them is needed".to_owned()
            );
        }
        let url = written.url.as_ref().map(|url| address_of(url, written)).transpose()?;
        let asked = url.map(|url| Asked::of(url, Arc::clone(&secret), written)).transpose()?;
        Ok(Self { secret, messages, asked })
    }
}

impl Asked {
    fn of(url: Url, secret: Arc<[u8]>, written: &Written) -> Result<Self, String> {
        let timeout = written.timeout_s.unwrap_or(TIMEOUT_S);
        if !(1..=MOST_TIMEOUT_S).contains(&timeout) {
            return Err(format!("`timeout_s` must lie between 1 and {MOST_TIMEOUT_S}"));
        }
        let timeout = Duration::from_secs(timeout);
        // The first one stays; another one that was installed before does as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            .referer(false)
            .https_only(!written.allow_http)
            .user_agent("docket")
            .connect_timeout(CONNECT.min(timeout))
            .timeout(timeout)
            .tls_certs_merge(authorities(written)?)
            .dns_resolver(Addresses { private: written.allow_private })
            .build()
            .map_err(|error| format!("the client can not be made: {error}"))?;
        Ok(Self { url, secret, client, timeout })
    }
}

/// The authorities of `ca_file`, which count beside the machine's own.
fn authorities(written: &Written) -> Result<Vec<Certificate>, String> {
    let Some(path) = &written.ca_file else { return Ok(Vec::new()) };
    let told = |error: &dyn fmt::Display| format!("`ca_file` {}: {error}", path.display());
    let pem = std::fs::read(path).map_err(|error| told(&error))?;
    let found = Certificate::from_pem_bundle(&pem).map_err(|error| told(&error))?;
    if found.is_empty() { Err(told(&"it holds no certificate in PEM")) } else { Ok(found) }
}

/// The base address, which ends without a slash.
fn address_of(url: &str, written: &Written) -> Result<Url, String> {
    let url = Url::parse(url.trim_end_matches('/')).map_err(|error| format!("`url`: {error}"))?;
    match url.scheme() {
        "https" => {}
        "http" if written.allow_http => {}
        "http" => return Err("`url` is not https; \"allow_http\": true allows that".to_owned()),
        other => return Err(format!("`url` must begin with https://, not {other}:")),
    }
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return Err("`url` must hold no user, no `?` and no `#`".to_owned());
    }
    let host = url.host_str().ok_or("`url` names no host")?;
    let literal = host.trim_start_matches('[').trim_end_matches(']').parse();
    if let Ok(address) = literal
        && !allowed(address, written.allow_private)
    {
        return Err("`url` names an address that is not public; \"allow_private\": true allows private ones".to_owned());
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(service: &str) -> Result<Services, String> {
        Services::read(&format!("{{\"archive\": {service}}}")).map_err(|error| error.to_string())
    }

    const SECRET: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    #[test]
    fn a_file_says_where_services_are() {
        let services =
            read(&format!("{{\"url\": \"https://archive.example/api/\", \"secret\": \"{SECRET}\"}}")).unwrap();
        assert_eq!(services.asked("archive").unwrap().url.as_str(), "https://archive.example/api");
        assert!(services.asked("other").is_none());
        assert!(!format!("{services:?}").contains("MDEy") && !format!("{services:?}").contains("48, 49"));
    }

    #[test]
    fn what_is_not_safe_is_refused_unless_it_is_allowed() {
        let with = |url: &str, more: &str| read(&format!("{{\"url\": \"{url}\", \"secret\": \"{SECRET}\"{more}}}"));
        for url in [
            "http://archive.example",
            "ftp://archive.example",
            "https://user:word@archive.example",
            "https://archive.example/?a=b",
            "https://10.1.2.3",
            "https://127.0.0.1",
            "https://[::1]",
            "https://[::ffff:192.168.0.1]",
            "archive.example",
        ] {
            assert!(with(url, "").is_err(), "{url}");
        }
        assert!(with("http://archive.example", ", \"allow_http\": true").is_ok());
        assert!(with("https://10.1.2.3", ", \"allow_private\": true").is_ok());
        assert!(
            with("https://169.254.169.254", ", \"allow_private\": true").is_err(),
            "never: where clouds keep secrets"
        );
        assert!(with("https://archive.example", ", \"timeout_s\": 0").is_err());
        assert!(with("https://archive.example", ", \"timeout\": 3").unwrap_err().contains("unknown field"));
        assert!(read("{\"url\": \"https://a.example\", \"secret\": \"c2hvcnQ=\"}").unwrap_err().contains("24 bytes"));
        assert!(read("{\"url\": \"https://a.example\", \"secret\": \"not base 64\"}").is_err());
    }
}
