//! Every request that somebody has no right to is recorded, in this one place.

use std::sync::{Arc, OnceLock};

use docket_engine::id::PersonId;
use poem::{Endpoint, Middleware, Request, http::Method};

use crate::{
    audit::{self, Act, Object, Origin, What},
    failure::Failure,
    state::App,
};

/// Who sends the request, once his session is known.
#[derive(Clone, Default)]
struct Asker(Arc<OnceLock<PersonId>>);

/// Notes who sends `request`.
pub(super) fn note(request: &Request, person: PersonId) {
    if let Some(asker) = request.data::<Asker>() {
        // A request has one session.
        let _ = asker.0.set(person);
    }
}

/// Records refusals for want of a right, or of the session's token.
pub(super) struct Refusals;

/// The endpoint made by [`Refusals`].
pub(super) struct RefusalsEndpoint<E>(E);

impl<E: Endpoint> Middleware<E> for Refusals {
    type Output = RefusalsEndpoint<E>;

    fn transform(&self, endpoint: E) -> Self::Output {
        RefusalsEndpoint(endpoint)
    }
}

impl<E: Endpoint> Endpoint for RefusalsEndpoint<E> {
    type Output = E::Output;

    async fn call(&self, mut request: Request) -> poem::Result<Self::Output> {
        let asker = Asker::default();
        request.set_data(asker.clone());
        let (app, address) = (request.data::<App>().cloned(), super::address(&request));
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let error = match self.0.call(request).await {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        let code = match error.downcast_ref::<Failure>() {
            Some(Failure::Forbidden) => "forbidden",
            Some(Failure::Csrf) => "csrf",
            _ => return Err(error),
        };
        let (Some(app), Some(person)) = (app, asker.0.get()) else { return Err(error) };
        let act = Act::refused(Origin::http(Some(*person), address), What::Refused)
            .on(Object::new("operation", operation(&method, &path)))
            .with("reason", code);
        match audit::recorded(&app, act).await {
            Ok(()) => Err(error),
            Err(error) => Err(Failure::from(error).into()),
        }
    }
}

/// Method and path; whatever is asked for is no part of it.
fn operation(method: &Method, path: &str) -> String {
    format!("{method} {path}")
}
