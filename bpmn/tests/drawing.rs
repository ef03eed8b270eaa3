//! The drawing of an export: complete, without overlaps, and consistent with the process.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what fails here is a failure of the test")]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use docket_bpmn::{Yaml, YamlEntry, export};
use roxmltree::{Document, Node};

type Rect = (i32, i32, i32, i32);

fn number(node: Node<'_, '_>, name: &str) -> i32 {
    node.attribute(name).unwrap().parse().unwrap()
}

fn rect(node: Node<'_, '_>) -> Rect {
    let bounds = node.children().find(|child| child.tag_name().name() == "Bounds").unwrap();
    (number(bounds, "x"), number(bounds, "y"), number(bounds, "width"), number(bounds, "height"))
}

fn overlap(a: Rect, b: Rect) -> bool {
    a.0 < b.0 + b.2 && b.0 < a.0 + a.2 && a.1 < b.1 + b.3 && b.1 < a.1 + a.3
}

fn inside(inner: Rect, outer: Rect) -> bool {
    inner.0 >= outer.0
        && inner.1 >= outer.1
        && inner.0 + inner.2 <= outer.0 + outer.2
        && inner.1 + inner.3 <= outer.1 + outer.3
}

fn on_border(point: (i32, i32), of: Rect) -> bool {
    let (x, y) = point;
    let within = x >= of.0 && x <= of.0 + of.2 && y >= of.1 && y <= of.1 + of.3;
    within && (x == of.0 || x == of.0 + of.2 || y == of.1 || y == of.1 + of.3)
}

fn texts<'a>(node: Node<'a, 'a>, name: &str) -> BTreeSet<&'a str> {
    node.children().filter(|child| child.tag_name().name() == name).filter_map(|child| child.text()).collect()
}

/// Holds every rule of a drawing against an exported file.
fn sound(at: &str, xml: &str) {
    let document = Document::parse(xml).unwrap();
    let elements: Vec<Node<'_, '_>> = document.descendants().filter(Node::is_element).collect();
    let mut ids: BTreeMap<&str, Node<'_, '_>> = BTreeMap::new();
    for node in &elements {
        if let Some(id) = node.attribute("id") {
            assert!(ids.insert(id, *node).is_none(), "{at}: the id {id} stands twice");
            let ncname = id.chars().all(|char| char.is_alphanumeric() || matches!(char, '_' | '-' | '.'));
            assert!(
                ncname && id.starts_with(|char: char| char.is_alphabetic() || char == '_'),
                "{at}: {id} is no id of XML"
            );
        }
    }
    let flows: Vec<_> = elements.iter().filter(|node| node.tag_name().name() == "sequenceFlow").copied().collect();
    let nodes: Vec<_> = elements
        .iter()
        .filter(|node| {
            let name = node.tag_name().name();
            ["Event", "Task", "task", "Gateway", "Activity", "Process"].iter().any(|end| name.ends_with(end))
                && name != "process"
        })
        .copied()
        .collect();
    let mut shapes: BTreeMap<&str, Rect> = BTreeMap::new();
    let mut labels: Vec<(&str, Rect)> = Vec::new();
    let mut edges: BTreeMap<&str, Vec<(i32, i32)>> = BTreeMap::new();
    for node in &elements {
        let of = node.attribute("bpmnElement").unwrap_or_default();
        match node.tag_name().name() {
            "BPMNShape" => assert!(shapes.insert(of, rect(*node)).is_none(), "{at}: {of} is drawn twice"),
            "BPMNEdge" => {
                let points = node.children().filter(|child| child.tag_name().name() == "waypoint");
                edges.insert(of, points.map(|point| (number(point, "x"), number(point, "y"))).collect());
            }
            _ => {}
        }
        if let Some(label) = node.children().find(|child| child.tag_name().name() == "BPMNLabel") {
            labels.push((of, rect(label)));
        }
    }
    consistent(at, &nodes, &flows, &ids);
    let drawn: BTreeSet<&str> = shapes.keys().copied().collect();
    assert_eq!(drawn, nodes.iter().map(|node| node.attribute("id").unwrap()).collect(), "{at}: every node has a shape");
    let lines: BTreeSet<&str> = edges.keys().copied().collect();
    assert_eq!(lines, flows.iter().map(|flow| flow.attribute("id").unwrap()).collect(), "{at}: every flow has an edge");
    apart(at, &nodes, &shapes);
    connected(at, &flows, &edges, &shapes, &ids);
    for (of, label) in &labels {
        for (id, shape) in &shapes {
            let own_border = ids[of].attribute("attachedToRef") == Some(id);
            assert!(of == id || own_border || !overlap(*label, *shape), "{at}: the label of {of} lies on {id}");
        }
    }
}

