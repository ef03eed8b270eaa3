//! A fact that is watched for changes and that no command changes.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, expr::Expr, source::Place, text::Name};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "never-changes",
    "`changed` 等的是事项的字段被修改；这个表达式读的内容不会被任何操作修改（时间流逝不算修改）。等到某一天请用 `at`。",
    "`changed` hears of changed fields of an item; no command changes what this expression reads (the passing of time is no change). To wait for a day, write `at`.",
)
.explained(
    "等的东西不会变",
    "Something that never changes",
    Frame::Nodes,
    "draft: {wait: {changed: item.created_at}, next: {end: accepted}}",
    "draft: {wait: {changed: item.progress}, next: {end: accepted}}",
);

/// The facts of an item that stay as they are.
const FIXED: [&str; 5] = ["module", "kind", "year", "created_at", "created_by"];

/// Whether nothing that `expr` reads can change.
pub(crate) fn holds(expr: &Expr) -> bool {
    expr.reads().iter().all(|path| stays(path))
}

fn stays(path: &[Name]) -> bool {
    let names: Vec<&str> = path.iter().map(Name::as_str).collect();
    match names.as_slice() {
        ["today" | "now" | "actor"] | ["task", "opened_at"] => true,
        ["item", "parent", field] | ["item", field] => FIXED.contains(field),
        _ => false,
    }
}

pub(crate) fn fault(place: Place, source: &str) -> Diagnostic {
    RULE.at(place, format!("`{source}` 不会被修改"), format!("`{source}` never changes"))
        .help("请写一个会被修改的字段，如 `item.due`；等到某一天用 `at`", "name a field that is edited, such as `item.due`; to wait for a day, write `at`")
}
