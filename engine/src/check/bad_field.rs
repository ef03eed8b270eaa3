//! A field whose description does not hold together.

use super::Rule;
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "bad-field",
    "表单字段的写法自相矛盾，例如 `x-field: lead_unit` 用在文字上，`minimum` 大于 `maximum`，或正则写错。",
    "The description of a field contradicts itself: `x-field: lead_unit` on a text, `minimum` above `maximum`, or a pattern that can not be read.",
);

pub(crate) fn fault(place: Place, message: (String, String), help: (&str, &str)) -> Diagnostic {
    RULE.at(place, message.0, message.1).help(help.0, help.1)
}
