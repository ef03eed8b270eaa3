//! One uploaded file, bounded whatever the request announces: the framework's own reader of multipart bodies has no limit.

use docket_engine::text::Text;
use poem::{Body, FromRequest, Request, RequestBody, error::ReadBodyError, web::Multipart};
use poem_openapi::{
    payload::{ParsePayload, Payload},
    registry::{MetaSchema, MetaSchemaRef, Registry},
};

use crate::{failure::Failure, import::workbook::MAX_FILE};

/// What a multipart body may be larger than its file, in bytes.
const AROUND: usize = 64 << 10;
/// The field that holds the file.
const FIELD: &str = "file";
/// The longest name of a file that is kept, in characters.
const LONGEST_NAME: usize = 200;

/// A file sent as the field `file` of a multipart body.
#[derive(Debug)]
pub struct FileUpload {
    /// Its name, without folders.
    pub name: String,
    /// Its bytes, at most [`MAX_FILE`].
    pub bytes: Vec<u8>,
}

impl Payload for FileUpload {
    const CONTENT_TYPE: &'static str = "multipart/form-data";

    fn check_content_type(content_type: &str) -> bool {
        content_type.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(Self::CONTENT_TYPE))
    }

    fn schema_ref() -> MetaSchemaRef {
        let file = MetaSchemaRef::Inline(Box::new(MetaSchema::new_with_format("string", "binary")));
        MetaSchemaRef::Inline(Box::new(MetaSchema {
            required: vec![FIELD],
            properties: vec![(FIELD, file)],
            ..MetaSchema::new("object")
        }))
    }

    fn register(_: &mut Registry) {}
}

impl ParsePayload for FileUpload {
    const IS_REQUIRED: bool = true;

    async fn from_request(request: &Request, body: &mut RequestBody) -> poem::Result<Self> {
        let bytes = body.take()?.into_bytes_limit(MAX_FILE + AROUND).await.map_err(|error| match error {
            ReadBodyError::PayloadTooLarge => too_large(),
            _ => Failure::Malformed(Text::new("文件没有完整送达", "the file did not arrive completely")),
        })?;
        let mut bounded = RequestBody::new(Body::from_bytes(bytes));
        let mut parts = Multipart::from_request(request, &mut bounded).await?;
        while let Some(part) = parts.next_field().await? {
            if part.name() != Some(FIELD) {
                continue;
            }
            let name = part.file_name().map_or_else(String::new, plain_name);
            return Ok(Self { name, bytes: part.bytes().await? });
        }
        let message = Text::new("请选择要上传的文件", "choose a file to upload");
        Err(Failure::invalid(format!("/{FIELD}"), "required", message).into())
    }
}

poem_openapi::impl_apirequest_for_payload!(FileUpload,);

fn too_large() -> Failure {
    let megabytes = MAX_FILE >> 20;
    Failure::TooLarge(Text::new(
        format!("文件超过 {megabytes} MB，请拆分后再上传"),
        format!("the file is larger than {megabytes} MB: split it and upload again"),
    ))
}

/// The name without folders, as some browsers send them, and without control characters.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_folders_and_control_characters() {
        assert_eq!(plain_name("C:\\文件\\任务\n清单.xlsx"), "任务清单.xlsx");
        assert_eq!(plain_name("../a.xlsx"), "a.xlsx");
    }
}
