//! `/session/…`, `/me/security`: the steps of signing in and one's own security; `/admin/…`: the system administrator's work on
//! accounts and sessions.

use poem::Request;
use poem_openapi::{
    Object, OpenApi,
    param::{Path, Query},
    payload::Json,
};

use super::{
    caller::{Caller, Entrant},
    input::Input,
    notices::Done,
    page::Page,
    session::SignedIn,
    views::Ref,
};
use crate::{
    app::sign_in::{accounts, factor, own, passwords},
    failure::Failure,
};

/// A code.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct CodeInput {
    /// The code of the second factor, or one for when the device is lost.
    #[oai(validator(max_length = 64))]
    pub code: String,
}

/// A change of one's own password.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct PasswordChange {
    /// The password now.
    pub old: String,
    /// The password from now on.
    pub new: String,
}

/// A password that an administrator gives.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct PasswordInput {
    /// The password until the next sign-in.
    pub password: String,
}

/// A second factor that is to be set up.
#[derive(Debug, Object)]
pub struct FactorOffer {
    /// The secret in base32, to be typed.
    pub secret: String,
    /// The same as an `otpauth:` address, to be shown as a QR code.
    pub address: String,
}

/// One's own security.
#[derive(Debug, Object)]
pub struct SecurityView {
    /// Whether there is a second factor.
    pub second_factor: bool,
    /// Whether one of one's roles needs one.
    pub second_factor_needed: bool,
    /// Whether second factors are in use here.
    pub second_factors: bool,
    /// One's sessions, the newest first.
    pub sessions: Vec<SessionView>,
}

/// A session.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct SessionView {
    /// By what it is ended.
    pub name: String,
    /// Whose it is.
    pub person: Ref,
    /// The address it was begun from.
    pub address: Option<String>,
    /// The browser, as it named itself.
    pub browser: Option<String>,
    /// When it began (RFC 3339).
    pub created_at: String,
    /// When something was last done in it, to the minute (RFC 3339).
    pub last_seen_at: String,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// A page of sessions.
#[derive(Debug, Object)]
pub struct Sessions {
    /// The rows.
    pub rows: Vec<SessionView>,
    /// How many there are in all.
    pub total: u64,
}

/// An account.
#[expect(clippy::struct_excessive_bools, reason = "each is told by itself")]
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct AccountView {
    /// The person's id.
    pub id: String,
    /// The staff number.
    pub code: String,
    /// The name.
    pub name: String,
    /// The title of office.
    pub title: String,
    /// Whether the person is there.
    pub active: bool,
    /// Whether a password has been given.
    pub has_password: bool,
    /// Whether the password is changed at the next sign-in.
    pub must_change: bool,
    /// Until when it is locked (RFC 3339).
    pub locked_until: Option<String>,
    /// Whether there is a second factor.
    pub second_factor: bool,
    /// How many sessions are open.
    pub sessions: u64,
    /// The duties of administration held: `system`, `security`, `audit`.
    pub duties: Vec<String>,
}

/// A page of accounts.
#[derive(Debug, Object)]
pub struct Accounts {
    /// The rows.
    pub rows: Vec<AccountView>,
    /// How many there are in all.
    pub total: u64,
}

/// The endpoints.
pub struct SecurityApi;

#[OpenApi]
impl SecurityApi {
    /// Go on signing in with the code of the second factor.
    #[oai(path = "/session/code", method = "post", operation_id = "sign_in_code")]
    async fn code(&self, request: &Request, entrant: Entrant, body: Input<CodeInput>) -> Result<SignedIn, Failure> {
        let client = super::client(request);
        let app = &entrant.app;
        let next = crate::app::sign_in::code(app, &entrant.session, &body.0.code, &client).await?;
        SignedIn::of(app, request, next, Vec::new()).await
    }

    /// Change one's own password; also where signing in waits for that. One's other sessions end.
    #[oai(path = "/session/password", method = "post", operation_id = "change_password")]
    async fn password(
        &self,
        request: &Request,
        entrant: Entrant,
        body: Input<PasswordChange>,
    ) -> Result<SignedIn, Failure> {
        let client = super::client(request);
        let app = &entrant.app;
        let next = passwords::change(app, &entrant.session, &body.0.old, &body.0.new, &client).await?;
        SignedIn::of(app, request, next, Vec::new()).await
    }

