//! The small world of the benchmarks: an organisation, two workflows, and an eight-field form.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use docket_engine::{
    case::Case,
    command::{Actor, Command},
    context::Context,
    diagnostic::render,
    id::{PersonId, UnitId},
    load::load,
    org::{Holding, Org, Person, Unit},
    source::File,
    step::step,
    text::Language,
    value::Data,
};
use jiff::tz::TimeZone;
use serde_json::{Map, Value as Json, json};

/// *approval-3* and *fan-100*, as the issue describes them.
const CONFIGURATION: &str = "\
organisation: bench
title: 区
posts:
  handler: {title: 经办人员, roles: handler}
  head: {title: 部门长, roles: head}
  leader: {title: 领导, roles: leader}
---
form: paper
title: 单
required: [title]
properties:
  title: {type: string, title: 名称, x-field: title}
  unit: {type: string, title: 单位, format: unit, x-field: lead_unit}
---
form: eight
title: 八项
required: [progress, percent]
properties:
  progress: {type: string, title: 进展, format: multiline}
  percent: {type: integer, title: 比例}
  problem: {type: string, title: 问题, format: multiline}
  plan: {type: string, title: 下步打算, format: multiline}
  on: {type: string, title: 日期, format: date}
  unit: {type: string, title: 单位, format: unit}
  amount: {type: number, title: 金额}
  done: {type: boolean, title: 完成}
---
module: bench
title: 台账
kinds:
  approval: {title: 审批, form: paper, workflow: approval}
  fan: {title: 会签, form: paper, workflow: fan}
---
workflow: approval
title: 审批
start: submit
nodes:
  submit:
    task: 填报
    assign: {post: handler, unit: item.unit}
    form: eight
    outcomes: {approve: head}
  head:
    task: 部门长
    assign: {post: head, unit: item.unit}
    form: eight
    outcomes: {approve: leader, return: submit}
  leader:
    task: 领导
    assign: {post: leader, unit: item.unit}
    form: eight
    outcomes: {approve: both}
  both: {fork: [one, two]}
  one:
    task: 会签一
    assign: {post: head, unit: item.unit}
    form: eight
    outcomes: {approve: together}
  two:
    task: 会签二
    assign: {post: leader, unit: item.unit}
    form: eight
    outcomes: {approve: together}
  together: {join: both, next: done}
  done: {end: done, set: {item.state: done}}
";

/// What a benchmark runs in.
#[derive(Debug)]
pub(crate) struct World {
    form: Map<String, Json>,
    people: Vec<Context>,
}

impl World {
    pub(crate) fn new() -> Self {
        let files = [Arc::new(File { path: "bench.yaml".into(), text: format!("{CONFIGURATION}---\n{}", fan()) })];
        let loaded = load(&files);
        let registry =
            Arc::new(loaded.registry.unwrap_or_else(|| panic!("{}", render(&loaded.diagnostics, Language::En))));
        let now = "2026-01-05T01:00:00Z".parse().unwrap();
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let org = Arc::new(org());
        let person = |person: i64| Context {
            now,
            zone: zone.clone(),
            actor: Actor::Person(PersonId(person)),
            org: Arc::clone(&org),
            registry: Arc::clone(&registry),
        };
        let people = (0..4).map(person).collect();
        let form = json!({
            "progress": "一期厂房主体工程完成9万平方米", "percent": 75, "problem": "雨季影响外墙施工", "plan": "年底前封顶",
            "on": "2026-01-05", "unit": "1", "amount": 1200.5, "done": false,
        });
        Self { form: serde_json::from_value(form).unwrap(), people }
    }

    pub(crate) fn form(&self) -> Data {
        self.form.clone().into()
    }

    pub(crate) fn as_person(&self, person: PersonId) -> &Context {
        &self.people[usize::try_from(person.0).unwrap()]
    }

    pub(crate) fn create(&self, number: i64, kind: &str) -> Case {
        let fields = serde_json::from_value(json!({"title": "建设青禾产业园一期", "unit": "1"})).unwrap();
        let command = Command::Create { module: "bench".into(), kind: kind.into(), fields, enter: None };
        step(&Case::new(number), &command, self.as_person(PersonId(1))).unwrap().case
    }
}

/// A fork of a hundred tasks, joined.
fn fan() -> String {
    let names: Vec<String> = (1..=100).map(|number| format!("t{number}")).collect();
    let mut text = format!("workflow: fan\ntitle: 会签\nstart: all\nnodes:\n  all: {{fork: [{}]}}\n", names.join(", "));
    for name in names {
        text.extend(["  ", &name, ":\n    task: 办理\n    assign: {post: head, unit: item.unit}\n"]);
        text.push_str("    form: eight\n    outcomes: {approve: together}\n");
    }
    text.push_str("  together: {join: all, next: done}\n  done: {end: done, set: {item.state: done}}\n");
    text
}

fn org() -> Org {
    let unit = Unit {
        id: UnitId(1),
        name: "发展改革委".into(),
        aliases: Vec::new(),
        parent: None,
        class: String::new(),
        order: 1,
        attributes: BTreeMap::new(),
        from: None,
        to: None,
        successor: None,
    };
    let people = (1..4).map(|id| Person {
        id: PersonId(id),
        code: id.to_string(),
        name: format!("第{id}人"),
        title: String::new(),
        attributes: BTreeMap::new(),
        active: true,
    });
    let holding = |person, post: &str| Holding { person: PersonId(person), post: post.into(), unit: Some(UnitId(1)) };
    let holdings = vec![holding(1, "handler"), holding(2, "head"), holding(3, "leader")];
    Org::new(vec![unit], people.collect(), holdings, Vec::new(), BTreeMap::new())
}

/// The shipped configuration.
pub(crate) fn shipped() -> Vec<Arc<File>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for folder in
        ["calendars", "dictionaries", "forms", "modules", "organisation", "policies", "templates", "workflows"]
    {
        let mut paths: Vec<PathBuf> =
            fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for path in paths.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "yaml")) {
            files.push(Arc::new(File { path: path.display().to_string(), text: fs::read_to_string(&path).unwrap() }));
        }
    }
    files
}
