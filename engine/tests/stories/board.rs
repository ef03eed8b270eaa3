//! A board for groups: a small configuration of its own, members of units, one matter that they vote on.

use std::{collections::BTreeMap, sync::Arc};

use docket_engine::{
    case::{Case, Task, TaskState},
    command::{Actor, Command, Turn},
    definition::registry::Registry,
    diagnostic::{Severity, render},
    event::Kind,
    id::{Id, PersonId, UnitId},
    load::load,
    org::{Holding, Org, Person, Unit},
    rejection::Rejection,
    source::File,
    text::Language,
};
use serde_json::{Map, json};

use crate::town::{Town, at, fields};

const BASE: &str = "\
organisation: board
title: 组织
posts:
  member: {title: 委员, roles: [member]}
  chair: {title: 主任, roles: [member]}
---
form: matter
title: 事
required: [title]
properties:
  title: {type: string, title: 名称, x-field: title}
  unit: {type: string, title: 单位, format: unit, x-field: lead_unit}
  others: {type: array, items: {type: string, format: unit}, title: 协办单位, x-field: co_units}
  number: {type: number, title: 数额}
  names: {type: array, items: {type: string}, title: 名单}
  day: {type: string, title: 日期, format: date}
---
form: opinion
title: 意见
properties:
  text: {type: string, title: 意见}
---
form: part
title: 分项
required: [title]
properties:
  title: {type: string, title: 名称, x-field: title}
  unit: {type: string, title: 单位, format: unit, x-field: lead_unit}
---
module: small
title: 小
kinds:
  matter: {title: 事, form: matter, workflow: main}
  part: {title: 分项, form: part, parent: matter, workflow: below}
---
";

/// The chair, outside all units.
pub(crate) const CHAIR: PersonId = PersonId(1);
/// The units 1 to 3; people 11, 12, … are members of unit 1, and so on.
pub(crate) const UNITS: [UnitId; 3] = [UnitId(1), UnitId(2), UnitId(3)];

/// A workflow `below` for matters that have parts which do nothing else.
pub(crate) const BELOW: &str = "
---
workflow: below
title: 分
start: work
nodes:
  work:
    task: 办理
    assign: {post: member, unit: item.unit}
    outcomes:
      approve: {end: good}
      reject: {end: bad}
";

/// What a document says, or the faults that it has.
pub(crate) fn try_load(workflows: &str) -> Result<Arc<Registry>, String> {
    let text = format!("{BASE}{workflows}");
    let loaded = load(&[Arc::new(File { path: "board.yaml".into(), text })]);
    let errors: Vec<_> = loaded.diagnostics.into_iter().filter(|found| found.severity == Severity::Error).collect();
    if errors.is_empty() { Ok(Arc::new(loaded.registry.unwrap())) } else { Err(render(&errors, Language::En)) }
}

/// A workflow whose task `vote` is a group with these members and outcomes; approved and rejected end, `again` leads back.
pub(crate) fn voting(each: &str, outcomes: &str) -> String {
    format!(
        "workflow: main\ntitle: 主\nstart: draft\nnodes:\n  \
           draft:\n    task: 起草\n    assign: {{post: chair}}\n    outcomes: {{submit: vote, discard: rejected}}\n  \
           vote:\n    task: 表决\n    each: {each}\n    allow: [add-signer, remove-signer, transfer]\n    withdraw: {{within: PT30M}}\n    outcomes:\n{outcomes}  \
           approved:\n    task: 通过\n    assign: {{post: chair}}\n    outcomes: {{finish: {{end: yes}}, again: {{zh: 重来, en: Again, to: vote}}}}\n  \
           rejected:\n    task: 否决\n    assign: {{post: chair}}\n    outcomes: {{finish: {{end: no}}}}\n{BELOW}"
    )
}

/// The members of each unit, by how many; the chair.
pub(crate) fn members(of: &[usize]) -> Vec<Holding> {
    let mut all = vec![Holding { person: CHAIR, post: "chair".into(), unit: None }];
    for (unit, count) in UNITS.into_iter().zip(of) {
        for number in 1..=*count {
            let person = PersonId(unit.0 * 1000 + i64::try_from(number).unwrap());
            all.push(Holding { person, post: "member".into(), unit: Some(unit) });
        }
    }
    all
}

/// The number `number` member of a unit.
pub(crate) const fn member(unit: i64, number: i64) -> PersonId {
    PersonId(unit * 1000 + number)
}

