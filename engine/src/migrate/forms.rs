//! What the new version may read of forms before it has been filled in.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    case::Token,
    definition::{registry::Bound, workflow::Workflow},
    text::Name,
    value::Data,
};

/// Required fields that a node on the way of a token reads and that its instance lacks, while the token may not have passed the
/// form's node by then. `forms` is what is filled in, by the new names.
pub(super) fn unfilled(to: &Bound, tokens: &[Token], forms: &BTreeMap<Name, Data>) -> Vec<(Name, Name)> {
    let workflow = &to.workflow;
    let mut lacking: BTreeMap<Name, BTreeSet<Name>> = BTreeMap::new();
    for node in workflow.nodes.values() {
        let Some(form) = node.form().and_then(|form| to.forms.get(form)) else { continue };
        let has = |field: &Name| forms.get(&node.name).is_some_and(|data| data.contains_key(field.as_str()));
        let fields = form.fields.iter().filter(|field| field.required && !has(&field.name));
        let fields: BTreeSet<Name> = fields.map(|field| field.name.clone()).collect();
        if !fields.is_empty() {
            lacking.insert(node.name.clone(), fields);
        }
    }
    let mut found = Vec::new();
    for (form, fields) in &lacking {
        let read: BTreeSet<Name> =
            ahead(workflow, tokens, form).iter().flat_map(|node| reads(workflow, node, form)).collect();
        found.extend(fields.intersection(&read).map(|field| (form.clone(), field.clone())));
    }
    found
}

/// The nodes that tokens come to without leaving `form`, their own included.
fn ahead(workflow: &Workflow, tokens: &[Token], form: &Name) -> BTreeSet<Name> {
    let mut found: BTreeSet<Name> = tokens.iter().map(|token| token.node.clone()).collect();
    let mut open: Vec<Name> = found.iter().cloned().collect();
    while let Some(name) = open.pop() {
        let Some(node) = workflow.nodes.get(&name).filter(|_| name != *form) else { continue };
        for way in node.ways() {
            if found.insert(way.to.clone()) {
                open.push(way.to.clone());
            }
        }
    }
    found
}

fn reads(workflow: &Workflow, node: &Name, form: &Name) -> Vec<Name> {
    let expressions = workflow.nodes.get(node).map(|node| node.expressions()).unwrap_or_default();
    let paths = expressions.into_iter().flat_map(crate::expr::Expr::reads);
    paths
        .filter_map(|path| match path.as_slice() {
            [forms, of, field, ..] if *forms == "forms" && of == form => Some(field.clone()),
            _ => None,
        })
        .collect()
}
