//! Reads the call of another system: `http: {service, path, body, tries, back-off, form}`.

use super::{dictionary, expression, scope::Scope, workflow::Reader};
use crate::{check::bad_http, definition::workflow::Http, diagnostic::Faults, expr::Type, value::Span, yaml::read::At};

/// How often it is tried in all, where the definition does not say.
const TRIES: u8 = 5;
/// The most tries.
const MOST_TRIES: i64 = 20;
/// The longest path, in bytes.
const MOST_PATH: usize = 500;

/// The call behind `at`.
pub(crate) fn read(at: At<'_>, scope: &Scope, reader: &Reader<'_>, faults: &mut Faults) -> Option<Http> {
    let mut map = at.map(faults)?;
    let service = map.need_name("service", faults).map(|(name, _)| name);
    let path = map.take("path").map_or(Some(String::new()), |at| path(at, faults));
    let mut body = Vec::new();
    for (field, at) in map.take("body").map(|at| at.named(faults)).unwrap_or_default() {
        body.extend(expression::read(at, scope, &Type::Any, faults).map(|value| (field, value)));
    }
    let tries = map.take("tries").map_or(Some(TRIES), |at| tries(at, faults));
    let back_off = map.take("back-off").map_or_else(|| "PT1M".parse().ok(), |at| back_off(at, faults));
    let form = map.take("form").map(|at| reader.form(at, faults));
    map.finish(faults);
    let form = form.map_or(Some(None), |form| form.map(Some));
    Some(Http { service: service?, path: path?, body, tries: tries?, back_off: back_off?, form: form? })
}

/// What is appended to the service's address: it must not lead out of it.
fn path(at: At<'_>, faults: &mut Faults) -> Option<String> {
    let text = at.text(faults)?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
    let inside = text.split('/').skip(1).all(|part| !part.is_empty() && part != "." && part != "..");
    if text.len() <= MOST_PATH && text.starts_with('/') && text.bytes().all(plain) && inside {
        return Some(text.to_owned());
    }
    faults.push(bad_http::path(at.place(), text));
    None
}

fn tries(at: At<'_>, faults: &mut Faults) -> Option<u8> {
    let count = at.integer(faults)?;
    let found = u8::try_from(count).ok().filter(|_| (1..=MOST_TRIES).contains(&count));
    if found.is_none() {
        faults.push(bad_http::tries(at.place(), count, MOST_TRIES));
    }
    found
}

/// The first pause: at most a day, so that it doubles within reason.
fn back_off(at: At<'_>, faults: &mut Faults) -> Option<Span> {
    let span = dictionary::span(at, true, faults)?;
    if span > Span::of_days(1) {
        faults.push(bad_http::back_off(at.place(), &span.to_string()));
        return None;
    }
    Some(span)
}
