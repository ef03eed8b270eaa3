//! `/session`: signing in and out; `/me`: who is signed in.

use poem::Request;
use poem_openapi::{ApiResponse, Enum, Object, OpenApi, payload::Json};

use super::{caller::Caller, cookie, input::Input, language, views::Ref};
use crate::{
    app::{
        self,
        sessions::{self, Stage},
    },
    failure::Failure,
    state::App,
};

/// What signing in takes.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct Credentials {
    /// The staff number (工号).
    pub code: String,
    /// The password.
    pub password: String,
}

/// Who is signed in, and what the system shows him.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Me {
    /// The person; where somebody acts in another one's name, that one.
    pub person: PersonView,
    /// Who is signed in and acts in that person's name; absent where the person acts for himself.
    pub through: Option<Ref>,
    /// In whose name the one who is signed in may act.
    pub may_act_for: Vec<Ref>,
    /// The posts that he holds.
    pub posts: Vec<PostView>,
    /// The duties of administration (三员) that these are: `system`, `security`, `audit`; none while he acts in somebody's name.
    pub duties: Vec<String>,
    /// The token to send as `X-CSRF-Token` with everything that changes something.
    pub csrf: String,
    /// The system's title.
    pub system_title: String,
    /// The modules, in menu order.
    pub modules: Vec<MenuModule>,
    /// Whether this is a demo, with its clock control.
    pub demo: bool,
    /// The parts of administration that his duties open.
    pub consoles: Vec<String>,
    /// Now (RFC 3339).
    pub now: String,
    /// Today in the deployment's zone.
    pub today: String,
    /// The deployment's zone.
    pub zone: String,
}

/// A person with an account.
#[derive(Debug, Object)]
pub struct PersonView {
    /// The id.
    pub id: String,
    /// The staff number.
    pub code: String,
    /// The name.
    pub name: String,
    /// The title of office.
    pub title: String,
}

/// A post that a person holds.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct PostView {
    /// The post's name in definitions.
    pub post: String,
    /// Its title.
    pub title: String,
    /// The unit in which it is held.
    pub unit: Option<Ref>,
}

/// A module in the menu.
#[derive(Debug, Object)]
pub struct MenuModule {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Its place.
    pub order: i64,
    /// Whether it has a cockpit.
    pub cockpit: bool,
    /// Its kinds that have a list.
    pub kinds: Vec<MenuKind>,
}

/// A kind of item in the menu.
#[derive(Debug, Object)]
pub struct MenuKind {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
}

/// What signing in wants next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "kebab-case")]
pub enum Step {
    /// The code of the second factor.
    Code,
    /// A new password.
    Password,
    /// A second factor is to be set up.
    SetUp,
    /// Nothing: signed in.
    Done,
}

/// How far signing in has come.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct SignInView {
    /// What is wanted next.
    pub step: Step,
    /// The token to send as `X-CSRF-Token` with the next step.
    pub csrf: String,
    /// Who is signed in, once he is.
    pub me: Option<Me>,
    /// Codes for when the device of the second factor is lost; shown once, when it is set up.
    pub recovery_codes: Option<Vec<String>>,
}

/// The answer to a step of signing in, with the session's cookie.
#[derive(ApiResponse)]
pub enum SignedIn {
    /// The step is done.
    #[oai(status = 200)]
    Ok(Json<SignInView>, #[oai(header = "Set-Cookie")] String),
}

impl SignedIn {
    /// The answer where `next` is the session from now on.
    ///
    /// # Errors
    /// [`Failure::NotSignedIn`] where the person has left meanwhile.
    pub async fn of(
        app: &App,
        request: &Request,
        next: sessions::SignedIn,
        recovery_codes: Vec<String>,
    ) -> Result<Self, Failure> {
        let cookie = cookie::set(app, request, &next.token);
        let csrf = next.session.csrf.clone();
        let (step, me) = match next.session.stage {
            Stage::Code => (Step::Code, None),
            Stage::Password => (Step::Password, None),
            Stage::SetUp => (Step::SetUp, None),
            Stage::Whole => {
                let caller = Caller::new(app.clone(), next.session, language(request.headers())).await?;
                (Step::Done, Some(app::me::me(&caller)))
            }
        };
        let recovery_codes = Some(recovery_codes).filter(|codes| !codes.is_empty());
        Ok(Self::Ok(Json(SignInView { step, csrf, me, recovery_codes }), cookie))
    }
}

/// The answer to signing out.
#[derive(ApiResponse)]
pub enum SignedOut {
    /// The session has ended on the server.
    #[oai(status = 204)]
    Done(#[oai(header = "Set-Cookie")] String),
}

/// The endpoints.
pub struct SessionApi;

#[OpenApi]
impl SessionApi {
    /// Sign in.
    ///
    /// Failures in a row lock an account. An unknown staff number answers like a wrong password.
    #[oai(path = "/session", method = "post", operation_id = "sign_in")]
    async fn sign_in(&self, request: &Request, credentials: Input<Credentials>) -> Result<SignedIn, Failure> {
        let app = super::app(request)?;
        let (credentials, client) = (credentials.0, super::client(request));
        let next = app::sign_in::sign_in(&app, &credentials.code, &credentials.password, &client).await?;
        SignedIn::of(&app, request, next, Vec::new()).await
    }

    /// Sign out: the session ends on the server, and so do its event streams.
    #[oai(path = "/session", method = "delete", operation_id = "sign_out")]
    async fn sign_out(&self, request: &Request, caller: Caller) -> Result<SignedOut, Failure> {
        app::sessions::sign_out(&caller).await?;
        Ok(SignedOut::Done(cookie::clear(&caller.app, request)))
    }

    /// Who is signed in.
    #[oai(path = "/me", method = "get", operation_id = "me")]
    async fn me(&self, caller: Caller) -> Json<Me> {
        Json(app::me::me(&caller))
    }
}
