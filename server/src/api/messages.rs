//! `/messages`: what other systems tell workflows that wait for it.

use poem_openapi::{Object, OpenApi, payload::Json};

use super::{json::JsonObject, signed::Signed};
use crate::{app, failure::Failure};

/// A message for what waits for it below one root item.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct MessageInput {
    /// Its name: one that the settings allow this service.
    pub name: String,
    /// The item that it is about, or one above or below it.
    pub item: String,
    /// Its key, where what waits asks for one.
    pub key: Option<String>,
    /// Its data: what the form of that which waits asks for; empty where it asks for nothing.
    #[oai(default)]
    pub data: JsonObject,
}

/// A message that was taken.
#[derive(Debug, Object)]
pub struct MessageTaken {
    /// Its `webhook-id`.
    pub id: String,
    /// The item that it is about.
    pub item: String,
}

/// The endpoint.
pub struct MessagesApi;

#[OpenApi]
impl MessagesApi {
    /// Tell a workflow what it waits for. Sent again with the same `webhook-id`, it is taken once and answered alike.
    #[oai(path = "/messages", method = "post", operation_id = "send_message")]
    async fn send(&self, message: Signed<MessageInput>) -> Result<Json<MessageTaken>, Failure> {
        Ok(Json(app::messages::take(message).await?))
    }
}
