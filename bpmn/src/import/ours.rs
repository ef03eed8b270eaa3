//! What Docket itself has written: definitions in `extensionElements`, whose targets are flows of the file.
//!
//! A modeller may have moved shapes, renamed nodes, led flows elsewhere, or added nodes of its own: all of that is read. What follows from a
//! definition (the parts of a node) is left out; where it was changed, the report says so.

use super::{
    Import,
    draft::UNKNOWN,
    names::{Names, slug},
    scope::Mapper,
};
use crate::{
    export::graph::{FLOW, Role, graph, shown},
    model::{FlowNode, children},
    report::Fate,
    ways,
    xml::{DOCKET, Node},
    yaml::{Entry, Yaml},
};

/// What an element of ours is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ours<'a> {
    /// The node of this name.
    Node(&'a str),
    /// The end with this result.
    End(&'a str),
    /// A part of a node.
    Part,
}

/// What an element of ours is; none where it is not ours.
pub(crate) fn treat(node: Node<'_>) -> Option<Ours<'_>> {
    let attribute = |name: &str| node.attribute((DOCKET, name));
    if let Some(name) = attribute("node")
        && definition(node).is_some()
    {
        return Some(Ours::Node(name));
    }
    attribute("result").map(Ours::End).or_else(|| attribute("part-of").map(|_| Ours::Part))
}

fn own_text(node: Node<'_>, name: &'static str) -> Option<Yaml> {
    let extension = children(node, "extensionElements").next()?;
    let text = extension.children().find(|child| child.has_tag_name((DOCKET, name)))?.text()?;
    Yaml::read(text.trim()).ok()?.into_iter().next()
}

fn definition(node: Node<'_>) -> Option<Yaml> {
    own_text(node, "definition").filter(|found| !found.entries().is_empty())
}

/// The head of a workflow of ours. A process that was renamed has a new title.
pub(crate) fn head(process: Node<'_>, name: Option<&str>) -> Option<Vec<Entry>> {
    let Some(Yaml::Map(mut entries)) = own_text(process, "head") else { return None };
    let workflow = process.attribute((DOCKET, "workflow")).unwrap_or_default();
    let old = entries.iter().find(|entry| entry.key == "title").map(|entry| &entry.value);
    let old = old.and_then(|title| ways::title(title).or_else(|| title.text())).unwrap_or(workflow).to_owned();
    if let Some(new) = name.filter(|name| *name != old.trim()) {
        set(&mut entries, "title", Yaml::from(new));
    }
    Some(entries)
}

fn set(entries: &mut Vec<Entry>, key: &str, value: Yaml) {
    match entries.iter_mut().find(|entry| entry.key == key) {
        Some(entry) => entry.value = value,
        None => entries.insert(0, Entry::new(key, value)),
    }
}

/// Takes a node of ours over.
pub(crate) fn node<'a>(mapper: &mut Mapper<'a, '_>, node: &'a FlowNode<'a>, name: &str) {
    let Some(mut found) = definition(node.node) else { return };
    let mut lost = Vec::new();
    ways::visit(&mut found, &mut |_, target| {
        let Some(id) = target.text().and_then(|text| text.strip_prefix(FLOW)).map(str::to_owned) else { return };
        if let Some(flow) = mapper.scope.flows.iter().find(|flow| flow.id == id).copied() {
            *target = mapper.to(&flow);
            mapper.import.ledger.parts(flow.node);
        } else {
            *target = Yaml::from(UNKNOWN);
            lost.push(id);
        }
    });
    rename(&mut found, name, node.name.unwrap_or_default());
    mapper.say(node.node, Fate::Mapped, format!("节点 `{name}`"), format!("node `{name}`"));
    if !lost.is_empty() {
        let named = lost.join(", ");
        mapper.say(
            node.node,
            Fate::Open,
            format!("它的去向 {named} 在图里被删去了：请在 YAML 里写明去哪里"),
            format!("its ways {named} were removed from the drawing: write where they lead"),
        );
    }
    mapper.draft.add(node.node, name, found, Vec::new());
}

/// Accounts for what an element of ours holds: what follows from its definition. What somebody else has put there is named.
pub(crate) fn account<'a>(mapper: &mut Mapper<'a, '_>, node: &'a FlowNode<'a>) {
    mapper.comment(node);
    account_below(mapper, node.node);
}

