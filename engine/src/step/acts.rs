//! Acts: fields are set, notices sent.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use super::{
    facts::Facts,
    group::At,
    run::{Run, failed, faulty},
};
use crate::{
    case::{Instance, Item, ItemState, Task, TaskState},
    definition::{
        form::{FieldKind, Form, WellKnown},
        template,
        workflow::{Act, Assign, Node, NodeKind, Recipient, Target},
    },
    effect::Effect,
    event::{Kind, Passing},
    expr::scope::{item_fact, state},
    id::{Id, PersonId, UnitId},
    rejection::Rejection,
    text::Name,
    value::Value,
};

/// What an act's expressions may read beside the instance's facts.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Around<'b> {
    /// The form just filled in.
    pub(super) form: Option<(&'b Form, &'b Map<String, Json>)>,
    /// The item of the child that just ended.
    pub(super) child: Option<Id>,
}

/// A notice that is to be sent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Notice<'n> {
    pub(super) template: &'n Name,
    pub(super) item: Id,
    pub(super) task: Option<Id>,
    pub(super) node: &'n Node,
    pub(super) comment: Option<&'n str>,
}

/// The states that `set` may give.
const STATES: [ItemState; 4] = [ItemState::Open, ItemState::Suspended, ItemState::Done, ItemState::Cancelled];

