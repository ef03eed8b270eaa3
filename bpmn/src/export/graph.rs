//! A workflow as the shapes and lines of a drawing.
//!
//! A node becomes its main shape and, where BPMN needs more shapes for it, *parts*: the gateway of a task with several outcomes,
//! the events of `on`, what these do, what a stage holds. Parts follow from the definition and are left out when it is read back.

use std::collections::{BTreeMap, BTreeSet};

use super::events;
use crate::{
    ways::{self, From, Way},
    yaml::Yaml,
};

/// A drawing's content.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    /// The shapes: the start first, then nodes in the written order, each with its parts, then ends that are written as targets.
    pub(crate) shapes: Vec<Shape>,
    /// The lines.
    pub(crate) lines: Vec<Line>,
}

/// A shape.
#[derive(Debug)]
pub(crate) struct Shape {
    /// Its id, unique in the file.
    pub(crate) id: String,
    /// The element of BPMN.
    pub(crate) element: &'static str,
    /// What is written in or below it.
    pub(crate) name: String,
    /// What it stands for.
    pub(crate) role: Role,
    /// Details by its element.
    pub(crate) detail: Detail,
    /// The place of the shape at whose border it sits, and which one it is there.
    pub(crate) host: Option<(usize, usize)>,
    /// The place of the shape in which it lies.
    pub(crate) inside: Option<usize>,
}

/// What a shape stands for.
#[derive(Debug, Clone)]
pub(crate) enum Role {
    /// Where the workflow starts.
    Start,
    /// A node: its name, and its definition with flows in place of targets.
    Node(String, Yaml),
    /// An end that is written as a target `{end: RESULT}`.
    End(String),
    /// A part of the node of this name.
    Part(String),
}

/// What an element says beside its name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Detail {
    /// Attributes.
    pub(crate) attributes: Vec<(&'static str, String)>,
    /// What the event waits for or causes.
    pub(crate) event: Option<events::Event>,
    /// Who does it, as it is written.
    pub(crate) who: Option<String>,
    /// Once for each of several: whether one after the other.
    pub(crate) each: Option<bool>,
}

/// A line.
#[derive(Debug)]
pub(crate) struct Line {
    /// Its id, unique in the file.
    pub(crate) id: String,
    /// The place of the shape that it leaves.
    pub(crate) from: usize,
    /// The place of the shape that it leads to.
    pub(crate) to: usize,
    /// What is written on it.
    pub(crate) name: String,
    /// Its condition.
    pub(crate) when: Option<String>,
    /// Whether it is taken where no condition holds.
    pub(crate) otherwise: bool,
}

/// The prefix of a target that a flow stands for.
pub(crate) const FLOW: &str = "flow ";

/// The graph of the workflow in `document`.
pub(crate) fn graph(document: &Yaml) -> Graph {
    let nodes = document.get("nodes").map(Yaml::entries).unwrap_or_default();
    let mut builder = Builder::default();
    let start = builder.shape("start", "startEvent", "", Role::Start, Detail::default());
    let mut places = BTreeMap::new();
    for node in nodes {
        let place = builder.node(&node.key, &node.value);
        places.entry(node.key.as_str()).or_insert(place);
    }
    let first = document.text_of("start").and_then(|name| places.get(name));
    if let Some(first) = first {
        builder.line("start", start, *first, "", None, false);
    }
    for node in nodes {
        if let Some(place) = places.get(node.key.as_str()) {
            builder.ways(&node.key, &node.value, *place, &places);
        }
    }
    builder.graph
}

#[derive(Debug, Default)]
struct Builder {
    graph: Graph,
    ids: BTreeSet<String>,
    ends: BTreeMap<String, usize>,
}

impl Builder {
    /// An id that is a name of XML and stands nowhere else.
    fn id(&mut self, prefix: &str, name: &str) -> String {
        let part: String = name
            .chars()
            .map(|char| if char.is_alphanumeric() || matches!(char, '-' | '_') { char } else { '_' })
            .collect();
        let wish = format!("{prefix}_{part}");
        let mut id = wish.clone();
        let mut count = 1;
        while !self.ids.insert(id.clone()) {
            count += 1;
            id = format!("{wish}.{count}");
        }
        id
    }