    /// Begin to set up a second factor; it counts once it is confirmed.
    #[oai(path = "/session/second-factor", method = "post", operation_id = "offer_second_factor")]
    async fn offer(&self, request: &Request, entrant: Entrant) -> Result<Json<FactorOffer>, Failure> {
        let language = super::language(request.headers());
        let factor::Offered { secret, address } = factor::offer(&entrant.app, &entrant.session, language).await?;
        Ok(Json(FactorOffer { secret, address }))
    }

    /// Confirm the second factor with a code of it. The answer has the codes for when the device is lost, this once.
    #[oai(path = "/session/second-factor/confirm", method = "post", operation_id = "confirm_second_factor")]
    async fn confirm(&self, request: &Request, entrant: Entrant, body: Input<CodeInput>) -> Result<SignedIn, Failure> {
        let client = super::client(request);
        let app = &entrant.app;
        let (codes, next) = factor::confirm(app, &entrant.session, &body.0.code, &client).await?;
        SignedIn::of(app, request, next, codes).await
    }

    /// Take one's own second factor away, with a code of it.
    #[oai(path = "/session/second-factor/remove", method = "post", operation_id = "remove_own_second_factor")]
    async fn give_up(&self, request: &Request, caller: Caller, body: Input<CodeInput>) -> Result<Done, Failure> {
        let client = super::client(request);
        factor::give_up(&caller.app, &caller.session, &body.0.code, &client).await?;
        Ok(Done::Done)
    }

    /// One's own security: second factor and sessions.
    #[oai(path = "/me/security", method = "get", operation_id = "own_security")]
    async fn security(&self, caller: Caller) -> Result<Json<SecurityView>, Failure> {
        Ok(Json(own::security(&caller).await?))
    }

    /// End one of one's own sessions.
    #[oai(path = "/me/sessions/:name", method = "delete", operation_id = "end_own_session")]
    async fn end_own(&self, caller: Caller, name: Path<String>) -> Result<Done, Failure> {
        own::end(&caller, &name).await?;
        Ok(Done::Done)
    }

    /// Everybody's accounts, by staff number. For the system administrator.
    #[oai(path = "/admin/accounts", method = "get", operation_id = "accounts")]
    async fn accounts(
        &self,
        caller: Caller,
        /// Staff number, name or pinyin.
        q: Query<Option<String>>,
        /// From 1.
        page: Query<Option<u32>>,
        /// 1 to 100, 20 by default.
        per_page: Query<Option<u32>>,
    ) -> Result<Json<Accounts>, Failure> {
        let page = Page::new(page.0, per_page.0)?;
        Ok(Json(accounts::accounts(&caller, q.0.as_deref().unwrap_or_default(), page).await?))
    }

    /// Give somebody a password that is changed at the next sign-in; ends his sessions and lifts a lock.
    #[oai(path = "/admin/accounts/:id/password", method = "post", operation_id = "set_password")]
    async fn set_password(
        &self,
        caller: Caller,
        id: Path<String>,
        body: Input<PasswordInput>,
    ) -> Result<Done, Failure> {
        accounts::set_password(&caller, &id, &body.0.password).await?;
        Ok(Done::Done)
    }

    /// Lift a lock after failures.
    #[oai(path = "/admin/accounts/:id/unlock", method = "post", operation_id = "unlock")]
    async fn unlock(&self, caller: Caller, id: Path<String>) -> Result<Done, Failure> {
        accounts::unlock(&caller, &id).await?;
        Ok(Done::Done)
    }

    /// Take somebody's second factor away.
    #[oai(path = "/admin/accounts/:id/second-factor", method = "delete", operation_id = "remove_second_factor")]
    async fn remove_factor(&self, caller: Caller, id: Path<String>) -> Result<Done, Failure> {
        accounts::remove_factor(&caller, &id).await?;
        Ok(Done::Done)
    }

    /// Everybody's sessions, the latest first. For the system administrator.
    #[oai(path = "/admin/sessions", method = "get", operation_id = "sessions")]
    async fn sessions(
        &self,
        caller: Caller,
        /// From 1.
        page: Query<Option<u32>>,
        /// 1 to 100, 20 by default.
        per_page: Query<Option<u32>>,
    ) -> Result<Json<Sessions>, Failure> {
        Ok(Json(accounts::all_sessions(&caller, Page::new(page.0, per_page.0)?).await?))
    }

    /// End somebody's session.
    #[oai(path = "/admin/sessions/:name", method = "delete", operation_id = "end_session")]
    async fn end_session(&self, caller: Caller, name: Path<String>) -> Result<Done, Failure> {
        accounts::end_session(&caller, &name).await?;
        Ok(Done::Done)
    }
}
