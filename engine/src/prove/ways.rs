//! What a single path can do at a node, everything that the engine leaves to people, time and facts taken as free.

use std::collections::{BTreeMap, BTreeSet};

use super::Hop;
use crate::{
    definition::workflow::{Ending, Goto, Node, NodeKind, Operation, Outcome, Workflow},
    text::{Name, Text},
};

/// One thing that can happen to a path at a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// On to a node.
    On(Name),
    /// On, by an outcome that is no return: where a straight return waits, it leads there instead.
    Forward(Name),
    /// Back to a node; what it leaves behind closes.
    Back(Name),
    /// Back to a node alone, and from there straight back here.
    Straight(Name),
    /// The end.
    End(Name, Ending),
}

/// Which tasks may have been completed before a node on the same path, from the shape alone.
#[derive(Debug)]
pub(super) struct Earlier {
    before: BTreeMap<Name, BTreeSet<Name>>,
    first: BTreeSet<Name>,
}

impl Earlier {
    pub(super) fn of(workflow: &Workflow) -> Self {
        let mut before: BTreeMap<Name, BTreeSet<Name>> = BTreeMap::new();
        let mut open: Vec<&Name> = workflow.nodes.keys().collect();
        while let Some(name) = open.pop() {
            let Some(node) = workflow.nodes.get(name) else { continue };
            let mut here = before.get(name).cloned().unwrap_or_default();
            if matches!(node.kind, NodeKind::Task(_)) {
                here.insert(name.clone());
            }
            // What a branch that has arrived did is earlier for the path that opened it, also where others leave the fork.
            let joined = if let NodeKind::Join(join) = &node.kind { Some(&join.of) } else { None };
            for to in node.ways().map(|way| way.to).chain(joined) {
                let there = before.entry(to.clone()).or_default();
                let size = there.len();
                there.extend(here.iter().cloned());
                if there.len() > size {
                    open.push(to);
                }
            }
        }
        Self { before, first: first_tasks(workflow) }
    }

    /// The tasks that a return from `node` can lead to.
    fn tasks(&self, node: &Name) -> impl Iterator<Item = &Name> {
        self.before.get(node).into_iter().flatten().filter(move |task| *task != node)
    }

    fn targets(&self, node: &Name, to: &Goto) -> Vec<Name> {
        match to {
            Goto::Node(name) => vec![name.clone()],
            Goto::Previous => self.tasks(node).cloned().collect(),
            Goto::Starter => self.first.iter().filter(|task| *task != node).cloned().collect(),
        }
    }
}

/// The tasks that a run can come to first.
fn first_tasks(workflow: &Workflow) -> BTreeSet<Name> {
    let mut found = BTreeSet::new();
    let mut seen = BTreeSet::from([workflow.start.clone()]);
    let mut open = vec![workflow.start.clone()];
    while let Some(name) = open.pop() {
        let Some(node) = workflow.nodes.get(&name) else { continue };
        if let NodeKind::Task(task) = &node.kind {
            found.insert(name);
            // What leaves a task without its being completed leads on to what can still be the first one.
            let empty = task.group.as_ref().and_then(|group| group.empty.as_ref());
            let empty = task.outcomes.iter().filter(|outcome| Some(&outcome.name) == empty);
            let past = empty.filter_map(|outcome| outcome.to.node());
            let past = past.chain(node.boundary.iter().filter_map(|boundary| boundary.to.as_ref()));
            open.extend(past.filter(|to| seen.insert((*to).clone())).cloned());
            continue;
        }
        open.extend(node.ways().map(|way| way.to.clone()).filter(|to| seen.insert(to.clone())));
    }
    found
}

/// Everything that can happen to a path at `node`, in the written order. What opens or joins branches is not here.
pub(super) fn steps(node: &Node, earlier: &Earlier) -> Vec<(Hop, Step)> {
    let hop = |label: Option<Text>| Hop::Way { node: node.name.clone(), label };
    let mut all = Vec::new();
    match &node.kind {
        NodeKind::Task(task) => {
            for outcome in &task.outcomes {
                all.extend(
                    outcome_steps(node, outcome, earlier)
                        .into_iter()
                        .map(|step| (hop(Some(outcome.title.clone())), step)),
                );
            }
            if task.allow.contains(&Operation::Return) {
                for to in earlier.tasks(&node.name) {
                    let label = || Some(Text::new("退回", "return"));
                    all.push((hop(label()), Step::Back(to.clone())));
                    all.push((hop(label()), Step::Straight(to.clone())));
                }
            }
        }
        NodeKind::Action(action) => all.push((hop(None), Step::On(action.next.clone()))),
        NodeKind::Wait(wait) => all.push((hop(None), Step::On(wait.next.clone()))),
        NodeKind::Choose(choose) => {
            let branches = choose.branches.iter().map(|(_, to)| to).chain([&choose.otherwise]);
            all.extend(branches.map(|to| (hop(None), Step::On(to.clone()))));
        }
        NodeKind::Call(call) => {
            for result in &call.results {
                all.push((hop(Some(Text::same(result.result.to_string()))), Step::On(result.to.clone())));
            }
            let empty = call.each.as_ref().and_then(|each| each.empty.as_ref());
            all.extend(empty.map(|to| (hop(Some(Text::new("空名单", "empty list"))), Step::On(to.clone()))));
        }
        NodeKind::Stage(stage) => {
            for offer in &stage.offers {
                let ways = offer.call.iter().flat_map(|call| call.then.values()).chain(&offer.to);
                all.extend(ways.map(|to| (hop(Some(offer.title.clone())), Step::On(to.clone()))));
            }
        }
        NodeKind::End(end) => all.push((hop(None), Step::End(end.result.clone(), end.how))),
        NodeKind::Any(_) | NodeKind::Fork(_) | NodeKind::Join(_) => {}
    }
    for (place, boundary) in node.boundary.iter().enumerate() {
        let label = || Some(Text::same(format!("on[{}]", place + 1)));
        all.extend(boundary.to.iter().map(|to| (hop(label()), Step::On(to.clone()))));
    }
    all
}

fn outcome_steps(node: &Node, outcome: &Outcome, earlier: &Earlier) -> Vec<Step> {
    let targets = earlier.targets(&node.name, &outcome.to).into_iter();
    match (outcome.is_return, outcome.straight) {
        (true, true) => targets.map(Step::Straight).collect(),
        (true, false) => targets.map(Step::Back).collect(),
        (false, _) => targets.map(Step::Forward).collect(),
    }
}
