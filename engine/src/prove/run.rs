//! A run, as steps that a person can follow. While a workflow is explored, runs that begin alike share what they have in common.

use super::{
    Start,
    net::{At, Net},
};
use crate::{
    definition::workflow::NodeKind,
    text::{Language, Name, Text},
};

/// One step of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Hop {
    /// The run does not begin at the start.
    Begin { node: Name, how: Start },
    /// A way out of a node: its label, where it has one.
    Way { node: Name, label: Option<Text> },
    /// A branch of a fork, and what happens in it.
    Branch { fork: Name, inside: Run },
}

/// The steps of a run.
pub(crate) type Run = Vec<Hop>;

/// The most steps that are shown.
const SHOWN: usize = 12;

/// Which way out of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    /// The way says nothing.
    None,
    Outcome(usize),
    /// The operation 退回.
    Return,
    Result(usize),
    /// A list without elements.
    Empty,
    Offer(usize),
    Event(usize),
}

/// One step, by numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Move {
    Begin { at: At, how: Start },
    Way { at: At, label: Label },
    Branch { fork: At, inside: RunId },
}

/// A run by its last step; 0 is the one without steps.
pub(super) type RunId = usize;

/// All runs that were come by.
#[derive(Debug, Default)]
pub(super) struct Runs {
    links: Vec<Link>,
}

#[derive(Debug, Clone, Copy)]
struct Link {
    before: RunId,
    length: usize,
    last: Move,
}

impl Runs {
    /// The run that goes on from `before` with `last`.
    pub(super) fn push(&mut self, before: RunId, last: Move) -> RunId {
        self.links.push(Link { before, length: self.length(before) + 1, last });
        self.links.len()
    }

    pub(super) fn length(&self, run: RunId) -> usize {
        self.link(run).map_or(0, |link| link.length)
    }

    fn link(&self, run: RunId) -> Option<&Link> {
        self.links.get(run.checked_sub(1)?)
    }

    /// A run in names.
    pub(super) fn told(&self, net: &Net<'_>, run: RunId) -> Run {
        let mut told = Run::new();
        let mut at = run;
        while let Some(link) = self.link(at) {
            told.push(match link.last {
                Move::Begin { at, how } => Hop::Begin { node: net.name(at), how },
                Move::Way { at, label } => Hop::Way { node: net.name(at), label: text(net, at, label) },
                Move::Branch { fork, inside } => Hop::Branch { fork: net.name(fork), inside: self.told(net, inside) },
            });
            at = link.before;
        }
        told.reverse();
        told
    }
}

/// What a way out of a node is called.
fn text(net: &Net<'_>, at: At, label: Label) -> Option<Text> {
    let kind = net.node(at).map(|node| &node.kind);
    match (label, kind) {
        (Label::Outcome(place), Some(NodeKind::Task(task))) => {
            task.outcomes.get(place).map(|found| found.title.clone())
        }
        (Label::Result(place), Some(NodeKind::Call(call))) => {
            call.results.get(place).map(|found| Text::same(found.result.to_string()))
        }
        (Label::Offer(place), Some(NodeKind::Stage(stage))) => stage.offers.get(place).map(|found| found.title.clone()),
        (Label::Return, _) => Some(Text::new("退回", "return")),
        (Label::Empty, _) => Some(Text::new("空名单", "empty list")),
        (Label::Event(place), _) => Some(Text::same(format!("on[{}]", place + 1))),
        _ => None,
    }
}

/// A run in words: `draft (submit) → both [review (approve)] → …`.
pub(crate) fn shown(run: &Run, language: Language) -> String {
    let mut parts: Vec<String> = Vec::new();
    for hop in run {
        parts.push(match hop {
            Hop::Begin { node, how } => match (how, language) {
                (Start::Enter, Language::Zh) => format!("从 `{node}` 进入"),
                (Start::Enter, Language::En) => format!("entered at `{node}`"),
                (Start::Reopen, Language::Zh) => format!("从 `{node}` 重开"),
                (Start::Reopen, Language::En) => format!("reopened at `{node}`"),
            },
            Hop::Way { node, label: None } => format!("`{node}`"),
            Hop::Way { node, label: Some(label) } => format!("`{node}` ({})", label.get(language)),
            Hop::Branch { fork, inside } => format!("`{fork}` [{}]", shown(inside, language)),
        });
    }
    if parts.len() > SHOWN {
        let tail = parts.split_off(parts.len() - SHOWN / 2);
        parts.truncate(SHOWN / 2);
        parts.push("…".to_owned());
        parts.extend(tail);
    }
    parts.join(" → ")
}
