//! A small town for stories: the shipped configuration, a few units and people, a virtual clock, and one case.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use docket_engine::{
    apply::apply,
    case::{Case, Item, Purpose, Task, TaskState, Token},
    command::{Actor, Command},
    context::Context,
    definition::{
        module::Colour,
        registry::Registry,
        workflow::{Node, NodeKind},
    },
    effect::Effect,
    event::Event,
    id::{Id, PersonId, UnitId},
    load::load,
    org::{Holding, Org, Person, Unit},
    rejection::Rejection,
    step::{Step, light, step},
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde_json::{Map, Value as Json, json};

use crate::support;

pub(crate) const EDUCATION: UnitId = UnitId(1);
pub(crate) const HEALTH: UnitId = UnitId(2);
pub(crate) const SUPERVISOR: PersonId = PersonId(1);
pub(crate) const HANDLER: PersonId = PersonId(11);
pub(crate) const LIAISON: PersonId = PersonId(12);
pub(crate) const CHIEF: PersonId = PersonId(13);
pub(crate) const DEPUTY: PersonId = PersonId(14);
pub(crate) const OTHER_DEPUTY: PersonId = PersonId(15);
pub(crate) const HEAD: PersonId = PersonId(16);
/// Health has a handler, a section chief and a head, but no deputy head.
pub(crate) const HEALTH_HANDLER: PersonId = PersonId(21);
pub(crate) const HEALTH_CHIEF: PersonId = PersonId(23);
pub(crate) const HEALTH_HEAD: PersonId = PersonId(26);

/// Who holds which post where.
pub(crate) fn holdings() -> Vec<Holding> {
    [
        (SUPERVISOR, "supervisor", None),
        (HANDLER, "handler", Some(EDUCATION)),
        (LIAISON, "liaison", Some(EDUCATION)),
        (CHIEF, "section_chief", Some(EDUCATION)),
        (DEPUTY, "deputy_head", Some(EDUCATION)),
        (OTHER_DEPUTY, "deputy_head", Some(EDUCATION)),
        (HEAD, "department_head", Some(EDUCATION)),
        (HEALTH_HANDLER, "handler", Some(HEALTH)),
        (HEALTH_CHIEF, "section_chief", Some(HEALTH)),
        (HEALTH_HEAD, "department_head", Some(HEALTH)),
    ]
    .map(|(person, post, unit)| Holding { person, post: post.into(), unit })
    .to_vec()
}

pub(crate) fn org(holdings: Vec<Holding>) -> Arc<Org> {
    let unit = |id: UnitId, name: &str| Unit {
        id,
        name: name.into(),
        aliases: Vec::new(),
        parent: None,
        class: String::new(),
        order: id.0,
        attributes: BTreeMap::new(),
        from: None,
        to: None,
        successor: None,
    };
    let people = self::holdings().into_iter().map(|holding| Person {
        id: holding.person,
        code: holding.person.to_string(),
        name: format!("{}{}", holding.post, holding.person),
        title: String::new(),
        attributes: BTreeMap::new(),
        active: true,
    });
    let units = vec![unit(EDUCATION, "教委"), unit(HEALTH, "卫健委")];
    Arc::new(Org::new(units, people.collect(), holdings, Vec::new(), BTreeMap::new()))
}

/// How many tasks are open where a token stands.
fn asked(node: &Node, token: &Token) -> usize {
    let NodeKind::Task(task) = &node.kind else { return 0 };
    let open = token.members.iter().filter(|member| member.is_open()).count();
    match &task.group {
        None if token.members.is_empty() => 1,
        Some(group) if !group.sequence => open,
        _ => open.min(1),
    }
}

/// The part of a case that is loaded for a command: what is open, and the items above it.
fn loaded(case: &Case) -> Case {
    let mut part = case.clone();
    part.tasks.retain(|_, task| task.state == TaskState::Open);
    part.instances.retain(|_, instance| instance.ended.is_none());
    let mut needed: BTreeSet<Id> = part.instances.values().map(|instance| instance.item).collect();
    needed.insert(Id::root_item(case.root));
    let above: Vec<Id> = needed.iter().copied().collect();
    for mut item in above {
        while let Some(parent) = part.items.get(&item).and_then(|item| item.parent) {
            needed.insert(parent);
            item = parent;
        }
    }
    part.items.retain(|id, _| needed.contains(id));
    part
}

/// One case with a clock and everything that happened to it.
#[derive(Clone)]
pub(crate) struct Town {
    pub(crate) case: Case,
    pub(crate) now: Timestamp,
    pub(crate) registry: Arc<Registry>,
    pub(crate) org: Arc<Org>,
    pub(crate) events: Vec<Event>,
    pub(crate) effects: Vec<Effect>,
}

