//! `/modules/{m}`: a module as the reader sees it.

use poem_openapi::{Object, OpenApi, param::Path, payload::Json};

use super::{
    caller::Caller,
    views::{Choice, FormView, LightView},
};
use crate::{app, failure::Failure};

/// A module.
#[derive(Debug, Object)]
pub struct ModuleView {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Its categories.
    pub categories: Vec<Choice>,
    /// How many charts its cockpit has.
    pub charts: u32,
    /// Its kinds.
    pub kinds: Vec<ModuleKind>,
}

/// A kind of item.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ModuleKind {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Its form.
    pub form: FormView,
    /// The steps at which the reader may create an item, instead of at the workflow's start.
    pub enter: Vec<EntryView>,
    /// Its lights, in the order of a legend.
    pub lights: Vec<LightView>,
    /// Its list.
    pub list: ListView,
    /// Its spreadsheet import.
    pub import: Option<ImportForm>,
    /// What the reader may do.
    pub may: KindMay,
}

/// A step at which an item may be created.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct EntryView {
    /// Its node.
    pub node: String,
    /// Its title.
    pub title: String,
    /// The form that is filled in there; absent: the kind's.
    pub form: Option<FormView>,
}

/// A kind's list.
#[derive(Debug, Object)]
pub struct ListView {
    /// The shown columns.
    pub columns: Vec<ColumnView>,
    /// Names of the columns that have a filter.
    pub filters: Vec<String>,
    /// How it is sorted at first.
    pub sort: Vec<SortView>,
}

/// A column of a list. Besides fields of the form there are `light`, `state`, `stage` and `next_due`.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ColumnView {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// The kind of its values: as a field's, or `light`, `state`, `stage`.
    pub kind: String,
    /// For choices, entries, lights and states, and lists of them: the values.
    pub options: Option<Vec<Choice>>,
}

/// A column to sort by.
#[derive(Debug, Object)]
pub struct SortView {
    /// The column.
    pub by: String,
    /// From the largest to the smallest.
    pub descending: bool,
}

/// What a spreadsheet must hold.
#[derive(Debug, Object)]
pub struct ImportForm {
    /// Its columns.
    pub columns: Vec<ImportHeader>,
}

/// A column of a spreadsheet.
#[derive(Debug, Object)]
pub struct ImportHeader {
    /// The header.
    pub header: String,
    /// Whether a sheet without it is refused.
    pub required: bool,
}

/// What the reader may do with a kind.
#[derive(Debug, Object)]
pub struct KindMay {
    /// Create items.
    pub create: bool,
    /// Import a spreadsheet.
    pub import: bool,
    /// Export the list.
    pub export: bool,
}

/// The endpoint.
pub struct ModulesApi;

#[OpenApi]
impl ModulesApi {
    /// One module.
    #[oai(path = "/modules/:module", method = "get", operation_id = "module")]
    async fn module(&self, caller: Caller, module: Path<String>) -> Result<Json<ModuleView>, Failure> {
        Ok(Json(app::modules::view(&caller, &module)?))
    }
}
