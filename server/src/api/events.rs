//! `/events`: server-sent events that say what became stale. They carry no data: a browser refetches.

use std::time::Duration;

use futures_util::stream::BoxStream;
use poem::web::sse;
use poem_openapi::{Object, OpenApi, payload::EventStream, types::ToJSON};

use super::caller::Caller;
use crate::{app, failure::Failure};

/// How often a comment keeps the connection alive.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// What became stale.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
pub struct StaleEvent {
    /// `todo`, `items`, `cockpit`, `notices`, `incidents`, `item:<id>`; empty in `hello`: refetch everything.
    pub what: Vec<String>,
}

/// The endpoint.
pub struct EventsApi;

#[OpenApi]
impl EventsApi {
    /// What becomes stale for the reader, as it happens.
    ///
    /// The first event is `hello` (refetch everything), which comes again when the clock, a definition or the organisation changed; the
    /// others are `stale`. A comment every 15 seconds keeps the connection alive.
    #[oai(path = "/events", method = "get", operation_id = "events")]
    async fn events(&self, caller: Caller) -> Result<EventStream<BoxStream<'static, StaleEvent>>, Failure> {
        let stream = app::events::stream(caller)?;
        Ok(EventStream::new(stream).keep_alive(HEARTBEAT).to_event(|event| {
            let kind = if event.what.is_empty() { "hello" } else { "stale" };
            sse::Event::message(event.to_json_string()).event_type(kind)
        }))
    }
}
