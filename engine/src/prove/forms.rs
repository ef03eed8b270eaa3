//! Which forms are filled in wherever a run stands: an expression that reads a required field of one that may not be is refused.
//!
//! A forward analysis over the shape: a form is filled in at a node when it is on every way to it. Behind a join of all
//! branches of a `fork` it is when it is behind one of them that always arrives; otherwise it must be behind each.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Finding, Hop, Run};
use crate::{
    definition::workflow::{Node, NodeKind, Outcome, Rule, Task, Workflow},
    expr::{Ast, AstKind, BinaryOp},
    text::Name,
};

/// What is filled in, by node; a node that is not there is not reached.
type Filled = BTreeMap<Name, BTreeSet<Name>>;

/// A way from a node to another: whether the node's form is filled in on it.
#[derive(Debug, Clone)]
struct Edge {
    from: Name,
    to: Name,
    fills: bool,
}

/// Expressions that read a required field of a form which some run has not filled in.
pub(super) fn unfilled(workflow: &Workflow, required: &dyn Fn(&Name, &Name) -> bool) -> Vec<Finding> {
    let edges: Vec<Edge> = workflow.nodes.values().flat_map(edges_of).collect();
    let filled = filled(workflow, &edges);
    let mut findings = Vec::new();
    for node in workflow.nodes.values() {
        let Some(here) = filled.get(&node.name) else { continue };
        for (form_node, field) in node.expressions().into_iter().flat_map(|expr| reads(expr.ast())) {
            let form = workflow.nodes.get(&form_node).and_then(Node::form);
            let needed = form.is_some_and(|form| required(form, &field));
            let known = findings.iter().any(|known| matches!(known, Finding::Unfilled { node: at, form, .. } if *at == node.name && *form == form_node));
            if needed && !here.contains(&form_node) && !known {
                let run = way_without(workflow, &edges, &form_node, &node.name);
                findings.push(Finding::Unfilled { node: node.name.clone(), form: form_node, run });
            }
        }
    }
    findings
}

fn edges_of(node: &Node) -> Vec<Edge> {
    let fills = node.form().is_some();
    let edge = |to: &Name, fills: bool| Edge { from: node.name.clone(), to: to.clone(), fills };
    let mut edges = Vec::new();
    if let NodeKind::Task(task) = &node.kind {
        for outcome in &task.outcomes {
            // A return needs no form, and what the platform passes over has none.
            let without = outcome.is_return
                || task.skip_same.as_ref() == Some(&outcome.name)
                || (task.group.is_some() && ends_without_its_vote(task, outcome))
                || task.group.as_ref().is_some_and(|group| group.empty.as_ref() == Some(&outcome.name));
            edges.extend(outcome.to.node().map(|to| edge(to, fills && !without)));
        }
        edges.extend(node.boundary.iter().filter_map(|boundary| boundary.to.as_ref()).map(|to| edge(to, false)));
        return edges;
    }
    let interrupting: BTreeSet<&Name> = node.boundary.iter().filter_map(|boundary| boundary.to.as_ref()).collect();
    edges.extend(node.ways().map(|way| edge(way.to, fills && !interrupting.contains(way.to))));
    edges
}

/// Whether a group can end with an outcome though all who voted returned it, without a form.
fn ends_without_its_vote(task: &Task, outcome: &Outcome) -> bool {
    matches!(outcome.rule, Some(Rule::Rest | Rule::When(_))) && task.outcomes.iter().any(|other| other.is_return)
}

fn filled(workflow: &Workflow, edges: &[Edge]) -> Filled {
    let mut filled = Filled::from([(workflow.start.clone(), BTreeSet::new())]);
    let mut open = VecDeque::from([workflow.start.clone()]);
    while let Some(name) = open.pop_front() {
        for edge in edges.iter().filter(|edge| edge.from == name) {
            let into = arriving(workflow, edges, &filled, &edge.to);
            if filled.get(&edge.to) != Some(&into) {
                filled.insert(edge.to.clone(), into);
                open.push_back(edge.to.clone());
            }
        }
    }
    filled
}

/// What is filled in when a path arrives at `name`, from what is known by now.
fn arriving(workflow: &Workflow, edges: &[Edge], filled: &Filled, name: &Name) -> BTreeSet<Name> {
    let into = edges.iter().filter(|edge| edge.to == *name);
    let known: Vec<(&Name, BTreeSet<Name>)> = into
        .filter_map(|edge| {
            let mut out = filled.get(&edge.from)?.clone();
            if edge.fills {
                out.insert(edge.from.clone());
            }
            Some((&edge.from, out))
        })
        .collect();
    let mut shared = meet(known.iter().map(|(_, out)| out));
    if let Some(NodeKind::Join(join)) = workflow.nodes.get(name).map(|node| &node.kind)
        && join.count.is_none()
        && let Some(Node { kind: NodeKind::Fork(branches), .. }) = workflow.nodes.get(&join.of)
    {
        for (branch, _) in (0_u16..).zip(branches) {
            let place = (join.of.clone(), branch);
            let inside = |node: &Name| workflow.regions.get(node).is_some_and(|region| region.contains(&place));
            let is_end = |to: &Name| workflow.nodes.get(to).is_some_and(|node| matches!(node.kind, NodeKind::End(_)));
            let ends = workflow.nodes.values().any(|node| inside(&node.name) && node.ways().any(|way| is_end(way.to)));
            let here: Vec<&BTreeSet<Name>> =
                known.iter().filter(|(from, _)| inside(from)).map(|(_, out)| out).collect();
            if !ends && !here.is_empty() {
                shared.extend(meet(here.into_iter()));
            }
        }
    }
    if *name == workflow.start { BTreeSet::new() } else { shared }
}

fn meet<'a>(mut all: impl Iterator<Item = &'a BTreeSet<Name>>) -> BTreeSet<Name> {
    let first = all.next().cloned().unwrap_or_default();
    all.fold(first, |shared, next| shared.intersection(next).cloned().collect())
}

/// The fields of forms that an expression reads: node and field; those that it tests for absence are left out.
fn reads(ast: &Ast) -> BTreeSet<(Name, Name)> {
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

/// A shortest way to `goal` on which the form of `form` is not filled in.
fn way_without(workflow: &Workflow, edges: &[Edge], form: &Name, goal: &Name) -> Run {
    let mut came: BTreeMap<Name, Name> = BTreeMap::new();
    let mut open = VecDeque::from([workflow.start.clone()]);
    while let Some(name) = open.pop_front() {
        if name == *goal {
            break;
        }
        for edge in edges.iter().filter(|edge| edge.from == name && !(edge.fills && edge.from == *form)) {
            if edge.to != workflow.start && !came.contains_key(&edge.to) {
                came.insert(edge.to.clone(), name.clone());
                open.push_back(edge.to.clone());
            }
        }
    }
    let mut run: Run = vec![Hop::Way { node: goal.clone(), label: None }];
    let mut at = goal;
    while let Some(before) = came.get(at) {
        run.push(Hop::Way { node: before.clone(), label: None });
        at = before;
    }
    run.reverse();
    run
}
