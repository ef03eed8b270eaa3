//! Which forms are filled in wherever a run stands: an expression that reads a required field of one that may not be is refused.
//!
//! A forward analysis over the shape, for each node at which a run can begin: a form is filled in at a node when it is on every
//! way to it. Behind a join of all branches of a `fork` it is when it is behind one of them that always arrives; otherwise it
//! must be behind each.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{
    Finding, Hop, Run, Start,
    bits::Bits,
    net::{At, Net},
};
use crate::{
    definition::workflow::{Node, NodeKind, Outcome, Rule, Task},
    expr::{Ast, AstKind, BinaryOp},
    text::Name,
};

/// A way from a node to another: whether the node's form is filled in on it.
#[derive(Debug, Clone, Copy)]
struct Edge {
    from: At,
    to: At,
    fills: bool,
}

/// The ways of a workflow.
struct Ways<'a> {
    net: &'a Net<'a>,
    out: Vec<Vec<Edge>>,
    into: Vec<Vec<Edge>>,
    /// The branches in which an end lies.
    ending: BTreeSet<(At, u16)>,
}

/// Expressions that read a required field of a form which some run has not filled in.
pub(super) fn unfilled(net: &Net<'_>, required: &dyn Fn(&Name, &Name) -> bool) -> Vec<Finding> {
    let reads = reads(net, required);
    if reads.is_empty() {
        return Vec::new();
    }
    let ways = Ways::of(net);
    let mut found: BTreeMap<(At, At), Finding> = BTreeMap::new();
    for (start, how) in &net.starts {
        let filled = ways.filled(*start);
        for (at, form) in &reads {
            let Some(Some(here)) = filled.get(*at) else { continue };
            if !here.contains(*form) && !found.contains_key(&(*at, *form)) {
                let run = ways.way_without((*start, *how), *form, *at);
                found.insert((*at, *form), Finding::Unfilled { node: net.name(*at), form: net.name(*form), run });
            }
        }
    }
    found.into_values().collect()
}

/// The nodes whose expressions read required fields of forms, each with the node of the form.
fn reads(net: &Net<'_>, required: &dyn Fn(&Name, &Name) -> bool) -> BTreeSet<(At, At)> {
    let mut all = BTreeSet::new();
    for at in 0..net.len() {
        let expressions = net.node(at).map(Node::expressions).unwrap_or_default();
        for (form_node, field) in expressions.into_iter().flat_map(|expr| fields(expr.ast())) {
            let Some(of) = net.number(&form_node) else { continue };
            let form = net.node(of).and_then(Node::form);
            if form.is_some_and(|form| required(form, &field)) {
                all.insert((at, of));
            }
        }
    }
    all
}

impl<'a> Ways<'a> {
    fn of(net: &'a Net<'a>) -> Self {
        let mut ways =
            Self { net, out: vec![Vec::new(); net.len()], into: vec![Vec::new(); net.len()], ending: BTreeSet::new() };
        for at in 0..net.len() {
            let Some(node) = net.node(at) else { continue };
            let ends = |to: At| net.node(to).is_some_and(|node| matches!(node.kind, NodeKind::End(_)));
            if node.ways().filter_map(|way| net.number(way.to)).any(ends) {
                ways.ending.extend(net.region(at).iter().copied());
            }
            for (to, fills) in edges_of(node) {
                let Some(to) = net.number(to) else { continue };
                let edge = Edge { from: at, to, fills };
                ways.out.get_mut(at).into_iter().for_each(|all| all.push(edge));
                ways.into.get_mut(to).into_iter().for_each(|all| all.push(edge));
            }
        }
        ways
    }

    /// What is filled in at each node that a run from `start` reaches.
    fn filled(&self, start: At) -> Vec<Option<Bits>> {
        let mut filled: Vec<Option<Bits>> = vec![None; self.net.len()];
        if let Some(first) = filled.get_mut(start) {
            *first = Some(Bits::new(self.net.len()));
        }
        let mut queued = Bits::new(self.net.len());
        let mut open = VecDeque::from([start]);
        while let Some(at) = open.pop_front() {
            queued.remove(at);
            if at != start {
                let new = self.arriving(start, &filled, at);
                match filled.get_mut(at) {
                    Some(old) if *old != new => *old = new,
                    _ => continue,
                }
            }
            for edge in self.out.get(at).into_iter().flatten() {
                if queued.insert(edge.to) {
                    open.push_back(edge.to);
                }
            }
        }
        filled
    }

