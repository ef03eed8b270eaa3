//! The session's cookie.

use poem::{Request, http::header};

use crate::state::App;

/// Its name.
pub const NAME: &str = "docket_session";

/// The token that the request carries.
#[must_use]
pub fn token(request: &Request) -> Option<String> {
    request
        .headers()
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == NAME)
        .map(|(_, value)| value.to_owned())
}

/// The header that sets the cookie. It goes with the browser; the server ends the session earlier.
#[must_use]
pub fn set(app: &App, request: &Request, token: &str) -> String {
    format!("{NAME}={token}; Path=/; HttpOnly; SameSite=Lax{}", secure(app, request))
}

/// The header that clears the cookie.
#[must_use]
pub fn clear(app: &App, request: &Request) -> String {
    format!("{NAME}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{}", secure(app, request))
}

/// `Secure` behind HTTPS: by setting, or by the proxy's word where the settings trust it.
fn secure(app: &App, request: &Request) -> &'static str {
    let web = &app.settings.web;
    let forwarded = || request.header("X-Forwarded-Proto").is_some_and(|scheme| scheme.eq_ignore_ascii_case("https"));
    if web.secure_cookie || (web.trust_forwarded && forwarded()) { "; Secure" } else { "" }
}
