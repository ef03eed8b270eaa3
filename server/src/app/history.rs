//! The trail of an item, in sentences.

mod members;
mod recalled;

use std::collections::{BTreeMap, BTreeSet};

use docket_engine::{
    case::Item,
    command::Resolution,
    definition::{registry::Bound, workflow::NodeKind},
    event::{Kind, Passing},
    id::{Id, PersonId},
    text::{Name, Text},
    value::Value,
};
use jiff::civil::Date;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::Value as Json;

use super::{
    forms, incidents, labels,
    ledger::{self, Entry},
    runner::chain,
};
use crate::{
    api::{
        caller::Caller,
        history::{Chain, HistoryEntry, HistoryView},
    },
    clock::from_ms,
    db::entity::{history, item, root},
    failure::Failure,
};

/// The trail of an item and of what lies below it, as far as the caller sees it; the newest first.
///
/// # Errors
/// [`Failure::NotFound`] where the item is not the caller's to see.
pub async fn view(caller: &Caller, id: Id) -> Result<HistoryView, Failure> {
    let entry = ledger::visible(caller, id).await?;
    let db = caller.app.db.reader();
    let head = root::Entity::find_by_id(id.root()).one(db).await?.ok_or(Failure::NotFound)?;
    let rows = history::Entity::find()
        .filter(history::Column::RootId.eq(id.root()))
        .order_by_asc(history::Column::Sequence)
        .all(db)
        .await?;
    let intact = chain::intact(&rows, &head.chain_head, head.chain_length);
    let seen = seen(caller, entry).await?;
    let mut teller = Teller::new(caller, seen);
    if rows.iter().any(|row| row.event.contains("\"event\":\"withdrawn\"")) {
        teller.told = recalled::told(db, id.root()).await?;
    }
    let mut entries = Vec::new();
    let mut deed = (0, "");
    for row in &rows {
        // The events of one command stand together; its key itself is the business of who sent it.
        if deed.1 != row.command_key {
            deed = (row.sequence, row.command_key.as_str());
        }
        let event = chain::read_event(row).map_err(Failure::internal)?;
        teller.follow(&event.kind);
        let Some(told) = teller.tell(&event.kind) else { continue };
        entries.push(HistoryEntry {
            sequence: row.sequence,
            deed: deed.0,
            at: from_ms(row.at).to_string(),
            by: row.actor_id.map(|person| labels::person(caller, PersonId(person))),
            through: row.through_id.map(|person| labels::person(caller, PersonId(person))),
            text: caller.text(&told.text),
            detail: told.detail,
            item: told.item.to_string(),
        });
    }
    entries.reverse();
    Ok(HistoryView { entries, chain: if intact { Chain::Intact } else { Chain::Broken } })
}

/// The item and what lies below it, as far as the caller sees it.
async fn seen(caller: &Caller, top: Entry) -> Result<BTreeMap<Id, Entry>, Failure> {
    let db = caller.app.db.reader();
    let rows = item::Entity::find()
        .filter(item::Column::RootId.eq(top.item.id.root()))
        .order_by_asc(item::Column::Id)
        .all(db)
        .await?;
    let all: BTreeMap<Id, Item> =
        ledger::with_participants(db, rows).await?.into_iter().map(|item| (item.id, item)).collect();
    let mut below = BTreeSet::from([top.item.id]);
    let mut seen = BTreeMap::from([(top.item.id, top)]);
    for item in all.values() {
        let Some(parent) = item.parent.filter(|parent| below.contains(parent)) else { continue };
        below.insert(item.id);
        let entry = Entry::of(caller, item.clone(), all.get(&parent).cloned());
        if entry.is_seen() {
            seen.insert(item.id, entry);
        }
    }
    Ok(seen)
}

/// One entry.
struct Told {
    item: Id,
    text: Text,
    detail: Option<String>,
}

/// Remembers, while it reads on, what later events refer to.
struct Teller<'a> {
    caller: &'a Caller,
    seen: BTreeMap<Id, Entry>,
    /// Item and workflow version by instance.
    instances: BTreeMap<Id, (Id, Name)>,
    /// Instance and node by task.
    tasks: BTreeMap<Id, (Id, Name)>,
    /// Instance and node by incident.
    incidents: BTreeMap<Id, (Id, Name)>,
    /// The node at which a token of an instance is.
    nodes: BTreeMap<(Id, u32), Name>,
    /// Who has a task, or may do it.
    people: BTreeMap<Id, Vec<PersonId>>,
    groups: members::Groups,
    /// Who had been told of what a completion led to, by task, of those that were taken back.
    told: BTreeMap<Id, Vec<PersonId>>,
}