    fn shape(&mut self, id: &str, element: &'static str, name: &str, role: Role, detail: Detail) -> usize {
        let prefix = match element {
            "startEvent" | "endEvent" | "boundaryEvent" | "intermediateCatchEvent" => "Event",
            element if element.ends_with("Gateway") => "Gateway",
            _ => "Activity",
        };
        let id = self.id(prefix, id);
        self.graph.shapes.push(Shape { id, element, name: name.to_owned(), role, detail, host: None, inside: None });
        self.graph.shapes.len() - 1
    }

    fn part(&mut self, of: &str, suffix: &str, element: &'static str, name: &str, detail: Detail) -> usize {
        self.shape(&format!("{of}-{suffix}"), element, name, Role::Part(of.to_owned()), detail)
    }

    fn line(&mut self, id: &str, from: usize, to: usize, name: &str, when: Option<String>, otherwise: bool) -> String {
        let id = self.id("Flow", id);
        self.graph.lines.push(Line { id: id.clone(), from, to, name: name.to_owned(), when, otherwise });
        id
    }

    /// The main shape of a node. Its definition is filled in with its ways.
    fn node(&mut self, name: &str, node: &Yaml) -> usize {
        let (element, detail) = element(node);
        self.shape(name, element, &shown(name, node), Role::Node(name.to_owned(), node.clone()), detail)
    }

    /// The ways of a node, with the parts that they need.
    fn ways(&mut self, name: &str, node: &Yaml, place: usize, places: &BTreeMap<&str, usize>) {
        let mut found: Vec<(Way, Yaml)> = Vec::new();
        let mut body = node.clone();
        ways::visit(&mut body, &mut |way, target| found.push((way, target.clone())));
        let drawn =
            |target: &Yaml| ways::end_of(target).is_some() || target.text().is_some_and(|to| places.contains_key(to));
        let choices = found.iter().filter(|(way, target)| way.from == From::Choice && drawn(target)).count();
        let single = matches!(ways::kind(node), Some("task" | "call"));
        let gateway = (single && choices > 1).then(|| {
            let gateway = self.part(name, "outcome", "exclusiveGateway", "", Detail::default());
            self.line(&format!("{name}-outcome"), place, gateway, "", None, false);
            gateway
        });
        let mut on_way = None;
        let borders = match ways::kind(node) {
            Some("wait") if has_events(node) => {
                let (first, others) = self.first_of(name, node, place);
                on_way = Some(first);
                others
            }
            // A gateway has no border in BPMN: what happens while its branches are open stands in the definition alone.
            Some("fork" | "any") => BTreeMap::new(),
            _ => self.borders(name, node, place),
        };
        let exits =
            if ways::kind(node) == Some("stage") { self.stage(name, node, place, &found) } else { BTreeMap::new() };
        let mut flows: Vec<Option<String>> = Vec::new();
        for (way, target) in &found {
            let to = match ways::end_of(target) {
                Some(result) => Some(self.end(result)),
                None => target.text().and_then(|to| places.get(to).copied()),
            };
            let from = match way.from {
                From::Choice => gateway.or(Some(place)),
                From::Next | From::Otherwise => on_way.or(Some(place)),
                From::Border(at) => borders.get(&at).copied(),
                From::Offer(at) => exits.get(&at).copied(),
            };
            flows.push(from.zip(to).map(|(from, to)| {
                let count = flows.len() + 1;
                self.line(
                    &format!("{name}-{count}"),
                    from,
                    to,
                    &way.label,
                    way.when.clone(),
                    way.from == From::Otherwise,
                )
            }));
        }
        let mut flows = flows.into_iter();
        ways::visit(&mut body, &mut |_, target| {
            if let Some(Some(flow)) = flows.next() {
                *target = Yaml::Text(format!("{FLOW}{flow}"));
            }
        });
        if let Some(shape) = self.graph.shapes.get_mut(place) {
            shape.role = Role::Node(name.to_owned(), body);
        }
    }

    /// The event for the target `{end: RESULT}`, one for each result.
    fn end(&mut self, result: &str) -> usize {
        if let Some(place) = self.ends.get(result) {
            return *place;
        }
        let place =
            self.shape(&format!("end-{result}"), "endEvent", result, Role::End(result.to_owned()), Detail::default());
        self.ends.insert(result.to_owned(), place);
        place
    }