fn account_below(mapper: &mut Mapper<'_, '_>, node: Node<'_>) {
    let ledger = &mut mapper.import.ledger;
    ledger.part(node);
    for child in node.children().filter(Node::is_element) {
        let name = child.tag_name().name();
        if name == "extensionElements" {
            ledger.part(child);
            for own in child.children().filter(|own| own.tag_name().namespace() == Some(DOCKET)) {
                ledger.parts(own);
            }
        } else if DERIVED.contains(&name) || name.ends_with("EventDefinition") {
            ledger.parts(child);
        }
    }
    for child in node.children().filter(|child| treat(*child) == Some(Ours::Part)) {
        account_below(mapper, child);
    }
}

/// What follows from a definition.
const DERIVED: [&str; 4] = ["incoming", "outgoing", "potentialOwner", "multiInstanceLoopCharacteristics"];

/// Names what was changed of the parts that follow from definitions: the definition holds.
pub(crate) fn changed(import: &mut Import<'_>, process: Node<'_>, document: &Yaml) {
    if !process.has_attribute((DOCKET, "workflow")) {
        return;
    }
    let drawn = graph(document);
    for shape in drawn.shapes.iter().filter(|shape| shape.element != "exclusiveGateway") {
        let Role::Part(of) = &shape.role else { continue };
        match import.model.ids.get(shape.id.as_str()).copied() {
            Some(found) if found.attribute("name").unwrap_or_default() == shape.name => {}
            Some(found) => import.ledger.say(
                found,
                Fate::Dropped,
                format!("它由节点 `{of}` 的定义而来，改名不起作用：请改 YAML"),
                format!(
                    "it follows from the definition of the node `{of}`, so its new name is not read: change the YAML"
                ),
            ),
            None => import.ledger.say(
                process,
                Fate::Dropped,
                format!("节点 `{of}` 的 `{}` 在图里被删去，定义里仍有：请改 YAML", shape.id),
                format!(
                    "`{}` of the node `{of}` was taken from the drawing, the definition still has it: change the YAML",
                    shape.id
                ),
            ),
        }
    }
}

/// A node that was renamed in the drawing has a new title.
fn rename(found: &mut Yaml, name: &str, drawn: &str) {
    if drawn.is_empty() || drawn == shown(name, found).trim() {
        return;
    }
    let kind = ways::kind(found);
    let Yaml::Map(entries) = found else { return };
    match kind {
        Some(kind @ ("task" | "stage")) => set(entries, kind, Yaml::from(drawn)),
        _ => set(entries, "title", Yaml::from(drawn)),
    }
}

/// Flows that were drawn from a node of ours and that its definition does not know: further outcomes of a task.
pub(crate) fn added(mapper: &mut Mapper<'_, '_>) {
    let scope = mapper.scope;
    for flow in &scope.flows {
        let Some(from) = scope.node(flow.from).filter(|from| treat(from.node).is_some()) else {
            continue;
        };
        let to_part = scope.node(flow.to).is_some_and(|to| treat(to.node) == Some(Ours::Part));
        if mapper.import.ledger.seen(flow.node) || to_part {
            mapper.import.ledger.parts(flow.node);
            continue;
        }
        let owner = from.node.attribute((DOCKET, "node")).or_else(|| from.node.attribute((DOCKET, "part-of")));
        let Some(owner) = owner.map(str::to_owned) else { continue };
        let target = mapper.to(flow);
        let outcomes = mapper.draft.node_mut(&owner).and_then(|node| node.get_mut("outcomes"));
        if let Some(Yaml::Map(outcomes)) = outcomes {
            let title = flow.name.unwrap_or(flow.to);
            let mut names = Names::default();
            for outcome in outcomes.iter() {
                names.give(&outcome.key);
            }
            let name = names.give(&slug(title, "way"));
            outcomes.push(Entry::new(
                name.as_str(),
                vec![Entry::new("zh", title), Entry::new("en", title), Entry::new("to", target)],
            ));
            mapper.say(
                flow.node,
                Fate::Mapped,
                format!("任务 `{owner}` 新增的结果 `{name}`"),
                format!("a new outcome `{name}` of the task `{owner}`"),
            );
        } else {
            mapper.say(
                flow.node,
                Fate::Dropped,
                format!("节点 `{owner}` 的定义里没有这条路：请写进 YAML"),
                format!("the definition of the node `{owner}` has no such way: write it in the YAML"),
            );
        }
    }
}