/// What passing a task on is called.
const fn passing(how: Passing) -> (&'static str, &'static str) {
    match how {
        Passing::Transfer => ("转办给", "transferred to"),
        Passing::Delegate => ("委托给", "delegated to"),
        Passing::HandBack => ("交回", "handed back to"),
        Passing::Reassign => ("改派给", "reassigned to"),
        Passing::Back => ("交还给", "given back to"),
    }
}

/// What resolving an incident is called.
const fn resolved(how: &Resolution) -> (&'static str, &'static str) {
    match how {
        Resolution::Reassign { .. } => ("改派", "reassigned"),
        Resolution::Retry => ("重试", "tried again"),
        Resolution::Skip { .. } => ("跳过", "passed over"),
        Resolution::Jump { .. } => ("转到其他步骤", "went to another step"),
    }
}

impl<'a> Teller<'a> {
    fn new(caller: &'a Caller, seen: BTreeMap<Id, Entry>) -> Self {
        Self {
            caller,
            seen,
            instances: BTreeMap::new(),
            tasks: BTreeMap::new(),
            incidents: BTreeMap::new(),
            nodes: BTreeMap::new(),
            people: BTreeMap::new(),
            groups: members::Groups::new(),
            told: BTreeMap::new(),
        }
    }

    /// What an event says; nothing for what only moves the machinery, and for items that are not the reader's to see.
    fn tell(&mut self, kind: &Kind) -> Option<Told> {
        match kind {
            Kind::InstanceStarted { instance, workflow, version, item, .. } => {
                let registry = &self.caller.published.registry;
                // One that no instance runs on any more is not loaded: the one in force has the titles then.
                let loaded = registry.versions.contains_key(version);
                let in_force = registry.workflows.get(workflow).map(|bound| bound.workflow.version.clone());
                let version = in_force.filter(|_| !loaded).unwrap_or_else(|| version.clone());
                self.instances.insert(*instance, (*item, version));
                None
            }
            Kind::TaskOpened { task, instance, node, candidates, .. } => {
                self.tasks.insert(*task, (*instance, node.clone()));
                self.opened(*task, candidates)
            }
            Kind::Migrated { instance, to, .. } => {
                let item = self.instances.get(instance)?.0;
                self.instances.insert(*instance, (item, to.clone()));
                let bound = self.bound(*instance).map(|bound| bound.workflow.title.clone()).unwrap_or_default();
                let text = Text::new(
                    format!("“{}”换到另一个版本", bound.zh),
                    format!("“{}” moved to another version", bound.en),
                );
                self.seen.contains_key(&item).then_some(Told { item, text, detail: None })
            }
            Kind::MigratedBack { instance } => {
                let item = self.instances.get(instance)?.0;
                let text = Text::new("换版本已撤销", "the move to another version was taken back");
                self.seen.contains_key(&item).then_some(Told { item, text, detail: None })
            }
            Kind::ItemCreated { item } => self.created(item),
            Kind::ItemChanged { item, field, before, after, .. } => self.changed(*item, field, before, after),
            Kind::TaskAssigned { task, assignee } => self.about_task(*task, |title| match assignee {
                Some(_) => Text::new(format!("领取了“{}”", title.zh), format!("took “{}”", title.en)),
                None => Text::new(format!("退回待领“{}”", title.zh), format!("gave back “{}”", title.en)),
            }),
            Kind::TaskCandidates { task, candidates } => {
                let names = self.names(candidates);
                self.about_task(*task, |title| {
                    Text::new(format!("“{}”改由{names}办理", title.zh), format!("“{}” is now for {names}", title.en))
                })
            }
            Kind::TaskDue { task, due } => self.due(*task, *due),
            Kind::TaskCompleted { task, outcome, comment, .. } => {
                let outcome = self.outcome(*task, outcome);
                let told = self.about_task(*task, |title| {
                    Text::new(format!("{}：{}", title.zh, outcome.zh), format!("{}: {}", title.en, outcome.en))
                })?;
                Some(Told { detail: comment.clone(), ..told })
            }
            Kind::TaskPassed { .. }
            | Kind::TaskUrged { .. }
            | Kind::TaskSkipped { .. }
            | Kind::Copied { .. }
            | Kind::Withdrawn { .. }
            | Kind::IncidentOpened { .. }
            | Kind::IncidentClosed { .. }
            | Kind::Reopened { .. } => self.operation(kind),
            Kind::TaskCancelled { task } => self.about_task(*task, |title| {
                Text::new(format!("“{}”不再需要办理", title.zh), format!("“{}” is no longer needed", title.en))
            }),
            Kind::OfferTaken { instance, node, offer, comment, .. } => {
                let text = self.offer(*instance, node, offer);
                let item = self.instances.get(instance)?.0;
                self.seen.contains_key(&item).then(|| Told { item, text, detail: comment.clone() })
            }
            other => self.of_members(other),
        }
    }