    /// A wait with further events: an event-based gateway with an event for each. Gives the event of the wait itself, and the
    /// shapes that lead on by their place in `on`. An event that does not interrupt has no counterpart there.
    fn first_of(&mut self, name: &str, node: &Yaml, gateway: usize) -> (usize, BTreeMap<usize, usize>) {
        let mut event = |at: usize, when: &Yaml| {
            let detail = Detail { event: Some(events::trigger(when)), ..Detail::default() };
            let part = self.part(name, &format!("event-{at}"), "intermediateCatchEvent", &events::label(when), detail);
            self.line(&format!("{name}-event-{at}"), gateway, part, "", None, false);
            (part, self.does(name, at, when, part))
        };
        let (first, _) = event(0, node.get("wait").unwrap_or(&Yaml::Absent));
        let mut others = BTreeMap::new();
        for (at, when) in node.get("on").map(Yaml::elements).unwrap_or_default().iter().enumerate() {
            if when.get("to").is_some() {
                others.insert(at, event(at + 1, when).1);
            }
        }
        (first, others)
    }

    /// The shape for what an event does, behind it; the event itself where it does nothing.
    fn does(&mut self, name: &str, number: usize, when: &Yaml, event: usize) -> usize {
        let Some(acts) = when.get("do") else { return event };
        let does = self.part(name, &format!("do-{number}"), act_element(acts), &acts_shown(acts), Detail::default());
        self.line(&format!("{name}-do-{number}"), event, does, "", None, false);
        does
    }

    /// The events of `on`, each with what it does. Gives the shape that leads on, by its place in `on`.
    fn borders(&mut self, name: &str, node: &Yaml, host: usize) -> BTreeMap<usize, usize> {
        let mut found = BTreeMap::new();
        for (at, event) in node.get("on").map(Yaml::elements).unwrap_or_default().iter().enumerate() {
            let cancels = event.get("to").is_some();
            let what = events::trigger(event);
            let label = events::label(event);
            let detail = Detail {
                attributes: vec![("cancelActivity", cancels.to_string())],
                event: Some(what),
                ..Detail::default()
            };
            let border = self.part(name, &format!("on-{}", at + 1), "boundaryEvent", &label, detail);
            self.sit(border, host, at);
            let leads_on = self.does(name, at + 1, event, border);
            found.insert(at, leads_on);
        }
        found
    }

    fn sit(&mut self, shape: usize, host: usize, at: usize) {
        if let Some(shape) = self.graph.shapes.get_mut(shape) {
            shape.host = Some((host, at));
        }
    }

    fn put_inside(&mut self, shape: usize, stage: usize) {
        if let Some(shape) = self.graph.shapes.get_mut(shape) {
            shape.inside = Some(stage);
        }
    }

    /// What a stage holds: its children and offers. Gives the events at its border by which offers leave it, by the offer's place.
    fn stage(&mut self, name: &str, node: &Yaml, place: usize, found: &[(Way, Yaml)]) -> BTreeMap<usize, usize> {
        for key in ["every", "each"] {
            let Some(child) = node.get(key) else { continue };
            let called = child.text_of("call").or_else(|| node.text_of("call")).unwrap_or_default();
            let detail = Detail {
                attributes: vec![("calledElement", process_id(called))],
                each: Some(key == "every"),
                ..Detail::default()
            };
            let part = self.part(name, key, "callActivity", called, detail);
            self.put_inside(part, place);
        }
        let mut exits = BTreeMap::new();
        let borders = node.get("on").map_or(0, |on| on.elements().len());
        for (at, offer) in node.get("offers").map(Yaml::entries).unwrap_or_default().iter().enumerate() {
            let title = ways::button(&offer.key, &offer.value);
            let detail = Detail { who: offer.value.get("who").map(Yaml::line), ..Detail::default() };
            let part = self.part(name, &offer.key, "userTask", &title, detail);
            self.put_inside(part, place);
            if found.iter().any(|(way, _)| way.from == From::Offer(at)) {
                let detail = Detail {
                    attributes: vec![("cancelActivity", "true".to_owned())],
                    event: Some(events::Event::Message(offer.key.clone())),
                    ..Detail::default()
                };
                let exit = self.part(name, &format!("{}-exit", offer.key), "boundaryEvent", &title, detail);
                self.sit(exit, place, borders + exits.len());
                exits.insert(at, exit);
            }
        }
        exits
    }
}