    /// What is filled in when a path arrives at a node, from what is known by now.
    fn arriving(&self, start: At, filled: &[Option<Bits>], at: At) -> Option<Bits> {
        // The fork that the node joins, where that waits for all of its branches.
        let fork = self.net.node(at).and_then(|node| match &node.kind {
            NodeKind::Join(join) if join.count.is_none() => self.net.number(&join.of),
            _ => None,
        });
        let fork = fork.filter(|fork| self.net.node(*fork).is_some_and(|node| matches!(node.kind, NodeKind::Fork(_))));
        let mut shared: Option<Bits> = None;
        let mut branches: BTreeMap<(At, u16), Bits> = BTreeMap::new();
        for edge in self.into.get(at).into_iter().flatten() {
            let Some(Some(out)) = filled.get(edge.from) else { continue };
            let mut out = out.clone();
            if edge.fills {
                out.insert(edge.from);
            }
            let branch = self.net.region(edge.from).iter().find(|(around, _)| Some(*around) == fork);
            if let Some(branch) = branch {
                branches.entry(*branch).and_modify(|all| all.retain(&out)).or_insert_with(|| out.clone());
            }
            match &mut shared {
                None => shared = Some(out),
                Some(shared) => shared.retain(&out),
            }
        }
        // A run that begins inside a branch has that branch alone, in the first round.
        let alone = self.net.region(start).iter().find(|(around, _)| Some(*around) == fork);
        for (branch, behind) in branches {
            if let Some(shared) = &mut shared
                && !self.ending.contains(&branch)
                && alone.is_none_or(|alone| *alone == branch)
            {
                shared.extend(&behind);
            }
        }
        shared
    }

    /// A shortest way to `goal` on which the form of `form` is not filled in.
    fn way_without(&self, (start, how): (At, Option<Start>), form: At, goal: At) -> Run {
        let mut came: BTreeMap<At, At> = BTreeMap::new();
        let mut open = VecDeque::from([start]);
        while let Some(at) = open.pop_front() {
            if at == goal {
                break;
            }
            for edge in self.out.get(at).into_iter().flatten().filter(|edge| !(edge.fills && edge.from == form)) {
                if edge.to != start && !came.contains_key(&edge.to) {
                    came.insert(edge.to, at);
                    open.push_back(edge.to);
                }
            }
        }
        let mut run: Run = vec![Hop::Way { node: self.net.name(goal), label: None }];
        let mut at = goal;
        while let Some(before) = came.get(&at) {
            run.push(Hop::Way { node: self.net.name(*before), label: None });
            at = *before;
        }
        if let (Some(how), Some(first)) = (how, run.last_mut()) {
            *first = Hop::Begin { node: self.net.name(start), how };
        }
        run.reverse();
        run
    }
}

fn edges_of(node: &Node) -> Vec<(&Name, bool)> {
    let fills = node.form().is_some();
    let mut edges = Vec::new();
    if let NodeKind::Task(task) = &node.kind {
        for outcome in &task.outcomes {
            // A return needs no form, and what the platform passes over has none.
            let without = outcome.is_return
                || task.skip_same.as_ref() == Some(&outcome.name)
                || (task.group.is_some() && ends_without_its_vote(task, outcome))
                || task.group.as_ref().is_some_and(|group| group.empty.as_ref() == Some(&outcome.name));
            edges.extend(outcome.to.node().map(|to| (to, fills && !without)));
        }
        edges.extend(node.boundary.iter().filter_map(|boundary| boundary.to.as_ref()).map(|to| (to, false)));
        return edges;
    }
    let interrupting: BTreeSet<&Name> = node.boundary.iter().filter_map(|boundary| boundary.to.as_ref()).collect();
    edges.extend(node.ways().map(|way| (way.to, fills && !interrupting.contains(way.to))));
    edges
}

/// Whether a group can end with an outcome though all who voted returned it, without a form.
fn ends_without_its_vote(task: &Task, outcome: &Outcome) -> bool {
    matches!(outcome.rule, Some(Rule::Rest | Rule::When(_))) && task.outcomes.iter().any(|other| other.is_return)
}

/// The fields of forms that an expression reads: node and field; those that it tests for absence are left out.
fn fields(ast: &Ast) -> BTreeSet<(Name, Name)> {
    let field = |ast: &Ast| match &ast.kind {
        AstKind::Path(path) => match path.as_slice() {
            [forms, node, field, ..] if *forms == "forms" => Some((node.clone(), field.clone())),
            _ => None,
        },
        _ => None,
    };
    let (mut read, mut tested) = (BTreeSet::new(), BTreeSet::new());
    let mut open = vec![ast];
    while let Some(ast) = open.pop() {
        read.extend(field(ast));
        match &ast.kind {
            AstKind::Binary(BinaryOp::Equal | BinaryOp::NotEqual, a, b) => {
                tested.extend(Ast::tested(a, b).and_then(field));
            }
            AstKind::Call(name, all) if *name == "has" => tested.extend(all.iter().filter_map(field)),
            _ => {}
        }
        open.extend(ast.children());
    }
    read.difference(&tested).cloned().collect()
}
