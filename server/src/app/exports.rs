//! A list as a spreadsheet.

use super::items::Filter;
use crate::{
    api::{caller::Caller, exports::Workbook},
    failure::Failure,
};

/// The spreadsheet.
pub async fn workbook(
    caller: &Caller,
    module: &str,
    kind: &str,
    filter: &Filter,
    sort: Option<&str>,
) -> Result<Workbook, Failure> {
    let _ = (caller, module, kind, filter, sort);
    Err(Failure::NotFound)
}