pub(crate) fn org(holdings: Vec<Holding>) -> Arc<Org> {
    let unit = |id: UnitId| Unit {
        id,
        name: format!("单位{id}"),
        aliases: Vec::new(),
        parent: None,
        class: String::new(),
        order: id.0,
        attributes: BTreeMap::new(),
        from: None,
        to: None,
        successor: None,
    };
    let mut people: Vec<PersonId> = vec![CHAIR];
    people.extend(UNITS.iter().flat_map(|unit| (1..=200).map(|number| member(unit.0, number))));
    let people = people.into_iter().map(|id| Person {
        id,
        code: id.to_string(),
        name: format!("人{id}"),
        title: String::new(),
        attributes: BTreeMap::new(),
        active: id != CHAIR || !holdings.is_empty(),
    });
    Arc::new(Org::new(UNITS.map(unit).to_vec(), people.collect(), holdings, Vec::new(), BTreeMap::new()))
}

/// A board of so many members in units 1, 2 and 3, with a matter of unit 1 with 2 and 3, before the vote.
pub(crate) fn board(workflows: &str, of: &[usize]) -> Town {
    let registry = try_load(workflows).unwrap();
    let mut town = Town::with(registry);
    town.org = org(members(of));
    town.case = Case::new(1);
    town.now = at("2026-01-05");
    let matter = json!({"title": "甲", "unit": "1", "others": ["2", "3"]});
    let command =
        Command::Create { module: "small".into(), kind: "matter".into(), fields: fields(matter), enter: None };
    town.run(Actor::Person(CHAIR), &command).unwrap();
    town
}

/// As [`board`], with the vote begun.
pub(crate) fn vote(workflows: &str, of: &[usize]) -> Town {
    let mut town = board(workflows, of);
    town.complete(CHAIR, "submit");
    town
}

impl Town {
    /// Who is to do the open tasks that are not late, by number.
    pub(crate) fn asked(&self) -> Vec<i64> {
        let open = self.open().into_iter().filter(|task| !task.late);
        open.flat_map(|task| task.assignee.map_or_else(|| task.candidates.clone(), |one| vec![one]))
            .map(|person| person.0)
            .collect()
    }

    /// The open task of somebody at a node.
    pub(crate) fn task_of(&self, person: PersonId) -> &Task {
        let mine = |task: &&Task| match task.assignee {
            Some(assignee) => assignee == person,
            None => task.candidates.contains(&person),
        };
        let open = self.case.tasks.values().filter(|task| task.state == TaskState::Open);
        open.rev().find(mine).unwrap()
    }

    pub(crate) fn try_vote(&mut self, person: PersonId, outcome: &str) -> Result<(), Rejection> {
        let task = self.task_of(person).id;
        self.complete_task(task, person, outcome, Map::new(), Some("意见"))
    }

    /// Somebody votes.
    pub(crate) fn votes(&mut self, person: PersonId, outcome: &str) {
        self.try_vote(person, outcome).unwrap();
    }

    /// Nodes of the open tasks that are not late, each once.
    pub(crate) fn nodes(&self) -> Vec<String> {
        let mut all: Vec<String> =
            self.open().into_iter().filter(|task| !task.late).map(|task| task.node.to_string()).collect();
        all.dedup();
        all
    }

    pub(crate) fn late(&self) -> Vec<Id> {
        self.open().into_iter().filter(|task| task.late).map(|task| task.id).collect()
    }

    /// The organisation changes.
    pub(crate) fn reorganise(&mut self, holdings: Vec<Holding>) {
        self.org = org(holdings);
        self.run(Actor::System, &Command::Reassign).unwrap();
    }

    pub(crate) fn edit(&mut self, change: serde_json::Value) {
        let command = Command::Edit { item: self.root().id, fields: fields(change) };
        self.run(Actor::System, &command).unwrap();
    }

    pub(crate) fn add(&mut self, actor: PersonId, people: &[PersonId], turn: Turn) -> Result<(), Rejection> {
        let task = self.task_of(actor).id;
        let command = Command::AddSigners { task, people: people.to_vec(), turn, comment: Some("请会签".into()) };
        self.run(Actor::Person(actor), &command)
    }

    pub(crate) fn try_add(&mut self, task: Id, actor: PersonId, person: PersonId) -> Result<(), Rejection> {
        let command = Command::AddSigners { task, people: vec![person], turn: Turn::Beside, comment: None };
        self.run(Actor::Person(actor), &command)
    }

    pub(crate) fn transfer(&mut self, task: Id, from: PersonId, to: PersonId) -> Result<(), Rejection> {
        self.run(Actor::Person(from), &Command::Transfer { task, to, comment: None })
    }

    pub(crate) fn withdraw(&mut self, actor: PersonId, task: Id) -> Result<(), Rejection> {
        self.run(Actor::Person(actor), &Command::Withdraw { task, comment: None })
    }

    pub(crate) fn remove(&mut self, actor: PersonId, task: Id, person: PersonId) -> Result<(), Rejection> {
        self.run(Actor::Person(actor), &Command::RemoveSigner { task, person, comment: None })
    }

    /// How many events of a kind there were.
    pub(crate) fn count(&self, kind: impl Fn(&Kind) -> bool) -> usize {
        self.events.iter().filter(|event| kind(&event.kind)).count()
    }
}
