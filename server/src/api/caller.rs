//! Who calls: the session behind the cookie, checked before anything else happens.

use std::{net::IpAddr, sync::Arc};

use docket_engine::{
    command::Actor,
    id::Id,
    org::Person,
    text::{Language, Text},
};
use poem::{
    Request, RequestBody,
    http::{Method, header},
};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ExtractParamOptions,
    registry::{MetaSecurityScheme, Registry},
};
use subtle::ConstantTimeEq;

use super::{cookie, language};
use crate::{
    access::{Rules, Subject, Visibility},
    app::{
        definitions::Published,
        sessions::{self, Presence, Session},
    },
    audit::Origin,
    failure::Failure,
    state::App,
};

/// The header that carries the CSRF token.
pub const CSRF_HEADER: &str = "X-CSRF-Token";

/// The header of a request that a page sends by itself (polling, fetching again): it does not keep the session from going idle.
/// A stream of events, for which a browser sends no headers of a page's, is such a request without it.
pub const BACKGROUND_HEADER: &str = "X-Background";

/// A signed-in person with his request's language.
pub struct Caller {
    /// The process.
    pub app: App,
    /// His session.
    pub session: Session,
    /// He.
    pub person: Person,
    /// What policies know of him.
    pub subject: Arc<Subject>,
    /// What was published when the request began; it stays so to its end.
    pub published: Arc<Published>,
    rules: Arc<Rules>,
    /// The language of the answer.
    pub language: Language,
    /// The address that he asks from, where it is known.
    pub address: Option<IpAddr>,
}

impl Caller {
    /// The person of `session`.
    ///
    /// # Errors
    /// [`Failure::NotSignedIn`] once the person has left.
    pub async fn new(app: App, session: Session, language: Language) -> Result<Self, Failure> {
        let org = app.org();
        let person = org.person(session.person).filter(|person| person.active).ok_or(Failure::NotSignedIn)?.clone();
        let subject = Arc::new(Subject::of(&org, session.person));
        let published = app.published();
        let rules = app.access.rules(&published).await?;
        Ok(Self { app, session, person, subject, published, rules, language, address: None })
    }

    /// The id written `text`; what is no id does not exist.
    ///
    /// # Errors
    /// [`Failure::NotFound`].
    pub fn id(&self, text: &str) -> Result<Id, Failure> {
        text.parse().map_err(|_| Failure::NotFound)
    }

    /// He as the engine's actor.
    #[must_use]
    pub const fn actor(&self) -> Actor {
        Actor::Person(self.person.id)
    }

    /// He as the log tells it.
    #[must_use]
    pub const fn origin(&self) -> Origin {
        Origin::http(Some(self.person.id), self.address)
    }

    /// What he may do (`action`) with items of `kind`.
    #[must_use]
    pub fn visibility(&self, action: &str, kind: &str) -> Visibility {
        self.rules.visibility(&self.subject, action, kind)
    }

    /// `text` in his language.
    #[must_use]
    pub fn text(&self, text: &Text) -> String {
        text.get(self.language).to_owned()
    }
}

impl<'a> ApiExtractor<'a> for Caller {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        registry.create_security_scheme(
            "session",
            MetaSecurityScheme {
                ty: "apiKey",
                description: Some(
                    "The cookie that signing in sets. Whatever changes something also sends `X-CSRF-Token`, from `Me.csrf`.",
                ),
                name: Some(cookie::NAME),
                key_in: Some("cookie"),
                scheme: None,
                bearer_format: None,
                flows: None,
                openid_connect_url: None,
            },
        );
    }

    fn security_schemes() -> Vec<&'static str> {
        vec!["session"]
    }

    async fn from_request(
        request: &'a Request,
        _: &mut RequestBody,
        _: ExtractParamOptions<Self::ParamType>,
    ) -> poem::Result<Self> {
        let app = super::app(request)?;
        let token = cookie::token(request).ok_or(Failure::NotSignedIn)?;
        let session = sessions::resume(&app, &token, presence(request)).await?;
        super::refusals::note(request, session.person);
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            let sent = request.header(CSRF_HEADER).unwrap_or_default();
            if !bool::from(sent.as_bytes().ct_eq(session.csrf.as_bytes())) {
                return Err(Failure::Csrf.into());
            }
        }
        let caller = Self::new(app, session, language(request.headers())).await?;
        Ok(Self { address: super::address(request), ..caller })
    }
}

/// Whether a person or an open page sends `request`.
fn presence(request: &Request) -> Presence {
    let stream = request.header(header::ACCEPT).is_some_and(|accept| accept.contains("text/event-stream"));
    if stream || request.headers().contains_key(BACKGROUND_HEADER) { Presence::Background } else { Presence::Person }
}
