//! From XML to the model.

use std::collections::{BTreeMap, BTreeSet};

use docket_engine::text::Text;

use super::{
    Event, EventKind, Flow, FlowNode, Gate, Kind, Model, Process, Repeat, Scope, Sub, Work, attribute, child_text,
    children,
};
use crate::{
    error::{Error, Problem},
    xml::{BPMN, Document, Node},
};

/// Most flow nodes of a process or sub-process.
const MAX_FLOW_NODES: usize = 2_000;
/// Most sequence flows of a process or sub-process.
const MAX_FLOWS: usize = 10_000;

/// Reads the model of a file.
pub(crate) fn read<'a>(document: &'a Document<'a>) -> Result<Model<'a>, Error> {
    let root = document.tree.root_element();
    if root.tag_name().name() != "definitions" || root.tag_name().namespace() != Some(BPMN) {
        return Err(Error::of(vec![not_bpmn(document, root)]));
    }
    let ids = document.ids()?;
    let mut reader = Reader { document, ids: &ids, problems: Vec::new() };
    let mut processes = Vec::new();
    for node in children(root, "process") {
        let scope = reader.scope(node);
        let id = id_of(node);
        processes.push(Process { node, id, name: attribute(node, "name").or_else(|| pool(root, id)), scope });
    }
    let problems = reader.problems;
    if problems.is_empty() { Ok(Model { root, ids, processes }) } else { Err(Error::of(problems)) }
}

fn not_bpmn(document: &Document<'_>, root: Node<'_>) -> Problem {
    let name = root.tag_name().name();
    let space = root.tag_name().namespace().unwrap_or_default();
    Problem::new(
        "not-bpmn",
        document.line(root),
        Text::new(
            format!(
                "根元素是 `{name}`（命名空间 `{space}`），不是 BPMN 2.0 的 `definitions`（`{BPMN}`）；请从建模软件导出 BPMN 2.0 XML"
            ),
            format!(
                "the root element is `{name}` (namespace `{space}`), not `definitions` of BPMN 2.0 (`{BPMN}`); export BPMN 2.0 XML from the modeller"
            ),
        ),
    )
}

/// The name of the pool of a process.
fn pool<'a>(root: Node<'a>, process: &str) -> Option<&'a str> {
    let participants = children(root, "collaboration").flat_map(|collaboration| children(collaboration, "participant"));
    let of = |participant: &Node<'a>| attribute(*participant, "processRef").is_some_and(|id| local(id) == process);
    participants.into_iter().find(of).and_then(|participant| attribute(participant, "name"))
}

/// The id of an element; empty where it has none, so that nothing refers to it.
fn id_of(node: Node<'_>) -> &str {
    attribute(node, "id").unwrap_or_default()
}

/// A reference without its prefix.
pub(crate) fn local(reference: &str) -> &str {
    reference.rsplit_once(':').map_or(reference, |(_, local)| local)
}

struct Reader<'a, 'b> {
    document: &'a Document<'a>,
    ids: &'b BTreeMap<&'a str, Node<'a>>,
    problems: Vec<Problem>,
}

