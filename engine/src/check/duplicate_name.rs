//! Two things of one kind have the same name.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "duplicate-name",
    "两个同类的东西用了同一个名称，例如两个表单文件都叫 task，或字典里两个条目同名。请给其中一个改名。",
    "Two things of one kind have the same name: two forms called `task`, two entries of a dictionary. Rename one of them.",
)
.explained(
    "名称重复",
    "A name that is taken",
    Frame::Document,
    r"dictionary: categories
title: 事项分类
entries:
  - {name: 重点, title: 重点}
  - {name: 重点, title: 一般}",
    r"dictionary: categories
title: 事项分类
entries:
  - {name: 重点, title: 重点}
  - {name: 一般, title: 一般}",
);

pub(crate) fn fault(place: Place, what: (&str, &str), name: &str, first: Option<Place>) -> Diagnostic {
    let fault = RULE
        .at(place, format!("{} `{name}` 已经有了", what.0), format!("`{name}` is the name of another {} already", what.1))
        .help("请改名，或删去其中一个", "rename or remove one of the two");
    match first {
        Some(first) => fault.related(first, "第一个在这里", "the first one is here"),
        None => fault,
    }
}