    /// A task is due when its item is: whoever does not see that date is not told of it by another name.
    fn due(&self, task: Id, due: Option<Date>) -> Option<Told> {
        let (item, _) = self.instances.get(&self.tasks.get(&task)?.0)?;
        if !self.seen.get(item)?.fields().shows_named(None, "next_due") {
            return None;
        }
        self.about_task(task, |title| {
            let (zh, en) =
                due.map_or_else(|| ("不限".to_owned(), "open".to_owned()), |due| (due.to_string(), due.to_string()));
            Text::new(format!("“{}”的期限改为{zh}", title.zh), format!("“{}” is now due: {en}", title.en))
        })
    }

    /// What was done with a task beside completing it, and what an administrator had to see to.
    fn operation(&mut self, kind: &Kind) -> Option<Told> {
        let (told, comment) = match kind {
            Kind::TaskPassed { task, how, to, comment, .. } => {
                let (names, (zh, en)) = (self.names(to), passing(*how));
                let text = |title: &Text| {
                    Text::new(format!("“{}”{zh}{names}", title.zh), format!("“{}”: {en} {names}", title.en))
                };
                (self.about_task(*task, text)?, comment)
            }
            Kind::TaskUrged { task, comment } => {
                let text = |title: &Text| Text::new(format!("催办“{}”", title.zh), format!("urged “{}”", title.en));
                (self.about_task(*task, text)?, comment)
            }
            Kind::TaskSkipped { instance, node, person, .. } => {
                let name = self.names(&[*person]);
                let text = |title: &Text| {
                    Text::new(
                        format!("{name}已办过上一步，跳过“{}”", title.zh),
                        format!("{name} did the step before: “{}” was skipped", title.en),
                    )
                };
                (self.about_node(*instance, node, text)?, &None)
            }
            Kind::Copied { item, people, comment } => {
                self.seen.get(item)?;
                let names = self.names(people);
                let text = Text::new(format!("抄送{names}"), format!("copied to {names}"));
                (Told { item: *item, text, detail: None }, comment)
            }
            Kind::Withdrawn { task, comment, .. } => {
                let names = self.told.get(task).map(|people| self.names(people));
                let text = |title: &Text| match names {
                    None => Text::new(format!("撤回“{}”", title.zh), format!("took back “{}”", title.en)),
                    Some(names) => Text::new(
                        format!("撤回“{}”，此前已通知{names}", title.zh),
                        format!("took back “{}”; {names} had been told", title.en),
                    ),
                };
                (self.about_task(*task, text)?, comment)
            }
            Kind::IncidentOpened { incident, instance, node, cause, .. } => {
                self.incidents.insert(*incident, (*instance, node.clone()));
                let what = incidents::sentence(cause);
                let text = |title: &Text| {
                    Text::new(format!("“{}”：{}", title.zh, what.zh), format!("“{}”: {}", title.en, what.en))
                };
                (self.about_node(*instance, node, text)?, &None)
            }
            Kind::IncidentClosed { incident, how: Some(how), comment } => {
                let (instance, node) = self.incidents.get(incident)?.clone();
                let (zh, en) = resolved(how);
                let text = |title: &Text| {
                    Text::new(format!("处置“{}”的故障：{zh}", title.zh), format!("resolved at “{}”: {en}", title.en))
                };
                (self.about_node(instance, &node, text)?, comment)
            }
            Kind::Reopened { item, node, comment } => {
                let kind = ledger::kind_of(self.caller, &self.seen.get(item)?.item);
                let title =
                    kind.map_or_else(|| Text::same(node.to_string()), |kind| labels::step(self.caller, kind, node));
                let text = Text::new(format!("从“{}”重新打开", title.zh), format!("opened again at “{}”", title.en));
                (Told { item: *item, text, detail: None }, comment)
            }
            _ => return None,
        };
        Some(Told { detail: comment.clone(), ..told })
    }

    fn about_node(&self, instance: Id, node: &Name, text: impl FnOnce(&Text) -> Text) -> Option<Told> {
        let (item, _) = self.instances.get(&instance)?;
        self.seen.get(item)?;
        let title =
            self.bound(instance).and_then(|bound| bound.workflow.nodes.get(node)).map(|node| node.title.clone());
        let title = title.unwrap_or_else(|| Text::same(node.to_string()));
        Some(Told { item: *item, text: text(&title), detail: None })
    }