impl Run<'_> {
    /// Does `acts` at a node of an instance.
    pub(super) fn acts(
        &mut self,
        (instance, token): (Id, u32),
        node: &Node,
        acts: &[Act],
        around: Around<'_>,
    ) -> Result<(), Rejection> {
        self.at = Some((instance, token));
        for act in acts {
            match act {
                Act::Set { target, value } => {
                    let found = self.instance(instance)?;
                    let facts = self.around(found, token, around)?;
                    let value = value.eval(&facts).map_err(|error| faulty(found, &node.name, &error))?;
                    self.set((instance, &node.name), target, &value)?;
                }
                Act::Notify { template, to } => self.notify((instance, token), node, template, to)?,
                Act::Reassign(to) => self.reassign((instance, token), node, to)?,
                Act::Copy(to) => self.copy_to((instance, token), node, to)?,
                Act::Http(http) => self.ask((instance, token), node, http)?,
                Act::Send(send) => self.send((instance, token), node, send, around)?,
            }
        }
        Ok(())
    }

    /// The facts that the expressions of acts may read.
    pub(super) fn around<'b>(
        &'b self,
        found: &'b Instance,
        token: u32,
        around: Around<'b>,
    ) -> Result<Facts<'b>, Rejection> {
        let mut facts = self.facts_of(found)?.at_token(token);
        if let Some((form, data)) = around.form {
            facts = facts.with_form(Some(form), data);
        }
        Ok(facts.with_child(around.child.and_then(|child| self.case.items.get(&child))))
    }

    fn set(&mut self, (instance, node): (Id, &Name), target: &Target, value: &Value) -> Result<(), Rejection> {
        let found = self.instance(instance)?;
        let unfit = |what: &str| failed(&found.workflow, node, format!("`{}` can not be set: {what}", target.field));
        let own = self.item(found.item)?;
        let item = if target.parent { own.parent.ok_or_else(|| unfit("the item has none above it"))? } else { own.id };
        match (target.field.as_str(), value) {
            ("state", Value::Text(word)) => {
                let to = STATES.into_iter().find(|to| state(*to) == word).ok_or_else(|| unfit("no such state"))?;
                self.set_state(item, to)
            }
            ("state", _) => Err(unfit("a state is needed")),
            ("next_due" | "suspended_on", Value::Null | Value::Date(_)) | ("stage", Value::Null | Value::Text(_)) => {
                self.change(item, &target.field, value.to_json())
            }
            ("next_due" | "suspended_on" | "stage", _) => Err(unfit("the value is of another type")),
            _ => self.change(item, &target.field, stored(value)),
        }
    }

    /// Changes a field of an item, where the value is another one.
    pub(super) fn change(&mut self, item: Id, field: &str, after: Json) -> Result<(), Rejection> {
        let found = self.item(item)?;
        let before = value_of(found, field);
        if before == after {
            return Ok(());
        }
        self.emit(Kind::ItemChanged { item, field: field.into(), before, after, causes: self.causes() })
    }

    /// The active people whom `to` means.
    fn recipients(
        &self,
        (instance, token): (Id, u32),
        node: &Node,
        to: &[Recipient],
    ) -> Result<BTreeSet<PersonId>, Rejection> {
        let found = self.instance(instance)?;
        let mut people: BTreeSet<PersonId> = BTreeSet::new();
        for recipient in to {
            match recipient {
                Recipient::Assignees => {
                    let doing = self.tasks_at(instance, token).into_iter().flat_map(doers).collect();
                    people.extend(self.context.org.standing_in(doing, || self.context.today()));
                }
                Recipient::Who(assign) => people.extend(self.people(found, &node.name, assign)?),
            }
        }
        people.retain(|person| self.context.org.person(*person).is_some_and(|person| person.active));
        Ok(people)
    }

    /// Gives the open tasks of a node to others; nobody at all changes nothing.
    fn reassign(&mut self, (instance, token): (Id, u32), node: &Node, to: &[Assign]) -> Result<(), Rejection> {
        let found = self.instance(instance)?;
        let barred = match &node.kind {
            NodeKind::Task(task) => self.barred(At { instance, token, node, task }),
            _ => BTreeSet::new(),
        };
        let mut people = Vec::new();
        for assign in to {
            people = self.people(found, &node.name, assign)?;
            people.retain(|person| !barred.contains(person));
            if !people.is_empty() {
                break;
            }
        }
        if people.is_empty() {
            return Ok(());
        }
        let open: Vec<Id> = self.tasks_at(instance, token).into_iter().map(|task| task.id).collect();
        for task in open {
            let how = Passing::Reassign;
            self.emit(Kind::TaskPassed { task, how, from: None, to: people.clone(), comment: None })?;
        }
        Ok(())
    }

    /// Lets others read the item.
    fn copy_to(&mut self, at: (Id, u32), node: &Node, to: &[Recipient]) -> Result<(), Rejection> {
        let people: Vec<PersonId> = self.recipients(at, node, to)?.into_iter().collect();
        let item = self.instance(at.0)?.item;
        if people.is_empty() {
            return Ok(());
        }
        self.emit(Kind::Copied { item, people: people.clone(), comment: None })?;
        let template = &Name::from(template::COPIED);
        self.tell(&Notice { template, item, task: None, node, comment: None }, people)
    }

    fn notify(
        &mut self,
        (instance, token): (Id, u32),
        node: &Node,
        template: &Name,
        to: &[Recipient],
    ) -> Result<(), Rejection> {
        let found = self.instance(instance)?;
        let people = self.recipients((instance, token), node, to)?.into_iter().collect();
        let task = match self.tasks_at(instance, token).as_slice() {
            [one] => Some(one.id),
            _ => None,
        };
        let item = found.item;
        self.tell(&Notice { template, item, task, node, comment: None }, people)
    }

    /// Sends a notice to people; to nobody at all, none.
    pub(super) fn tell(&mut self, notice: &Notice<'_>, to: Vec<PersonId>) -> Result<(), Rejection> {
        if to.is_empty() {
            return Ok(());
        }
        let item = self.item(notice.item)?;
        let root = self.case.root_item().unwrap_or(item);
        let due = notice.task.and_then(|task| self.case.tasks.get(&task)).and_then(|task| task.due);
        let name = |person: PersonId| self.context.org.person(person).map(|found| found.name.clone());
        let by = match (self.context.actor.person().and_then(name), self.context.actor.through().and_then(name)) {
            (Some(of), Some(through)) => Some(format!("{of}（{through}代）")),
            (of, _) => of,
        };
        let mut data = Map::new();
        data.insert("item".into(), self.shown(item));
        data.insert("root".into(), self.shown(root));
        data.insert("node".into(), json!({"zh": notice.node.title.zh, "en": notice.node.title.en}));
        data.insert("due".into(), due.map_or(Json::Null, |due| due.to_string().into()));
        data.insert("today".into(), self.context.today().to_string().into());
        if notice.template == template::COPIED || notice.template == template::URGED {
            data.insert("by".into(), by.map_or(Json::Null, Json::from));
            data.insert("comment".into(), notice.comment.into());
        }
        let causes = self.causes().into_iter().map(|cause| cause.task).collect();
        let (template, task) = (notice.template.clone(), notice.task);
        self.effects.push(Effect::Notify { template, item: notice.item, task, to, data, causes });
        Ok(())
    }

    /// The open tasks of a token, and of everything below it.
    fn tasks_at(&self, instance: Id, token: u32) -> Vec<&Task> {
        let mut below = BTreeSet::new();
        for child in self.children(instance, Some(token)) {
            below.extend(self.with_children(child));
        }
        let here = |task: &&Task| {
            task.state == TaskState::Open
                && !task.late
                && (task.instance == instance && task.token == token || below.contains(&task.instance))
        };
        self.case.tasks.values().filter(here).collect()
    }

    /// An item as templates may show it: units, people and entries by their names.
    fn shown(&self, item: &Item) -> Json {
        let form = self.context.registry.form_of(&item.module, &item.kind).map(AsRef::as_ref);
        let mut shown = Map::new();
        for field in form.into_iter().flat_map(|form| &form.fields) {
            let value = item.fields.get(field.name.as_str());
            let value = value.map_or(Value::Null, |json| Value::from_json(json, &field.kind));
            shown.insert(field.name.to_string(), self.named(&value, Some(&field.kind)));
        }
        for role in WellKnown::ALL {
            let kind = form.and_then(|form| form.playing(role)).map(|field| &field.kind);
            let value = item_fact(item, form, role.name());
            shown.insert(role.name().to_owned(), self.named(&value, kind));
        }
        for name in ["state", "stage", "next_due", "suspended_on", "year"] {
            shown.insert(name.to_owned(), item_fact(item, form, name).to_json());
        }
        shown.insert("id".to_owned(), item.id.to_string().into());
        Json::Object(shown)
    }

    fn named(&self, value: &Value, kind: Option<&FieldKind>) -> Json {
        let unit =
            |unit: UnitId| self.context.org.unit(unit).map_or_else(|| unit.to_string(), |found| found.name.clone());
        let person =
            |id: PersonId| self.context.org.person(id).map_or_else(|| id.to_string(), |found| found.name.clone());
        let one = |value: &Value| match (value, kind) {
            (Value::Unit(id), _) => unit(*id).into(),
            (Value::Person(id), _) => person(*id).into(),
            (Value::Text(text), Some(kind)) => self.title_of(text, kind).into(),
            (other, _) => other.to_json(),
        };
        match value {
            Value::List(all) => Json::Array(all.iter().map(one).collect()),
            value => one(value),
        }
    }

    /// The title of an entry of a dictionary or of a choice; a plain text is itself.
    fn title_of(&self, text: &str, kind: &FieldKind) -> String {
        let title = match kind {
            FieldKind::List(kind) => return self.title_of(text, kind),
            FieldKind::Entry { dictionary } => {
                let dictionary = self.context.registry.dictionaries.get(dictionary);
                dictionary.and_then(|dictionary| dictionary.entry(text)).map(|entry| entry.title.zh.clone())
            }
            FieldKind::Choice(all) => all.iter().find(|(name, _)| *name == *text).map(|(_, title)| title.zh.clone()),
            _ => None,
        };
        title.unwrap_or_else(|| text.to_owned())
    }
}