impl<'a> Reader<'a, '_> {
    fn scope(&mut self, node: Node<'a>) -> Scope<'a> {
        let mut scope = Scope::default();
        for child in node.children().filter(|child| child.tag_name().namespace() == Some(BPMN)) {
            if child.has_tag_name((BPMN, "sequenceFlow")) {
                scope.flows.extend(self.flow(child));
            } else if let Some(kind) = kind(child) {
                scope.nodes.push(self.flow_node(child, kind));
            }
        }
        for set in children(node, "laneSet") {
            lanes(set, &mut scope.lanes);
        }
        notes(node, &mut scope.notes);
        scope.index();
        self.check(node, &scope);
        scope
    }

    fn flow_node(&mut self, node: Node<'a>, kind: Kind<'a>) -> FlowNode<'a> {
        if id_of(node).is_empty() {
            self.problem(node, "id", "id");
        }
        let events = node.children().filter_map(|child| self.event(child)).chain(self.referred(node)).collect();
        let repeat = children(node, "standardLoopCharacteristics")
            .next()
            .map(Repeat::Loop)
            .or_else(|| children(node, "multiInstanceLoopCharacteristics").next().map(Repeat::Each));
        FlowNode {
            node,
            id: id_of(node),
            name: attribute(node, "name"),
            kind,
            events,
            repeat,
            default: attribute(node, "default").map(local),
            scope: matches!(kind, Kind::Sub(_)).then(|| self.scope(node)),
        }
    }

    fn event(&self, node: Node<'a>) -> Option<Event<'a>> {
        if node.tag_name().namespace() != Some(BPMN) {
            return None;
        }
        let (kind, reference) = match node.tag_name().name() {
            "messageEventDefinition" => (EventKind::Message, "messageRef"),
            "timerEventDefinition" => (EventKind::Timer, ""),
            "errorEventDefinition" => (EventKind::Error, "errorRef"),
            "escalationEventDefinition" => (EventKind::Escalation, "escalationRef"),
            "signalEventDefinition" => (EventKind::Signal, "signalRef"),
            "conditionalEventDefinition" => (EventKind::Condition, ""),
            "linkEventDefinition" => (EventKind::Link, ""),
            "terminateEventDefinition" => (EventKind::Terminate, ""),
            "compensateEventDefinition" => (EventKind::Compensate, ""),
            "cancelEventDefinition" => (EventKind::Cancel, ""),
            _ => return None,
        };
        let reference = if reference.is_empty() {
            attribute(node, "name")
        } else {
            attribute(node, reference).map(local).map(|id| self.name_of(id))
        };
        Some(Event { node, kind, reference })
    }

    /// Event definitions that stand elsewhere.
    fn referred(&self, node: Node<'a>) -> Vec<Event<'a>> {
        let texts = children(node, "eventDefinitionRef").filter_map(|child| child.text());
        texts.filter_map(|id| self.ids.get(local(id.trim())).and_then(|found| self.event(*found))).collect()
    }

    /// The name of what an id refers to, the error's code, or the id itself.
    fn name_of(&self, id: &'a str) -> &'a str {
        let Some(node) = self.ids.get(id) else { return id };
        ["errorCode", "escalationCode", "name"].iter().find_map(|name| attribute(*node, name)).unwrap_or(id)
    }

    fn flow(&mut self, node: Node<'a>) -> Option<Flow<'a>> {
        let (from, to) = (attribute(node, "sourceRef").map(local), attribute(node, "targetRef").map(local));
        for (name, value) in [("sourceRef", from), ("targetRef", to)] {
            if value.is_none() {
                self.problem(node, name, "");
            }
        }
        let condition = child_text(node, "conditionExpression");
        Some(Flow { node, id: id_of(node), name: attribute(node, "name"), from: from?, to: to?, condition })
    }

    /// Every flow leads from a node of the scope to another one; every boundary event has its activity.
    fn check(&mut self, node: Node<'a>, scope: &Scope<'a>) {
        if scope.nodes.len() > MAX_FLOW_NODES || scope.flows.len() > MAX_FLOWS {
            self.problems.push(Problem::new(
                "too-large",
                self.document.line(node),
                Text::new(
                    format!("一个流程最多 {MAX_FLOW_NODES} 个节点、{MAX_FLOWS} 条路；请把一部分移到子流程里"),
                    format!("a process has at most {MAX_FLOW_NODES} flow nodes and {MAX_FLOWS} flows; move a part into a sub-process"),
                ),
            ));
        }
        let known: BTreeSet<&str> = scope.nodes.iter().map(|node| node.id).collect();
        for flow in &scope.flows {
            for (attribute, id) in [("sourceRef", flow.from), ("targetRef", flow.to)] {
                if !known.contains(id) {
                    self.problem(flow.node, attribute, id);
                }
            }
        }
        for node in &scope.nodes {
            if let Kind::Boundary { host, .. } = node.kind
                && !known.contains(host)
            {
                self.problem(node.node, "attachedToRef", host);
            }
        }
    }

    /// A reference that is missing or leads nowhere.
    fn problem(&mut self, node: Node<'a>, attribute: &str, id: &str) {
        let element = node.tag_name().name();
        let elsewhere = self.ids.get(id).map(|found| self.document.line(*found));
        let text = match (id.is_empty() || attribute == "id", elsewhere) {
            (true, _) => Text::new(
                format!("`{element}` 缺少属性 `{attribute}`"),
                format!("`{element}` lacks the attribute `{attribute}`"),
            ),
            (false, None) => Text::new(
                format!("`{element}` 的 `{attribute}` 指向 `{id}`，文件里没有这个元素"),
                format!("`{attribute}` of `{element}` refers to `{id}`, which is not in the file"),
            ),
            (false, Some(line)) => Text::new(
                format!("`{element}` 的 `{attribute}` 指向第 {line} 行的 `{id}`，那不是同一流程里的节点"),
                format!(
                    "`{attribute}` of `{element}` refers to `{id}` in line {line}, which is no flow node of the same process"
                ),
            ),
        };
        self.problems.push(Problem::new("bad-reference", self.document.line(node), text));
    }
}

/// What kind of flow node an element is; none where it is none.
fn kind(node: Node<'_>) -> Option<Kind<'_>> {
    let yes = |name: &str, usual: bool| attribute(node, name).map_or(usual, |text| text == "true" || text == "1");
    Some(match node.tag_name().name() {
        "startEvent" => Kind::Start(yes("isInterrupting", true)),
        "endEvent" => Kind::End,
        "intermediateCatchEvent" => Kind::Catch,
        "intermediateThrowEvent" | "implicitThrowEvent" => Kind::Throw,
        "boundaryEvent" => Kind::Boundary {
            host: attribute(node, "attachedToRef").map(local).unwrap_or_default(),
            cancels: yes("cancelActivity", true),
        },
        "task" | "userTask" | "manualTask" => Kind::Task(Work::Person),
        "serviceTask" => Kind::Task(Work::Service),
        "scriptTask" => Kind::Task(Work::Script),
        "sendTask" => Kind::Task(Work::Send),
        "receiveTask" => Kind::Task(Work::Receive),
        "businessRuleTask" => Kind::Task(Work::Rule),
        "exclusiveGateway" => Kind::Gateway(Gate::Exclusive),
        "parallelGateway" => Kind::Gateway(Gate::Parallel),
        "inclusiveGateway" => Kind::Gateway(Gate::Inclusive),
        "eventBasedGateway" => Kind::Gateway(Gate::Event),
        "complexGateway" => Kind::Gateway(Gate::Complex),
        "subProcess" if yes("triggeredByEvent", false) => Kind::Sub(Sub::Event),
        "subProcess" => Kind::Sub(Sub::Embedded),
        "transaction" => Kind::Sub(Sub::Transaction),
        "adHocSubProcess" => Kind::Sub(Sub::AdHoc),
        "callActivity" => Kind::Call(attribute(node, "calledElement").map(local)),
        _ => return None,
    })
}

/// The lanes of a set: an inner one wins.
fn lanes<'a>(set: Node<'a>, found: &mut BTreeMap<&'a str, &'a str>) {
    for lane in children(set, "lane") {
        if let Some(name) = attribute(lane, "name") {
            let members = children(lane, "flowNodeRef").filter_map(|member| member.text());
            found.extend(members.map(|member| (local(member.trim()), name)));
        }
        for inner in children(lane, "childLaneSet") {
            lanes(inner, found);
        }
    }
}

/// The text annotations of a scope by what they are tied to.
fn notes<'a>(node: Node<'a>, found: &mut BTreeMap<&'a str, Vec<Node<'a>>>) {
    let annotations: BTreeMap<&str, Node<'_>> =
        children(node, "textAnnotation").filter_map(|note| Some((attribute(note, "id")?, note))).collect();
    for line in children(node, "association") {
        let ends = (attribute(line, "sourceRef").map(local), attribute(line, "targetRef").map(local));
        let (Some(from), Some(to)) = ends else { continue };
        for (note, other) in [(from, to), (to, from)] {
            if let Some(note) = annotations.get(note) {
                found.entry(other).or_default().push(*note);
            }
        }
    }
}