    fn names(&self, people: &[PersonId]) -> String {
        let names: Vec<String> = people.iter().map(|person| labels::person(self.caller, *person).name).collect();
        names.join("、")
    }

    fn bound(&self, instance: Id) -> Option<&Bound> {
        let (_, version) = self.instances.get(&instance)?;
        self.caller.published.registry.versions.get(version).map(AsRef::as_ref)
    }

    fn about_task(&self, task: Id, text: impl FnOnce(&Text) -> Text) -> Option<Told> {
        let (instance, node) = self.tasks.get(&task)?;
        let (item, _) = self.instances.get(instance)?;
        if !self.seen.contains_key(item) {
            return None;
        }
        let title =
            self.bound(*instance).and_then(|bound| bound.workflow.nodes.get(node)).map(|node| node.title.clone());
        let title = title.unwrap_or_else(|| Text::same(node.to_string()));
        Some(Told { item: *item, text: text(&title), detail: None })
    }

    fn opened(&self, task: Id, candidates: &[PersonId]) -> Option<Told> {
        let names = self.names(candidates);
        self.about_task(task, |title| {
            if candidates.is_empty() {
                return Text::new(format!("“{}”无人可办", title.zh), format!("nobody can do “{}”", title.en));
            }
            Text::new(format!("“{}”送{names}办理", title.zh), format!("“{}” went to {names}", title.en))
        })
    }

    fn created(&self, item: &Item) -> Option<Told> {
        self.seen.get(&item.id)?;
        let kind = ledger::kind_of(self.caller, item).map(|kind| kind.title.clone());
        let kind = kind.unwrap_or_else(|| Text::same(item.kind.to_string()));
        let text = Text::new(format!("创建{}", kind.zh), format!("created: {}", kind.en));
        Some(Told { item: item.id, text, detail: None })
    }

    /// Fields are told by their titles, values as they are shown.
    fn changed(&self, id: Id, name: &Name, before: &Json, after: &Json) -> Option<Told> {
        let entry = self.seen.get(&id)?;
        let item = &entry.item;
        if !entry.fields().shows_named(ledger::form_of(self.caller, item), name) {
            return None;
        }
        let field = ledger::form_of(self.caller, item).and_then(|form| form.field(name));
        let title = field.map(|field| field.title.clone()).or_else(|| labels::attribute(name));
        let title = title.unwrap_or_else(|| Text::same(name.to_string()));
        let show = |json: &Json| {
            let text = match field {
                Some(field) => forms::text(self.caller, &field.kind, &Value::from_json(json, &field.kind)),
                None => self.platform(item, name, json),
            };
            if text.is_empty() { "—".to_owned() } else { text }
        };
        let text = Text::new(format!("修改{}", title.zh), format!("changed: {}", title.en));
        Some(Told { item: id, text, detail: Some(format!("{} → {}", show(before), show(after))) })
    }

    /// The value of a platform attribute as shown.
    fn platform(&self, item: &Item, name: &str, json: &Json) -> String {
        let Some(word) = json.as_str() else {
            return if json.is_null() { String::new() } else { json.to_string() };
        };
        let title = match name {
            "state" => labels::STATES
                .into_iter()
                .find(|state| docket_engine::expr::scope::state(*state) == word)
                .map(|state| self.caller.text(&labels::state_title(state))),
            "stage" => ledger::kind_of(self.caller, item)
                .and_then(|kind| labels::stages(self.caller, kind).iter().find(|(stage, _)| *stage == *word))
                .map(|(_, title)| self.caller.text(title)),
            _ => None,
        };
        title.unwrap_or_else(|| word.to_owned())
    }

    fn outcome(&self, task: Id, name: &Name) -> Text {
        let found = self.tasks.get(&task).and_then(|(instance, node)| {
            match &self.bound(*instance)?.workflow.nodes.get(node)?.kind {
                NodeKind::Task(task) => task.outcomes.iter().find(|outcome| outcome.name == *name),
                _ => None,
            }
        });
        found.map_or_else(|| labels::outcome(name), |outcome| outcome.title.clone())
    }

    fn offer(&self, instance: Id, node: &Name, name: &Name) -> Text {
        let found = self.bound(instance).and_then(|bound| match &bound.workflow.nodes.get(node)?.kind {
            NodeKind::Stage(stage) => stage.offers.iter().find(|offer| offer.name == *name),
            _ => None,
        });
        found.map_or_else(|| Text::same(name.to_string()), |offer| offer.title.clone())
    }
}
