//! A request of another system, known by its signature (Standard Webhooks) before anything of it is looked at.

use docket_engine::text::Name;
use poem::{Request, RequestBody};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ExtractParamOptions,
    registry::{MetaRequest, MetaSecurityScheme, Registry},
    types::{ParseFromJSON, Type},
};

use super::input::{self, Input};
use crate::{app::runner::chain::sha256, failure::Failure, services::incoming::Incoming, state::App};

/// The largest body, in bytes.
pub const MAX_SIGNED: usize = 64 << 10;

/// A request that a service signed, with the body `T`.
pub struct Signed<T> {
    /// The process.
    pub app: App,
    /// The service.
    pub service: Name,
    /// Its `webhook-id`: the same for a message that is sent again.
    pub id: String,
    /// The hash of the body.
    pub hash: String,
    /// What was sent.
    pub input: T,
}

impl<'a, T: ParseFromJSON + Type> ApiExtractor<'a> for Signed<T> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme, ApiExtractorType::RequestObject];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        <Input<T> as ApiExtractor>::register(registry);
        registry.create_security_scheme(
            "webhook",
            MetaSecurityScheme {
                ty: "apiKey",
                description: Some(
                    "Standard Webhooks: `webhook-id`, `webhook-timestamp` (seconds since the epoch, five minutes off at most) and, \
                     in `webhook-signature`, `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body` with the service's secret.",
                ),
                name: Some("webhook-signature"),
                key_in: Some("header"),
                scheme: None,
                bearer_format: None,
                flows: None,
                openid_connect_url: None,
            },
        );
    }

    fn security_schemes() -> Vec<&'static str> {
        vec!["webhook"]
    }

    fn request_meta() -> Option<MetaRequest> {
        <Input<T> as ApiExtractor>::request_meta()
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<Self::ParamType>,
    ) -> poem::Result<Self> {
        let app = super::app(request)?;
        let bytes = body.take()?.into_bytes_limit(MAX_SIGNED).await?;
        let header = |name: &str| request.header(name).unwrap_or_default();
        let message = Incoming {
            id: header("webhook-id"),
            timestamp: header("webhook-timestamp"),
            signature: header("webhook-signature"),
            body: &bytes,
        };
        let sender = app.settings.services.sender(&message, app.now());
        let service = sender.map(|(name, _)| Name::from(name)).ok_or(Failure::Unsigned)?;
        let input = input::read(&bytes)?;
        Ok(Self { service, id: message.id.to_owned(), hash: sha256(&[&bytes]), input, app })
    }
}
