//! What every command sends: who, under which key, with what.

use docket_engine::{id::Id, text::Text};
use poem::{Request, RequestBody};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ExtractParamOptions,
    param::Header,
    registry::{MetaParamIn, MetaRequest, MetaSchema, MetaSchemaRef, Registry},
    types::{ParseFromJSON, Type},
};

use super::{caller::Caller, input::Input};
use crate::failure::Failure;

/// The header of the idempotency key.
pub const KEY_HEADER: &str = "Idempotency-Key";
/// How long a key may be, in characters.
const KEY_LENGTH: std::ops::RangeInclusive<usize> = 8..=128;

/// An idempotency key, checked.
#[derive(Debug, Clone)]
pub struct Key(String);

impl Key {
    /// The key that was sent; without one, a new one, so that the command is carried out once for this request.
    ///
    /// # Errors
    /// A key that is not 8 to 128 characters long, or has control characters.
    pub fn new(sent: Option<String>) -> Result<Self, Failure> {
        let Some(key) = sent else {
            return Ok(Self(crate::random::token()?));
        };
        if !KEY_LENGTH.contains(&key.chars().count()) || key.chars().any(char::is_control) {
            let message =
                Text::new("Idempotency-Key 应为 8 至 128 个字符", "an Idempotency-Key has 8 to 128 characters");
            return Err(Failure::invalid("/Idempotency-Key", "length", message));
        }
        Ok(Self(key))
    }

    /// The key.
    #[must_use]
    pub fn into_text(self) -> String {
        self.0
    }
}

impl<'a> ApiExtractor<'a> for Key {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::Parameter];

    type ParamType = Option<String>;
    type ParamRawType = String;

    fn param_in() -> Option<MetaParamIn> {
        Some(MetaParamIn::Header)
    }

    fn param_schema_ref() -> Option<MetaSchemaRef> {
        Some(MetaSchemaRef::Inline(Box::new(MetaSchema {
            description: Some("8 to 128 characters, new for every command and the same when it is sent again."),
            min_length: Some(*KEY_LENGTH.start()),
            max_length: Some(*KEY_LENGTH.end()),
            ..MetaSchema::new("string")
        })))
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        options: ExtractParamOptions<Self::ParamType>,
    ) -> poem::Result<Self> {
        let sent = <Header<Option<String>> as ApiExtractor>::from_request(request, body, options).await?;
        Ok(Self::new(sent.0)?)
    }
}

/// A command as it is sent: by whom, under which key (the parameter `Idempotency-Key`), with the body `T`.
pub struct Sent<T> {
    /// Who commands.
    pub caller: Caller,
    /// The key.
    pub key: Key,
    /// What was sent.
    pub input: T,
}

impl<T> Sent<T> {
    /// The id written `text` in the address; what is no id does not exist.
    ///
    /// # Errors
    /// [`Failure::NotFound`].
    pub fn id(&self, text: &str) -> Result<Id, Failure> {
        self.caller.id(text)
    }
}

impl<'a, T: ParseFromJSON + Type> ApiExtractor<'a> for Sent<T> {
    const TYPES: &'static [ApiExtractorType] =
        &[ApiExtractorType::SecurityScheme, ApiExtractorType::Parameter, ApiExtractorType::RequestObject];

    type ParamType = Option<String>;
    type ParamRawType = String;

    fn register(registry: &mut Registry) {
        <Caller as ApiExtractor>::register(registry);
        <Input<T> as ApiExtractor>::register(registry);
    }

    fn security_schemes() -> Vec<&'static str> {
        <Caller as ApiExtractor>::security_schemes()
    }

    fn param_in() -> Option<MetaParamIn> {
        <Key as ApiExtractor>::param_in()
    }

    fn param_schema_ref() -> Option<MetaSchemaRef> {
        <Key as ApiExtractor>::param_schema_ref()
    }

    fn request_meta() -> Option<MetaRequest> {
        <Input<T> as ApiExtractor>::request_meta()
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        options: ExtractParamOptions<Self::ParamType>,
    ) -> poem::Result<Self> {
        // Who calls comes first: a stranger learns nothing of what was wrong with the rest.
        let caller = Caller::from_request(request, body, ExtractParamOptions::default()).await?;
        let key = <Key as ApiExtractor>::from_request(request, body, options).await?;
        let input = <Input<T> as ApiExtractor>::from_request(request, body, ExtractParamOptions::default()).await?;
        Ok(Self { caller, key, input: input.0 })
    }
}
