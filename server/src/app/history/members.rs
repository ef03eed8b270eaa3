//! What history says of groups: who signs, who was added and left out, what goes on without them; and of messages that came.

use docket_engine::{
    case::{Element, Kept, Member},
    command::Turn,
    event::Kind,
    id::{Id, PersonId},
    text::{Name, Text},
};

use super::{Teller, Told};
use crate::app::labels;

/// What adding signers is called.
const fn added(turn: Turn) -> (&'static str, &'static str) {
    match turn {
        Turn::Before => ("前加签", "to sign before"),
        Turn::After => ("后加签", "to sign after"),
        Turn::Beside => ("加签", "to sign as well"),
    }
}

/// Which service sent a message; nothing for one of the platform's own.
fn sender(message: &Kept) -> Text {
    let from = message.from.as_ref();
    from.map_or_else(Text::default, |from| Text::new(format!("（{from}）"), format!(" from {from}")))
}

impl Teller<'_> {
    /// What an event says of a group, or of a stage that was left with work going on in it.
    pub(super) fn of_members(&mut self, kind: &Kind) -> Option<Told> {
        match kind {
            Kind::SignersAdded { task, people, turn, comment } => {
                let (names, (zh, en)) = (self.names(people), added(*turn));
                let told = self.about_task(*task, |title| {
                    Text::new(format!("“{}”{zh}：{names}", title.zh), format!("“{}”: {names} {en}", title.en))
                })?;
                Some(Told { detail: comment.clone(), ..told })
            }
            Kind::SignerRemoved { instance, node, person, comment } => {
                let name = self.names(&[*person]);
                let told = self.about_node(*instance, node, |title| {
                    Text::new(format!("“{}”减签：{name}", title.zh), format!("“{}”: {name} need not sign", title.en))
                })?;
                Some(Told { detail: comment.clone(), ..told })
            }
            Kind::Members { instance, token, members } => self.members(*instance, *token, members),
            Kind::StageKept { instance, token } => {
                let node = self.nodes.get(&(*instance, *token))?;
                self.about_node(*instance, node, |title| {
                    Text::new(
                        format!("离开“{}”，其中未完的工作继续办理", title.zh),
                        format!("left “{}”; what is under way there goes on", title.en),
                    )
                })
            }
            Kind::MessageHeard { instance, token, message, .. } => {
                let node = self.nodes.get(&(*instance, *token))?;
                let (name, from) = (&message.name, sender(message));
                self.about_node(*instance, node, |title| {
                    Text::new(
                        format!("“{}”收到消息 {name}{}", title.zh, from.zh),
                        format!("“{}”: message {name}{} came", title.en, from.en),
                    )
                })
            }
            Kind::MessageKept { instance, message } => {
                let (item, _) = self.instances.get(instance)?;
                self.seen.get(item)?;
                let (name, from) = (&message.name, sender(message));
                let text = Text::new(
                    format!("消息 {name}{} 先到，留待后用", from.zh),
                    format!("message {name}{} came early and is kept", from.en),
                );
                Some(Told { item: *item, text, detail: None })
            }
            Kind::TaskLate { task } => {
                let names = self.names(&self.doers(*task));
                self.about_task(*task, |title| {
                    Text::new(
                        format!("“{}”已有结果，{names}仍可补充意见", title.zh),
                        format!("“{}” is decided; {names} may still comment", title.en),
                    )
                })
            }
            _ => None,
        }
    }

    /// Who takes part at first; later who came and went, but for those whom somebody added or left out: that has been told.
    fn members(&mut self, instance: Id, token: u32, members: &[Member]) -> Option<Told> {
        let node = self.nodes.get(&(instance, token))?.clone();
        let place = (instance, token, node.clone());
        let now: Vec<Member> = members.iter().filter(|member| !member.gone).cloned().collect();
        let before = self.groups.insert(place, now.clone());
        let named = |of: &mut dyn Iterator<Item = &Member>| {
            let names: Vec<String> = of.map(|member| self.element(&member.key)).collect();
            (!names.is_empty()).then(|| names.join("、"))
        };
        let Some(before) = before else {
            let all = named(&mut now.iter())?;
            return self.about_node(instance, &node, |title| {
                Text::new(format!("“{}”参与人：{all}", title.zh), format!("“{}”: {all} take part", title.en))
            });
        };
        let is_in = |all: &[Member], one: &Member| all.iter().any(|member| member.key == one.key);
        let came = named(&mut now.iter().filter(|one| one.added_by.is_none() && !is_in(&before, one)));
        let left_out =
            |one: &&Member| members.iter().any(|member| member.key == one.key && member.removed_by.is_some());
        let went = named(&mut before.iter().filter(|one| !is_in(&now, one) && !left_out(one)));
        let (zh, en) = match (came, went) {
            (None, None) => return None,
            (Some(came), None) => (format!("增加{came}"), format!("{came} came in")),
            (None, Some(went)) => (format!("减少{went}"), format!("{went} went out")),
            (Some(came), Some(went)) => (format!("增加{came}，减少{went}"), format!("{came} came in, {went} went out")),
        };
        self.about_node(instance, &node, |title| {
            Text::new(format!("“{}”参与人变动：{zh}", title.zh), format!("“{}”: {en}", title.en))
        })
    }

    fn element(&self, key: &Element) -> String {
        match key {
            Element::Person(person) => labels::person(self.caller, *person).name,
            Element::Unit(unit) => labels::unit(self.caller, *unit).name,
            Element::Text(text) => text.clone(),
        }
    }

    /// Who has a task, or may do it.
    fn doers(&self, task: Id) -> Vec<PersonId> {
        self.people.get(&task).cloned().unwrap_or_default()
    }

    /// Remembers where tokens are, and whose tasks are whose.
    pub(super) fn follow(&mut self, kind: &Kind) {
        match kind {
            Kind::NodeEntered { instance, token, node, .. } => {
                let place = (*instance, *token);
                self.groups.remove(&(place.0, place.1, node.clone()));
                self.nodes.insert(place, node.clone());
            }
            Kind::Migrated { instance, tokens, .. } => {
                self.nodes.extend(tokens.iter().map(|token| ((*instance, token.id), token.node.clone())));
            }
            Kind::TaskOpened { task, candidates, assignee, .. } => {
                let people = assignee.map_or_else(|| candidates.clone(), |person| vec![person]);
                self.people.insert(*task, people);
            }
            Kind::TaskAssigned { task, assignee: Some(person) } => drop(self.people.insert(*task, vec![*person])),
            Kind::TaskPassed { task, to: people, .. } | Kind::TaskCandidates { task, candidates: people } => {
                self.people.insert(*task, people.clone());
            }
            _ => {}
        }
    }
}

/// The members of groups as they were told last, by instance, token and node.
pub(super) type Groups = std::collections::BTreeMap<(Id, u32, Name), Vec<Member>>;
