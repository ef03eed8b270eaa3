//! Writes the XML of a graph and its drawing.

use std::collections::BTreeMap;

use super::{
    draw::{Bounds, Drawing},
    events::Event,
    graph::{Graph, Role, Shape, process_id},
};
use crate::{
    xml::{BPMN, DC, DD, DI, DOCKET, XSI, write::Writer},
    yaml::{Entry, Yaml},
};

/// Keys of a workflow that the drawing itself says.
const DRAWN: [&str; 3] = ["workflow", "start", "nodes"];

/// The file of the workflow called `name`.
pub(super) fn write(name: &str, document: &Yaml, graph: &Graph, drawing: &Drawing) -> String {
    let mut out = Writer::new();
    let id = process_id(name);
    out.begin(
        "bpmn:definitions",
        &[
            ("xmlns:bpmn", BPMN),
            ("xmlns:bpmndi", DI),
            ("xmlns:dc", DC),
            ("xmlns:di", DD),
            ("xmlns:xsi", XSI),
            ("xmlns:docket", DOCKET),
            ("id", &format!("Definitions_{id}")),
            ("targetNamespace", DOCKET),
            ("exporter", "Docket"),
            ("exporterVersion", env!("CARGO_PKG_VERSION")),
        ],
    );
    let roots = Roots::of(graph);
    roots.write(&mut out);
    process(name, &id, document, graph, &roots, &mut out);
    diagram(&id, graph, drawing, &mut out);
    out.finish()
}

/// Messages and errors that events refer to: by their name, each with its id.
struct Roots {
    messages: BTreeMap<String, String>,
    errors: BTreeMap<String, String>,
}

impl Roots {
    fn of(graph: &Graph) -> Self {
        let (mut messages, mut errors) = (BTreeMap::new(), BTreeMap::new());
        for shape in &graph.shapes {
            match &shape.detail.event {
                Some(Event::Message(name)) => {
                    let id = format!("Message_{}", messages.len() + 1);
                    messages.entry(name.clone()).or_insert(id);
                }
                Some(Event::Error(Some(name))) => {
                    let id = format!("Error_{}", errors.len() + 1);
                    errors.entry(name.clone()).or_insert(id);
                }
                _ => {}
            }
        }
        Self { messages, errors }
    }

    fn write(&self, out: &mut Writer) {
        for (name, id) in &self.messages {
            out.empty("bpmn:message", &[("id", id), ("name", name)]);
        }
        for (name, id) in &self.errors {
            out.empty("bpmn:error", &[("id", id), ("name", name), ("errorCode", name)]);
        }
    }
}

fn process(name: &str, id: &str, document: &Yaml, graph: &Graph, roots: &Roots, out: &mut Writer) {
    let title =
        document.get("title").and_then(|title| crate::ways::title(title).or_else(|| title.text())).unwrap_or(name);
    out.begin("bpmn:process", &[("id", id), ("name", title), ("isExecutable", "true"), ("docket:workflow", name)]);
    let head: Vec<Entry> =
        document.entries().iter().filter(|entry| !DRAWN.contains(&entry.key.as_str())).cloned().collect();
    out.begin("bpmn:extensionElements", &[]);
    out.text("docket:head", &[], &Yaml::Map(head).line());
    out.end();
    for (place, shape) in graph.shapes.iter().enumerate() {
        if shape.inside.is_none() {
            element(place, graph, roots, out);
        }
    }
    for line in &graph.lines {
        let id_of = |place: usize| graph.shapes.get(place).map_or("", |shape| shape.id.as_str());
        let mut attributes =
            vec![("id", line.id.as_str()), ("sourceRef", id_of(line.from)), ("targetRef", id_of(line.to))];
        if !line.name.is_empty() {
            attributes.push(("name", &line.name));
        }
        match &line.when {
            Some(when) => {
                out.begin("bpmn:sequenceFlow", &attributes);
                out.text("bpmn:conditionExpression", &[("xsi:type", "bpmn:tFormalExpression")], when);
                out.end();
            }
            None => out.empty("bpmn:sequenceFlow", &attributes),
        }
    }
    out.end();
}

/// A flow node, with what lies in it.
fn element(place: usize, graph: &Graph, roots: &Roots, out: &mut Writer) {
    let Some(shape) = graph.shapes.get(place) else { return };
    let name = format!("bpmn:{}", shape.element);
    let mut attributes = vec![("id", shape.id.as_str())];
    if !shape.name.is_empty() {
        attributes.push(("name", &shape.name));
    }
    attributes.extend(shape.detail.attributes.iter().map(|(key, value)| (*key, value.as_str())));
    let host = shape.host.and_then(|(host, _)| graph.shapes.get(host));
    attributes.extend(host.map(|host| ("attachedToRef", host.id.as_str())));
    let otherwise = graph.lines.iter().find(|line| line.from == place && line.otherwise);
    attributes.extend(otherwise.map(|line| ("default", line.id.as_str())));
    match &shape.role {
        Role::Node(node, _) => attributes.push(("docket:node", node)),
        Role::End(result) => attributes.push(("docket:result", result)),
        Role::Part(of) => attributes.push(("docket:part-of", of)),
        Role::Start => {}
    }
    out.begin(&name, &attributes);
    if let Role::Node(_, definition) = &shape.role {
        out.begin("bpmn:extensionElements", &[]);
        out.text("docket:definition", &[], &definition.line());
        out.end();
    }
    for line in graph.lines.iter().filter(|line| line.to == place) {
        out.text("bpmn:incoming", &[], &line.id);
    }
    for line in graph.lines.iter().filter(|line| line.from == place) {
        out.text("bpmn:outgoing", &[], &line.id);
    }
    details(shape, roots, out);
    for (inner, _) in graph.shapes.iter().enumerate().filter(|(_, inner)| inner.inside == Some(place)) {
        element(inner, graph, roots, out);
    }
    out.end();
}

