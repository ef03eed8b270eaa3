//! A first silent look at workflows and modules, so that documents can be read in any order.

use std::collections::BTreeSet;

use crate::{
    definition::read::world::{Catch, KindFacts, Outline},
    prove::Start,
    text::Name,
    yaml::{Kind, Tree, read::At},
};

fn text(tree: Option<&Tree>) -> Option<Name> {
    tree.and_then(Tree::scalar).filter(|scalar| !scalar.text.is_empty()).map(|scalar| Name::from(scalar.text.as_str()))
}

/// What other documents need to know of the workflow in `tree`.
pub(crate) fn workflow(tree: &Tree, whole: bool) -> Outline {
    let mut outline = Outline { whole, ..Outline::default() };
    if let Some(Kind::List(stages)) = tree.get("stages").map(|stages| &stages.kind) {
        outline.stages.extend(
            stages.iter().filter_map(|stage| stage.entries().first()).map(|entry| Name::from(entry.key.as_str())),
        );
    }
    for node in tree.get("nodes").map(Tree::entries).unwrap_or_default() {
        let name = Name::from(node.key.as_str());
        let node = &node.value;
        if node.get("join").is_some() {
            outline.joins.insert(name.clone());
        }
        outline.nodes.insert(name);
        outline.forms.extend(text(node.get("form")).or_else(|| http_form(node)));
        let error = text(node.get("how")).is_some_and(|how| how == "error");
        let ends = if error { &mut outline.errors } else { &mut outline.results };
        ends.extend(text(node.get("end")));
        call(node.get("call"), node.get("item"), &mut outline);
        let every = node.get("every");
        call(every.and_then(|every| every.get("call")), every.and_then(|every| every.get("item")), &mut outline);
        let each = node.get("each");
        call(each.and_then(|each| each.get("call")), each.and_then(|each| each.get("item")), &mut outline);
        for offer in node.get("offers").map(Tree::entries).unwrap_or_default() {
            outline.forms.extend(text(offer.value.get("form")));
            call(offer.value.get("call"), offer.value.get("item"), &mut outline);
        }
        ends_inside(node, &mut outline);
        writes_inside(node, &mut outline);
        catches(node, &mut outline);
        messages(node, &mut outline);
    }
    outline
}

/// The form of the answer for which an action waits.
pub(crate) fn http_form(node: &Tree) -> Option<Name> {
    let action = node.get("action")?;
    let http = match &action.kind {
        Kind::List(all) => all.iter().find_map(|act| act.get("http"))?,
        Kind::Map(_) | Kind::Scalar(_) => action.get("http")?,
    };
    text(http.get("form"))
}

/// The messages that a node waits for, in a `wait` or as events.
fn messages(node: &Tree, outline: &mut Outline) {
    let waited = node.get("wait").and_then(|wait| text(wait.get("message")));
    outline.messages.extend(waited.map(|message| (message, text(node.get("form")))));
    if let Some(Kind::List(events)) = node.get("on").map(|on| &on.kind) {
        outline.messages.extend(events.iter().filter_map(|event| text(event.get("message"))).map(|name| (name, None)));
    }
}

/// Which errors a node catches of what it calls.
fn catches(node: &Tree, outline: &mut Outline) {
    let below = |key: &str| text(node.get(key).and_then(|tree| tree.get("call")));
    let offers = node.get("offers").map(Tree::entries).unwrap_or_default();
    let offered = offers.iter().filter_map(|offer| text(offer.value.get("call")));
    let called: Vec<Name> =
        text(node.get("call")).into_iter().chain(below("every")).chain(below("each")).chain(offered).collect();
    let Some(Kind::List(events)) = node.get("on").map(|on| &on.kind) else {
        outline.catches.extend(called.into_iter().map(Catch::nothing));
        return;
    };
    let caught: BTreeSet<Name> = events.iter().filter_map(|event| text(event.get("error"))).collect();
    let any = caught.contains(&Name::from("any"));
    outline.catches.extend(called.into_iter().map(|workflow| Catch { workflow, errors: caught.clone(), any }));
}

fn call(workflow: Option<&Tree>, item: Option<&Tree>, outline: &mut Outline) {
    if let Some(workflow) = text(workflow) {
        outline.calls.insert((workflow, text(item.and_then(|item| item.get("new")))));
    }
}

/// The results of targets `{end: RESULT}` anywhere inside a node.
fn ends_inside(node: &Tree, outline: &mut Outline) {
    let mut open = vec![node];
    while let Some(tree) = open.pop() {
        match &tree.kind {
            Kind::Scalar(_) => {}
            Kind::List(all) => open.extend(all),
            Kind::Map(entries) => {
                if let [entry] = entries.as_slice()
                    && entry.key == "end"
                {
                    outline.results.extend(text(Some(&entry.value)));
                }
                open.extend(entries.iter().map(|entry| &entry.value));
            }
        }
    }
}

/// The fields that `set` anywhere inside a node writes.
fn writes_inside(node: &Tree, outline: &mut Outline) {
    let mut open = vec![node];
    while let Some(tree) = open.pop() {
        match &tree.kind {
            Kind::Scalar(_) => {}
            Kind::List(all) => open.extend(all),
            Kind::Map(entries) => {
                match tree.get("set").map(|set| &set.kind) {
                    Some(Kind::Map(set)) => {
                        let field = |key: &str| Name::from(key.rsplit('.').next().unwrap_or(key));
                        outline.writes.extend(set.iter().map(|entry| field(entry.key.as_str())));
                    }
                    Some(Kind::Scalar(_)) => outline.written_forms.extend(text(tree.get("form"))),
                    Some(Kind::List(_)) | None => {}
                }
                open.extend(entries.iter().map(|entry| &entry.value));
            }
        }
    }
}

/// The kinds of the module called `module` in `root`.
pub(crate) fn kinds(module: &Name, root: At<'_>) -> Vec<KindFacts> {
    let kinds = root.get("kinds").map(At::named_silently).unwrap_or_default();
    let entries = |at: At<'_>, key: &str, how: Start| -> Vec<(Name, Start)> {
        let named = at.get(key).map(At::named_silently).unwrap_or_default();
        named.into_iter().map(|(name, _)| (name, how)).collect()
    };
    kinds
        .into_iter()
        .map(|(name, at)| KindFacts {
            module: module.clone(),
            name,
            form: text(at.tree.get("form")),
            workflow: text(at.tree.get("workflow")),
            parent: text(at.tree.get("parent")),
            entry_forms: at
                .get("enter")
                .map(At::named_silently)
                .unwrap_or_default()
                .into_iter()
                .filter_map(|(_, at)| text(at.tree.get("form")))
                .collect(),
            entries: [entries(at, "enter", Start::Enter), entries(at, "reopen", Start::Reopen)].concat(),
        })
        .collect()
}