/// What the process says of its flows agrees with what its nodes say.
fn consistent(at: &str, nodes: &[Node<'_, '_>], flows: &[Node<'_, '_>], ids: &BTreeMap<&str, Node<'_, '_>>) {
    for node in nodes {
        let id = node.attribute("id").unwrap();
        let leads = |attribute: &str| -> BTreeSet<&str> {
            flows
                .iter()
                .filter(|flow| flow.attribute(attribute) == Some(id))
                .filter_map(|flow| flow.attribute("id"))
                .collect()
        };
        assert_eq!(texts(*node, "incoming"), leads("targetRef"), "{at}: {id}");
        assert_eq!(texts(*node, "outgoing"), leads("sourceRef"), "{at}: {id}");
        match node.tag_name().name() {
            "startEvent" => assert!(leads("targetRef").is_empty() && !leads("sourceRef").is_empty(), "{at}: {id}"),
            "endEvent" => assert!(leads("sourceRef").is_empty(), "{at}: {id}"),
            "boundaryEvent" => assert!(leads("targetRef").is_empty(), "{at}: {id}"),
            _ => {}
        }
        if let Some(default) = node.attribute("default") {
            assert!(leads("sourceRef").contains(default), "{at}: the default flow of {id} leaves it");
            assert!(ids[default].first_element_child().is_none(), "{at}: the default flow of {id} has no condition");
        }
    }
}

/// No two shapes overlap, but an event at the border of its host, and what lies inside a stage.
fn apart(at: &str, nodes: &[Node<'_, '_>], shapes: &BTreeMap<&str, Rect>) {
    for (index, a) in nodes.iter().enumerate() {
        let (id, place) = (a.attribute("id").unwrap(), shapes[a.attribute("id").unwrap()]);
        if let Some(host) = a.attribute("attachedToRef") {
            let (x, y) = (place.0 + place.2 / 2, place.1 + place.3 / 2);
            assert!(on_border((x, y), shapes[host]), "{at}: {id} sits on the border of {host}");
        }
        if let Some(parent) =
            a.parent_element().filter(|parent| shapes.contains_key(parent.attribute("id").unwrap_or_default()))
        {
            assert!(inside(place, shapes[parent.attribute("id").unwrap()]), "{at}: {id} lies in its stage");
        }
        for b in &nodes[index + 1..] {
            let other = b.attribute("id").unwrap();
            let related = a.attribute("attachedToRef") == Some(other)
                || b.attribute("attachedToRef") == Some(id)
                || a.parent_element() == Some(*b)
                || b.parent_element() == Some(*a);
            assert!(related || !overlap(place, shapes[other]), "{at}: {id} and {other} overlap");
        }
    }
}

/// Every edge leads from the border of its source to that of its target, in straight lines that cross no other shape.
fn connected(
    at: &str,
    flows: &[Node<'_, '_>],
    edges: &BTreeMap<&str, Vec<(i32, i32)>>,
    shapes: &BTreeMap<&str, Rect>,
    ids: &BTreeMap<&str, Node<'_, '_>>,
) {
    for flow in flows {
        let id = flow.attribute("id").unwrap();
        let points = &edges[id];
        assert!(points.len() >= 2, "{at}: {id} has two ends");
        let (from, to) = (flow.attribute("sourceRef").unwrap(), flow.attribute("targetRef").unwrap());
        assert!(on_border(points[0], shapes[from]), "{at}: {id} begins at {from}");
        assert!(on_border(*points.last().unwrap(), shapes[to]), "{at}: {id} ends at {to}");
        let host = ids[from].attribute("attachedToRef");
        for pair in points.windows(2) {
            let ((ax, ay), (bx, by)) = (pair[0], pair[1]);
            assert!(ax == bx || ay == by, "{at}: {id} runs straight");
            let line = (ax.min(bx), ay.min(by), (ax - bx).abs().max(1), (ay - by).abs().max(1));
            for (other, shape) in shapes {
                let own = *other == from || *other == to || host == Some(other);
                assert!(own || !overlap(line, *shape), "{at}: {id} runs through {other}");
            }
        }
    }
}

#[test]
fn every_workflow_of_the_project_is_drawn_soundly() {
    for (at, document) in support::workflows() {
        sound(&at, &export(&document.write()).unwrap());
    }
}

/// A generator of numbers: the same ones every time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }
}