/// The value of an item's field or attribute, as events hold it.
pub(super) fn value_of(item: &Item, field: &str) -> Json {
    let date = |date: Option<jiff::civil::Date>| date.map_or(Json::Null, |date| date.to_string().into());
    match field {
        "state" => state(item.state).into(),
        "stage" => item.stage.as_ref().map_or(Json::Null, |stage| stage.as_str().into()),
        "next_due" => date(item.next_due),
        "suspended_on" => date(item.suspended_on),
        name => item.fields.get(name).cloned().unwrap_or(Json::Null),
    }
}

/// Who is to do a task: whoever has taken it, else everybody who may.
pub(super) fn doers(task: &Task) -> Vec<PersonId> {
    task.assignee.map_or_else(|| task.candidates.clone(), |person| vec![person])
}

/// A value as an item stores it: what is absent is null.
pub(super) fn stored(value: &Value) -> Json {
    if value.is_absent() { Json::Null } else { value.to_json() }
}

/// What somebody gave for a field, as an item stores it: nothing, an empty text and an empty list are null.
pub(super) fn given(json: Option<&Json>) -> Json {
    match json {
        None => Json::Null,
        Some(Json::String(text)) if text.is_empty() => Json::Null,
        Some(Json::Array(all)) if all.is_empty() => Json::Null,
        Some(other) => other.clone(),
    }
}
