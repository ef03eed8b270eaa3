//! What events wait for, and events that cause something.

use docket_engine::value::Span;

use super::{draft::UNKNOWN, heard::reference, names::slug, scope::Mapper};
use crate::{
    model::{Event, EventKind, FlowNode, child_text, children},
    report::Fate,
    xml::{BPMN, Node},
    yaml::{Entry, Yaml},
};

impl<'a> Mapper<'a, '_> {
    /// What an event waits for, as keys of `wait` and `on`. None where there is no counterpart.
    pub(crate) fn trigger(&mut self, event: &Event<'a>, of: &FlowNode<'a>) -> Option<Vec<Entry>> {
        self.import.ledger.part(event.node);
        let name = event.reference.or(of.name);
        match event.kind {
            EventKind::Timer => Some(self.timer(event.node, of.node)),
            EventKind::Message => Some(vec![Entry::new("message", self.message_name(name, of.node))]),
            EventKind::Signal => {
                self.say(
                    of.node,
                    Fate::Assumed,
                    "信号当作消息：发送时每个等候的事项各发一次",
                    "the signal is a message: it is sent to each item that waits",
                );
                Some(vec![Entry::new("message", self.message_name(name, of.node))])
            }
            EventKind::Condition => Some(self.condition(event.node, of.node)),
            EventKind::Error => {
                let code = event.reference.map_or_else(|| "any".to_owned(), |code| slug(code, "any"));
                Some(vec![Entry::new("error", code)])
            }
            EventKind::Cancel => Some(vec![Entry::new("error", "cancel")]),
            EventKind::Escalation | EventKind::Link | EventKind::Terminate | EventKind::Compensate => None,
        }
    }

    fn message_name(&mut self, name: Option<&'a str>, of: Node<'a>) -> String {
        if name.is_none() {
            self.say(
                of,
                Fate::Assumed,
                "消息没有名称：暂名 `message`",
                "the message has no name: it is called `message`",
            );
        }
        slug(name.unwrap_or_default(), "message")
    }

    /// The keys of a timer.
    fn timer(&mut self, node: Node<'a>, of: Node<'a>) -> Vec<Entry> {
        for name in ["timeDuration", "timeDate", "timeCycle"] {
            for child in children(node, name) {
                self.import.ledger.part(child);
            }
        }
        if let Some(text) = child_text(node, "timeDuration") {
            if text.parse::<Span>().is_err() {
                self.open_text(of, "期限", "the duration", text);
            }
            return vec![Entry::new("after", text)];
        }
        if let Some(text) = child_text(node, "timeDate") {
            return vec![Entry::new("at", moment(text))];
        }
        if let Some(text) = child_text(node, "timeCycle") {
            return self.cycle(text, of);
        }
        self.say(
            of,
            Fate::Open,
            "文件没有写多久：请写 `after` 或 `at`",
            "the file does not say when: write `after` or `at`",
        );
        vec![Entry::new("after", UNKNOWN)]
    }

    /// `R3/PT1H`: three times, an hour apart; what interrupts or is waited for happens once.
    fn cycle(&mut self, text: &str, of: Node<'a>) -> Vec<Entry> {
        let found = text.strip_prefix('R').and_then(|rest| rest.split_once('/'));
        let Some((times, every)) = found.filter(|(_, every)| every.parse::<Span>().is_ok()) else {
            self.open_text(of, "周期", "the cycle", text);
            return vec![Entry::new("after", text)];
        };
        let mut keys = vec![Entry::new("after", every)];
        if of.attribute("cancelActivity") == Some("false") {
            keys.push(Entry::new("every", every));
            if !times.is_empty() {
                keys.push(Entry::new("times", times));
            }
        }
        keys
    }

    fn condition(&mut self, node: Node<'a>, of: Node<'a>) -> Vec<Entry> {
        let text = child_text(node, "condition");
        for child in children(node, "condition") {
            self.import.ledger.part(child);
        }
        if let Some(text) = text {
            self.say(
                of,
                Fate::Assumed,
                "条件事件：条件的值每次变化时发生",
                "a condition: it happens whenever the value of the condition changes",
            );
            vec![Entry::new("changed", vec![Yaml::from(text)])]
        } else {
            self.say(
                of,
                Fate::Open,
                "文件没有写条件：请在 `changed` 里写它取决于什么",
                "the file gives no condition: write in `changed` what it depends on",
            );
            vec![Entry::new("changed", vec![Yaml::from(UNKNOWN)])]
        }
    }

    /// A text that is not ours, at a place that `docket check` points at.
    pub(crate) fn open_text(&mut self, node: Node<'_>, zh: &str, en: &str, text: &str) {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        self.say(
            node,
            Fate::Open,
            format!("{zh} `{text}` 不是 Docket 的写法：请改写"),
            format!("{en} `{text}` is not written as Docket reads it: rewrite it"),
        );
    }

    /// A catching event, or a receive task.
    pub(crate) fn wait(&mut self, node: &'a FlowNode<'a>, name: &str) {
        let comment = self.comments(node.node, node.id);
        let found = node.events.first().map(|event| self.trigger(event, node));
        let until = match found {
            Some(Some(until)) => until,
            // A receive task has no event: it waits for its message.
            None if node.node.has_tag_name((BPMN, "receiveTask")) => {
                let message =
                    node.node.attribute("messageRef").map(|id| id.rsplit_once(':').map_or(id, |(_, local)| local));
                let message = message
                    .map(|id| self.import.model.ids.get(id).and_then(|node| node.attribute("name")).unwrap_or(id));
                vec![Entry::new("message", self.message_name(message.or(node.name), node.node))]
            }
            Some(None) | None => {
                self.say(
                    node.node,
                    Fate::Open,
                    "这种事件没有对应：请写它等什么",
                    "there is no such event: write what it waits for",
                );
                vec![Entry::new("message", UNKNOWN)]
            }
        };
        let mut definition = title(node, name);
        let next = self.after(node, name);
        definition.extend([Entry::new("wait", until), Entry::new("next", next)]);
        let on = self.border(node, false);
        if !on.is_empty() {
            definition.push(Entry::new("on", on));
        }
        self.say(node.node, Fate::Mapped, format!("节点 `{name}`（等待）"), format!("node `{name}` (a wait)"));
        self.several_events(node);
        self.unrepeated(node);
        self.draft.add(node.node, name, definition, comment);
    }

    /// Only the first of several events is waited for.
    pub(crate) fn several_events(&mut self, node: &FlowNode<'a>) {
        for event in node.events.iter().skip(1) {
            self.import.ledger.drop_whole(event.node, "一个节点只等一个事件", "a node waits for one event only");
        }
    }

    /// A throwing event with something to say: a message, or a notice.
    pub(crate) fn throw(&mut self, node: &'a FlowNode<'a>, name: &str) {
        let comment = self.comments(node.node, node.id);
        let acts = self.notice(node);
        let mut definition = title(node, name);
        definition.push(Entry::new("action", acts));
        let next = self.after(node, name);
        definition.push(Entry::new("next", next));
        self.say(node.node, Fate::Mapped, format!("节点 `{name}`（动作）"), format!("node `{name}` (an action)"));
        self.draft.add(node.node, name, definition, comment);
    }

    /// What is sent, where something in the file waits for it.
    pub(crate) fn message(&mut self, node: &FlowNode<'a>) -> Option<String> {
        let event = node.events.first();
        if event.is_some_and(|event| !matches!(event.kind, EventKind::Message | EventKind::Signal)) {
            return None;
        }
        let name = event.and_then(|event| event.reference).or_else(|| reference(self.import.model, node.node));
        let message = slug(name.or(node.name).unwrap_or_default(), "message");
        if !self.import.heard.contains(&message) {
            return None;
        }
        self.say(
            node.node,
            Fate::Assumed,
            format!("发送消息 `{message}`：同一事项中等它的节点收到"),
            format!("sends the message `{message}`: what waits for it below the same root item hears it"),
        );
        Some(message)
    }

    /// A message that something waits for; else a notice in place of a message, signal or escalation.
    pub(crate) fn notice(&mut self, node: &FlowNode<'a>) -> Vec<Entry> {
        if let Some(message) = self.message(node) {
            return vec![Entry::new("send", message)];
        }
        let name = node.events.first().and_then(|event| event.reference).or(node.name);
        let template = slug(name.unwrap_or_default(), "notice");
        self.say(
            node.node,
            Fate::Open,
            format!("发送成为通知 `{template}`：请写这个模板并写明发给谁；要发给别的系统请改用 `http`"),
            format!("sending is the notice `{template}`: write this template and who gets it; to tell another system use `http`"),
        );
        vec![Entry::new("notify", template), Entry::new("to", Yaml::Map(vec![Entry::new("person", "item.created_by")]))]
    }

    /// An end that does more than end its path.
    pub(crate) fn special_end(&mut self, node: &'a FlowNode<'a>, name: &str) {
        let comment = self.comments(node.node, node.id);
        let event = node.events.first().copied();
        let kind = event.map(|event| event.kind);
        let definition = match kind {
            Some(EventKind::Error) => {
                let code = event.and_then(|event| event.reference).or(node.name);
                vec![Entry::new("end", slug(code.unwrap_or_default(), "error")), Entry::new("how", "error")]
            }
            Some(EventKind::Cancel) => vec![Entry::new("end", "cancel"), Entry::new("how", "error")],
            Some(EventKind::Terminate) => {
                vec![Entry::new("end", self.result(node)), Entry::new("how", "cancel")]
            }
            _ => {
                let acts = self.notice(node);
                vec![Entry::new("end", self.result(node)), Entry::new("do", acts)]
            }
        };
        self.say(node.node, Fate::Mapped, format!("节点 `{name}`（结束）"), format!("node `{name}` (an end)"));
        self.several_events(node);
        self.draft.add(node.node, name, definition, comment);
    }
}

/// The title of a node that is not told by its kind, where it says more than its name.
pub(crate) fn title(node: &FlowNode<'_>, name: &str) -> Vec<Entry> {
    node.name.filter(|title| *title != name).map(|title| Entry::new("title", one_line(title))).into_iter().collect()
}

/// A text in one line.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A date or point in time as an expression; anything else as it is.
fn moment(text: &str) -> String {
    let digits = |part: &str| part.chars().all(|char| char.is_ascii_digit() || char == '-');
    match text.split_once('T') {
        None if text.len() == 10 && digits(text) => format!("date('{text}')"),
        Some((day, _)) if day.len() == 10 && digits(day) && !text.contains('\'') => format!("time('{text}')"),
        _ => text.to_owned(),
    }
}