pub(crate) fn zone() -> TimeZone {
    TimeZone::get("Asia/Shanghai").unwrap()
}

/// A time in Shanghai.
pub(crate) fn at(text: &str) -> Timestamp {
    let text = if text.contains('T') { text.to_owned() } else { format!("{text}T09:00") };
    format!("{text}:00+08:00").parse().unwrap()
}

pub(crate) fn date(text: &str) -> Date {
    text.parse().unwrap()
}

pub(crate) fn fields(json: Json) -> Map<String, Json> {
    serde_json::from_value(json).unwrap()
}

pub(crate) fn report(text: &str) -> Map<String, Json> {
    fields(json!({"progress": text}))
}

impl Town {
    /// On 2026-01-05, a Monday, at nine.
    pub(crate) fn new() -> Self {
        Self::with(Arc::new(load(&support::shipped()).registry.unwrap()))
    }

    pub(crate) fn with(registry: Arc<Registry>) -> Self {
        Self {
            case: Case::new(1),
            now: at("2026-01-05"),
            registry,
            org: org(holdings()),
            events: Vec::new(),
            effects: Vec::new(),
        }
    }

    /// With a weekly task of the education unit, handed out by the supervisor.
    pub(crate) fn weekly(due: Option<&str>) -> Self {
        let mut town = Self::new();
        let mut task = fields(json!({
            "title": "建设一所小学", "lead_unit": "1", "category": ["一极"], "cycle": "week",
        }));
        task.extend(due.map(|due| ("due".to_owned(), due.into())));
        town.create("yiji-liangda-sanqu", "task", task);
        town
    }

    pub(crate) fn context(&self, actor: Actor) -> Context {
        let (org, registry) = (Arc::clone(&self.org), Arc::clone(&self.registry));
        Context { now: self.now, zone: zone(), actor, org, registry }
    }

    /// Tries a command; nothing changes where it is refused.
    pub(crate) fn run(&mut self, actor: Actor, command: &Command) -> Result<(), Rejection> {
        let context = self.context(actor);
        let Step { events, effects, case, .. } = step(&self.case, command, &context)?;
        let mut replayed = self.case.clone();
        for event in &events {
            let json = serde_json::to_string(event).unwrap();
            apply(&mut replayed, &serde_json::from_str(&json).unwrap()).unwrap();
        }
        assert_eq!(replayed, case, "the events replay to the case");
        let part = step(&loaded(&self.case), command, &context).unwrap();
        assert_eq!((&part.events, &part.effects), (&events, &effects), "what has ended need not be loaded");
        self.case = case;
        self.events.extend(events);
        self.effects.extend(effects);
        self.check();
        Ok(())
    }

    pub(crate) fn create(&mut self, module: &str, kind: &str, fields: Map<String, Json>) {
        let command = Command::Create { module: module.into(), kind: kind.into(), fields, enter: None };
        self.run(Actor::Person(SUPERVISOR), &command).unwrap();
    }

    /// What holds of every case after every command.
    pub(crate) fn check(&self) {
        let case = &self.case;
        let stands = |instance: &Id, token: u32| {
            let instance = &case.instances[instance];
            instance.ended.is_none() && instance.tokens.iter().any(|there| there.id == token)
        };
        let open = || case.tasks.values().filter(|task| task.state == TaskState::Open);
        for task in open().filter(|task| task.late) {
            assert!(case.instances[&task.instance].ended.is_none(), "task {} is open for a comment", task.id);
        }
        for task in open().filter(|task| !task.late) {
            assert!(stands(&task.instance, task.token), "task {} stands on its token", task.id);
            let token = case.instances[&task.instance].tokens.iter().find(|token| token.id == task.token).unwrap();
            assert_eq!(token.node, task.node);
            assert!(task.owner.is_some() || task.assignee.is_none_or(|person| task.candidates.contains(&person)));
            let nobody = task.candidates.is_empty() && task.assignee.is_none();
            let incidents = case.incidents.values().filter(|incident| incident.task == Some(task.id)).count();
            assert_eq!(incidents, usize::from(nobody), "task {} has an incident if nobody can do it", task.id);
        }
        for incident in case.incidents.values() {
            assert!(stands(&incident.instance, incident.token), "incident {} stands on its token", incident.id);
        }
        for timer in case.timers.values() {
            assert!(stands(&timer.instance, timer.token), "timer {} stands on its token", timer.id);
        }
        for instance in case.instances.values() {
            assert_eq!(instance.ended.is_none(), !instance.tokens.is_empty());
            assert!(instance.tokens.iter().all(|token| !token.transit), "no token is between two nodes");
            for token in &instance.tokens {
                let node = &self.registry.versions[&instance.version].workflow.nodes[&token.node];
                let tasks =
                    open().filter(|task| !task.late && task.instance == instance.id && task.token == token.id).count();
                assert_eq!(tasks, asked(node, token), "node {}", node.name);
            }
        }
    }