fn details(shape: &Shape, roots: &Roots, out: &mut Writer) {
    let id = |suffix: &str| format!("{}_{suffix}", shape.id);
    if let Some(who) = &shape.detail.who {
        out.begin("bpmn:potentialOwner", &[("id", &id("owner"))]);
        out.begin("bpmn:resourceAssignmentExpression", &[]);
        out.text("bpmn:formalExpression", &[], who);
        out.end();
        out.end();
    }
    if let Some(sequence) = shape.detail.each {
        out.empty(
            "bpmn:multiInstanceLoopCharacteristics",
            &[("isSequential", if sequence { "true" } else { "false" })],
        );
    }
    let formal = [("xsi:type", "bpmn:tFormalExpression")];
    let definition = id("event");
    let definition = [("id", definition.as_str())];
    let timer = |kind: &str, text: &str, out: &mut Writer| {
        out.begin("bpmn:timerEventDefinition", &definition);
        out.text(kind, &formal, text);
        out.end();
    };
    match &shape.detail.event {
        None => {}
        Some(Event::Duration(text)) => timer("bpmn:timeDuration", text, out),
        Some(Event::Date(text)) => timer("bpmn:timeDate", text, out),
        Some(Event::Cycle(text)) => timer("bpmn:timeCycle", text, out),
        Some(Event::Changed(facts)) => {
            out.begin("bpmn:conditionalEventDefinition", &definition);
            out.text("bpmn:condition", &formal, facts);
            out.end();
        }
        Some(Event::Message(name)) => {
            refer("bpmn:messageEventDefinition", "messageRef", roots.messages.get(name), &definition, out);
        }
        Some(Event::Error(name)) => {
            let id = name.as_ref().and_then(|name| roots.errors.get(name));
            refer("bpmn:errorEventDefinition", "errorRef", id, &definition, out);
        }
        Some(Event::Terminate) => out.empty("bpmn:terminateEventDefinition", &definition),
    }
}

fn refer(element: &str, attribute: &str, id: Option<&String>, own: &[(&str, &str)], out: &mut Writer) {
    let mut attributes = own.to_vec();
    attributes.extend(id.map(|id| (attribute, id.as_str())));
    out.empty(element, &attributes);
}

fn diagram(process: &str, graph: &Graph, drawing: &Drawing, out: &mut Writer) {
    out.begin("bpmndi:BPMNDiagram", &[("id", "Diagram")]);
    out.begin("bpmndi:BPMNPlane", &[("id", "Plane"), ("bpmnElement", process)]);
    for ((shape, place), name) in graph.shapes.iter().zip(&drawing.shapes).zip(&drawing.names) {
        let id = format!("{}_di", shape.id);
        let mut attributes = vec![("id", id.as_str()), ("bpmnElement", shape.id.as_str())];
        match shape.element {
            "exclusiveGateway" => attributes.push(("isMarkerVisible", "true")),
            "adHocSubProcess" | "subProcess" => attributes.push(("isExpanded", "true")),
            _ => {}
        }
        out.begin("bpmndi:BPMNShape", &attributes);
        bounds(*place, out);
        label(*name, out);
        out.end();
    }
    for ((line, points), name) in graph.lines.iter().zip(&drawing.lines).zip(&drawing.labels) {
        out.begin("bpmndi:BPMNEdge", &[("id", &format!("{}_di", line.id)), ("bpmnElement", &line.id)]);
        for (x, y) in points {
            out.empty("di:waypoint", &[("x", &x.to_string()), ("y", &y.to_string())]);
        }
        label(*name, out);
        out.end();
    }
    out.end();
    out.end();
}

fn bounds(place: Bounds, out: &mut Writer) {
    let Bounds { x, y, width, height } = place;
    let [x, y, width, height] = [x, y, width, height].map(|number| number.to_string());
    out.empty("dc:Bounds", &[("x", &x), ("y", &y), ("width", &width), ("height", &height)]);
}

fn label(place: Option<Bounds>, out: &mut Writer) {
    if let Some(place) = place {
        out.begin("bpmndi:BPMNLabel", &[]);
        bounds(place, out);
        out.end();
    }
}
