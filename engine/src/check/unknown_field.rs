//! A field that the form, the kind or the platform does not have.

use super::{Frame, Rule, suggest};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "unknown-field",
    "表单里没有这个字段，平台也没有这个属性。请核对表单 `properties:` 下的名称，或在表单里加上这个字段。",
    "The form has no such field and the platform no such attribute. Compare the names below `properties:` of the form, or add the field there.",
)
.explained(
    "表单没有这个字段",
    "A field that the form lacks",
    Frame::Kind,
    "list: {columns: [title, leed_unit]}",
    "list: {columns: [title, lead_unit]}",
);

/// `of` is what should have the field, in both languages.
pub(crate) fn fault<'a>(
    place: Place,
    name: &str,
    of: (&str, &str),
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let fault = RULE.at(place, format!("{}没有字段 `{name}`", of.0), format!("{} has no field `{name}`", of.1));
    match suggest::help(name, known) {
        Some((zh, en)) => fault.help(zh, en),
        None => fault,
    }
}
