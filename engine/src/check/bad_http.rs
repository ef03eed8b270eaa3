//! A call of another system with a path, a number of tries or a pause that can not be.

use super::{Frame, Rule};
use crate::{diagnostic::Diagnostic, source::Place};

/// The rule.
pub(crate) const RULE: Rule = Rule::error(
    "bad-http",
    "`http` 调用外部系统：`service` 是服务器设置里的名称，地址和密钥只在那里；`path` 以 `/` 开头，接在该地址之后；`tries` 是总共尝试的次数（1 到 20）；`back-off` 是第一次失败后等待的时长（最长一天），以后每次加倍。",
    "`http` asks another system: `service` is a name of the server's settings, where alone address and secret stand; `path` begins with `/` and is appended to that address; `tries` is how often it is tried in all (1 to 20); `back-off` is the pause after the first failure (a day at most), doubled each time.",
)
.explained(
    "接口调用写错",
    "A call of another system that can not be made",
    Frame::Nodes,
    "draft: {action: {http: {service: archive, path: https://elsewhere/x}}, next: {end: accepted}}",
    "draft: {action: {http: {service: archive, path: /receipts}}, next: {end: accepted}}",
);

pub(crate) fn path(place: Place, path: &str) -> Diagnostic {
    RULE.at(place, format!("路径 `{path}` 不能接在服务地址之后"), format!("the path `{path}` can not be appended to a service's address"))
        .help(
            "请写 `/` 开头、由字母、数字和 `-._~` 组成的各段，如 `/archive/receipts`；参数写在 `body` 里",
            "write parts of letters, digits and `-._~`, each behind a `/`, such as `/archive/receipts`; parameters belong into `body`",
        )
}

pub(crate) fn tries(place: Place, tries: i64, most: i64) -> Diagnostic {
    RULE.at(place, format!("尝试次数 `{tries}` 应在 1 到 {most} 之间"), format!("`{tries}` tries must lie between 1 and {most}"))
        .help("不写 `tries` 就是 5 次", "without `tries` there are 5")
}

pub(crate) fn back_off(place: Place, span: &str) -> Diagnostic {
    RULE.at(place, format!("第一次等待 `{span}` 太长"), format!("the first pause `{span}` is too long"))
        .help("请写一天以内的时长，如 `PT1M`；以后每次加倍", "write at most a day, such as `PT1M`; it doubles each time")
}