/// Titles, short and long.
const WORDS: [&str; 5] = ["提交", "submit the report to the department", "同意", "x", "退回修改后重新报送"];

fn random_target(numbers: &mut Numbers, count: usize) -> Yaml {
    match numbers.below(8) {
        0 => Yaml::Map(vec![YamlEntry::new("end", format!("r{}", numbers.below(3)))]),
        _ => Yaml::from(format!("节点 {}", numbers.below(count))),
    }
}

fn random_events(numbers: &mut Numbers, count: usize) -> Vec<Yaml> {
    let mut on: Vec<Yaml> = Vec::new();
    for _ in 0..numbers.below(4).saturating_sub(1) {
        let mut event = vec![YamlEntry::new("after", WORDS[numbers.below(5)])];
        if numbers.below(2) == 0 {
            event.push(YamlEntry::new("do", Yaml::Map(vec![YamlEntry::new("notify", "reminder")])));
        }
        if numbers.below(2) == 0 {
            event.push(YamlEntry::new("to", random_target(numbers, count)));
        }
        on.push(Yaml::Map(event));
    }
    on
}

/// A workflow of any shape, sound or not.
fn random(numbers: &mut Numbers, count: usize) -> Yaml {
    let target = |numbers: &mut Numbers| random_target(numbers, count);
    let mut nodes = Vec::new();
    for at in 0..count {
        let mut node = Vec::new();
        match numbers.below(6) {
            0 => {
                let ways = (0..2 + numbers.below(4)).map(|_| target(numbers)).collect::<Vec<_>>();
                node.push(YamlEntry::new("fork", ways));
            }
            1 => {
                let mut branches: Vec<Yaml> = Vec::new();
                for _ in 0..numbers.below(4) {
                    let to = target(numbers);
                    branches.push(Yaml::Map(vec![YamlEntry::new("when", "a < b"), YamlEntry::new("to", to)]));
                }
                let last = target(numbers);
                branches.push(Yaml::Map(vec![YamlEntry::new("else", last)]));
                node.push(YamlEntry::new("choose", branches));
            }
            2 => {
                let next = target(numbers);
                node.extend([
                    YamlEntry::new("action", Yaml::Map(vec![YamlEntry::new("notify", "n")])),
                    YamlEntry::new("next", next),
                ]);
            }
            3 => {
                let mut offers = Vec::new();
                for offer in 0..numbers.below(7) {
                    let mut value = vec![YamlEntry::new("zh", WORDS[numbers.below(5)])];
                    if numbers.below(2) == 0 {
                        value.push(YamlEntry::new("to", target(numbers)));
                    }
                    offers.push(YamlEntry::new(format!("o{offer}"), value));
                }
                node.extend([YamlEntry::new("stage", WORDS[numbers.below(5)]), YamlEntry::new("offers", offers)]);
            }
            _ => {
                let mut outcomes = Vec::new();
                for outcome in 0..=numbers.below(4) {
                    let value =
                        vec![YamlEntry::new("zh", WORDS[numbers.below(5)]), YamlEntry::new("to", target(numbers))];
                    outcomes.push(YamlEntry::new(format!("o{outcome}"), value));
                }
                node.extend([YamlEntry::new("task", WORDS[numbers.below(5)]), YamlEntry::new("outcomes", outcomes)]);
            }
        }
        // Only what stays open has boundary events.
        if node.iter().any(|entry| entry.key == "task" || entry.key == "stage") {
            let on = random_events(numbers, count);
            node.push(YamlEntry::new("on", on));
        }
        nodes.push(YamlEntry::new(format!("节点 {at}"), node));
    }
    Yaml::Map(vec![
        YamlEntry::new("workflow", "random"),
        YamlEntry::new("start", "节点 0"),
        YamlEntry::new("nodes", nodes),
    ])
}

#[test]
fn random_workflows_are_drawn_soundly_and_read_back() {
    let mut numbers = Numbers(20_261_125);
    for count in (1..30).chain([60]) {
        let document = random(&mut numbers, count);
        let xml = export(&document.write()).unwrap();
        sound(&format!("random {count}"), &xml);
        let back = docket_bpmn::read(&xml).unwrap();
        let back = Yaml::read(&back.workflows[0].yaml).unwrap().remove(0);
        let reached = back.get("nodes").unwrap().entries().len();
        assert!(reached <= count && reached > 0);
        for entry in back.get("nodes").unwrap().entries() {
            assert_eq!(
                document.get("nodes").unwrap().get(&entry.key),
                Some(&entry.value),
                "random {count}: {}",
                entry.key
            );
        }
    }
}
