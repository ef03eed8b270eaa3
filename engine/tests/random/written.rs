//! Writes a workflow as YAML, with the little that it needs around it.

use std::{fmt::Write as _, sync::Arc};

use docket_engine::source::File;

use crate::model::{At, Flow, How, Kind, Outcome, To};

/// The posts, the calendar and a workflow to call, whose results are `good` and `bad`.
const AROUND: &str = "\
organisation: town
title: 镇
posts:
  handler: {title: 经办}
  voter: {title: 委员}
people: {}
units: {}
workbook: []
---
workflow: below
title: 分
start: work
nodes:
  work:
    task: 办理
    assign: {post: handler}
    outcomes: {good: {zh: 好, en: Good, to: {end: good}}, bad: {zh: 坏, en: Bad, to: {end: bad}}}
---
module: small
title: 小
kinds:
  matter:
    title: 事
    form: matter
    workflow: main
";

/// The configuration with a workflow `main`.
pub(crate) fn files(flow: &Flow) -> Vec<Arc<File>> {
    let mut form =
        String::from("form: matter\ntitle: 事\nproperties:\n  title: {type: string, title: 名称, x-field: title}\n");
    for (at, node) in flow.nodes.iter().enumerate() {
        if let Kind::Choose(ways) | Kind::Any(ways) = &node.kind {
            for place in 0..ways.len() - 1 {
                writeln!(form, "  {}: {{type: boolean, title: 条件}}", fact(at, place)).unwrap();
            }
        }
    }
    let entries: Vec<String> = flow.entries.iter().map(|at| format!("n{at}: {{who: {{post: handler}}}}")).collect();
    let entries = entries.join(", ");
    let text =
        format!("{AROUND}    enter: {{{entries}}}\n    reopen: {{{entries}}}\n---\n{form}---\n{}", workflow(flow));
    vec![Arc::new(File { path: "a.yaml".into(), text })]
}

/// The field that tells whether a branch is taken.
pub(crate) fn fact(at: At, place: usize) -> String {
    format!("f{at}_{place}")
}

/// The workflow as YAML.
pub(crate) fn workflow(flow: &Flow) -> String {
    let mut text = format!("workflow: main\ntitle: 主\nstart: n{}\nnodes:\n", flow.start);
    for (at, node) in flow.nodes.iter().enumerate() {
        writeln!(text, "  n{at}:").unwrap();
        for line in kind(at, &node.kind) {
            writeln!(text, "    {line}").unwrap();
        }
        if let Some(to) = node.event {
            writeln!(text, "    on: [{{message: e{at}, to: n{to}}}]").unwrap();
        }
    }
    text
}

fn kind(at: At, kind: &Kind) -> Vec<String> {
    let names = |all: &[At]| all.iter().map(|to| format!("n{to}")).collect::<Vec<_>>().join(", ");
    match kind {
        Kind::Task(task) => {
            let mut lines = vec![format!("task: 任务{at}")];
            lines.push(if task.group {
                "each: {post: voter}".to_owned()
            } else {
                "assign: {post: handler}".to_owned()
            });
            if task.returns {
                lines.push("allow: [return]".to_owned());
            }
            lines.push("outcomes:".to_owned());
            let last = task.outcomes.len() - 1;
            lines.extend(task.outcomes.iter().enumerate().map(|(place, outcome)| {
                let rule = match (task.group, place == last) {
                    (false, _) => "",
                    (true, false) => ", when: 2",
                    (true, true) => ", when: rest",
                };
                format!("  o{place}: {{zh: 去{place}, en: Way {place}{}{rule}}}", way(outcome))
            }));
            lines
        }
        Kind::Action(next) => vec!["action: {set: {item.title: \"'甲'\"}}".to_owned(), format!("next: n{next}")],
        Kind::Choose(ways) => guarded("choose", at, ways),
        Kind::Any(ways) => guarded("any", at, ways),
        Kind::Fork(ways) => vec![format!("fork: [{}]", names(ways))],
        Kind::Join { of, count, stay, next } => {
            let mut lines = vec![format!("join: n{of}"), format!("next: n{next}")];
            lines.extend(count.map(|count| format!("count: {count}")));
            lines.extend(stay.then(|| "rest: stay".to_owned()));
            lines
        }
        Kind::Wait(next) => vec![format!("wait: {{message: m{at}}}"), format!("next: n{next}")],
        Kind::Call([good, bad]) => vec!["call: below".to_owned(), format!("then: {{good: n{good}, bad: n{bad}}}")],
        Kind::Stage(offers) => {
            let mut lines = vec![format!("stage: 阶段{at}"), "offers:".to_owned()];
            lines.extend(offers.iter().enumerate().map(|(place, to)| {
                format!("  o{place}: {{zh: 去{place}, en: Way {place}, who: {{post: handler}}, to: n{to}}}")
            }));
            lines
        }
        Kind::End { result, how } => {
            let mut lines = vec![format!("end: r{result}")];
            lines.extend(match how {
                How::Normal => None,
                How::Cancel => Some("how: cancel".to_owned()),
                How::Error => Some("how: error".to_owned()),
            });
            lines
        }
    }
}

fn way(outcome: &Outcome) -> String {
    let to = match outcome.to {
        To::Node(to) => format!("n{to}"),
        To::Previous => "previous".to_owned(),
        To::Starter => "starter".to_owned(),
    };
    let back = if outcome.back { ", return: true" } else { "" };
    let straight = if outcome.straight { ", straight: true" } else { "" };
    format!(", to: {to}{back}{straight}")
}

fn guarded(key: &str, at: At, ways: &[At]) -> Vec<String> {
    let mut lines = vec![format!("{key}:")];
    let (last, before) = ways.split_last().unwrap();
    lines.extend(
        before
            .iter()
            .enumerate()
            .map(|(place, to)| format!("  - {{when: item.{} == true, to: n{to}}}", fact(at, place))),
    );
    lines.push(format!("  - {{else: n{last}}}"));
    lines
}