/// The id of the process of a workflow.
pub(crate) fn process_id(workflow: &str) -> String {
    let part: String = workflow
        .chars()
        .map(|char| if char.is_alphanumeric() || matches!(char, '-' | '_' | '.') { char } else { '_' })
        .collect();
    format!("Process_{part}")
}

/// The element of BPMN for a node, with its details.
fn element(node: &Yaml) -> (&'static str, Detail) {
    let mut detail = Detail::default();
    let element = match ways::kind(node) {
        Some("task") => {
            detail.who = node.get("assign").map(Yaml::line);
            detail.each = node.get("each").map(sequence);
            "userTask"
        }
        Some("action") => {
            detail.event = node.get("action").and_then(events::sent).map(events::Event::Message);
            let task = node.get("action").map_or("serviceTask", act_element);
            if detail.event.is_some() { "intermediateThrowEvent" } else { task }
        }
        Some("choose") => "exclusiveGateway",
        Some("any") => "inclusiveGateway",
        Some("join") if node.get("count").is_some() => "complexGateway",
        Some("fork" | "join") => "parallelGateway",
        Some("wait") if has_events(node) => "eventBasedGateway",
        Some("wait") => {
            detail.event = node.get("wait").map(events::trigger);
            "intermediateCatchEvent"
        }
        Some("call") => {
            detail.attributes = vec![("calledElement", process_id(node.text_of("call").unwrap_or_default()))];
            detail.each = node.get("each").map(sequence);
            "callActivity"
        }
        Some("stage") if node.get("offers").or_else(|| node.get("every")).or_else(|| node.get("each")).is_some() => {
            "adHocSubProcess"
        }
        Some("stage") => "subProcess",
        _ => {
            detail.event = match node.text_of("how") {
                Some("cancel") => Some(events::Event::Terminate),
                Some("error") => Some(events::Event::Error(node.text_of("end").map(str::to_owned))),
                _ => None,
            };
            "endEvent"
        }
    };
    (element, detail)
}

/// Whether events of `on` may come before what a node waits for.
fn has_events(node: &Yaml) -> bool {
    node.get("on").is_some_and(|on| !on.elements().is_empty())
}

/// Whether the members of a group, or the children of a call, come one after the other.
fn sequence(each: &Yaml) -> bool {
    each.text_of("order") == Some("one-by-one")
}

/// Acts that only send notices and messages are a send task.
fn act_element(acts: &Yaml) -> &'static str {
    let one = std::slice::from_ref(acts);
    let all = if acts.elements().is_empty() { one } else { acts.elements() };
    let sends = |act: &Yaml| (act.get("notify").is_some() || act.get("send").is_some()) && act.get("set").is_none();
    if all.iter().all(sends) { "sendTask" } else { "serviceTask" }
}

/// Acts in a few words: what they set, and what they send.
fn acts_shown(acts: &Yaml) -> String {
    let one = std::slice::from_ref(acts);
    let all = if acts.elements().is_empty() { one } else { acts.elements() };
    let words = all.iter().flat_map(|act| {
        let set = act.get("set").map(Yaml::entries).unwrap_or_default();
        let message = act.get("send").and_then(events::message);
        let notice = act.text_of("notify").into_iter().chain(message);
        notice.chain(set.iter().map(|entry| entry.key.as_str())).map(str::to_owned).collect::<Vec<_>>()
    });
    let words: Vec<String> = words.collect();
    words.join(", ")
}

/// What is written on the shape of a node.
pub(crate) fn shown(name: &str, node: &Yaml) -> String {
    let title = |value: &Yaml| ways::title(value).or_else(|| value.text()).map(str::to_owned);
    match ways::kind(node) {
        Some(kind @ ("task" | "stage")) => node.get(kind).and_then(title),
        Some("fork" | "join") => Some(node.get("title").and_then(title).unwrap_or_default()),
        Some("wait") => node
            .get("title")
            .and_then(title)
            .or_else(|| node.get("wait").map(events::label))
            .filter(|text| !text.is_empty()),
        _ => node.get("title").and_then(title),
    }
    .unwrap_or_else(|| name.to_owned())
}
