//! Plays one scenario on a virtual clock.

use std::{collections::BTreeSet, sync::Arc};

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use serde_json::{Map, Value as Json};

use super::{
    Act, Away, Scenario, Step, What, cover,
    people::{called, org, units},
    values::{Names, Raw},
};
use crate::{
    case::{Case, Task},
    command::{Actor, Command},
    context::Context,
    definition::{
        form::{Field, FieldKind},
        registry::{Bound, Registry},
        workflow::{Node, NodeKind, Offer},
    },
    effect::Effect,
    event::Kind,
    id::{Id, PersonId},
    org::{Org, StandIn},
    rejection::Rejection,
    step::{Taken, open_offers, step},
    text::Name,
    value::{Span, Value, parse_date},
};

/// The zone in which scenarios play, which is that of a deployment unless it says otherwise.
const ZONE: &str = "Asia/Shanghai";
/// When scenarios begin: a Monday.
const START: &str = "2026-01-05 09:00";
/// Most timers that one step may fire.
const MAX_TIMERS: usize = 10_000;

/// A scenario under way.
#[derive(Debug)]
pub(super) struct Play<'a> {
    pub(super) registry: &'a Arc<Registry>,
    pub(super) org: Arc<Org>,
    pub(super) case: Case,
    pub(super) now: Timestamp,
    pub(super) zone: TimeZone,
    /// Templates of the notices that nobody has looked at.
    pub(super) notices: Vec<String>,
    units: Vec<String>,
    posts: Vec<(String, usize)>,
    away: Vec<Away>,
    taken: &'a mut Seen,
    log: Vec<String>,
}

/// What scenarios have come to.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// The ways that they took.
    pub(super) ways: BTreeSet<Taken>,
    /// The nodes that they entered, as `workflow/node`.
    pub(super) nodes: BTreeSet<String>,
}

/// Plays `scenario`; what it took is added to `taken`.
///
/// # Errors
/// What was expected beside what is, and the run so far.
pub(super) fn play(scenario: &Scenario, registry: &Arc<Registry>, taken: &mut Seen) -> Result<(), String> {
    let units = units(scenario, registry);
    let posts = scenario.given.posts.clone();
    let mut play = Play {
        registry,
        org: org(registry, &units, &posts),
        away: scenario.given.away.clone(),
        case: Case::new(1),
        now: Timestamp::UNIX_EPOCH,
        zone: TimeZone::get(ZONE).unwrap_or(TimeZone::UTC),
        notices: Vec::new(),
        units,
        posts,
        taken,
        log: Vec::new(),
    };
    play.begin(scenario)
        .map_err(|what| play.report(&scenario.place.file.path, 0, scenario.place.start().line, &what))?;
    for (number, step) in (1..).zip(&scenario.steps) {
        play.log.push(format!("  {number}. {}", play.shown_time()));
        play.step(step).map_err(|what| play.report(&scenario.place.file.path, number, step.line, &what))?;
    }
    Ok(())
}

