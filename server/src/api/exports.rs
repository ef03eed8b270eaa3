//! `/exports`: a list as a spreadsheet.

use poem::{Body, IntoResponse, Response, http::header};
use poem_openapi::{
    ApiResponse, OpenApi,
    param::Query,
    payload::Payload,
    registry::{MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry},
};

use super::caller::Caller;
use crate::{
    app::{self, items::Filter},
    failure::Failure,
};

/// A spreadsheet to download.
pub struct Workbook {
    /// The file's name, with its ending.
    pub name: String,
    /// The file.
    pub bytes: Vec<u8>,
}

impl Payload for Workbook {
    const CONTENT_TYPE: &'static str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema::new_with_format("string", "binary")))
    }
}

impl ApiResponse for Workbook {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![MetaResponse {
                description: "The spreadsheet.",
                status: Some(200),
                status_range: None,
                content: vec![MetaMediaType { content_type: Self::CONTENT_TYPE, schema: Self::schema_ref() }],
                headers: vec![],
            }],
        }
    }

    fn register(_: &mut Registry) {}
}

impl IntoResponse for Workbook {
    fn into_response(self) -> Response {
        Response::builder()
            .header(header::CONTENT_TYPE, Self::CONTENT_TYPE)
            .header(header::CONTENT_DISPOSITION, disposition(&self.name))
            .body(Body::from_vec(self.bytes))
    }
}

/// `attachment` with the name for new browsers, percent-encoded in UTF-8, and an ASCII one for old ones (RFC 6266).
fn disposition(name: &str) -> String {
    let ascii: String = name
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() || "-_.".contains(letter) { letter } else { '_' })
        .collect();
    let encoded: String = name
        .bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect();
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{encoded}")
}

/// The endpoint.
pub struct ExportsApi;

#[OpenApi]
impl ExportsApi {
    /// The list of `/items` with the same filters and sort as a spreadsheet, at most 50,000 rows.
    #[oai(path = "/exports", method = "get", operation_id = "export")]
    #[expect(clippy::too_many_arguments, reason = "each query parameter is documented by itself")]
    async fn export(
        &self,
        caller: Caller,
        module: Query<String>,
        kind: Query<String>,
        q: Query<Option<String>>,
        #[oai(default)] light: Query<Vec<String>>,
        #[oai(default)] state: Query<Vec<String>>,
        #[oai(default)] category: Query<Vec<String>>,
        #[oai(default)] lead_unit: Query<Vec<String>>,
        unit: Query<Option<String>>,
        #[oai(default)] leader: Query<Vec<String>>,
        #[oai(default)] cycle: Query<Vec<String>>,
        #[oai(default)] source: Query<Vec<String>>,
        parent: Query<Option<String>>,
        sort: Query<Option<String>>,
    ) -> Result<Workbook, Failure> {
        let filter = Filter {
            q: q.0,
            lights: light.0,
            states: state.0,
            categories: category.0,
            lead_units: lead_unit.0,
            unit: unit.0,
            leaders: leader.0,
            cycles: cycle.0,
            sources: source.0,
            parent: parent.0,
        };
        app::exports::workbook(&caller, &module, &kind, &filter, sort.0.as_deref()).await
    }
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn a_name_has_an_ascii_fallback_and_can_not_break_out_of_its_header() {
        assert_eq!(
            disposition("任务 1.xlsx"),
            "attachment; filename=\"___1.xlsx\"; filename*=UTF-8''%E4%BB%BB%E5%8A%A1%201.xlsx"
        );
        assert!(!disposition("a\"\r\nSet-Cookie: x").contains(['\r', '\n']));
    }
}
