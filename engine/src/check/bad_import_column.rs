//! A column of an import that can not be filled as written.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "bad-import-column",
    "导入的列配置有误：一个字段只能由一列填写，`remark` 只能配在日期或单位列上并指向文字字段，平台自己写的字段不能导入。",
    "A column of the import is wrong: one column fills a field, `remark` belongs to columns of dates or units and names a field of text, and fields that only the platform writes can not be imported.",
)
.explained(
    "导入列写错",
    "A column of an import that can not be filled",
    Frame::Kind,
    r"import:
  columns:
    名称: {field: title}
    任务名称: {field: title}
    牵头单位: {field: lead_unit}",
    r"import:
  columns:
    任务名称: {field: title, aliases: [名称]}
    牵头单位: {field: lead_unit}",
);

pub(crate) fn twice(place: Place, field: &str, first: &str) -> Diagnostic {
    RULE.at(
        place,
        format!("字段 `{field}` 已由列 `{first}` 填写"),
        format!("the field `{field}` is filled by the column `{first}` already"),
    )
    .help(
        format!("如果两个表头是一回事，请写到列 `{first}` 的 `aliases` 里"),
        format!("where both headers mean the same, write this one into `aliases` of `{first}`"),
    )
}

pub(crate) fn header_twice(place: Place, header: &str) -> Diagnostic {
    RULE.at(
        place,
        format!("表头 `{header}` 已用于另一列"),
        format!("the header `{header}` belongs to another column already"),
    )
    .help("请删去其中一个", "remove one of the two")
}

pub(crate) fn read_only(place: Place, field: &str) -> Diagnostic {
    RULE.at(
        place,
        format!("字段 `{field}` 只由平台填写，不能导入"),
        format!("only the platform writes the field `{field}`; it can not be imported"),
    )
    .help("请去掉 `field`，或在表单里去掉 `readOnly`", "remove `field`, or `readOnly` from the form")
}

pub(crate) fn remark_without_use(place: Place) -> Diagnostic {
    RULE.at(
        place,
        "`remark` 只能配在日期或单位的列上",
        "`remark` belongs to columns of dates or units",
    )
    .help("请删去 `remark`", "remove `remark`")
}

pub(crate) fn remark_is_no_text(place: Place, field: &str) -> Diagnostic {
    RULE.at(
        place,
        format!("`remark` 的字段 `{field}` 不是文字"),
        format!("the field `{field}` of `remark` takes no text"),
    )
    .help("请换一个文字字段", "name a field of text")
}

pub(crate) fn required_is_missing(place: Place, field: &str) -> Diagnostic {
    RULE.at(
        place,
        format!("表单必填的字段 `{field}` 没有对应的列，导入的每一行都会被退回"),
        format!("the form requires `{field}`, which no column fills: every row would be refused"),
    )
    .help(format!("请加一列 `表头: {{field: {field}, required: true}}`"), format!("add a column `HEADER: {{field: {field}, required: true}}`"))
}