impl Play<'_> {
    fn report(&self, path: &str, number: usize, line: usize, what: &str) -> String {
        format!(
            "{path}:{line}: 第 {number} 步不成立 / step {number} does not hold\n{what}\n经过 / the run so far:\n{}",
            self.log.join("\n")
        )
    }

    pub(super) fn names(&self) -> Names<'_> {
        Names { registry: self.registry, org: &self.org }
    }

    pub(super) fn context(&self, actor: Actor) -> Context {
        let (org, registry) = (Arc::clone(&self.org), Arc::clone(self.registry));
        Context { now: self.now, zone: self.zone.clone(), actor, org, registry }
    }

    fn shown_time(&self) -> String {
        self.zone.to_datetime(self.now).strftime("%Y-%m-%d %H:%M").to_string()
    }

    fn begin(&mut self, scenario: &Scenario) -> Result<(), String> {
        let given = &scenario.given;
        self.now = self.time(given.at.as_deref().unwrap_or(START))?;
        self.organise()?;
        let module = &scenario.module;
        let form = self.registry.form_of(module, &given.kind).ok_or("没有这个表单 / there is no such form")?;
        let mut fields = Map::new();
        for field in &form.fields {
            let written = given.fields.iter().find(|(name, _)| field.name == **name);
            let value = match written {
                Some((_, raw)) => self.names().json(raw, field)?,
                None if field.required => self.default(field, &scenario.title),
                None => Json::Null,
            };
            if !value.is_null() {
                fields.insert(field.name.to_string(), value);
            }
        }
        let by = match &given.by {
            Some(by) => Actor::Person(self.person(by, &[])?),
            None => Actor::System,
        };
        self.log.push(format!("  0. {} {} {}", self.shown_time(), given.kind, module));
        let command =
            Command::Create { module: module.clone(), kind: given.kind.clone(), fields, enter: given.enter.clone() };
        self.run(by, &command).map_err(|refused| refusal(&refused))
    }

    /// A value for a required field that a scenario leaves open.
    fn default(&self, field: &Field, title: &str) -> Json {
        fn of(kind: &FieldKind, play: &Play<'_>, title: &str) -> Json {
            match kind {
                FieldKind::Text { .. } => title.into(),
                FieldKind::Number => 0.into(),
                FieldKind::Bool => false.into(),
                FieldKind::Date => play.zone.to_datetime(play.now).date().to_string().into(),
                FieldKind::Unit => play.org.units().next().map_or(Json::Null, |unit| unit.id.to_string().into()),
                FieldKind::Person => play.org.people().next().map_or(Json::Null, |one| one.id.to_string().into()),
                FieldKind::Choice(all) => all.first().map_or(Json::Null, |(name, _)| name.as_str().into()),
                FieldKind::Entry { dictionary } => {
                    let entry = play.registry.dictionaries.get(dictionary).and_then(|found| found.entries.first());
                    entry.map_or(Json::Null, |entry| entry.name.as_str().into())
                }
                FieldKind::List(kind) => Json::Array(vec![of(kind, play, title)]),
            }
        }
        of(&field.kind, self, title)
    }

    fn time(&self, text: &str) -> Result<Timestamp, String> {
        let unfit = || format!("`{text}` 不是日期或时刻，请写 2026-01-09 或 2026-01-09 00:00 / is no date or time");
        let at: DateTime = match parse_date(text) {
            Some(date) => date.at(9, 0, 0, 0),
            None => text.replace(' ', "T").parse().map_err(|_| unfit())?,
        };
        at.to_zoned_datetime(self.zone.clone()).map(|at| at.timestamp()).map_err(|_| unfit())
    }

    fn step(&mut self, step: &Step) -> Result<(), String> {
        if let Some(after) = &step.after {
            let span: Span = after.parse().map_err(|crate::value::NotASpan(why)| format!("{} / {}", why.zh, why.en))?;
            let to = crate::time::moved(self.now, span, &self.zone);
            let to = to.ok_or_else(|| format!("`{after}` 太远了 / is too far away"))?;
            self.wait_until(to)?;
        }
        if let Some(on) = &step.on {
            let to = self.time(on)?;
            if to < self.now {
                return Err(format!("时间不能倒退到 `{on}` / the clock does not go back"));
            }
            self.wait_until(to)?;
        }
        if !step.posts.is_empty() || !step.away.is_empty() {
            self.posts.extend(step.posts.iter().cloned());
            self.away.extend(step.away.iter().cloned());
            self.organise()?;
            self.run(Actor::System, &Command::Reassign).map_err(|refused| refusal(&refused))?;
        }
        match (&step.act, &step.refused) {
            (Some(act), expected) => self.act(act, expected.as_deref())?,
            (None, Some(_)) => return Err("`refused` 要与 `do` 同写 / `refused` stands beside a `do`".to_owned()),
            (None, None) => {}
        }
        for (key, expected) in &step.expect {
            self.expect(key, expected)?;
        }
        Ok(())
    }

    /// Moves the clock; timers fire in order, at their own moments.
    fn wait_until(&mut self, to: Timestamp) -> Result<(), String> {
        for _ in 0..MAX_TIMERS {
            let next = self.case.timers.values().filter(|timer| !timer.paused && timer.due <= to);
            let Some((due, timer)) = next.map(|timer| (timer.due, timer.id)).min() else {
                self.now = to;
                self.log.push(format!("     → {}", self.shown_time()));
                return Ok(());
            };
            self.now = self.now.max(due);
            self.run(Actor::System, &Command::FireTimer { timer }).map_err(|refused| refusal(&refused))?;
        }
        Err("定时器触发过多 / too many timers fire".to_owned())
    }

    fn run(&mut self, actor: Actor, command: &Command) -> Result<(), Rejection> {
        let done = step(&self.case, command, &self.context(actor))?;
        self.case = done.case;
        self.taken.ways.extend(done.taken);
        for effect in done.effects {
            let Effect::Notify { template, .. } = effect else { continue };
            self.log.push(format!("     {} 通知 / notice {template}", self.shown_time()));
            self.notices.push(template.to_string());
        }
        for event in &done.events {
            let line = match &event.kind {
                Kind::NodeEntered { instance, node, .. } => {
                    let workflow = self.case.instances.get(instance).map(|found| found.workflow.clone());
                    self.taken.nodes.extend(workflow.map(|workflow| cover::node(&workflow, node)));
                    continue;
                }
                Kind::TaskOpened { node, .. } => format!("打开 / opens {node}"),
                Kind::TaskCompleted { outcome, .. } => format!("完成 / completes: {outcome}"),
                Kind::TaskCancelled { .. } => "撤销一项任务 / a task is cancelled".to_owned(),
                Kind::OfferTaken { offer, .. } => format!("办理 / takes {offer}"),
                Kind::ItemChanged { field, before, after, .. } => format!("{field}: {before} → {after}"),
                Kind::MessageHeard { message, .. } => format!("收到消息 / hears {}", message.name),
                Kind::MessageKept { message, .. } => format!("留下消息 / keeps {}", message.name),
                Kind::Asked { .. } => "询问外部系统 / asks another system".to_owned(),
                Kind::IncidentOpened { node, cause, .. } => format!("异常 / incident at {node}: {cause:?}"),
                Kind::InstanceEnded { ended, .. } => format!("结束 / ends {ended:?}"),
                _ => continue,
            };
            self.log.push(format!("     {} {line}", self.shown_time()));
        }
        Ok(())
    }

    /// The organisation as it is by now.
    fn organise(&mut self) -> Result<(), String> {
        let plain = org(self.registry, &self.units, &self.posts);
        self.org = Arc::clone(&plain);
        let day = |text: &str| parse_date(text).ok_or_else(|| format!("`{text}` 不是日期 / is no date"));
        let mut stand_ins = Vec::new();
        for away in &self.away {
            let (person, stand_in) = (self.person(&away.person, &[])?, self.person(&away.stand_in, &[])?);
            stand_ins.push(StandIn { person, stand_in, from: day(&away.from)?, to: day(&away.to)? });
        }
        if !stand_ins.is_empty() {
            self.org = Arc::new(Org::clone(&plain).with_stand_ins(stand_ins));
        }
        Ok(())
    }

    /// The people whom a name means.
    pub(super) fn called(&self, by: &str) -> Vec<PersonId> {
        called(by, self.registry, &self.org)
    }

    pub(super) fn person(&self, by: &str, preferred: &[PersonId]) -> Result<PersonId, String> {
        let found = called(by, self.registry, &self.org);
        let first = preferred.iter().find(|person| found.contains(person)).or(found.first());
        first.copied().ok_or_else(|| format!("没有 `{by}` 这个人或岗位 / there is nobody called `{by}`"))
    }

    /// The task at a node: the one that is open, else the last one.
    pub(super) fn task(&self, node: &str) -> Result<&Task, String> {
        let here = |task: &&Task| task.node == *node;
        self.tasks_at(node)
            .next()
            .or_else(|| self.case.tasks.values().rfind(here))
            .ok_or_else(|| format!("没有 `{node}` 任务 / there is no task at `{node}`"))
    }

    fn act(&mut self, act: &Act, refused: Option<&str>) -> Result<(), String> {
        let (actor, command) = match self.command(act) {
            Ok(found) => found,
            // A form that is not complete is refused before the engine sees it.
            Err(what) if refused == Some("invalid") => {
                self.log.push(format!("     拒绝 / refused: {what}"));
                return Ok(());
            }
            Err(what) => return Err(what),
        };
        match (self.run(actor, &command), refused) {
            (Ok(()), None) => Ok(()),
            (Ok(()), Some(code)) => Err(format!("预期 / expected: 拒绝 refused {code}\n实际 / actual: 已办 done")),
            (Err(rejection), None) => Err(refusal(&rejection)),
            (Err(rejection), Some(code)) if rejection_code(&rejection) == code => {
                self.log.push(format!("     拒绝 / refused: {code}"));
                Ok(())
            }
            (Err(rejection), Some(code)) => {
                Err(format!("预期 / expected: 拒绝 refused {code}\n实际 / actual: {}", refusal(&rejection)))
            }
        }
    }

    fn command(&self, act: &Act) -> Result<(Actor, Command), String> {
        let by = |preferred: &[PersonId]| match &act.by {
            Some(by) => self.person(by, preferred).map(Actor::Person),
            None => Ok(Actor::System),
        };
        let comment = act.comment.clone();
        match &act.what {
            What::Claim(node) => {
                let task = self.open_task(node, act)?;
                Ok((by(&task.candidates)?, Command::Claim { task: task.id }))
            }
            What::Release(node) => {
                let task = self.open_task(node, act)?;
                Ok((by(task.assignee.as_slice())?, Command::Release { task: task.id }))
            }
            What::Task(node) => {
                let task = self.open_task(node, act)?;
                let preferred: Vec<PersonId> =
                    task.assignee.into_iter().chain(task.candidates.iter().copied()).collect();
                let outcome = Name::from(act.outcome.as_deref().ok_or("缺少 `outcome` / `outcome` is missing")?);
                let form = self.task_form(task, &outcome, &act.form)?;
                Ok((by(&preferred)?, Command::Complete { task: task.id, outcome, form: form.into(), comment }))
            }
            What::Offer(name) => {
                let (instance, node, found, bound) = self.offer(name)?;
                let may = |person: &PersonId| {
                    let open = open_offers(&self.case, &self.context(Actor::Person(*person)));
                    open.iter().any(|open| open.offer == *name.as_str())
                };
                let called = act.by.as_deref().map(|by| called(by, self.registry, &self.org)).unwrap_or_default();
                let preferred: Vec<PersonId> = called.into_iter().filter(may).collect();
                let form = found.form.as_ref().and_then(|form| bound.forms.get(form));
                let there = self.case.root_item().map(|item| item.fields.clone()).unwrap_or_default();
                let form = match form {
                    Some(form) => self.names().filled(form, &there, &act.form)?,
                    None => Map::new(),
                };
                let offer = name.as_str().into();
                Ok((by(&preferred)?, Command::TakeOffer { instance, node: node.name.clone(), offer, form, comment }))
            }
            What::Operation(operation, node) => {
                let (person, command) = self.operation(*operation, node, act)?;
                Ok((person.map_or(Actor::System, Actor::Person), command))
            }
            What::Message(name, key) => Ok((by(&[])?, self.message(name, key.as_deref(), &act.form)?)),
            What::Answer(node, fails) => Ok((Actor::System, self.answer(node, fails.as_deref(), &act.form)?)),
            What::Edit => {
                let item = self.case.root_item().ok_or("没有事项 / there is no item")?;
                let form = self.registry.form_of(&item.module, &item.kind).ok_or("没有表单 / there is no form")?;
                let mut fields = Map::new();
                for (name, raw) in &act.form {
                    if let Some(field) = form.field(name) {
                        fields.insert(name.clone(), self.names().json(raw, field)?);
                    }
                }
                Ok((by(&[])?, Command::Edit { item: item.id, fields }))
            }
        }
    }

    fn task_form(&self, task: &Task, outcome: &Name, written: &[(String, Raw)]) -> Result<Map<String, Json>, String> {
        let unknown = || "没有这个流程版本 / the workflow is not known".to_owned();
        let instance = self.case.instances.get(&task.instance).ok_or_else(unknown)?;
        let bound = self.registry.versions.get(&instance.version).ok_or_else(unknown)?;
        let Some(Node { kind: NodeKind::Task(definition), .. }) = bound.workflow.nodes.get(&task.node) else {
            return Err(unknown());
        };
        let returns = definition.outcomes.iter().any(|found| found.name == *outcome && found.is_return);
        let form = definition.form.as_ref().and_then(|form| bound.forms.get(form));
        match form {
            Some(_) if returns && written.is_empty() => Ok(Map::new()),
            Some(form) => {
                let there = instance.forms.get(&task.node).cloned().unwrap_or_default();
                self.names().filled(form, &there, written)
            }
            None if written.is_empty() => Ok(Map::new()),
            None => Err("这个任务没有表单 / this task has no form".to_owned()),
        }
    }

    fn offer(&self, name: &str) -> Result<(Id, &Node, &Offer, &Bound), String> {
        for instance in self.case.instances.values().filter(|instance| instance.ended.is_none()) {
            let Some(bound) = self.registry.versions.get(&instance.version) else { continue };
            for token in &instance.tokens {
                if let Some(node @ Node { kind: NodeKind::Stage(stage), .. }) = bound.workflow.nodes.get(&token.node)
                    && let Some(offer) = stage.offers.iter().find(|offer| offer.name == *name)
                {
                    return Ok((instance.id, node, offer, bound));
                }
            }
        }
        Err(format!("现在没有 `{name}` 这个操作 / there is no offer `{name}` now"))
    }

    /// The value of a field of the root item, or of an attribute of the platform, as JSON.
    pub(super) fn fact(&self, name: &str) -> Json {
        let Some(item) = self.case.root_item() else { return Json::Null };
        let form = self.registry.form_of(&item.module, &item.kind).map(AsRef::as_ref);
        match crate::expr::scope::item_fact(item, form, name) {
            Value::List(all) if all.is_empty() => Json::Null,
            value => value.to_json(),
        }
    }
}

/// The code of a refusal.
fn rejection_code(rejection: &Rejection) -> String {
    let json = serde_json::to_value(rejection).unwrap_or_default();
    json.get("rejection").and_then(Json::as_str).unwrap_or_default().to_owned()
}

fn refusal(rejection: &Rejection) -> String {
    let detail = serde_json::to_string(rejection).unwrap_or_default();
    format!("被拒绝 / refused: {} {detail}", rejection_code(rejection))
}
