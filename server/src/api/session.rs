//! `/session`: signing in and out; `/me`: who is signed in.

use poem::Request;
use poem_openapi::{ApiResponse, Object, OpenApi, payload::Json};

use super::{caller::Caller, cookie, input::Input, language, views::Ref};
use crate::{app, failure::Failure};

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
pub struct Me {
    /// The person.
    pub person: PersonView,
    /// The posts that he holds.
    pub posts: Vec<PostView>,
    /// The duties of administration (三员) that these are: `system`, `security`, `audit`.
    pub duties: Vec<String>,
    /// The token to send as `X-CSRF-Token` with everything that changes something.
    pub csrf: String,
    /// The system's title.
    pub system_title: String,
    /// The modules, in menu order.
    pub modules: Vec<MenuModule>,
    /// Whether this is a demo, with its clock control.
    pub demo: bool,
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

/// The answer to signing in: `Me` and the session's cookie.
#[derive(ApiResponse)]
pub enum SignedIn {
    /// Signed in.
    #[oai(status = 200)]
    Ok(Json<Me>, #[oai(header = "Set-Cookie")] String),
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
    /// Five failures lock an account for ten minutes. An unknown staff number answers like a wrong password.
    #[oai(path = "/session", method = "post", operation_id = "sign_in")]
    async fn sign_in(&self, request: &Request, credentials: Input<Credentials>) -> Result<SignedIn, Failure> {
        let app = super::app(request)?;
        let (credentials, address) = (credentials.0, super::address(request));
        let signed_in = app::sessions::sign_in(&app, &credentials.code, &credentials.password, address).await?;
        let cookie = cookie::set(&app, request, &signed_in.token);
        let caller = Caller::new(app, signed_in.session, language(request.headers())).await?;
        Ok(SignedIn::Ok(Json(app::me::me(&caller)), cookie))
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
