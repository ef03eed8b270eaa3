//! Who calls: the session behind the cookie, checked before anything else happens.

use std::{collections::BTreeSet, net::IpAddr, sync::Arc};

use docket_engine::{
    command::Actor,
    id::{Id, PersonId},
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
    access::{Console, Rules, Subject, Visibility, duty},
    app::{
        definitions::Published,
        sessions::{self, Presence, Session, Stage},
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
    /// He; where he acts in somebody's name, that one.
    pub person: Person,
    /// Who acts in that person's name; none where he acts for himself.
    pub through: Option<Person>,
    /// He and those for whom he stands in today.
    pub doers: BTreeSet<PersonId>,
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
        let organisation = app.organisation();
        let org = &organisation.org;
        let own = org.person(session.person).filter(|person| person.active).ok_or(Failure::NotSignedIn)?.clone();
        let of = session.acting_for.filter(|person| organisation.acting.may(own.id, *person));
        let (person, through) = match of.and_then(|person| org.person(person)) {
            Some(person) => (person.clone(), Some(own)),
            None => (own, None),
        };
        let subject = Arc::new(Subject::of(org, person.id));
        let doers = org.stands_for(person.id, || app.today());
        let published = app.published();
        let rules = app.access.rules(&published).await?;
        Ok(Self { app, session, person, through, doers, subject, published, rules, language, address: None })
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
    pub fn actor(&self) -> Actor {
        Actor::new(self.person.id, self.through.as_ref().map(|person| person.id))
    }

    /// Who has signed in, in whose name he may act.
    #[must_use]
    pub fn own(&self) -> &Person {
        self.through.as_ref().unwrap_or(&self.person)
    }

    /// Refuses what nobody does in another one's name.
    ///
    /// # Errors
    /// [`Failure::OnlyHimself`].
    pub const fn himself(&self) -> Result<(), Failure> {
        if self.through.is_some() { Err(Failure::OnlyHimself) } else { Ok(()) }
    }

    /// He as the log tells it.
    #[must_use]
    pub fn origin(&self) -> Origin {
        let for_whom = self.through.as_ref().map(|_| self.person.id);
        Origin { for_whom, ..Origin::http(Some(self.own().id), self.address) }
    }

    /// Whether one of his duties opens a part of administration; none does in another one's name.
    #[must_use]
    pub fn opens(&self, console: Console) -> bool {
        let org = self.app.org();
        self.through.is_none()
            && duty::held(self.published.registry.organisation.as_deref(), &org, self.session.person)
                .contains(&console.duty())
    }

    /// Refuses a part of administration that his duties do not open.
    ///
    /// # Errors
    /// [`Failure::Forbidden`].
    pub fn require(&self, console: Console) -> Result<(), Failure> {
        if self.opens(console) { Ok(()) } else { Err(Failure::Forbidden) }
    }

    /// What he may do (`action`) with items of `kind`.
    #[must_use]
    pub fn visibility(&self, action: &str, kind: &str) -> Visibility {
        let own = self.rules.visibility(&self.subject, action, kind);
        // In somebody's name no more than what the policies let others do for him.
        if self.through.is_some() { own.within(self.acting(kind)) } else { own }
    }

    /// What others may do with items of `kind` in his name.
    #[must_use]
    pub fn acting(&self, kind: &str) -> Visibility {
        self.rules.visibility(&self.subject, "act_for", kind)
    }

    /// `text` in his language.
    #[must_use]
    pub fn text(&self, text: &Text) -> String {
        text.get(self.language).to_owned()
    }
}

/// Somebody in the middle of signing in, or signed in: for what must be possible before all steps are done.
pub struct Entrant {
    /// The process.
    pub app: App,
    /// His session.
    pub session: Session,
}

impl Entrant {
    /// Who sends `request`; whatever changes something carries the session's token.
    async fn of(request: &Request) -> Result<Self, Failure> {
        let app = super::app(request)?;
        let token = cookie::token(request).ok_or(Failure::NotSignedIn)?;
        let session = sessions::resume(&app, &token, presence(request)).await?;
        super::refusals::note(request, session.person);
        if changes(request) {
            let sent = request.header(CSRF_HEADER).unwrap_or_default();
            if !bool::from(sent.as_bytes().ct_eq(session.csrf.as_bytes())) {
                return Err(Failure::Csrf);
            }
        }
        Ok(Self { app, session })
    }
}

/// The scheme by which both are known.
const SCHEME: &str = "session";

fn register(registry: &mut Registry) {
    registry.create_security_scheme(
        SCHEME,
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

impl<'a> ApiExtractor<'a> for Entrant {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        register(registry);
    }

    fn security_schemes() -> Vec<&'static str> {
        vec![SCHEME]
    }

    async fn from_request(
        request: &'a Request,
        _: &mut RequestBody,
        _: ExtractParamOptions<Self::ParamType>,
    ) -> poem::Result<Self> {
        Ok(Self::of(request).await?)
    }
}

impl<'a> ApiExtractor<'a> for Caller {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        register(registry);
    }

    fn security_schemes() -> Vec<&'static str> {
        vec![SCHEME]
    }

    async fn from_request(
        request: &'a Request,
        _: &mut RequestBody,
        _: ExtractParamOptions<Self::ParamType>,
    ) -> poem::Result<Self> {
        let Entrant { app, session } = Entrant::of(request).await?;
        if session.stage != Stage::Whole {
            return Err(Failure::NotSignedIn.into());
        }
        let caller = Self::new(app, session, language(request.headers())).await?;
        // What a page sends in somebody's name is not done in one's own, where that right has ended meanwhile.
        if changes(request) && caller.session.acting_for.is_some() && caller.through.is_none() {
            sessions::act_for(&caller.app, &caller.session, None).await?;
            return Err(Failure::Csrf.into());
        }
        Ok(Self { address: super::address(request), ..caller })
    }
}

/// Whether `request` changes something.
fn changes(request: &Request) -> bool {
    !matches!(*request.method(), Method::GET | Method::HEAD)
}

/// Whether a person or an open page sends `request`.
fn presence(request: &Request) -> Presence {
    let stream = request.header(header::ACCEPT).is_some_and(|accept| accept.contains("text/event-stream"));
    if stream || request.headers().contains_key(BACKGROUND_HEADER) { Presence::Background } else { Presence::Person }
}