    /// Moves the clock, firing due timers in order at their own moments.
    pub(crate) fn wait_until(&mut self, to: Timestamp) {
        while let Some((due, timer)) = self.next_timer().filter(|(due, _)| *due <= to) {
            self.now = self.now.max(due);
            self.run(Actor::System, &Command::FireTimer { timer }).unwrap();
        }
        self.now = to;
    }

    /// Moves the clock, and only then fires what has become due: as after a standstill of the server.
    pub(crate) fn sleep_until(&mut self, to: Timestamp) {
        self.now = to;
        self.wait_until(to);
    }

    fn next_timer(&self) -> Option<(Timestamp, Id)> {
        self.case.timers.values().filter(|timer| !timer.paused).map(|timer| (timer.due, timer.id)).min()
    }

    pub(crate) fn timer(&self, purpose: Purpose) -> Option<Timestamp> {
        self.case.timers.values().find(|timer| timer.purpose == purpose).map(|timer| timer.due)
    }

    pub(crate) fn root(&self) -> &Item {
        self.case.root_item().unwrap()
    }

    pub(crate) fn open(&self) -> Vec<&Task> {
        self.case.tasks.values().filter(|task| task.state == TaskState::Open).collect()
    }

    /// The only open task.
    pub(crate) fn task(&self) -> &Task {
        let open = self.open();
        assert_eq!(open.len(), 1, "open: {open:?}");
        open[0]
    }

    /// The node of the only open task.
    pub(crate) fn node(&self) -> String {
        self.task().node.to_string()
    }

    pub(crate) fn try_complete(
        &mut self,
        by: PersonId,
        outcome: &str,
        form: Map<String, Json>,
        comment: Option<&str>,
    ) -> Result<(), Rejection> {
        let open = self.open();
        // Of several the one that is his alone: in a group each has his own.
        let his = open.iter().find(|task| task.assignee == Some(by)).filter(|_| open.len() > 1);
        let task = his.map_or_else(|| self.task().id, |task| task.id);
        self.complete_task(task, by, outcome, form, comment)
    }

    pub(crate) fn complete_task(
        &mut self,
        task: Id,
        by: PersonId,
        outcome: &str,
        form: Map<String, Json>,
        comment: Option<&str>,
    ) -> Result<(), Rejection> {
        let comment = comment.map(str::to_owned);
        let command = Command::Complete { task, outcome: outcome.into(), form: form.into(), comment };
        self.run(Actor::Person(by), &command)
    }

    pub(crate) fn complete(&mut self, by: PersonId, outcome: &str) {
        self.try_complete(by, outcome, Map::new(), Some("意见")).unwrap();
    }

    pub(crate) fn submit(&mut self, by: PersonId, text: &str) {
        self.try_complete(by, "submit", report(text), None).unwrap();
    }

    /// The report goes through everybody.
    pub(crate) fn approve_all(&mut self) {
        for by in [CHIEF, DEPUTY, OTHER_DEPUTY, HEAD] {
            self.complete(by, "approve");
        }
    }

    pub(crate) fn try_offer(&mut self, by: PersonId, offer: &str, form: Map<String, Json>) -> Result<(), Rejection> {
        let of = |instance: &&docket_engine::case::Instance| instance.item == self.root().id;
        let instance = self.case.instances.values().find(of).unwrap().id;
        let (node, offer) = ("underway".into(), offer.into());
        let command = Command::TakeOffer { instance, node, offer, form, comment: None };
        self.run(Actor::Person(by), &command)
    }

    pub(crate) fn offer(&mut self, offer: &str, form: Json) {
        self.try_offer(SUPERVISOR, offer, fields(form)).unwrap();
    }

    pub(crate) fn light(&self) -> Colour {
        light(&self.case, self.root().id, &self.context(Actor::System)).unwrap()
    }

    pub(crate) fn light_at(&mut self, text: &str) -> Colour {
        self.wait_until(at(text));
        self.light()
    }

    /// Templates and recipients of the notices so far.
    pub(crate) fn notices(&self) -> Vec<(String, Vec<PersonId>)> {
        let notice = |effect: &Effect| match effect {
            Effect::Notify { template, to, .. } => Some((template.to_string(), to.clone())),
            _ => None,
        };
        self.effects.iter().filter_map(notice).collect()
    }
}
