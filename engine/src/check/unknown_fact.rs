//! A fact that does not exist.

use super::{Frame, Rule};

/// The rule. The words of each fault come from the compiler of expressions.
pub(crate) const RULE: Rule = Rule::error(
    "unknown-fact",
    "表达式里的名称不存在：`item.` 后面是种类的表单字段或平台属性，`forms.节点.字段` 是该节点已填的表单，`form.` 只能用在自己的节点或操作里。",
    "A name in the expression does not exist: after `item.` comes a field of the kind's form or an attribute of the platform; `forms.NODE.FIELD` is what was filled in at that node; `form.` works in its own node or offer only.",
)
.explained(
    "表达式里的路径不存在",
    "A path that leads nowhere",
    Frame::Condition,
    "item.percnt == 100",
    "item.percent == 100",
);
